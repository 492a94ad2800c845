//! Which changes of a folder are to be applied: its files against what the target remembers. Pure.

use crate::folder::FileChange;
use model::Version;
use workflow::ports::database::AppliedChange;

/// How a change stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is applied.
    Applied,
    /// It is applied, and its file is another by now.
    Changed,
    /// It is to be applied.
    Pending {
        /// A higher version that is applied already, where there is one.
        late: Option<Version>,
    },
}

/// How each change stands, in the order of their versions.
pub(super) fn standings(changes: &[FileChange], applied: &[AppliedChange]) -> Vec<Standing> {
    let newest = applied
        .iter()
        .map(|applied| &applied.version)
        .max_by_key(|version| version.key());
    changes
        .iter()
        .map(|change| {
            let known = applied
                .iter()
                .find(|applied| applied.version.key() == change.version.key());
            match known {
                Some(known) if known.checksum == change.checksum => Standing::Applied,
                Some(_) => Standing::Changed,
                None => Standing::Pending {
                    late: newest
                        .filter(|newest| newest.key() > change.version.key())
                        .cloned(),
                },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ChangeType, Checksum};

    fn file(version: &str, text: &str) -> FileChange {
        FileChange {
            path: format!("{version}##ddl##x.sql"),
            version: Version::parse(version).unwrap(),
            change_type: ChangeType::Ddl,
            description: "x".to_owned(),
            text: text.to_owned(),
            checksum: Checksum::of(text.as_bytes()),
        }
    }

    fn applied(version: &str, text: &str) -> AppliedChange {
        AppliedChange {
            version: Version::parse(version).unwrap(),
            change_type: ChangeType::Ddl,
            description: "x".to_owned(),
            checksum: Checksum::of(text.as_bytes()),
            statements: 1,
            applied_by: "a test".to_owned(),
            revision: None,
        }
    }

    #[test]
    fn a_file_is_applied_changed_pending_or_late() {
        let files = [file("1", "a"), file("2", "b"), file("3", "c"), file("10", "d")];
        let known = [applied("1.0", "z"), applied("1", "a"), applied("3", "other")];
        assert_eq!(
            standings(&files, &known),
            [
                Standing::Applied,
                Standing::Pending {
                    late: Some(Version::parse("3").unwrap())
                },
                Standing::Changed,
                Standing::Pending { late: None },
            ]
        );
        assert_eq!(standings(&files[..1], &[]), [Standing::Pending { late: None }]);
    }
}
