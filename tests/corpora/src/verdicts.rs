//! What the server read in each text, kept beside the texts.

use crate::archive::{folder, read_lines};
use crate::error::CorporaError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One statement as the server read it: its bytes, and the error code of preparing it (0: none).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read(
    /// The first byte.
    pub usize,
    /// The byte after the last.
    pub usize,
    /// The error code; [`Read::REFUSED`] where the server's grammar does not know the statement.
    pub u16,
);

impl Read {
    /// `ER_PARSE_ERROR`.
    pub const REFUSED: u16 = 1064;

    /// Whether the server reads it as one statement.
    pub fn accepted(self) -> bool {
        self.2 != Self::REFUSED
    }
}

/// The statements of one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileVerdict {
    /// Its source.
    pub source: String,
    /// Its path.
    pub path: String,
    /// Its statements, in order.
    pub statements: Vec<Read>,
}

/// The verdicts on all texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdicts(BTreeMap<(String, String), Vec<Read>>);

impl Verdicts {
    /// Those kept beside the texts.
    pub fn kept() -> Result<Self, CorporaError> {
        Ok(read_lines::<FileVerdict>(&Self::path())?.into_iter().collect())
    }

    /// Those on one text.
    pub fn of(&self, source: &str, path: &str) -> Option<&[Read]> {
        self.0
            .get(&(source.to_owned(), path.to_owned()))
            .map(Vec::as_slice)
    }

    /// How many texts there are verdicts on.
    pub fn texts(&self) -> usize {
        self.0.len()
    }

    /// Keeps them beside the texts.
    pub fn keep(&self) -> Result<(), CorporaError> {
        let path = Self::path();
        let mut lines = Vec::new();
        for ((source, file), statements) in &self.0 {
            let verdict = FileVerdict {
                source: source.clone(),
                path: file.clone(),
                statements: statements.clone(),
            };
            let line = serde_json::to_vec(&verdict).map_err(|source| CorporaError::Line {
                path: path.clone(),
                source,
            })?;
            lines.extend(line);
            lines.push(b'\n');
        }
        zstd::encode_all(lines.as_slice(), 19)
            .and_then(|compressed| std::fs::write(&path, compressed))
            .map_err(|source| CorporaError::File { path, source })
    }

    fn path() -> PathBuf {
        folder().join("verdicts.zst")
    }
}

impl FromIterator<FileVerdict> for Verdicts {
    fn from_iter<I: IntoIterator<Item = FileVerdict>>(verdicts: I) -> Self {
        Self(
            verdicts
                .into_iter()
                .map(|verdict| ((verdict.source, verdict.path), verdict.statements))
                .collect(),
        )
    }
}
