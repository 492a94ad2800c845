//! Whatever a pushed tree holds: every changed path under the base directory has one answer, and nothing outside of it
//! is answered, stored or planned.

use crate::bed::Bed;
use model::{Checksum, IssueNumber};
use proptest::prelude::*;
use settings::PathReading;
use std::collections::BTreeSet;
use testkit::fake_github::FakeFile;
use testkit::fixtures;
use workflow::ports::ledger::{IssueLedger as _, PlanLedger as _, TextLedger as _};

/// Paths of pieces that mean something to somebody, and of any text: GitHub answers JSON, so that bytes that are no
/// text come as `U+FFFD`.
fn paths() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => proptest::sample::select(vec![
            "bytebase/", "bytebase/test/", "bytebase/prod/", "Bytebase/", "bytebase2/", "bytebase", "test/", "Prod/",
            "db_demo", "DB_DEMO", ".db_demo##LATEST.sql", "##", "##1##ddl##", "##2##DML##", "#", "//", "/", "..", ".",
            "a", "A", ".sql", "\\", "\0", "\u{202e}", "\u{fffd}", ".git/", "\n", " ", "{{DB_NAME}}",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => proptest::collection::vec(any::<u8>(), 0..12)
            .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ];
    let any = proptest::collection::vec(piece, 1..9).prop_map(|pieces| pieces.concat());
    prop_oneof![
        3 => any,
        1 => "bytebase/(test|prod|tset)/db_demo##[1-4]##(ddl|dml|x)##[ab#]{1,3}\\.(sql|SQL)",
        1 => "bytebase/[ab]{5000,5100}",
    ]
}

/// What stands in a file: its own text, which nothing else has.
fn text(path: &str) -> String {
    format!(
        "CREATE TABLE t (id INT); -- {:?}\n",
        Checksum::of(path.as_bytes())
    )
}

async fn planned(before: &BTreeSet<String>, after: &BTreeSet<String>) {
    let mut bed = Bed::with(fixtures::SETTINGS).await;
    let none = BTreeSet::new();
    for (here, gone) in [(before, &none), (after, before)] {
        let written = here
            .difference(gone)
            .map(|path| (path.as_str(), Some(FakeFile::text(&text(path)))));
        let removed = gone.difference(here).map(|path| (path.as_str(), None));
        let changes: Vec<(&str, Option<FakeFile>)> = written.chain(removed).collect();
        if changes.is_empty() {
            continue;
        }
        let answers = bed.push(&changes).await;
        let mut told: Vec<&str> = answers.iter().map(|answer| answer.path.as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, expected(&bed, &changes));
    }
    for path in before.iter().chain(after).filter(|path| !is_inside(path)) {
        let stored = bed.ledger.text(&Checksum::of(text(path).as_bytes())).await;
        assert_eq!(stored.unwrap(), None, "the text of {path:?} was read and kept");
    }
    let numbers: Vec<_> = (1..=bed.ledger.last_issue().await.unwrap().0)
        .map(IssueNumber)
        .collect();
    for issue in bed.ledger.issues(&numbers).await.unwrap() {
        for task in bed.ledger.tasks(&issue.tasks).await.unwrap() {
            assert!(is_inside(&task.change.path), "{:?}", task.change.path);
            assert!(bed.settings.targets().contains(&task.target), "{:?}", task.target);
        }
    }
}

/// What has to be answered, in order. What Sluice wrote itself beside changes is no news.
fn expected<'c>(bed: &Bed, changes: &[(&'c str, Option<FakeFile>)]) -> Vec<&'c str> {
    let is_ours =
        |path: &&str| bed.settings.read_path(&bed.settings.projects[0], path) == PathReading::Schema;
    let inside = changes
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| is_inside(path));
    let (ours, mut others): (Vec<&str>, Vec<&str>) = inside.partition(is_ours);
    if others.is_empty() {
        others = ours;
    }
    others.sort_unstable();
    others
}

fn is_inside(path: &str) -> bool {
    path.starts_with("bytebase/")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_changed_path_has_one_answer_and_none_outside_is_read(
        before in proptest::collection::btree_set(paths(), 0..12),
        after in proptest::collection::btree_set(paths(), 0..24),
        kept in 0usize..12,
    ) {
        let mut after = after;
        after.extend(before.iter().take(kept).cloned());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(planned(&before, &after));
    }
}
