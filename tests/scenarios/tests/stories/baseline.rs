//! Repositories with history: what a baseline covers never runs, and what comes after it does.

use model::UpTo;
use scenarios::{DBA, Setup, World, scenario, whole_file};
use settings::VersionOrder;
use testkit::fake_github::FakeFile;
use workflow::ports::github::CheckState;

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";
const OTHER: &str = "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY);\n";

/// A file of the small setup.
fn file(version: u32) -> String {
    whole_file("test/db_demo", &version.to_string())
}

/// A table of its own for each version.
fn table(version: u32) -> String {
    format!("CREATE TABLE t{version} (id INT);\n")
}

fn version(text: &str) -> model::Version {
    testkit::fixtures::version(text)
}

/// No baseline yet.
fn unsaid() -> Setup {
    Setup {
        baseline: None,
        ..Setup::small()
    }
}

/// Pushes these versions in one commit.
async fn push(t: &World, versions: std::ops::RangeInclusive<u32>) -> model::CommitSha {
    let files: Vec<(String, Option<FakeFile>)> = versions
        .map(|version| (file(version), Some(FakeFile::text(&table(version)))))
        .collect();
    let files: Vec<(&str, Option<FakeFile>)> = files
        .iter()
        .map(|(path, file)| (path.as_str(), file.clone()))
        .collect();
    let commit = t.push_files(&files).await;
    t.settle().await;
    commit
}

/// The answer to a version in a commit.
async fn answer(t: &World, commit: &model::CommitSha, version: u32) -> String {
    let answers = t.answers(commit).await;
    answers.get(&file(version)).cloned().unwrap_or_default()
}

/// The sweeper finds that a baseline came.
async fn sweep_up(t: &World) {
    t.wait(jiff::SignedDuration::from_mins(2));
    t.sweep().await;
    t.settle().await;
}

#[tokio::test]
async fn five_hundred_historical_files_run_never_and_the_next_one_alone() {
    scenario(unsaid(), async |t| {
        let first = push(t, 1..=500).await;
        assert_eq!(t.answers(&first).await.len(), 500);
        assert!(
            answer(t, &first, 7)
                .await
                .starts_with("waiting: it waits for a baseline of `demo-test/"),
            "{}",
            answer(t, &first, 7).await
        );
        assert_eq!(t.check(&first).state, CheckState::ActionRequired);
        let blobs = || {
            t.github
                .inner()
                .calls()
                .iter()
                .filter(|call| **call == "blob")
                .count()
        };
        assert_eq!(blobs(), 0, "what waits is not read");

        t.set_baseline(UpTo::All(None), None).await;
        sweep_up(t).await;
        assert_eq!(blobs(), 0, "history is not read");
        assert_eq!(t.issues().await, 0);
        assert!(
            answer(t, &first, 500)
                .await
                .ends_with("covers everything up to 500"),
            "{}",
            answer(t, &first, 500).await
        );
        assert_eq!(t.check(&first).state, CheckState::Success);

        let next = push(t, 501..=501).await;
        assert_eq!(blobs(), 1);
        assert_eq!(t.status(1).await, "Done; test/db_demo 501 Done");
        assert_eq!(t.answers(&next).await.len(), 1);
        assert_eq!(t.columns("test/db_demo", "t501").await, ["id"]);
        assert!(t.columns("test/db_demo", "t500").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn files_above_a_baseline_run_when_it_is_set() {
    scenario(unsaid(), async |t| {
        let first = push(t, 1..=3).await;
        t.set_baseline(UpTo::Version(version("2")), None).await;
        sweep_up(t).await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 3 Done");
        assert_eq!(answer(t, &first, 3).await, "taken by issue 1");
        assert!(answer(t, &first, 2).await.starts_with("covered: "));
        // Planned once; looking again finds nothing.
        sweep_up(t).await;
        assert_eq!(t.issues().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_push_after_the_baseline_plans_what_waited_too() {
    scenario(unsaid(), async |t| {
        push(t, 1..=2).await;
        t.set_baseline(UpTo::Nothing, None).await;
        let second = push(t, 3..=3).await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Done; test/db_demo 2 Done; test/db_demo 3 Done"
        );
        assert_eq!(t.answers(&second).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn history_that_is_renamed_edited_deleted_or_late_does_not_run() {
    scenario(unsaid(), async |t| {
        push(t, 1..=9).await;
        t.set_baseline(UpTo::Version(version("9")), None).await;
        sweep_up(t).await;
        let renamed = "bytebase/test/db_demo##5##ddl##another_name.sql";
        let changed = t
            .push_files(&[
                (&file(5), None),
                (renamed, Some(FakeFile::text(&table(5)))),
                (&file(6), Some(FakeFile::text(OTHER))),
                (&file(7), None),
                (&whole_file("test/db_demo", "7.5"), Some(FakeFile::text(SQL))),
                (&whole_file("test/db_demo", "9.1"), Some(FakeFile::text(SQL))),
            ])
            .await;
        t.settle().await;
        let answers = t.answers(&changed).await;
        for (path, expected) in [
            (file(5).as_str(), "gone: the version goes by"),
            (renamed, "covered: the baseline of "),
            (&file(6), "refused (below-baseline): version 6 counts as applied"),
            (&file(7), "gone: the baseline of "),
            (
                &whole_file("test/db_demo", "7.5"),
                "refused (below-baseline): version 7.5",
            ),
            (&whole_file("test/db_demo", "9.1"), "taken by issue 1"),
        ] {
            let answer = answers.get(path).map_or("none", String::as_str);
            assert!(answer.starts_with(expected), "{path}: {answer}");
        }
        assert_eq!(t.status(1).await, "Done; test/db_demo 9.1 Done");
    })
    .await;
}

#[tokio::test]
async fn a_baseline_set_too_low_is_raised_and_takes_back_what_did_not_begin() {
    let setup = Setup {
        baseline: None,
        environments: vec![("test", 1)],
        ..Setup::small()
    };
    scenario(setup, async |t| {
        push(t, 1..=3).await;
        t.set_baseline(UpTo::Nothing, None).await;
        sweep_up(t).await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Waiting; test/db_demo 2 Waiting; test/db_demo 3 Waiting"
        );
        t.set_baseline(UpTo::Version(version("2")), Some("test/db_demo"))
            .await;
        sweep_up(t).await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Canceled; test/db_demo 2 Canceled; test/db_demo 3 Waiting"
        );
        t.approve(DBA, 1, "test").await.unwrap();
        t.settle().await;
        assert_eq!(t.applied("test/db_demo").await, ["3"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_for_two_places_waits_until_both_have_a_baseline() {
    let setup = Setup {
        baseline: None,
        environments: vec![("test", 0), ("prod", 0)],
        file_path_template: Some("{{DB_NAME}}##{{VERSION}}##{{TYPE}}##{{DESCRIPTION}}.sql"),
        ..Setup::default()
    };
    scenario(setup, async |t| {
        let paths = [
            "bytebase/db_demo##1##ddl##a.sql",
            "bytebase/db_demo##2##ddl##b.sql",
        ];
        let pushed = t.push(&[(paths[0], &table(1)), (paths[1], &table(2))]).await;
        t.settle().await;
        t.set_baseline(UpTo::Nothing, Some("test/db_demo")).await;
        sweep_up(t).await;
        let answers = t.answers(&pushed).await;
        assert!(
            answers[paths[0]].contains("a baseline of `demo-prod/"),
            "{answers:?}"
        );
        assert_eq!(t.issues().await, 0);
        t.set_baseline(UpTo::Version(version("1")), Some("prod/db_demo"))
            .await;
        sweep_up(t).await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Done; test/db_demo 2 Done; prod/db_demo 2 Done"
        );
    })
    .await;
}

#[tokio::test]
async fn a_late_version_fills_the_gap_with_a_warning_or_is_refused_where_the_order_is_strict() {
    for (order, expected, issues) in [
        (VersionOrder::AllowGaps, "taken by issue 2", 2),
        (
            VersionOrder::Strict,
            "refused (version-late): version 1 is lower than 2, which was applied to ",
            1,
        ),
    ] {
        let setup = Setup {
            order,
            ..Setup::small()
        };
        scenario(setup, async |t| {
            push(t, 2..=2).await;
            let late = push(t, 1..=1).await;
            let answer = answer(t, &late, 1).await;
            assert!(answer.starts_with(expected), "{answer}");
            assert_eq!(t.issues().await, issues);
            let summary = t.check(&late).summary;
            assert!(summary.contains("is lower than 2"), "{summary}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_head_is_not_planned_again_for_history() {
    scenario(Setup::small(), async |t| {
        let first = push(t, 1..=2).await;
        let calls = t.github.inner().calls().len();
        sweep_up(t).await;
        let after = t.github.inner().calls();
        let reads = after[calls..]
            .iter()
            .filter(|call| ["tree", "blob", "commit"].contains(call));
        assert_eq!(
            reads.count(),
            0,
            "{:?}: one look at the head, and no more",
            &after[calls..]
        );
        assert_eq!(answer(t, &first, 1).await, "taken by issue 1");
    })
    .await;
}
