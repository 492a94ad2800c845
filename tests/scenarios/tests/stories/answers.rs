//! What changed, whether it was applied already, and what comes of it: every changed file gets its answer.

use futures::stream::{self, StreamExt};
use scenarios::{DBA, Setup, World, scenario, whole_file};
use testkit::fake_github::FakeFile;

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";
const OTHER: &str = "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY);\n";

/// How far a change got before the push in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Open,
    Applied,
}

/// A file of the push in question: its path and bytes with their mode; none deletes it.
type Row = (String, Option<FakeFile>);

struct Case {
    what: &'static str,
    before: Before,
    push: Vec<Row>,
    answers: Vec<(String, &'static str)>,
    /// How the issues end, oldest first.
    issues: &'static [&'static str],
}

fn one() -> String {
    whole_file("prod/db_demo", "1")
}

fn named(name: &str) -> String {
    format!("bytebase/prod/db_demo##{name}.sql")
}

fn text(path: &str, text: &str) -> Row {
    (path.to_owned(), Some(FakeFile::text(text)))
}

fn file(mode: &str, bytes: &[u8]) -> Vec<Row> {
    vec![(one(), Some(FakeFile::of_mode(mode, bytes)))]
}

fn refused(what: &'static str, push: Vec<Row>, answer: &'static str) -> Case {
    Case {
        what,
        before: Before::Nothing,
        push,
        answers: vec![(one(), answer)],
        issues: &[],
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    const DONE: &str = "Done; prod/db_demo 1 Done";
    const WAITS: &str = "Open; prod/db_demo 1 Waiting";
    const CANCELED: &str = "Canceled; prod/db_demo 1 Canceled";
    let renamed = || named("1##ddl##another_name");
    vec![
        Case {
            what: "a new file with a new version",
            before: Before::Nothing,
            push: vec![text(&one(), SQL)],
            answers: vec![(one(), "taken by issue 1")],
            issues: &[WAITS],
        },
        Case {
            what: "two files of one version",
            before: Before::Nothing,
            push: vec![text(&one(), SQL), text(&renamed(), OTHER)],
            answers: vec![
                (
                    one(),
                    "refused (version-twice): version 1 is also that of `bytebase/prod/db_demo##1##ddl##another_name.sql`",
                ),
                (
                    renamed(),
                    "refused (version-twice): version 1 is also that of `bytebase/prod/db_demo##1##ddl##change.sql`",
                ),
            ],
            issues: &[],
        },
        Case {
            what: "two spellings of one version",
            before: Before::Nothing,
            push: vec![
                text(&named("1.0##ddl##a"), SQL),
                text(&named("1.00##ddl##b"), OTHER),
            ],
            answers: vec![
                (named("1.0##ddl##a"), "refused (version-twice)"),
                (named("1.00##ddl##b"), "refused (version-twice)"),
            ],
            issues: &[],
        },
        Case {
            what: "the content of an open change",
            before: Before::Open,
            push: vec![text(&one(), OTHER)],
            answers: vec![(one(), "new text of issue 1")],
            issues: &[WAITS],
        },
        Case {
            what: "the content of an applied change",
            before: Before::Applied,
            push: vec![text(&one(), OTHER)],
            answers: vec![(
                one(),
                "refused (change-applied): version 1 was applied in issue 1 with another text",
            )],
            issues: &[DONE],
        },
        Case {
            what: "the mode of an applied change, whose checksum is the same",
            before: Before::Applied,
            push: file("100755", SQL.as_bytes()),
            answers: vec![(one(), "known: already applied in issue 1")],
            issues: &[DONE],
        },
        Case {
            what: "a second file with the version of an applied one",
            before: Before::Applied,
            push: vec![text(&renamed(), OTHER)],
            answers: vec![(renamed(), "refused (version-twice)")],
            issues: &[DONE],
        },
        Case {
            what: "the name of an open change",
            before: Before::Open,
            push: vec![(one(), None), text(&renamed(), SQL)],
            answers: vec![
                (
                    one(),
                    "gone: the version goes by `bytebase/prod/db_demo##1##ddl##another_name.sql` now",
                ),
                (renamed(), "known: it goes by this name now, in issue 1"),
            ],
            issues: &[WAITS],
        },
        Case {
            what: "the name of an applied change",
            before: Before::Applied,
            push: vec![(one(), None), text(&renamed(), SQL)],
            answers: vec![
                (one(), "gone: the version goes by"),
                (renamed(), "known: already applied in issue 1"),
            ],
            issues: &[DONE],
        },
        Case {
            what: "an open change that was deleted",
            before: Before::Open,
            push: vec![(one(), None)],
            answers: vec![(one(), "gone: its task in issue 1 is canceled")],
            issues: &[CANCELED],
        },
        Case {
            what: "an applied change that was deleted",
            before: Before::Applied,
            push: vec![(one(), None)],
            answers: vec![(
                one(),
                "gone: it stays applied (issue 1); deleting the file undoes nothing",
            )],
            issues: &[DONE],
        },
        refused("an empty file", file("100644", b""), "refused (nothing-to-run)"),
        refused(
            "only comments",
            file("100644", b"-- later\n/* or never */\n"),
            "refused (nothing-to-run)",
        ),
        refused(
            "a symbolic link",
            file("120000", b"elsewhere.sql"),
            "refused (file-symlink)",
        ),
        refused(
            "a statement on another schema",
            file(
                "100644",
                b"-- by hand\nINSERT INTO t SELECT *\n  FROM audit.log;\n",
            ),
            "refused (other-schema): line 3, column 8: the statement reads `audit`.`log`",
        ),
        refused(
            "more bytes than a change may have",
            file("100644", &vec![b'-'; 64 * 1024 * 1024]),
            "refused (file-too-large): it has 67108864 bytes; a change may have 1048576",
        ),
        refused(
            "more statements than a change may have",
            file("100644", "DO 1;\n".repeat(100_000).as_bytes()),
            "refused (too-many-statements): line 10001, column 1: the file holds 100000 statements",
        ),
        refused("a submodule", file("160000", b""), "refused (file-submodule)"),
        refused(
            "no UTF-8",
            file("100644", b"SELECT '\xff';"),
            "refused (file-not-utf8): it is not UTF-8 (byte 9 is wrong)",
        ),
        refused(
            "too large",
            file("100644", &vec![b' '; 1024 * 1024 + 1]),
            "refused (file-too-large)",
        ),
        refused(
            "a pointer of Git LFS",
            file(
                "100644",
                b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            ),
            "refused (file-lfs)",
        ),
        Case {
            what: "paths that are none of ours, or nearly",
            before: Before::Nothing,
            push: vec![
                text("bytebase/README.md", "read me"),
                text("bytebase/prod/db_demo##1##ddl##a.sql.bak", SQL),
                text("bytebase/Prod/db_demo##1##ddl##a.sql", SQL),
                text("bytebase/prod/db_dem##1##ddl##a.sql", SQL),
                text("bytebase/prod/db_demo##1##dll##a.sql", SQL),
            ],
            answers: vec![
                (
                    "bytebase/README.md".to_owned(),
                    "ignored: the path does not match",
                ),
                (
                    "bytebase/prod/db_demo##1##ddl##a.sql.bak".to_owned(),
                    "ignored: the path does not match",
                ),
                (
                    "bytebase/Prod/db_demo##1##ddl##a.sql".to_owned(),
                    "refused (environment-unknown)",
                ),
                (
                    "bytebase/prod/db_dem##1##ddl##a.sql".to_owned(),
                    "refused (database-unknown)",
                ),
                (
                    "bytebase/prod/db_demo##1##dll##a.sql".to_owned(),
                    "refused (type-unknown)",
                ),
            ],
            issues: &[],
        },
    ]
}

async fn tell(t: &World, case: &Case) {
    if case.before != Before::Nothing {
        t.push(&[(&one(), SQL)]).await;
        t.settle().await;
    }
    if case.before == Before::Applied {
        assert_eq!(t.approve(DBA, 1, "prod").await, Ok(()));
        t.settle().await;
    }
    let push: Vec<_> = case
        .push
        .iter()
        .map(|(path, file)| (path.as_str(), file.clone()))
        .collect();
    let pushed = t.push_files(&push).await;
    t.settle().await;
    let answers = t.answers(&pushed).await;
    for (path, expected) in &case.answers {
        let answer = answers.get(path).map_or("none", String::as_str);
        assert!(answer.starts_with(expected), "{}: {path}: {answer}", case.what);
    }
    assert_eq!(answers.len(), case.answers.len(), "{}: {answers:?}", case.what);
    let mut issues = Vec::new();
    for number in 1..=t.issues().await {
        issues.push(t.status(number).await);
    }
    assert_eq!(issues, case.issues, "{}", case.what);
    assert_eq!(t.check(&pushed).commit, pushed);
}

#[tokio::test]
async fn every_changed_file_gets_its_answer() {
    let told = stream::iter(cases()).map(async |case| {
        scenario(Setup::default(), async |t| tell(t, &case).await).await;
        case.what
    });
    let told: Vec<&str> = told.buffer_unordered(4).collect().await;
    println!("{told:#?}");
}

#[tokio::test]
async fn a_version_that_comes_back_as_it_was_is_known() {
    scenario(Setup::small(), async |t| {
        let path = whole_file("test/db_demo", "1");
        t.push(&[(&path, SQL)]).await;
        t.settle().await;
        t.push_files(&[(&path, None)]).await;
        t.settle().await;
        let again = t.push(&[(&path, SQL)]).await;
        t.settle().await;
        assert_eq!(
            t.answers(&again).await[&path],
            "known: already applied in issue 1"
        );
        assert_eq!(t.issues().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_file_that_comes_back_runs_after_all() {
    scenario(Setup::default(), async |t| {
        t.push(&[(&one(), SQL)]).await;
        t.settle().await;
        t.push_files(&[(&one(), None)]).await;
        t.settle().await;
        let again = t.push(&[(&one(), SQL)]).await;
        t.settle().await;
        assert_eq!(t.answers(&again).await[&one()], "new text of issue 1");
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
    })
    .await;
}
