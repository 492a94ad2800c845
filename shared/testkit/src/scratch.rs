//! The MySQL server that tests use, and schemas on it that nobody else uses.

use model::Target;
use secrecy::SecretString;
use std::future::Future;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use workflow::ports::database::Login;

/// The variable that names the server: `mysql://user:password@127.0.0.1:3306`.
pub const VARIABLE: &str = "SLUICE_TEST_MYSQL_URL";

/// Why there is no server to test on.
#[derive(Debug, thiserror::Error)]
pub enum NoServer {
    /// The variable is missing.
    #[error(
        "{VARIABLE} is not set: run the tests with `cargo xtask test`, which starts a MySQL server and names it there"
    )]
    Missing,
    /// The variable can't be read.
    #[error(
        "{VARIABLE} is not of the form mysql://user:password@host:port: run the tests with `cargo xtask test`"
    )]
    Unreadable,
}

/// The login of the server that tests use.
pub fn login() -> Result<Login, NoServer> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where tests read their configuration"
    )]
    let url = std::env::var(VARIABLE).map_err(|_| NoServer::Missing)?;
    read(&url).ok_or(NoServer::Unreadable)
}

fn read(url: &str) -> Option<Login> {
    let rest = url.strip_prefix("mysql://")?.split(['?', '/']).next()?;
    let (credentials, place) = rest.rsplit_once('@')?;
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let (host, port) = place.rsplit_once(':').unwrap_or((place, "3306"));
    Some(Login {
        host: host.to_owned(),
        port: port.parse().ok()?,
        user: user.to_owned(),
        password: SecretString::from(password.to_owned()),
        tls: settings::Tls::Disabled,
        rehearsal: None,
    })
}

/// An administrator of the server: each text on a session of its own.
pub trait Administrator: Sync {
    /// How a session under test logs in.
    fn login(&self) -> Login;

    /// Runs statements and answers their rows. Fails the test where the server refuses one.
    fn run(&self, text: &str) -> impl Future<Output = Vec<Vec<Option<String>>>> + Send;
}

/// A schema of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scratch {
    /// The schema as a target.
    pub target: Target,
}

impl Scratch {
    /// Makes an empty schema under a name that nobody else has.
    pub async fn make(administrator: &impl Administrator) -> Self {
        let name = format!("t_{:016x}", RandomState::new().build_hasher().finish());
        administrator.run(&format!("CREATE DATABASE `{name}`")).await;
        Self {
            target: Target::new("scratch", name),
        }
    }

    /// The schema's name.
    pub fn name(&self) -> &str {
        self.target.database.as_str()
    }

    /// Drops the schema.
    pub async fn drop(self, administrator: &impl Administrator) {
        let name = self.name();
        administrator
            .run(&format!("DROP DATABASE IF EXISTS `{name}`"))
            .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_into_a_login() {
        let login = read("mysql://root:p@ss@127.0.0.1:3310/x?y").unwrap();
        assert_eq!(
            (login.user.as_str(), login.host.as_str(), login.port),
            ("root", "127.0.0.1", 3310)
        );
        assert!(read("postgres://x").is_none());
    }

    #[test]
    fn what_is_missing_is_told_with_the_command_that_brings_it() {
        assert!(NoServer::Missing.to_string().contains("cargo xtask test"));
    }
}
