//! MySQL servers as a command line names them: `mysql://user:password@host:port/schema?ssl-mode=…&ssl-ca=…`,
//! as in "Connecting Using URI-Like Strings or Key-Value Pairs" of the manual.

use crate::exit::Stop;
use secrecy::SecretString;
use settings::Tls;
use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use url::{Host, Url};
use workflow::ports::database::Login;

/// Where a password stands that is not in a URL.
const PASSWORD: &str = "SLUICE_MYSQL_PASSWORD";
/// How a server's database is written.
pub(crate) const FORM: &str = "mysql://user:password@host:port/schema";
const DEFAULT_PORT: u16 = 3306;

/// A server, and a schema on it where one is named. Shown without its password.
#[derive(Clone)]
pub(crate) struct ServerUrl {
    host: String,
    port: u16,
    user: String,
    password: Option<SecretString>,
    tls: Security,
    /// The schema, where one is named.
    pub(crate) schema: Option<String>,
}

/// How the connection is secured, before the files are read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Security {
    Identity { ca: Option<String> },
    Authority { ca: String },
    Disabled,
}

/// Why a text is no server. None of these says the text, for it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UrlError {
    #[error("this is no URL of a MySQL server ({0}): write {FORM}")]
    NoUrl(url::ParseError),
    #[error("a MySQL server is meant, and this URL begins with `{0}:`: write {FORM}")]
    Scheme(String),
    #[error("the {0} is missing: write {FORM}")]
    Missing(&'static str),
    #[error("the {0} is no text after its percent signs are decoded: encode it as UTF-8")]
    NoText(&'static str),
    #[error("`{0}` is no schema: name one schema after the port, and write a / in its name as %2F")]
    Schema(String),
    #[error("`{0}` is no parameter of a server's URL: there are ssl-mode and ssl-ca")]
    Parameter(String),
    #[error("ssl-mode is VERIFY_IDENTITY, VERIFY_CA or DISABLED, and not `{0}`")]
    Tls(String),
    #[error("VERIFY_CA needs the authority: add &ssl-ca=FILE with its certificate, PEM")]
    NoAuthority,
    #[error("DISABLED looks at no certificate: leave out ssl-ca, or write ssl-mode=VERIFY_IDENTITY")]
    UselessAuthority,
    #[error("what follows # is not sent to a server: write a # in a name or password as %23")]
    Fragment,
}

/// A database of a server: what follows `option` on the command line.
pub(crate) fn parse_target(text: &str, option: &str) -> Result<(ServerUrl, String), Stop> {
    let url = parse(text, option)?;
    match url.schema.clone() {
        Some(schema) => Ok((url, schema)),
        None => Err(Stop::Usage(format!(
            "{option}: {url} names no schema: add /SCHEMA after the port."
        ))),
    }
}

/// A server for scratch schemas: `--scratch`.
pub(crate) fn parse_scratch(text: &str) -> Result<ServerUrl, Stop> {
    let url = parse(text, "--scratch")?;
    match &url.schema {
        None => Ok(url),
        Some(schema) => Err(Stop::Usage(format!(
            "--scratch: {url} names the schema `{schema}`: leave it out. Schemas of their own are made on that server, and \
             dropped again; no other is touched."
        ))),
    }
}

/// Whether a text may be meant as a server's URL, and hold a password.
pub(crate) fn is_mistyped(text: &str) -> bool {
    let begins = text
        .get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case("mysql:"));
    let credentials = text
        .rsplit_once('@')
        .is_some_and(|(before, _)| before.contains(':'));
    begins || credentials
}

/// Words about a command line, without the URLs that stand in it.
pub(crate) fn concealed(words: &str, line: impl Iterator<Item = String>) -> String {
    let mut words = words.to_owned();
    for argument in line {
        let value = match argument.split_once('=') {
            Some((option, value)) if option.starts_with('-') => value,
            Some(_) | None => argument.as_str(),
        };
        if is_mistyped(value) {
            words = words.replace(value, "mysql://…");
        }
    }
    words
}

fn parse(text: &str, option: &str) -> Result<ServerUrl, Stop> {
    text.parse()
        .map_err(|error: UrlError| Stop::Usage(format!("{option}: {error}.")))
}

impl FromStr for ServerUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let url = Url::parse(text).map_err(UrlError::NoUrl)?;
        if url.scheme() != "mysql" {
            return Err(UrlError::Scheme(url.scheme().to_owned()));
        }
        if url.fragment().is_some() {
            return Err(UrlError::Fragment);
        }
        let host = host(&url)?;
        let user = decoded(url.username(), "user")?;
        if user.is_empty() {
            return Err(UrlError::Missing("user"));
        }
        let password = url
            .password()
            .map(|password| decoded(password, "password"))
            .transpose()?;
        Ok(Self {
            tls: security(&url, &host)?,
            schema: schema(url.path())?,
            port: url.port().unwrap_or(DEFAULT_PORT),
            password: password.map(SecretString::from),
            host,
            user,
        })
    }
}

impl ServerUrl {
    /// How to log in; reads the authority's file and the environment.
    pub(crate) fn login(&self) -> Result<Login, Stop> {
        Ok(Login {
            host: self.host.clone(),
            port: self.port,
            user: self.user.clone(),
            password: self.password.clone().unwrap_or_else(password_of_environment),
            tls: self.tls.settings()?,
            rehearsal: None,
        })
    }
}

impl Security {
    fn settings(&self) -> Result<Tls, Stop> {
        Ok(match self {
            Self::Identity { ca: None } => Tls::VerifyIdentity,
            Self::Identity { ca: Some(file) } => Tls::VerifyIdentityWith {
                ca: crate::source::text(Path::new(file))?,
            },
            Self::Authority { ca } => Tls::VerifyCa {
                ca: crate::source::text(Path::new(ca))?,
            },
            Self::Disabled => Tls::Disabled,
        })
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mysql://{}@{}:{}", self.user, self.host, self.port)?;
        match &self.schema {
            Some(schema) => write!(f, "/{schema}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn password_of_environment() -> SecretString {
    #[expect(
        clippy::disallowed_methods,
        reason = "an option of the command line would show the password to the machine's other users"
    )]
    let password = std::env::var(PASSWORD);
    SecretString::from(password.unwrap_or_default())
}

fn host(url: &Url) -> Result<String, UrlError> {
    match url.host() {
        Some(Host::Domain(name)) if !name.is_empty() => decoded(name, "host"),
        Some(Host::Ipv4(address)) => Ok(address.to_string()),
        Some(Host::Ipv6(address)) => Ok(address.to_string()),
        Some(Host::Domain(_)) | None => Err(UrlError::Missing("host")),
    }
}

fn schema(path: &str) -> Result<Option<String>, UrlError> {
    let name = path.strip_prefix('/').unwrap_or(path);
    if name.contains('/') {
        return Err(UrlError::Schema(name.to_owned()));
    }
    let name = decoded(name, "schema")?;
    Ok(Some(name).filter(|name| !name.is_empty()))
}

fn security(url: &Url, host: &str) -> Result<Security, UrlError> {
    let (mut tls, mut ca) = (None, None);
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "ssl-mode" => tls = Some(value.to_ascii_uppercase()),
            "ssl-ca" => ca = Some(value.into_owned()),
            other => return Err(UrlError::Parameter(other.to_owned())),
        }
    }
    match (tls.as_deref(), ca) {
        (Some("DISABLED"), Some(_)) => Err(UrlError::UselessAuthority),
        (Some("DISABLED"), None) => Ok(Security::Disabled),
        (Some("VERIFY_CA"), Some(ca)) => Ok(Security::Authority { ca }),
        (Some("VERIFY_CA"), None) => Err(UrlError::NoAuthority),
        (None, None) if is_loopback(host) => Ok(Security::Disabled),
        (None | Some("VERIFY_IDENTITY"), ca) => Ok(Security::Identity { ca }),
        (Some(other), _) => Err(UrlError::Tls(other.to_owned())),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn decoded(text: &str, part: &'static str) -> Result<String, UrlError> {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map(Cow::into_owned)
        .map_err(|_| UrlError::NoText(part))
}

#[cfg(test)]
mod tests;
