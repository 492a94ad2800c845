//! MySQL text read exactly: statements with positions, and facts about each.
//!
//! The road of a text: lexer → [`split`] (with the bodies of stored programs kept whole) →
//! facts of each [`Statement`] → [`refusal`]. Nothing here asks a server, and nothing panics on any text.

mod banned;
mod body;
mod buffer;
mod bytes;
mod classify;
mod cutter;
pub mod ddl;
mod delimiter;
mod error;
mod facts;
mod following;
mod handler;
mod keyword;
mod lexeme;
mod lexer;
mod limits;
mod mode;
mod piece;
mod place;
mod program;
mod quoted;
mod reader;
mod refusal;
mod schemas;
mod split;
mod statement;
mod stream;
mod token;
mod touched;
mod version;

pub use banned::Banned;
pub use error::{Open, Problem, SqlError};
pub use facts::{Facts, Kind, Signal};
pub use limits::{Exceeded, Limit, Limits};
pub use mode::SqlMode;
pub use piece::{OwnedPiece, Piece, PieceKind};
pub use refusal::{Refused, refusal};
pub use schemas::other_schemas;
pub use split::{pieces, split};
pub use statement::Statement;
pub use stream::{Pieces, ReadError, Statements};
pub use touched::{How, Touched, foreign_schemas, touched};
