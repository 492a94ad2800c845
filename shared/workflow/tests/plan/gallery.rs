//! `docs/comments.md`: what GitHub shows for every case of a push and of a pull request, made by the product's own code
//! and held to it. `SLUICE_WRITE_COMMENTS=1 cargo test -p workflow gallery` writes it anew.

use crate::bed::Bed;
use model::approval::{Ruling, RulingKind};
use model::rehearsal::{Alteration, Altered, Rehearsed};
use model::{
    Baselines, Failure, PullRequestNumber, RehearsalKey, RehearsalOutcome, Target, Task, TaskKey, TaskRun,
    UpTo,
};
use std::fmt::Write as _;
use testkit::fake_github::FakeFile;
use testkit::fixtures;
use workflow::act::Clicked;
use workflow::ports::github::CheckState;
use workflow::ports::ledger::{
    IssueLedger as _, PlanLedger as _, RehearsalLedger as _, TextLedger as _, Write,
};

const TABLE: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";
const OTHER: &str = "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY);\n";

/// A file of a push; none deletes it.
type Row<'a> = (&'a str, Option<FakeFile>);

/// How far version 1 got before the push that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Open,
    Running,
    Applied,
    Failed,
    Ambiguous,
    Skipped,
}

struct Case {
    what: &'static str,
    before: Before,
    push: Vec<Row<'static>>,
}

const ONE: &str = "bytebase/test/db_demo##1##ddl##create_t.sql";
const RENAMED: &str = "bytebase/test/db_demo##1##ddl##make_t.sql";

fn text(path: &'static str, text: &str) -> Row<'static> {
    (path, Some(FakeFile::text(text)))
}

fn case(what: &'static str, before: Before, push: Vec<Row<'static>>) -> Case {
    Case { what, before, push }
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    let of_mode = |mode: &str, bytes: &[u8]| vec![(ONE, Some(FakeFile::of_mode(mode, bytes)))];
    vec![
        case(
            "A new file with a new version",
            Before::Nothing,
            vec![text(ONE, TABLE)],
        ),
        case(
            "A new file where somebody has to approve",
            Before::Nothing,
            vec![text("bytebase/prod/db_demo##1##ddl##create_t.sql", TABLE)],
        ),
        case(
            "The version is applied, with the same text",
            Before::Applied,
            vec![(ONE, Some(FakeFile::of_mode("100755", TABLE.as_bytes())))],
        ),
        case(
            "The version is applied, with another text",
            Before::Applied,
            vec![text(ONE, OTHER)],
        ),
        case(
            "Two files of one version",
            Before::Nothing,
            vec![text(ONE, TABLE), text(RENAMED, OTHER)],
        ),
        case(
            "A version lower than the newest applied",
            Before::Applied,
            vec![text("bytebase/test/db_demo##0.9##ddl##late.sql", OTHER)],
        ),
        case("An open change is edited", Before::Open, vec![text(ONE, OTHER)]),
        case(
            "A running change is edited",
            Before::Running,
            vec![text(ONE, OTHER)],
        ),
        case(
            "A failed change is mended",
            Before::Failed,
            vec![text(ONE, OTHER)],
        ),
        case(
            "A change is edited of which nobody knows whether it happened",
            Before::Ambiguous,
            vec![text(ONE, OTHER)],
        ),
        case(
            "A skipped change is edited",
            Before::Skipped,
            vec![text(ONE, OTHER)],
        ),
        case(
            "An open change is renamed",
            Before::Open,
            vec![(ONE, None), text(RENAMED, TABLE)],
        ),
        case(
            "An applied change is renamed",
            Before::Applied,
            vec![(ONE, None), text(RENAMED, TABLE)],
        ),
        case("An open change is deleted", Before::Open, vec![(ONE, None)]),
        case("An applied change is deleted", Before::Applied, vec![(ONE, None)]),
        case("Only comments", Before::Nothing, vec![text(ONE, "-- later\n")]),
        case(
            "A symbolic link",
            Before::Nothing,
            of_mode("120000", b"elsewhere.sql"),
        ),
        case("A submodule", Before::Nothing, of_mode("160000", b"")),
        case(
            "A pointer of Git LFS",
            Before::Nothing,
            vec![text(
                ONE,
                "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            )],
        ),
        case("Not UTF-8", Before::Nothing, of_mode("100644", b"SELECT '\xff';")),
        case(
            "Too large",
            Before::Nothing,
            of_mode("100644", &vec![b' '; 1024 * 1024 + 1]),
        ),
        case(
            "A file of another type than its statements",
            Before::Nothing,
            vec![text("bytebase/test/db_demo##1##dml##create_t.sql", TABLE)],
        ),
        case(
            "Near misses, and files that are none of ours",
            Before::Nothing,
            vec![
                text("bytebase/Test/db_demo##1##ddl##a.sql", TABLE),
                text("bytebase/test/db_demos##1##ddl##a.sql", TABLE),
                text("bytebase/test/db_demo##1##dll##a.sql", TABLE),
                text("bytebase/test/db_demo##1+2##ddl##a.sql", TABLE),
                text("bytebase/README.md", "# Changes\n"),
            ],
        ),
        case(
            "Somebody edits the latest schema by hand",
            Before::Nothing,
            vec![text("bytebase/test/.db_demo##LATEST.sql", "-- mine\n")],
        ),
        case(
            "Names that would like to be mark-up",
            Before::Nothing,
            vec![text("bytebase/test/db_demo##1##ddl##@dana `|` #7 <b>.sql", TABLE)],
        ),
    ]
}

fn one() -> TaskKey {
    TaskKey {
        target: Target::new("demo-test", "db_demo"),
        version: fixtures::version("1").key().clone(),
    }
}

/// Brings version 1 as far as the case needs it.
async fn prepare(bed: &mut Bed, before: Before) {
    if before == Before::Nothing {
        bed.push(&[text("README.md", "# Shop\n")]).await;
        return;
    }
    bed.push(&[text(ONE, TABLE)]).await;
    let failure = Failure {
        statement: Some(1),
        line: Some(1),
        code: "mysql-1050".to_owned(),
        message: "Table 't' already exists".to_owned(),
        at: fixtures::time(1),
    };
    let run = match before {
        Before::Nothing | Before::Open | Before::Skipped => TaskRun::Queued,
        Before::Running => TaskRun::Running { next: 1, of: 2 },
        Before::Failed => TaskRun::Failed(failure),
        Before::Ambiguous => TaskRun::Ambiguous {
            at: 1,
            evidence: "the server died while it ran".to_owned(),
        },
        Before::Applied => TaskRun::Done,
    };
    let task = bed.ledger.tasks(&[one()]).await.unwrap().remove(0);
    let ruling = (before == Before::Skipped).then(|| Ruling {
        kind: RulingKind::Skipped,
        by: fixtures::principal("dba").arn,
        because: "applied by hand".to_owned(),
        at: fixtures::time(1),
    });
    let task = Task { run, ruling, ..task }.edited(fixtures::time(1));
    let mut writes = vec![Write::Task(task.clone())];
    if before == Before::Applied {
        let revision = model::Revision {
            change: task.change,
            ..fixtures::revision(&task.target, "1")
        };
        writes.push(Write::Revision(revision));
    }
    bed.write(writes).await;
}

fn state(state: CheckState) -> &'static str {
    match state {
        CheckState::Queued => "queued",
        CheckState::InProgress => "in progress",
        CheckState::ActionRequired => "action required",
        CheckState::Success => "success",
        CheckState::Failure => "failure",
        CheckState::Neutral => "neutral",
    }
}

fn check(page: &mut String, what: &str, run: &workflow::ports::github::CheckRun) {
    let _infallible = write!(
        page,
        "\n### {what}\n**{}** · {} · {}\n\n{}",
        run.name,
        state(run.state),
        run.title,
        run.summary
    );
    let buttons: Vec<String> = run
        .actions
        .iter()
        .map(|action| format!("**{}** ({})", action.label, action.description))
        .collect();
    if !buttons.is_empty() {
        let _infallible = writeln!(page, "\nButtons: {}", buttons.join(", "));
    }
}

/// Where somebody may approve on GitHub, and when a click comes to nothing.
async fn clicks(page: &mut String) {
    let on = "approvers = { roles = [\"dba\"] }\napprove_on_github = true";
    let settings = fixtures::SETTINGS.replacen("approvers = { roles = [\"dba\"] }", on, 1);
    let mut bed = Bed::with(&settings).await;
    let file = text("bytebase/prod/db_demo##1##ddl##create_t.sql", TABLE);
    let run = bed.push_and_tell(&[file]).await;
    check(page, "A new file where somebody may approve on GitHub", &run);
    bed.wait(1);
    let clicked = bed.click(fixtures::pusher(), &run).await;
    assert!(matches!(clicked, Clicked::Refused(_)), "{clicked:?}");
    check(page, "When a click comes to nothing", &bed.check_run(&run.commit));
}

/// With baselines: nobody said, history, and history that is touched.
async fn history(page: &mut String) {
    let mut bed = Bed::with(fixtures::SETTINGS).await;
    let project = fixtures::project();
    let there = bed.ledger.baselines(&project).await.unwrap().unwrap();
    let none = Baselines {
        targets: Vec::new(),
        edition: there.edition + 1,
        ..there.clone()
    };
    bed.write(vec![Write::Baselines(none)]).await;
    let run = bed.push_and_tell(&[text(ONE, TABLE)]).await;
    check(
        page,
        "A repository with history, before anybody said what is applied",
        &run,
    );
    let mut set = Baselines {
        edition: there.edition + 2,
        ..there
    };
    for baseline in &mut set.targets {
        baseline.up_to = UpTo::Version(fixtures::version("5"));
        baseline.edition = set.edition;
    }
    bed.write(vec![Write::Baselines(set)]).await;
    let run = bed
        .push_and_tell(&[text("bytebase/test/db_demo##6##ddl##next.sql", OTHER)])
        .await;
    check(
        page,
        "The same after `sluice baseline set demo --up-to 5`, and the next file",
        &run,
    );
    let run = bed
        .push_and_tell(&[
            text(ONE, OTHER),
            text("bytebase/test/db_demo##4##ddl##late.sql", OTHER),
        ])
        .await;
    check(page, "History is edited, or comes late", &run);
}

/// Where a strict order is asked for.
async fn strict(page: &mut String) {
    let strict = fixtures::SETTINGS.replace("name = \"test\"\n\n", "name = \"test\"\norder = \"strict\"\n\n");
    assert_ne!(strict, fixtures::SETTINGS);
    let mut bed = Bed::with(&strict).await;
    prepare(&mut bed, Before::Applied).await;
    let run = bed
        .push_and_tell(&[text("bytebase/test/db_demo##0.9##ddl##late.sql", OTHER)])
        .await;
    check(
        page,
        "A version lower than the newest applied, where the order is strict",
        &run,
    );
}

/// What becomes of a task on the check run of its commit.
async fn progress(page: &mut String) {
    for (what, run) in [
        ("While it runs", TaskRun::Running { next: 2, of: 3 }),
        (
            "When a statement fails",
            TaskRun::Failed(Failure {
                statement: Some(2),
                line: Some(3),
                code: "mysql-1054".to_owned(),
                message: "Unknown column 'b' in 't'".to_owned(),
                at: fixtures::time(1),
            }),
        ),
        ("When it is done", TaskRun::Done),
    ] {
        let mut bed = Bed::with(fixtures::SETTINGS).await;
        let first = bed.push_and_tell(&[text(ONE, TABLE)]).await;
        bed.put_run(&one(), run).await;
        let task = bed.ledger.tasks(&[one()]).await.unwrap().remove(0);
        let item = fixtures::outbox("again");
        let errand = model::Errand::CheckRun {
            project: fixtures::project(),
            commit: first.commit.clone(),
        };
        let due_at = item.due_at;
        bed.write(vec![Write::Outbox(model::OutboxItem {
            errand,
            due_at,
            ..item
        })])
        .await;
        bed.wait(1);
        bed.tell().await;
        assert_eq!(task.issue.0, 1);
        check(page, what, &bed.check_run(&first.commit));
    }
}

fn comment(page: &mut String, what: &str, comment: &str) {
    // Headings of a comment are those of a page.
    let shown: Vec<&str> = comment.lines().filter(|line| !line.starts_with("<!--")).collect();
    let _infallible = write!(page, "\n### {what}\n{}\n", shown.join("\n").trim());
}

/// Comments on pull requests.
async fn pulls(page: &mut String) {
    let mut bed = Bed::with(fixtures::SETTINGS).await;
    bed.push(&[text("README.md", "# Shop\n")]).await;
    let files = || {
        vec![
            text(ONE, "ALTER TABLE orders MODIFY note VARCHAR(200);\n"),
            text(
                "bytebase/prod/db_demo##1##dml##fill.sql",
                "UPDATE orders SET note = '';\n",
            ),
        ]
    };
    bed.open_pull(1, true, &files());
    comment(page, "From a fork", &bed.review_and_tell(1).await);
    bed.open_pull(2, false, &files());
    comment(page, "While it is rehearsed", &bed.review_and_tell(2).await);
    let before = bed
        .ledger
        .put_text("CREATE TABLE `orders` (\n  `note` varchar(20)\n);\n")
        .await
        .unwrap();
    let after = bed
        .ledger
        .put_text("CREATE TABLE `orders` (\n  `note` varchar(200)\n);\n")
        .await
        .unwrap();
    let runs = |altered| {
        RehearsalOutcome::Runs(Rehearsed {
            before: before.clone(),
            after: after.clone(),
            altered,
            notes: Vec::new(),
        })
    };
    let altered = Altered {
        path: ONE.to_owned(),
        statement: 1,
        line: 1,
        table: "orders".to_owned(),
        how: Some(Alteration::Copy),
        bytes: Some(7 << 30),
    };
    answer(&bed, 2, "demo-test", runs(vec![altered])).await;
    let failure = Failure {
        statement: Some(1),
        line: Some(1),
        code: "mysql-1054".to_owned(),
        message: "Unknown column 'note' in 'field list'".to_owned(),
        at: fixtures::time(1),
    };
    let path = "bytebase/prod/db_demo##1##dml##fill.sql".to_owned();
    answer(&bed, 2, "demo-prod", RehearsalOutcome::Fails { path, failure }).await;
    comment(
        page,
        "Rehearsed: one target runs, the other does not",
        &bed.review_and_tell(2).await,
    );
    bed.open_pull(3, false, &files());
    bed.review_and_tell(3).await;
    bed.wait(11);
    bed.tell().await;
    comment(page, "When the rehearsal does not answer", &bed.comment(3));
}

/// A worker's answer to a rehearsal.
async fn answer(bed: &Bed, number: u64, instance: &str, outcome: RehearsalOutcome) {
    let key = RehearsalKey {
        target: Target::new(instance, "db_demo"),
        project: fixtures::project(),
        number: PullRequestNumber(number),
    };
    let asked = bed.ledger.rehearsals(&[key]).await.unwrap().remove(0);
    let errand = model::Errand::PullRequest {
        project: fixtures::project(),
        number: PullRequestNumber(number),
    };
    let item = fixtures::outbox(instance);
    let item = model::OutboxItem { errand, ..item };
    bed.write(vec![Write::Rehearsal(asked.with(outcome)), Write::Outbox(item)])
        .await;
}

#[tokio::test]
async fn the_gallery_shows_what_github_shows() {
    let mut page = "# What GitHub shows\n\
         Every case of a push and of a pull request, as the product's own code writes it. This page is written by\n\
         `SLUICE_WRITE_COMMENTS=1 cargo test -p workflow gallery` and held to the code by a test.\n\
         What to do about each code is in [docs/errors](errors/README.md) and [docs/rules](rules/README.md).\n\n\
         ## Check runs of pushes\n"
        .to_owned();
    for case in cases() {
        let mut bed = Bed::with(fixtures::SETTINGS).await;
        prepare(&mut bed, case.before).await;
        let run = bed.push_and_tell(&case.push).await;
        check(&mut page, case.what, &run);
    }
    strict(&mut page).await;
    history(&mut page).await;
    page.push_str("\n## The check run of a push, later\n");
    clicks(&mut page).await;
    progress(&mut page).await;
    page.push_str("\n## Comments on pull requests\n");
    pulls(&mut page).await;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/comments.md");
    if std::env::var_os("SLUICE_WRITE_COMMENTS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        kept, page,
        "docs/comments.md is old: `SLUICE_WRITE_COMMENTS=1 cargo test -p workflow gallery` writes it anew"
    );
}
