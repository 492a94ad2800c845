//! Tree against tree: which files changed.

use crate::ports::github::TreeEntry;
use std::collections::BTreeMap;

/// A file to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Its path in the repository.
    pub(super) path: String,
    /// What is there now; none where it is gone.
    pub(super) entry: Option<TreeEntry>,
    /// Whether it differs from what was there before.
    pub(super) changed: bool,
}

/// The files of two trees: those that are there now, and those that are gone.
pub(super) fn compare(before: &[TreeEntry], after: &[TreeEntry]) -> Vec<Candidate> {
    let by_path = |entries: &[TreeEntry]| -> BTreeMap<String, TreeEntry> {
        entries
            .iter()
            .map(|entry| (entry.path.clone(), entry.clone()))
            .collect()
    };
    let (before, after) = (by_path(before), by_path(after));
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    let gone = gone.map(|path| Candidate {
        path: path.clone(),
        entry: None,
        changed: true,
    });
    let there = after.iter().map(|(path, entry)| Candidate {
        path: path.clone(),
        entry: Some(entry.clone()),
        changed: before
            .get(path)
            .is_none_or(|old| old.blob != entry.blob || old.mode != entry.mode),
    });
    there.chain(gone).collect()
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
    fn written_and_removed_files_differ_and_no_other() {
        let before = [entry("a", "1"), entry("b", "2"), entry("c", "3")];
        let after = [entry("a", "1"), entry("b", "9"), entry("d", "3")];
        let candidate = |entry: TreeEntry, changed| Candidate {
            path: entry.path.clone(),
            entry: Some(entry),
            changed,
        };
        assert_eq!(
            compare(&before, &after),
            [
                candidate(entry("a", "1"), false),
                candidate(entry("b", "9"), true),
                candidate(entry("d", "3"), true),
                Candidate {
                    path: "c".into(),
                    entry: None,
                    changed: true
                }
            ]
        );
    }
}
