//! Why the corpora can't be used.

use model::Fault;
use std::path::PathBuf;
use workflow::ports::database::OpenError;

/// Why the corpora can't be read or judged.
#[derive(Debug, thiserror::Error)]
pub enum CorporaError {
    /// A vendored file can't be read or written.
    #[error("can't use {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A vendored file is not what it should be.
    #[error("{path} holds a line that is no entry of a corpus")]
    Line {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// There is no server to ask.
    #[error(transparent)]
    NoServer(#[from] testkit::scratch::NoServer),
    /// The server can't be reached.
    #[error("the server can't be reached")]
    Open(#[from] OpenError),
    /// The server does not answer as it should.
    #[error("the server does not judge")]
    Server(#[from] Fault),
    /// An answer that is none.
    #[error("the server's answer can't be read: {0}")]
    Answer(String),
}
