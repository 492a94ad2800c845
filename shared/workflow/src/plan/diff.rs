//! Tree against tree: which files changed.

use crate::ports::github::TreeEntry;
use std::collections::BTreeMap;

/// A file that differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Changed {
    /// New, or with another content or mode.
    Written(TreeEntry),
    /// Gone.
    Removed(String),
}

/// The files that differ, by path.
pub(super) fn changed_files(before: &[TreeEntry], after: &[TreeEntry]) -> Vec<Changed> {
    let by_path = |entries: &[TreeEntry]| -> BTreeMap<String, TreeEntry> {
        entries
            .iter()
            .map(|entry| (entry.path.clone(), entry.clone()))
            .collect()
    };
    let (before, after) = (by_path(before), by_path(after));
    let written = after
        .values()
        .filter(|entry| {
            before
                .get(&entry.path)
                .is_none_or(|old| old.blob != entry.blob || old.mode != entry.mode)
        })
        .cloned()
        .map(Changed::Written);
    let removed = before
        .keys()
        .filter(|path| !after.contains_key(*path))
        .cloned()
        .map(Changed::Removed);
    written.chain(removed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::BlobSha;

    fn entry(path: &str, blob: &str) -> TreeEntry {
        TreeEntry {
            path: path.into(),
            mode: "100644".into(),
            blob: BlobSha::new(blob),
            size: None,
        }
    }

    #[test]
    fn written_and_removed_files_are_told_and_no_other() {
        let before = [entry("a", "1"), entry("b", "2"), entry("c", "3")];
        let after = [entry("a", "1"), entry("b", "9"), entry("d", "3")];
        assert_eq!(
            changed_files(&before, &after),
            [
                Changed::Written(entry("b", "9")),
                Changed::Written(entry("d", "3")),
                Changed::Removed("c".into())
            ]
        );
    }
}
