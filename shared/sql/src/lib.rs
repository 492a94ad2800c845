//! MySQL text read exactly: statements with positions, and facts about each.
//!
//! The road of a text: lexer → [`split`] (with the bodies of stored programs kept whole) →
//! facts of each [`Statement`] → [`refusal`]. Nothing here asks a server, and nothing panics on any text.

mod banned;
mod body;
mod classify;
mod delimiter;
mod error;
mod facts;
mod lexeme;
mod lexer;
mod mode;
mod piece;
mod place;
mod program;
mod quoted;
mod reader;
mod refusal;
mod split;
mod statement;
mod token;

pub use banned::Banned;
pub use error::{Open, Problem, SqlError};
pub use facts::{Facts, Kind, Signal};
pub use mode::SqlMode;
pub use piece::{Piece, PieceKind};
pub use refusal::{Refused, refusal};
pub use split::{pieces, split};
pub use statement::Statement;
