//! What the server's errors and a broken connection mean to us.

use model::Fault;
use sqlx::mysql::MySqlDatabaseError;
use std::error::Error;
use std::time::Duration;
use workflow::ports::database::ExecuteError;

/// An error that the server sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("MySQL error {code} ({sqlstate}): {message}")]
pub(crate) struct ServerError {
    pub(crate) code: u16,
    pub(crate) sqlstate: String,
    pub(crate) message: String,
}

/// Why a packet was not answered well.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The server says no; the session lives on.
    #[error(transparent)]
    Server(ServerError),
    /// No answer came, and the connection is not to be used again: what was sent may have happened, or may yet.
    #[error("the connection to the server is gone")]
    Gone(#[source] Box<dyn Error + Send + Sync>),
}

/// Errors with which the server ends the session, or after which it can't be told whether a commit happened.
const ENDS_THE_SESSION: [u16; 5] = [
    1053, // ER_SERVER_SHUTDOWN
    1180, // ER_ERROR_DURING_COMMIT
    1927, // ER_CONNECTION_KILLED
    3169, // ER_SESSION_WAS_KILLED
    4031, // ER_CLIENT_INTERACTION_TIMEOUT
];

/// Missing rights: the grants of the worker's user.
const DENIED: [u16; 8] = [1044, 1142, 1143, 1227, 1356, 1370, 1419, 1449];

/// What passes: locks, limits, failover to a reader, an interrupted statement, a changed definition.
const PASSES: [u16; 13] = [
    1040, 1041, 1146, 1203, 1205, 1213, 1226, 1290, 1305, 1317, 1412, 1792, 1836,
];

const GRANTS: &str = "give the worker's MySQL user the rights of infra/sql/worker-grants.sql";

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        let server = error
            .as_database_error()
            .and_then(|database| database.try_downcast_ref::<MySqlDatabaseError>())
            .map(|database| ServerError {
                code: database.number(),
                sqlstate: database.code().unwrap_or("HY000").to_owned(),
                message: database.message().to_owned(),
            });
        match server {
            Some(server) if ENDS_THE_SESSION.contains(&server.code) => Self::Gone(Box::new(server)),
            Some(server) => Self::Server(server),
            None => Self::Gone(Box::new(error)),
        }
    }
}

impl Failure {
    /// The session was given up before.
    pub(crate) fn abandoned() -> Self {
        Self::Gone("the session was given up after an earlier loss; open a new one".into())
    }

    /// Whether the server refuses something for now only.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Server(error) if PASSES.contains(&error.code))
    }

    /// Whether the user has no right to what was asked.
    pub(crate) fn is_denied(&self) -> bool {
        matches!(self, Self::Server(error) if DENIED.contains(&error.code))
    }

    /// As a fault of one of our own operations.
    pub(crate) fn fault(self, operation: &str) -> Fault {
        match self {
            Self::Gone(source) => Fault::retry(operation, source),
            Self::Server(error) if DENIED.contains(&error.code) => Fault::operator(operation, GRANTS, error),
            Self::Server(error) if PASSES.contains(&error.code) => Fault::Retry {
                operation: operation.to_owned(),
                after: Duration::from_secs(1),
                source: Box::new(error),
            },
            Self::Server(error) => {
                Fault::operator(operation, "look up the server's message and its error log", error)
            }
        }
    }

    /// As what came of a user's statement.
    pub(crate) fn of_statement(self, operation: &str) -> ExecuteError {
        match self {
            Self::Server(ServerError {
                code,
                sqlstate,
                message,
            }) => ExecuteError::Refused {
                code,
                sqlstate,
                message,
            },
            Self::Gone(source) => ExecuteError::Lost(Fault::retry(operation, source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(code: u16) -> Failure {
        Failure::Server(ServerError {
            code,
            sqlstate: "HY000".to_owned(),
            message: "no".to_owned(),
        })
    }

    #[test]
    fn missing_rights_need_an_operator_and_failover_a_retry() {
        let denied = server(1142).fault("read the journal");
        assert_eq!(denied.class(), "fault.operator");
        assert!(denied.to_string().contains("worker-grants.sql"), "{denied}");
        assert_eq!(server(1290).fault("read the journal").class(), "fault.retry");
        assert_eq!(
            Failure::abandoned().fault("read the journal").class(),
            "fault.retry"
        );
    }

    #[test]
    fn a_refusal_keeps_the_servers_words() {
        let refused = server(1205).of_statement("run a statement");
        assert_eq!(refused.to_string(), "MySQL error 1205 (HY000): no");
        assert!(matches!(
            Failure::abandoned().of_statement("run a statement"),
            ExecuteError::Lost(_)
        ));
    }
}
