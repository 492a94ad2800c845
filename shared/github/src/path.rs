//! Texts as parts of a URL.

use std::fmt::Write as _;

/// One segment, or one value of a query: everything but letters, digits and `-._~` is encoded.
pub(crate) fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A path: each segment encoded, the slashes kept.
pub(crate) fn segments(path: &str) -> String {
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// Whether a path names a file inside a repository, and nothing that a URL would resolve to something else.
pub(crate) fn is_plain(path: &str) -> bool {
    path.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_of_changes_survive() {
        assert_eq!(
            segments("test/db_demo##202303100000##ddl##a b?.sql"),
            "test/db_demo%23%23202303100000%23%23ddl%23%23a%20b%3F.sql"
        );
        assert_eq!(segments("100%/ü"), "100%25/%C3%BC");
        assert_eq!(segment("feature/a"), "feature%2Fa");
    }

    #[test]
    fn what_a_url_would_resolve_is_not_plain() {
        for path in ["", "/a", "a/", "a//b", "../a", "a/../b", "./a"] {
            assert!(!is_plain(path), "{path}");
        }
        for path in ["a", ".a/b", "a..b", "..."] {
            assert!(is_plain(path), "{path}");
        }
    }
}
