//! What is shown to a person who has to decide, or to wait. Pure.

use crate::ports::database::{Blocker, Evidence, Foretold, JournalEntry};
use similar::TextDiff;
use sql::{Signal, Statement};

/// How much of a comparison is shown.
const SHOWN: usize = 6_000;

/// Of a statement that is not in the file any more as it was sent.
pub(super) fn of_another_text(index: u32) -> String {
    format!(
        "statement {index} was under way with another text when its worker died. Put its text back as it was, so that \
         it can be told whether it happened"
    )
}

/// What was there before the statement beside what is there now.
pub(super) fn of(
    statement: &Statement,
    entry: &JournalEntry,
    now: Option<&Evidence>,
    led: Option<&Foretold>,
) -> String {
    let mut text = format!(
        "the worker, or the server, died while statement {} (line {}) ran, over connection {}, and nothing tells whether \
         it happened. ",
        statement.index, statement.line, entry.connection
    );
    let (Some(before), Some(now)) = (&entry.intent.before, now) else {
        text.push_str(
            "Such a statement leaves no trace in the schema: look at what it was to change. Then say which it is",
        );
        return text;
    };
    let (was, is) = (&before.definitions, &now.definitions.text);
    if was == is {
        text.push_str("The definitions that it may change are as they were. ");
        match (&before.storage, &now.storage) {
            (Some(_), Some(_)) => {}
            (None, _) | (_, None) if statement.facts.signal == Signal::Storage => text.push_str(
                "Where the rows are kept, which would tell, the server does not show (PROCESS is missing, or tables have no \
                 files of their own). ",
            ),
            (None, _) | (_, None) if statement.facts.verb.ends_with("EVENT") => {
                text.push_str("An event that runs once may have run, and be gone: look at what it does. ");
            }
            (None, _) | (_, None) => {
                text.push_str("It may lead back to where it began, and have lost something on the way. ");
            }
        }
    } else {
        match led {
            None => text.push_str("A rehearsal of it on a copy came to no end. "),
            Some(_) => text.push_str(
                "The definitions that it may change are neither as they were nor as it leaves them: somebody else may \
                 have changed them too. ",
            ),
        }
        text.push_str("Before it (-) and now (+):\n");
        text.push_str(&cut(&difference(was, is)));
    }
    text.push_str("\nLook at the server; then say which it is");
    text
}

/// Who holds what a statement waited for.
pub(super) fn of_blockers(blockers: &[Blocker]) -> String {
    if blockers.is_empty() {
        return "Somebody held what the statement needs; who, the server does not tell the worker's user (it needs SELECT \
                on performance_schema.metadata_locks and .threads). Try again when they are done"
            .to_owned();
    }
    let each: Vec<String> = blockers
        .iter()
        .map(|blocker| {
            format!(
                "connection {} of {} ({} {} s)",
                blocker.connection,
                blocker.user,
                if blocker.idle {
                    "a transaction left open, idle for"
                } else {
                    "busy for"
                },
                blocker.seconds
            )
        })
        .collect();
    format!(
        "It waited for {}: let them end, or end them (KILL), and try again",
        each.join(", ")
    )
}

fn difference(was: &str, is: &str) -> String {
    TextDiff::from_lines(was, is).unified_diff().to_string()
}

fn cut(text: &str) -> String {
    if text.len() <= SHOWN {
        return text.to_owned();
    }
    let end = (0..=SHOWN)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    format!("{}\n… (cut)", text.get(..end).unwrap_or_default())
}
