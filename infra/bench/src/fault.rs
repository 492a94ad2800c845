//! Why something could not be measured.

/// One failure.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// A file or a program.
    #[error("cannot use {what}: {source}")]
    Io {
        /// What.
        what: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Anything else, already a full sentence.
    #[error("{0}")]
    Told(String),
}
