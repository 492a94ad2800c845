//! What can go wrong, told so that the reader knows what to do next.

use std::path::{Path, PathBuf};

/// One failure of a development task.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// A file or process operation failed.
    #[error("{what}: {source}")]
    Io {
        /// What was tried, with the path.
        what: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A command ended badly.
    #[error("{what} failed: `{command}` ended with {status}\n{tail}")]
    Command {
        /// The step that needed the command.
        what: String,
        /// The command line.
        command: String,
        /// Exit code or signal.
        status: String,
        /// The end of its output.
        tail: String,
    },
    /// Something did not become true in time.
    #[error("{what} was not ready after {seconds} s ({reason}); its log is {}\n{tail}", log.display())]
    Deadline {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
        /// The last answer, or what was missing.
        reason: String,
        /// Where it logs.
        log: PathBuf,
        /// The end of that log.
        tail: String,
    },
    /// A service answered with an error.
    #[error("{operation} was refused with {status}: {body}")]
    Refused {
        /// Service and operation.
        operation: String,
        /// HTTP status.
        status: u16,
        /// What the service said.
        body: String,
    },
    /// A service could not be asked.
    #[error("{operation} got no answer: {source}")]
    Unreachable {
        /// Service and operation.
        operation: String,
        /// The client's error.
        source: reqwest::Error,
    },
    /// Anything else, already a full sentence.
    #[error("{0}")]
    Told(String),
}

impl Fault {
    /// A failure in the words given.
    pub(crate) fn told(sentence: impl Into<String>) -> Self {
        Self::Told(sentence.into())
    }
}

/// Adds to an IO error what was tried, and with which path.
pub(crate) trait At<T> {
    /// `verb` is what was tried ("read", "create"), `path` with what.
    fn at(self, verb: &str, path: &Path) -> Result<T, Fault>;
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, verb: &str, path: &Path) -> Result<T, Fault> {
        self.map_err(|source| Fault::Io {
            what: format!("cannot {verb} {}", path.display()),
            source,
        })
    }
}

/// The last lines of a log, for an error message.
pub(crate) fn tail(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
