//! The two kinds of "no": a refusal is the user's, a fault is the operator's.

use serde::{Deserialize, Serialize};
use std::error::Error;
use std::time::Duration;

/// A "no" with a reason for the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Stable code, kebab-case: what programs look at.
    pub code: String,
    /// What happened, where, and what to do.
    pub message: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}

/// Something broke outside of anybody's decision.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It may go well the next time: a lost reply, a throttle, a server that restarts.
    #[error("{operation} failed for now")]
    Retry {
        /// What was tried, in words.
        operation: String,
        /// How long to wait at least.
        after: Duration,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// It will not go well until an operator changes something: a missing permission, a missing secret.
    #[error("{operation} failed: {remedy}")]
    Operator {
        /// What was tried, in words.
        operation: String,
        /// What to do about it.
        remedy: String,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Stored data that should not exist, or a broken invariant.
    #[error("unexpected: {0}")]
    Bug(String),
}

impl Fault {
    /// A fault that a later try may cure.
    pub fn retry(operation: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Retry {
            operation: operation.into(),
            after: Duration::ZERO,
            source: source.into(),
        }
    }

    /// A fault that needs an operator.
    pub fn operator(
        operation: impl Into<String>,
        remedy: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Operator {
            operation: operation.into(),
            remedy: remedy.into(),
            source: source.into(),
        }
    }

    /// The stable name that logs and alarms group by.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Retry { .. } => "fault.retry",
            Self::Operator { .. } => "fault.operator",
            Self::Bug(_) => "fault.bug",
        }
    }

    /// The whole chain of causes in one line.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut next = self.source();
        while let Some(error) = next {
            text.push_str(": ");
            text.push_str(&error.to_string());
            next = error.source();
        }
        text
    }
}
