//! Versions: the sortable key in a file name.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt::{self, Write as _};

/// A version as written: `[A-Za-z0-9._-]+`, ordered by runs, digits as numbers and the rest as text.
///
/// `9 < 10`, `1.9 < 1.10`, `v9 < v10`. Two spellings that order equal (`1.0`, `1.00`) are one version: equality
/// and hashing go by [`VersionKey`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version {
    text: String,
    key: VersionKey,
}

/// The version in a form whose byte order is the version order; equal for equal versions.
///
/// Every run becomes a token: digits `d`, their count as three digits, the digits without leading zeros; anything
/// else `t`, the text, `!` (lower than any character a version may hold).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionKey(String);

/// Why a text is no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Nothing there.
    #[error("the version is empty")]
    Empty,
    /// Too long to be kept as a key.
    #[error("the version has {0} characters; at most {MAX_LENGTH} are allowed")]
    TooLong(usize),
    /// A character outside `[A-Za-z0-9._-]`.
    #[error("the version holds {0:?}; only letters, digits, `.`, `_` and `-` are allowed")]
    Character(char),
}

/// The most characters a version may have.
pub const MAX_LENGTH: usize = 100;

impl Version {
    /// Reads a version from a file name.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        if text.is_empty() {
            return Err(VersionError::Empty);
        }
        if let Some(other) = text
            .chars()
            .find(|c| !(c.is_ascii_alphanumeric() || "._-".contains(*c)))
        {
            return Err(VersionError::Character(other));
        }
        if text.len() > MAX_LENGTH {
            return Err(VersionError::TooLong(text.len()));
        }
        Ok(Self {
            text: text.to_owned(),
            key: VersionKey::of(text),
        })
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form that sorts.
    pub fn key(&self) -> &VersionKey {
        &self.key
    }
}

impl VersionKey {
    fn of(text: &str) -> Self {
        let mut key = String::with_capacity(text.len() + 8);
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let digits = first.is_ascii_digit();
            let end = rest
                .find(|c: char| c.is_ascii_digit() != digits)
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            if digits {
                let number = run.trim_start_matches('0');
                // Writing to a string can't fail.
                let _ = write!(key, "d{:03}{number}", number.len());
            } else {
                key.push('t');
                key.push_str(run);
                key.push('!');
            }
            rest = after;
        }
        Self(key)
    }

    /// The text that sorts, for a store's sort key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Version {}

impl std::hash::Hash for Version {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for Version {
    type Error = VersionError;

    fn try_from(text: String) -> Result<Self, VersionError> {
        Self::parse(&text)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn digits_order_as_numbers_and_the_rest_as_text() {
        for (lower, higher) in [
            ("9", "10"),
            ("1.9", "1.10"),
            ("v9", "v10"),
            ("1", "1.0"),
            ("1.0", "1.0.1"),
            ("202303100000", "202303100001"),
            ("a", "ab"),
            ("a1", "ab"),
            ("1", "a"),
        ] {
            assert!(version(lower) < version(higher), "{lower} < {higher}");
        }
    }

    #[test]
    fn spellings_that_order_equal_are_one_version() {
        assert_eq!(version("1.0"), version("1.00"));
        assert_eq!(version("007"), version("7"));
        assert_ne!(version("1.0"), version("1-0"));
    }

    #[test]
    fn nonsense_is_refused_with_the_reason() {
        assert_eq!(Version::parse(""), Err(VersionError::Empty));
        assert_eq!(Version::parse("1 2"), Err(VersionError::Character(' ')));
        assert_eq!(Version::parse("１"), Err(VersionError::Character('１')));
        assert_eq!(Version::parse(&"1".repeat(101)), Err(VersionError::TooLong(101)));
    }

    /// The order of the contract, written the slow way: run by run.
    fn by_runs(a: &str, b: &str) -> Ordering {
        fn runs(text: &str) -> Vec<(bool, String)> {
            let mut runs: Vec<(bool, String)> = Vec::new();
            for c in text.chars() {
                match runs.last_mut() {
                    Some((digits, run)) if *digits == c.is_ascii_digit() => run.push(c),
                    _ => runs.push((c.is_ascii_digit(), c.to_string())),
                }
            }
            runs
        }
        let (a, b) = (runs(a), runs(b));
        for (x, y) in a.iter().zip(&b) {
            let order = match (x.0, y.0) {
                (true, true) => x.1.parse::<u128>().unwrap().cmp(&y.1.parse::<u128>().unwrap()),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => x.1.cmp(&y.1),
            };
            if order.is_ne() {
                return order;
            }
        }
        a.len().cmp(&b.len())
    }

    proptest! {
        #[test]
        fn the_key_orders_as_the_runs_do(a in "[A-Za-z0-9._-]{1,20}", b in "[A-Za-z0-9._-]{1,20}") {
            prop_assert_eq!(version(&a).cmp(&version(&b)), by_runs(&a, &b));
        }
    }
}
