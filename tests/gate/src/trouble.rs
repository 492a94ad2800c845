//! Why something did not go as it should.

use model::Fault;
use std::time::{Duration, Instant};
use workflow::ports::database::OpenError;

/// Why a cell failed, or could not be played, in words.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(String);

impl Trouble {
    /// Trouble, in words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self(fault.chain())
    }
}

impl From<OpenError> for Trouble {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Fault(fault) | OpenError::Login(fault) => fault.into(),
            error @ OpenError::NoSchema(_) => Self(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// How often is looked for what is waited for.
const PACE: Duration = Duration::from_millis(15);

/// Waits until there is an answer.
pub(crate) async fn until<T>(
    what: &str,
    patience: Duration,
    mut ask: impl AsyncFnMut() -> Result<Option<T>, Trouble>,
) -> Result<T, Trouble> {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if began.elapsed() > patience {
            return Err(Trouble::new(format!(
                "waited {} s in vain until {what}",
                patience.as_secs()
            )));
        }
        tokio::time::sleep(PACE).await;
    }
}
