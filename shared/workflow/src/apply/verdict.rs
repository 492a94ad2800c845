//! Whether a statement happened whose outcome nobody wrote down: what was seen before it, against what is there now.
//! Pure.

use crate::ports::database::{Before, Evidence};
use model::Checksum;
use sql::ddl::{self, Definition};
use sql::{Signal, Statement};

/// What the evidence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It did not happen: run it.
    Run,
    /// It happened: adopt it.
    Adopt,
    /// A rehearsal has to tell what it leads to.
    Rehearse,
    /// It can't be told: a person decides.
    Ambiguous,
}

/// What a rehearsal told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rehearsed {
    /// Nothing yet.
    NotYet,
    /// It came to no end.
    InVain,
    /// The fingerprints before it and after it.
    Told(Checksum, Checksum),
}

/// Decides about a statement.
pub(super) fn verdict(
    statement: &Statement,
    before: Option<&Before>,
    now: Option<&Evidence>,
    rehearsed: Rehearsed,
) -> Verdict {
    let seen = before.zip(now);
    match statement.facts.signal {
        // Its outcome is in its own transaction: none written means that it did not happen.
        Signal::Transactional | Signal::Idempotent => Verdict::Run,
        Signal::None => Verdict::Ambiguous,
        Signal::Storage => seen.map_or(Verdict::Ambiguous, |(before, now)| by_storage(before, now)),
        Signal::Schema => seen.map_or(Verdict::Ambiguous, |(before, now)| {
            by_definitions(statement, before, now, rehearsed)
        }),
    }
}

/// The tables are as they were; what tells is whether their rows are kept where they were.
fn by_storage(before: &Before, now: &Evidence) -> Verdict {
    let same = before.fingerprint() == now.definitions.fingerprint();
    match (&before.storage, &now.storage) {
        (Some(was), Some(is)) if same && was == is => Verdict::Run,
        (Some(_), Some(_)) if same => Verdict::Adopt,
        (Some(_) | None, Some(_) | None) => Verdict::Ambiguous,
    }
}

/// Before, after, or something else: never guessed.
///
/// Where the statement leads back to what was there, it may have happened and does no harm when it happens again; but
/// an event that runs once, at a time, may have run and be gone.
fn by_definitions(statement: &Statement, before: &Before, now: &Evidence, rehearsed: Rehearsed) -> Verdict {
    let (was, is) = (before.fingerprint(), now.definitions.fingerprint());
    if was == is {
        return if runs_once(statement) {
            Verdict::Ambiguous
        } else {
            Verdict::Run
        };
    }
    match (rehearsed, &before.foretold) {
        (Rehearsed::Told(from, to), _) if from == was && to == is => Verdict::Adopt,
        (Rehearsed::NotYet, Some(foretold)) if *foretold == is => Verdict::Adopt,
        (Rehearsed::NotYet, Some(_) | None) => Verdict::Rehearse,
        (Rehearsed::Told(..) | Rehearsed::InVain, Some(_) | None) => Verdict::Ambiguous,
    }
}

/// Whether a statement makes an event that may be gone as soon as it is made.
fn runs_once(statement: &Statement) -> bool {
    let verb = statement.facts.verb.as_ref();
    let event = verb == "CREATE EVENT" || verb == "ALTER EVENT";
    let drops = matches!(
        ddl::definition(&statement.text, statement.mode),
        Some(Definition::DropEvent(_))
    );
    event && !drops && !statement.text.to_ascii_uppercase().contains("EVERY")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::database::Snapshot;
    use sql::SqlMode;

    fn statement(text: &str) -> Statement {
        sql::split(text, SqlMode::default()).unwrap().remove(0)
    }

    fn before(definitions: &str, storage: Option<&str>, foretold: Option<&str>) -> Before {
        Before {
            definitions: definitions.to_owned(),
            storage: storage.map(sum),
            foretold: foretold.map(sum),
        }
    }

    fn now(definitions: &str, storage: Option<&str>) -> Evidence {
        Evidence {
            definitions: Snapshot::of(definitions),
            storage: storage.map(sum),
        }
    }

    fn sum(text: &str) -> Checksum {
        Checksum::of(text.as_bytes())
    }

    #[test]
    fn the_three_way_check_never_guesses() {
        let alter = statement("ALTER TABLE t ADD COLUMN a INT");
        let (a, b, c) = (sum("a"), sum("b"), sum("c"));
        for (was, foretold, is, rehearsed, expected) in [
            ("a", Some("b"), "a", Rehearsed::NotYet, Verdict::Run),
            ("a", None, "a", Rehearsed::NotYet, Verdict::Run),
            ("a", Some("b"), "b", Rehearsed::NotYet, Verdict::Adopt),
            ("a", Some("b"), "c", Rehearsed::NotYet, Verdict::Rehearse),
            ("a", None, "b", Rehearsed::NotYet, Verdict::Rehearse),
            (
                "a",
                None,
                "b",
                Rehearsed::Told(a.clone(), b.clone()),
                Verdict::Adopt,
            ),
            (
                "a",
                None,
                "b",
                Rehearsed::Told(c.clone(), b.clone()),
                Verdict::Ambiguous,
            ),
            (
                "a",
                None,
                "b",
                Rehearsed::Told(a.clone(), c.clone()),
                Verdict::Ambiguous,
            ),
            (
                "a",
                Some("b"),
                "c",
                Rehearsed::Told(a.clone(), b.clone()),
                Verdict::Ambiguous,
            ),
            ("a", None, "b", Rehearsed::InVain, Verdict::Ambiguous),
        ] {
            let before = before(was, None, foretold);
            let words = format!("{was} {foretold:?} {is} {rehearsed:?}");
            let told = verdict(&alter, Some(&before), Some(&now(is, None)), rehearsed);
            assert_eq!(told, expected, "{words}");
        }
    }

    #[test]
    fn an_emptied_table_is_told_by_where_its_rows_are() {
        let truncate = statement("TRUNCATE TABLE t");
        for (was, is, expected) in [
            (Some("7"), Some("7"), Verdict::Run),
            (Some("7"), Some("8"), Verdict::Adopt),
            (None, Some("8"), Verdict::Ambiguous),
            (Some("7"), None, Verdict::Ambiguous),
            (None, None, Verdict::Ambiguous),
        ] {
            let before = before("t", was, None);
            let told = verdict(&truncate, Some(&before), Some(&now("t", is)), Rehearsed::NotYet);
            assert_eq!(told, expected, "{was:?} {is:?}");
        }
        let before = before("t", Some("7"), None);
        let other = verdict(
            &truncate,
            Some(&before),
            Some(&now("u", Some("8"))),
            Rehearsed::NotYet,
        );
        assert_eq!(other, Verdict::Ambiguous);
    }

    #[test]
    fn what_nothing_tells_of_is_for_a_person_and_what_does_no_harm_is_run() {
        for (text, expected) in [
            ("CALL p()", Verdict::Ambiguous),
            ("LOAD DATA FROM S3 's3://b/f' INTO TABLE t", Verdict::Ambiguous),
            ("ANALYZE TABLE t", Verdict::Run),
            ("SET @a = 1", Verdict::Run),
            ("INSERT INTO t VALUES (1)", Verdict::Run),
            ("ALTER TABLE other.t ADD COLUMN a INT", Verdict::Ambiguous),
        ] {
            assert_eq!(
                verdict(&statement(text), None, None, Rehearsed::NotYet),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn an_event_that_runs_once_may_have_run() {
        let (was, is) = (before("", None, None), now("", None));
        for (text, expected) in [
            (
                "CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP DO DELETE FROM t",
                Verdict::Ambiguous,
            ),
            (
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
                Verdict::Run,
            ),
            ("DROP EVENT e", Verdict::Run),
        ] {
            let told = verdict(&statement(text), Some(&was), Some(&is), Rehearsed::NotYet);
            assert_eq!(told, expected, "{text}");
        }
    }
}
