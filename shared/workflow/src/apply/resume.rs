//! Where to go on: the journal against the statements. Pure.

use crate::ports::database::{JournalEntry, Outcome};
use model::Checksum;

/// What the journal says about going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resume {
    /// Go on at this statement (one past the last: everything is applied).
    At {
        /// The statement, from 1.
        next: u32,
        /// The stored schema before the first statement, where one was begun.
        base: Option<Checksum>,
    },
    /// Whether this statement happened is not known.
    Unsettled(Box<JournalEntry>),
    /// This statement did not happen, and nobody has asked for another run since.
    Failed {
        /// The statement, from 1.
        index: u32,
    },
    /// A statement that was applied is not in the file any more as it was.
    Changed {
        /// The statement, from 1.
        index: u32,
    },
}

/// Written to a failed statement when a person has asked for another run: its failure is not that run's.
pub(super) const ASKED_AGAIN: &str = "another run was asked for";

/// Reads the journal. `digests` are those of the file's statements, in order; `begun` says that this run began before,
/// so that a failure in the journal is its own and not that of a run before a person asked for another.
pub(super) fn resume(digests: &[Checksum], journal: &[JournalEntry], begun: bool) -> Resume {
    let mut next = 1;
    for entry in journal {
        let intent = &entry.intent;
        let same = usize::try_from(intent.index)
            .ok()
            .and_then(|index| digests.get(index.checked_sub(1)?))
            .is_some_and(|digest| digest == &intent.digest);
        match entry.outcome {
            Outcome::Done if !same => return Resume::Changed { index: intent.index },
            Outcome::Done => next = intent.index + 1,
            Outcome::Unknown => return Resume::Unsettled(Box::new(entry.clone())),
            Outcome::Failed if begun && entry.because.as_deref() != Some(ASKED_AGAIN) => {
                return Resume::Failed { index: intent.index };
            }
            Outcome::Failed => break,
        }
    }
    Resume::At {
        next,
        base: journal.first().and_then(|entry| entry.intent.base.clone()),
    }
}

/// Whether a statement sets variables to literals and to nothing else: then it can be run again in another session.
pub(super) fn sets_a_literal(statement: &str) -> bool {
    let upper = statement.to_ascii_uppercase();
    let reads = ["(", "SELECT", "CURRENT_", "LOCALTIME", "UTC_", "@@", "INTO"];
    let Some(rest) = upper.trim_start().strip_prefix("SET") else {
        return false;
    };
    // A variable on the right side may have been read; one that is only set stands before `=`.
    let right_sides = rest
        .split(',')
        .filter_map(|part| part.split_once('='))
        .map(|(_, right)| right);
    !reads.iter().any(|word| rest.contains(word)) && !right_sides.into_iter().any(|right| right.contains('@'))
}

/// Whether a statement reads the id that its session's last INSERT was given.
pub(super) fn reads_insert_id(statement: &str) -> bool {
    let upper: String = statement
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_uppercase();
    ["LAST_INSERT_ID()", "@@IDENTITY", "@@LAST_INSERT_ID"]
        .iter()
        .any(|read| upper.contains(read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::database::Intent;

    fn sum(text: &str) -> Checksum {
        Checksum::of(text.as_bytes())
    }

    fn entry(index: u32, digest: &str, outcome: Outcome) -> JournalEntry {
        JournalEntry {
            intent: Intent {
                index,
                digest: sum(digest),
                before: None,
                base: Some(sum("base")),
                completes: None,
            },
            outcome,
            duration: None,
            rows: None,
            connection: 1,
            because: None,
        }
    }

    #[test]
    fn the_journal_says_where_to_go_on() {
        use Outcome::{Done, Failed, Unknown};
        let file = [sum("a"), sum("b"), sum("c")];
        let base = Some(sum("base"));
        let unknown = entry(2, "b", Unknown);
        for (journal, expected) in [
            (vec![], Resume::At { next: 1, base: None }),
            (
                vec![entry(1, "a", Done)],
                Resume::At {
                    next: 2,
                    base: base.clone(),
                },
            ),
            (
                vec![entry(1, "a", Failed)],
                Resume::At {
                    next: 1,
                    base: base.clone(),
                },
            ),
            (
                vec![entry(1, "a", Done), entry(2, "x", Failed)],
                Resume::At {
                    next: 2,
                    base: base.clone(),
                },
            ),
            (
                vec![entry(1, "a", Done), entry(2, "b", Done), entry(3, "c", Done)],
                Resume::At {
                    next: 4,
                    base: base.clone(),
                },
            ),
            (vec![entry(1, "x", Done)], Resume::Changed { index: 1 }),
            (vec![entry(4, "d", Done)], Resume::Changed { index: 4 }),
            (
                vec![entry(1, "a", Done), unknown.clone()],
                Resume::Unsettled(Box::new(unknown.clone())),
            ),
        ] {
            assert_eq!(resume(&file, &journal, false), expected, "{journal:?}");
        }
    }

    #[test]
    fn a_failure_of_this_run_is_not_run_again_by_itself() {
        let journal = [entry(1, "a", Outcome::Done), entry(2, "b", Outcome::Failed)];
        let file = [sum("a"), sum("b")];
        assert_eq!(resume(&file, &journal, true), Resume::Failed { index: 2 });
        let mut asked = journal.clone();
        asked[1].because = Some(ASKED_AGAIN.to_owned());
        assert!(
            matches!(resume(&file, &asked, true), Resume::At { next: 2, .. }),
            "asked for again"
        );
        assert_eq!(
            resume(&file, &journal, false),
            Resume::At {
                next: 2,
                base: Some(sum("base"))
            }
        );
    }

    #[test]
    fn only_literals_are_set_again() {
        for (statement, expected) in [
            ("SET @a = 1", true),
            ("set @a = 'x', @b = 2", true),
            ("SET foreign_key_checks = 0", true),
            ("SET @a = @b", false),
            ("SET @a = (SELECT MAX(id) FROM t)", false),
            ("SET @a = NOW()", false),
            ("SET @a = CURRENT_TIMESTAMP", false),
            ("SET @a = @@auto_increment_offset", false),
            ("SELECT 1 INTO @a", false),
            ("CREATE TEMPORARY TABLE t (id INT)", false),
        ] {
            assert_eq!(sets_a_literal(statement), expected, "{statement}");
        }
    }
}
