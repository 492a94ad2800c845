//! Public MySQL texts, and what a real server reads in them: the corpora that the splitter is held to.
//!
//! The texts are vendored (`tests/fixtures/corpora`, with a page on where each comes from); nothing is fetched. Beside
//! them lie [`Verdicts`]: where the statements of each file are and what the server answered to each, so that the
//! agreement is checked also where there is no server. [`examine()`] asks a server anew.

mod answers;
mod archive;
mod error;
mod examine;
mod server;
mod verdicts;

pub use answers::{Answer, Judge};
pub use archive::{File, Source, folder, sources};
pub use error::CorporaError;
pub use examine::{Disagreement, Findings, examine};
pub use server::Server;
pub use verdicts::{FileVerdict, Read, Verdicts};
