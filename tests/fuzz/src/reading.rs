//! Our own reading of a text, with everything public of `sql` called on it.

use sql::{SqlError, SqlMode, Statement};
use std::panic::catch_unwind;

/// What came of a text.
#[derive(Debug)]
pub(crate) struct Reading {
    /// Its statements.
    pub(crate) statements: Result<Vec<Statement>, SqlError>,
    /// Whether its pieces, joined, are the text.
    pub(crate) pieces_join: bool,
}

/// It panicked.
#[derive(Debug)]
pub(crate) struct Panicked {
    /// What it said.
    pub(crate) what: String,
}

/// Reads a text with everything there is.
pub(crate) fn read(text: &str, mode: SqlMode) -> Result<Reading, Panicked> {
    catch_unwind(|| {
        let statements = sql::split(text, mode);
        for statement in statements.iter().flatten() {
            let _ = sql::refusal(statement);
            let _ = sql::ddl::definition(&statement.text, mode);
        }
        // Also of what is not one statement, and of no statement at all.
        let _ = sql::ddl::definition(text, mode);
        Reading {
            statements,
            pieces_join: pieces_join(text, mode),
        }
    })
    .map_err(|payload| Panicked {
        what: payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "a panic without words".to_owned()),
    })
}

/// What is wrong with our reading of a text, without asking anybody.
pub fn read_alone(text: &str, mode: SqlMode) -> Option<String> {
    match read(text, mode) {
        Err(Panicked { what }) => Some(format!("it panicked: {what}")),
        Ok(reading) if !reading.pieces_join => Some("the pieces are not the text".to_owned()),
        Ok(_) => None,
    }
}

fn pieces_join(text: &str, mode: SqlMode) -> bool {
    let Ok(pieces) = sql::pieces(text, mode) else {
        return true;
    };
    let mut at = 0;
    for piece in &pieces {
        if piece.start != at {
            return false;
        }
        at += piece.text.len();
    }
    at == text.len() && pieces.iter().map(|piece| piece.text).collect::<String>() == text
}
