//! A failed invocation, in words that logs and alarms can group by.

use lambda_runtime::Diagnostic;
use model::Fault;

/// A fault that ends an invocation.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.chain())]
pub struct Failed(#[from] pub Fault);

impl From<Failed> for Diagnostic {
    fn from(failed: Failed) -> Self {
        tracing::error!(
            event = "invocation_failed",
            error.class = failed.0.class(),
            "the invocation failed: {}",
            failed.0.chain()
        );
        Self {
            error_type: failed.0.class().to_owned(),
            error_message: failed.0.chain(),
        }
    }
}
