//! Whether a statement happened whose outcome nobody wrote down: what was seen before it, against what is there now.
//! Pure.

use super::scope::renames;
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
    rehearsed: &Rehearsed,
) -> Verdict {
    let seen = before.zip(now);
    match statement.facts.signal {
        Signal::Idempotent => Verdict::Run,
        // Rows are one with intent and outcome, and of what is undone nothing is seen. What is seen without an outcome was
        // sent to a table without transactions.
        Signal::Transactional | Signal::None => Verdict::Ambiguous,
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
fn by_definitions(statement: &Statement, before: &Before, now: &Evidence, rehearsed: &Rehearsed) -> Verdict {
    let (was, is) = (before.fingerprint(), now.definitions.fingerprint());
    if was == is {
        return unmoved(statement, before, now, rehearsed);
    }
    match (rehearsed, &before.foretold) {
        (Rehearsed::Told(from, to), _) if *from == was && *to == is => Verdict::Adopt,
        (Rehearsed::NotYet, Some(foretold)) if *foretold == is => Verdict::Adopt,
        (Rehearsed::NotYet, Some(_) | None) => Verdict::Rehearse,
        (Rehearsed::Told(..) | Rehearsed::InVain, Some(_) | None) => Verdict::Ambiguous,
    }
}

/// The definitions are as they were. Most statements then did not happen, or do no harm when they happen again; but some
/// may lead back to where they began and still have done something.
fn unmoved(statement: &Statement, before: &Before, now: &Evidence, rehearsed: &Rehearsed) -> Verdict {
    if may_be_gone(statement) {
        return Verdict::Ambiguous;
    }
    if renames(statement)
        && let (Some(was), Some(is)) = (&before.storage, &now.storage)
    {
        // Names that changed places: where the rows are tells.
        return if was == is { Verdict::Run } else { Verdict::Adopt };
    }
    let loses = statement.facts.destructive && statement.facts.verb == "ALTER TABLE";
    if !loses && !renames(statement) {
        return Verdict::Run;
    }
    let was = before.fingerprint();
    match (rehearsed, &before.foretold) {
        (Rehearsed::Told(from, to), _) if *from == was && *to != was => Verdict::Run,
        (Rehearsed::NotYet, Some(foretold)) if *foretold != was => Verdict::Run,
        (Rehearsed::NotYet, None) => Verdict::Rehearse,
        (Rehearsed::Told(..) | Rehearsed::InVain | Rehearsed::NotYet, Some(_) | None) => Verdict::Ambiguous,
    }
}

/// Whether a statement makes an event that runs once, at a time: it may have run, and be gone.
fn may_be_gone(statement: &Statement) -> bool {
    let verb = statement.facts.verb.as_ref();
    if verb != "CREATE EVENT" && verb != "ALTER EVENT" {
        return false;
    }
    let every = |schedule: &String| {
        schedule
            .trim_start()
            .get(..5)
            .is_some_and(|word| word.eq_ignore_ascii_case("EVERY"))
    };
    match ddl::definition(&statement.text, statement.mode) {
        Some(Definition::Event(event)) => !event.schedule.as_ref().is_some_and(every),
        Some(_) | None => true,
    }
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
            let told = verdict(&alter, Some(&before), Some(&now(is, None)), &rehearsed);
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
            let told = verdict(&truncate, Some(&before), Some(&now("t", is)), &Rehearsed::NotYet);
            assert_eq!(told, expected, "{was:?} {is:?}");
        }
        let before = before("t", Some("7"), None);
        let other = verdict(
            &truncate,
            Some(&before),
            Some(&now("u", Some("8"))),
            &Rehearsed::NotYet,
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
            ("INSERT INTO t VALUES (1)", Verdict::Ambiguous),
            ("ALTER TABLE other.t ADD COLUMN a INT", Verdict::Ambiguous),
        ] {
            assert_eq!(
                verdict(&statement(text), None, None, &Rehearsed::NotYet),
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
                "CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP COMMENT 'deletes everything' DO DELETE FROM t",
                Verdict::Ambiguous,
            ),
            (
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
                Verdict::Run,
            ),
            ("DROP EVENT e", Verdict::Run),
        ] {
            let told = verdict(&statement(text), Some(&was), Some(&is), &Rehearsed::NotYet);
            assert_eq!(told, expected, "{text}");
        }
    }

    #[test]
    fn what_leads_back_to_where_it_began_may_have_happened_all_the_same() {
        let (a, b) = (sum("a"), sum("b"));
        let lossy = "ALTER TABLE t DROP COLUMN a, ADD COLUMN a INT DEFAULT 7";
        let swap = "RENAME TABLE a TO x, b TO a, x TO b";
        for (text, foretold, storage, rehearsed, expected) in [
            (lossy, Some("b"), None, Rehearsed::NotYet, Verdict::Run),
            (lossy, Some("a"), None, Rehearsed::NotYet, Verdict::Ambiguous),
            (lossy, None, None, Rehearsed::NotYet, Verdict::Rehearse),
            (lossy, None, None, Rehearsed::InVain, Verdict::Ambiguous),
            (
                lossy,
                None,
                None,
                Rehearsed::Told(a.clone(), a.clone()),
                Verdict::Ambiguous,
            ),
            (
                lossy,
                None,
                None,
                Rehearsed::Told(a.clone(), b.clone()),
                Verdict::Run,
            ),
            (swap, Some("a"), Some(("1", "1")), Rehearsed::NotYet, Verdict::Run),
            (
                swap,
                Some("a"),
                Some(("1", "2")),
                Rehearsed::NotYet,
                Verdict::Adopt,
            ),
            (swap, Some("a"), None, Rehearsed::NotYet, Verdict::Ambiguous),
            (
                "RENAME TABLE a TO b",
                Some("b"),
                None,
                Rehearsed::NotYet,
                Verdict::Run,
            ),
            (
                "ALTER TABLE t COMMENT 'same'",
                Some("a"),
                None,
                Rehearsed::NotYet,
                Verdict::Run,
            ),
        ] {
            let before = before("a", storage.map(|(was, _)| was), foretold);
            let now = now("a", storage.map(|(_, is)| is));
            let words = format!("{text} {foretold:?} {storage:?} {rehearsed:?}");
            assert_eq!(
                verdict(&statement(text), Some(&before), Some(&now), &rehearsed),
                expected,
                "{words}"
            );
        }
    }
}
