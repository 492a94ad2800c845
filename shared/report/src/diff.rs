//! Schema diffs.

use similar::TextDiff;

/// The unified diff of two schemas, before against after; empty where they are equal.
pub fn schema_diff(before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    TextDiff::from_lines(before, after)
        .unified_diff()
        .header("before", "after")
        .to_string()
}
