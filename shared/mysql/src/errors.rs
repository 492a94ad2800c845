//! What the server's errors and a broken connection mean to us.

mod table;

pub(crate) use table::{
    BAD_DB, BAD_NULL, Class, NO_SUCH_THREAD, PARSE_ERROR, SECURE_TRANSPORT_REQUIRED, TABLE_ACCESS_DENIED,
    Then, VIEW_INVALID, class,
};

use model::Fault;
use sqlx::mysql::MySqlDatabaseError;
use std::error::Error;
use std::time::Duration;
use workflow::ports::database::{ExecuteError, Passing};

/// An error that the server sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("MySQL error {code} ({sqlstate}): {message}")]
pub(crate) struct ServerError {
    pub(crate) code: u16,
    pub(crate) sqlstate: String,
    pub(crate) message: String,
    /// Which of its rights the user has not, where it was denied something: see [`crate::grants`].
    pub(crate) missing: Option<String>,
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
                missing: None,
            });
        match server {
            Some(server) if server.class() == Class::AskTheJournal => Self::Gone(Box::new(server)),
            Some(server) => Self::Server(server),
            None => Self::Gone(Box::new(error)),
        }
    }
}

impl ServerError {
    /// What it means.
    pub(crate) fn class(&self) -> Class {
        table::class(self.code)
    }

    /// What gives the user the rights that it has not.
    pub(crate) fn remedy(&self) -> String {
        self.missing.clone().unwrap_or_else(|| GRANTS.to_owned())
    }

    /// The server's words, and ours where we have some.
    fn explained(&self) -> String {
        match table::look_up(self.code) {
            Some(known) => format!("{self} ({}: {})", known.name, known.reason),
            None => self.to_string(),
        }
    }

    /// As a fault of one of our own operations.
    pub(crate) fn fault(self, operation: &str) -> Fault {
        let words = self.explained();
        match self.class() {
            Class::RightsMissing => Fault::operator(operation, self.remedy(), words),
            Class::Login => Fault::operator(
                operation,
                "check the user name and password in the instance's secret",
                words,
            ),
            Class::DidNotHappen(_) | Class::AskTheJournal | Class::AbsentObject => Fault::Retry {
                operation: operation.to_owned(),
                after: Duration::from_secs(1),
                source: words.into(),
            },
            Class::NotPrepared | Class::NotThisWay | Class::TellTheUser => {
                Fault::operator(operation, "look up the server's message and its error log", words)
            }
        }
    }
}

impl Failure {
    /// The session was given up before.
    pub(crate) fn abandoned() -> Self {
        Self::Gone("the session was given up after an earlier loss; open a new one".into())
    }

    /// What the server's error means; nothing where there was no answer.
    pub(crate) fn class(&self) -> Option<Class> {
        match self {
            Self::Server(error) => Some(error.class()),
            Self::Gone(_) => None,
        }
    }

    /// Whether the server says that it is no writer, or something that reads so.
    pub(crate) fn is_of_a_reader(&self) -> bool {
        self.class() == Some(Class::DidNotHappen(Then::Reconnect))
    }

    /// As a fault of one of our own operations.
    pub(crate) fn fault(self, operation: &str) -> Fault {
        match self {
            Self::Gone(source) => Fault::retry(operation, source),
            Self::Server(error) => error.fault(operation),
        }
    }

    /// As what came of a user's statement.
    pub(crate) fn of_statement(self, operation: &str) -> ExecuteError {
        match self {
            Self::Server(error) => refused(error),
            Self::Gone(source) => ExecuteError::Lost(Fault::retry(operation, source)),
        }
    }
}

fn refused(error: ServerError) -> ExecuteError {
    let passing = match error.class() {
        Class::DidNotHappen(Then::Wait) => Some(Passing::Held),
        Class::DidNotHappen(Then::TryAgain) => Some(Passing::Short),
        Class::DidNotHappen(Then::Reconnect | Then::Stop)
        | Class::AskTheJournal
        | Class::RightsMissing
        | Class::Login
        | Class::AbsentObject
        | Class::NotPrepared
        | Class::NotThisWay
        | Class::TellTheUser => None,
    };
    let message = match error.missing {
        Some(missing) => format!("{}; {missing}", error.message),
        None => error.message,
    };
    ExecuteError::Refused {
        code: error.code,
        sqlstate: error.sqlstate,
        message,
        passing,
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
            missing: None,
        })
    }

    #[test]
    fn missing_rights_need_an_operator_and_failover_a_retry() {
        let denied = server(1142).fault("read the journal");
        assert_eq!(denied.class(), "fault.operator");
        assert!(denied.to_string().contains("worker-grants.sql"), "{denied}");
        for passing in [1205, 1290, 1836, 1317, 1146] {
            assert_eq!(server(passing).fault("read the journal").class(), "fault.retry");
        }
        assert_eq!(server(1114).fault("read the journal").class(), "fault.operator");
        assert_eq!(
            Failure::abandoned().fault("read the journal").class(),
            "fault.retry"
        );
    }

    #[test]
    fn a_fault_says_what_the_number_means() {
        let fault = server(1836).fault("write an intent").chain();
        assert_eq!(
            fault,
            "write an intent failed for now: MySQL error 1836 (HY000): no (ER_READ_ONLY_MODE: InnoDB is read-only: a \
             failover made the server a reader)"
        );
    }

    #[test]
    fn a_refusal_keeps_the_servers_words_and_says_whether_it_passes() {
        for (code, expected) in [
            (1205, Some(Passing::Held)),
            (1213, Some(Passing::Held)),
            (1041, Some(Passing::Short)),
            (1317, None),
            (1062, None),
        ] {
            let refused = server(code).of_statement("run a statement");
            assert_eq!(refused.to_string(), format!("MySQL error {code} (HY000): no"));
            assert!(
                matches!(refused, ExecuteError::Refused { passing, .. } if passing == expected),
                "{refused:?}"
            );
        }
        assert!(matches!(
            Failure::abandoned().of_statement("run a statement"),
            ExecuteError::Lost(_)
        ));
    }
}
