//! The server that is measured.

use crate::fault::BenchError;
use secrecy::SecretString;
use url::Url;
use workflow::ports::database::Login;

const VARIABLE: &str = "SLUICE_TEST_MYSQL_URL";

/// The server that the environment names.
pub(crate) fn login() -> Result<Login, BenchError> {
    let missing = || {
        BenchError::Told(format!(
            "{VARIABLE} names no MySQL server: run `cargo xtask bench`, which starts one"
        ))
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the bench reads its configuration"
    )]
    let named = std::env::var(VARIABLE).map_err(|_| missing())?;
    let url = Url::parse(&named).map_err(|_| missing())?;
    Ok(Login {
        host: url.host_str().ok_or_else(missing)?.to_owned(),
        port: url.port().unwrap_or(3306),
        user: url.username().to_owned(),
        password: SecretString::from(url.password().unwrap_or_default().to_owned()),
        tls: settings::Tls::Disabled,
        rehearsal: None,
    })
}
