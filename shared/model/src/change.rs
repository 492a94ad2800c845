//! Changes: versioned SQL files.

use crate::checksum::Checksum;
use crate::ids::{BlobSha, CommitSha};
use crate::version::Version;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The type in a file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeType {
    /// Schema: `ddl`, alias `migrate`.
    Ddl,
    /// Rows: `dml`, alias `data`.
    Dml,
}

impl ChangeType {
    /// Reads the type of a file name, any case.
    pub fn parse(text: &str) -> Option<Self> {
        if ["ddl", "migrate"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
        {
            Some(Self::Ddl)
        } else if ["dml", "data"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
            Some(Self::Dml)
        } else {
            None
        }
    }
}

impl fmt::Display for ChangeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ddl => "ddl",
            Self::Dml => "dml",
        })
    }
}

/// One versioned SQL file as it stood in one commit. Its text is stored apart, under the checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The version, unique per target.
    pub version: Version,
    /// What the file says it is.
    pub change_type: ChangeType,
    /// The description as shown: `_` is a space.
    pub description: String,
    /// The path in the repository.
    pub path: String,
    /// SHA-256 of the bytes.
    pub checksum: Checksum,
    /// Git's own name for the bytes, by which a tree tells that they are still the same.
    #[serde(default)]
    pub blob: Option<BlobSha>,
    /// Size in bytes.
    pub size: u64,
    /// The commit that the text was taken from.
    pub commit: CommitSha,
}
