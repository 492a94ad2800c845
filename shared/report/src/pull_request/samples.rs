//! Every text that people see on a pull request.

use crate::{CheckWord, MOST, PullRequestText, pull_request};
use jiff::{SignedDuration, Timestamp};
use model::{
    Alteration, Altered, Answer, ApprovalNeed, Blocking, ChangeType, Checksum, CommitSha, EnvironmentId,
    Failure, FileReview, IssueNumber, NeededStep, Noticed, ProjectId, PullRequest, PullRequestNumber,
    PullRequestState, PullRequestView, Pusher, Rehearsal, RehearsalOutcome, RehearsalView, Rehearsed,
    RehearsedChange, RepositoryId, RepositoryRef, Target, TaskKey, Version, Weight,
};
use proptest::prelude::*;

const PATH: &str = "bytebase/test/db_demo##2##ddl##room.sql";
const DIFF: &str = "--- before\n+++ after\n@@ -1,3 +1,4 @@\n CREATE TABLE `t1` (\n   `id` int NOT NULL,\n\
    +  `room` int DEFAULT NULL,\n   PRIMARY KEY (`id`)\n";

fn target(instance: &str) -> Target {
    Target::new(instance, "db_demo")
}

fn taken(path: &str, instances: &[&str]) -> FileReview {
    let version = Version::parse("2").unwrap();
    FileReview {
        risk: model::risk::Risk::default(),
        path: path.to_owned(),
        answer: Answer::Taken {
            warnings: Vec::new(),
            issue: IssueNumber(8),
            tasks: instances
                .iter()
                .map(|instance| TaskKey {
                    target: target(instance),
                    version: version.key().clone(),
                })
                .collect(),
            checksum: Checksum::of(b"text"),
            replaced: false,
        },
        noticed: Vec::new(),
    }
}

fn answered(path: &str, answer: Answer) -> FileReview {
    FileReview {
        risk: model::risk::Risk::default(),
        path: path.to_owned(),
        answer,
        noticed: Vec::new(),
    }
}

fn pull(files: Vec<FileReview>) -> PullRequest {
    PullRequest {
        project: ProjectId::new("shop"),
        repository: RepositoryRef {
            id: RepositoryId(1),
            installation_id: 5001,
            name: "sluice-demo/shop".to_owned(),
        },
        number: PullRequestNumber(5),
        state: PullRequestState::Open,
        author: Pusher {
            id: 3,
            login: "dana".to_owned(),
        },
        base: "main".to_owned(),
        base_commit: CommitSha::new("85dc488d18478f6e6cdc6d8bd7e72d108f0b8674"),
        head: CommitSha::new("0d1fade6aabdd3887bd90b13a63c8f7ef7eb3083"),
        merge_base: None,
        fork: false,
        files,
        targets: Vec::new(),
        edition: 1,
        reviewed_at: Timestamp::UNIX_EPOCH,
    }
}

fn rehearsal(instance: &str, outcome: RehearsalOutcome, diff: Option<&str>) -> RehearsalView {
    RehearsalView {
        rehearsal: Rehearsal {
            target: target(instance),
            project: ProjectId::new("shop"),
            number: PullRequestNumber(5),
            head: CommitSha::new("0d1fade6aabdd3887bd90b13a63c8f7ef7eb3083"),
            changes: vec![RehearsedChange {
                path: PATH.to_owned(),
                version: Version::parse("2").unwrap(),
                change_type: ChangeType::Ddl,
                checksum: Checksum::of(b"text"),
            }],
            tries: 1,
            outcome,
            edition: 2,
            asked_at: Timestamp::UNIX_EPOCH,
        },
        diff: diff.map(str::to_owned),
    }
}

fn altered(how: Option<Alteration>, bytes: Option<u64>) -> Altered {
    Altered {
        path: PATH.to_owned(),
        statement: 1,
        line: 3,
        table: "t1".to_owned(),
        how,
        bytes,
    }
}

fn runs(altered: Vec<Altered>, notes: &[&str]) -> RehearsalOutcome {
    RehearsalOutcome::Runs(Rehearsed {
        before: Checksum::of(b"before"),
        after: Checksum::of(b"after"),
        altered,
        notes: notes.iter().map(|note| (*note).to_owned()).collect(),
    })
}

fn step(name: &str, approvals: u32, because: Option<&str>) -> NeededStep {
    NeededStep {
        name: name.to_owned(),
        approvals,
        approvers: vec!["dba".to_owned()],
        because: because.map(ToOwned::to_owned),
    }
}

fn need(environment: &str, approvals: u32) -> ApprovalNeed {
    ApprovalNeed {
        environment: EnvironmentId::new(environment),
        steps: (approvals > 0)
            .then(|| step("", approvals, None))
            .into_iter()
            .collect(),
        blocking: Vec::new(),
    }
}

fn view(files: Vec<FileReview>, rehearsals: Vec<RehearsalView>) -> PullRequestView {
    PullRequestView {
        pull: pull(files),
        environments: vec![
            (target("orders-test"), EnvironmentId::new("test")),
            (target("orders-prod"), EnvironmentId::new("prod")),
        ],
        rehearsals,
        approvals: Vec::new(),
    }
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
}

fn text(view: &PullRequestView) -> PullRequestText {
    pull_request(view, "Sluice review", at(1))
}

fn failing() -> RehearsalOutcome {
    RehearsalOutcome::Fails {
        path: PATH.to_owned(),
        failure: Failure {
            statement: Some(2),
            line: Some(4),
            code: "mysql-1146".to_owned(),
            message: "MySQL error 1146 (42S02): Table 'missing' doesn't exist".to_owned(),
            at: at(1),
        },
    }
}

#[test]
fn everything_that_a_pull_request_is_told() {
    let mut file = taken(PATH, &["orders-test", "orders-prod"]);
    file.noticed = vec![Noticed {
        rule: "destructive".to_owned(),
        weight: Weight::Warning,
        line: 4,
        column: 1,
        message: "it drops column `old`".to_owned(),
    }];
    let both = [
        altered(Some(Alteration::Instant), Some(16_384)),
        altered(Some(Alteration::Copy), Some(5 << 30)),
    ];
    let notes = ["version 1 of issue 7 is still to be applied, and was run before it"];
    let mut view = view(
        vec![
            file,
            answered(
                "bytebase/test/db_demo##1##ddl##old.sql",
                Answer::Gone {
                    note: "it stays applied (issue 7); deleting the file undoes nothing".to_owned(),
                },
            ),
        ],
        vec![
            rehearsal("orders-test", runs(both.to_vec(), &[]), Some(DIFF)),
            rehearsal("orders-prod", runs(both.to_vec(), &notes), Some(DIFF)),
        ],
    );
    view.approvals = vec![need("test", 0), need("prod", 1)];
    view.approvals[1].blocking = vec![(
        PATH.to_owned(),
        Blocking {
            statement: 1,
            table: "t1".to_owned(),
            algorithm: "COPY".to_owned(),
            bytes: 5 << 30,
        },
    )];
    let text = text(&view);
    assert_eq!(text.state, CheckWord::Success);
    assert!(text.comment.ends_with(&text.summary), "the same as the check run");
    insta::assert_snapshot!(text.comment);
}

fn one() -> Vec<FileReview> {
    vec![taken(PATH, &["orders-test"])]
}

/// State, title, and whether a comment is made.
fn stands(view: &PullRequestView, minutes: i64) -> (CheckWord, String, bool) {
    let text = pull_request(view, "Sluice review", at(minutes));
    (text.state, text.title, text.worth_a_comment)
}

fn expected(state: CheckWord, title: &str, comment: bool) -> (CheckWord, String, bool) {
    (state, title.to_owned(), comment)
}

#[test]
fn where_a_check_run_stands_without_rehearsals() {
    let ignored = |path: &str| {
        let reason = "its name does not fit the template".to_owned();
        view(vec![answered(path, Answer::Ignored { reason })], Vec::new())
    };
    let mut fork = view(one(), Vec::new());
    fork.pull.fork = true;
    let mut elsewhere = view(Vec::new(), Vec::new());
    elsewhere.pull.state = PullRequestState::Elsewhere;
    for (view, state, title, comment) in [
        (
            view(Vec::new(), Vec::new()),
            CheckWord::Success,
            "no changes",
            false,
        ),
        (
            ignored("db/README.md"),
            CheckWord::Success,
            "1 with nothing to apply",
            false,
        ),
        (
            ignored("db/x.SQL"),
            CheckWord::Success,
            "1 with nothing to apply",
            true,
        ),
        (fork, CheckWord::Neutral, "1 to apply; not rehearsed", true),
        (
            elsewhere,
            CheckWord::Success,
            "not into a branch that is read",
            false,
        ),
    ] {
        assert_eq!(stands(&view, 1), expected(state, title, comment));
    }
}

#[test]
fn where_a_check_run_stands_with_rehearsals() {
    let on_test = |outcome| rehearsal("orders-test", outcome, None);
    let pending = || on_test(RehearsalOutcome::Pending);
    let impossible = RehearsalOutcome::Impossible {
        why: "this user may make no scratch schema".to_owned(),
    };
    let mut merged = view(one(), vec![on_test(RehearsalOutcome::Dropped)]);
    merged.pull.state = PullRequestState::Merged;
    let mut refusing = view(one(), vec![pending()]);
    refusing.pull.files.push(answered(
        "bytebase/tset/x.sql",
        Answer::Refused {
            code: "environment-unknown".to_owned(),
            reason: "there is no environment `tset`; did you mean `test`?".to_owned(),
        },
    ));
    let waiting = view(one(), vec![pending()]);
    let failed = view(one(), vec![on_test(failing()), pending()]);
    let unable = view(one(), vec![on_test(impossible)]);
    for (view, minutes, state, title, comment) in [
        (&waiting, 9, CheckWord::InProgress, "1 to apply; rehearsing", true),
        (
            &waiting,
            10,
            CheckWord::Neutral,
            "1 to apply; not rehearsed",
            true,
        ),
        (&unable, 1, CheckWord::Neutral, "1 to apply; not rehearsed", true),
        (
            &failed,
            1,
            CheckWord::Failure,
            "1 to apply; a rehearsal failed",
            true,
        ),
        (
            &refusing,
            1,
            CheckWord::Failure,
            "1 refused, 1 to apply; rehearsing",
            true,
        ),
        (&merged, 1, CheckWord::Success, "1 to apply", false),
    ] {
        assert_eq!(stands(view, minutes), expected(state, title, comment));
    }
}

#[test]
fn what_did_not_go_well_is_told_with_its_reason() {
    let mut view = view(
        vec![taken(PATH, &["orders-test"])],
        vec![
            rehearsal("orders-test", failing(), None),
            rehearsal("orders-prod", RehearsalOutcome::Pending, None),
        ],
    );
    view.pull.fork = true;
    insta::assert_snapshot!(pull_request(&view, "Sluice review", at(10)).summary);
}

#[test]
fn notes_that_were_there_stay_where_they_were() {
    let mut file = taken(PATH, &["orders-test"]);
    file.noticed = vec![Noticed {
        rule: "destructive".to_owned(),
        weight: Weight::Warning,
        line: 4,
        column: 1,
        message: "it drops a table".to_owned(),
    }];
    let before = text(&view(
        vec![file.clone()],
        vec![rehearsal("orders-test", RehearsalOutcome::Pending, None)],
    ));
    let after = text(&view(vec![file], vec![rehearsal("orders-test", failing(), None)]));
    assert_eq!((before.notes.len(), after.notes.len()), (1, 2));
    assert_eq!(after.notes[0], before.notes[0]);
    assert_eq!(
        (after.notes[1].line, after.notes[1].title.as_str()),
        (4, "mysql-1146")
    );
}

#[test]
fn a_long_diff_is_cut_and_says_where_the_rest_is() {
    let diff = format!("--- before\n+++ after\n{}", "+  `column` int,\n".repeat(10_000));
    let view = view(
        vec![taken(PATH, &["orders-test"])],
        vec![rehearsal("orders-test", runs(Vec::new(), &[]), Some(&diff))],
    );
    let text = text(&view);
    let summary = &text.summary;
    assert!(
        summary.len() <= MOST && summary.len() > MOST - 4_096,
        "{}",
        summary.len()
    );
    assert!(summary.ends_with("more lines; `sluice apply DIR --target … --dry-run` shows it whole.\n"));
    let comment = &text.comment;
    assert!(
        comment.ends_with("\n9802 more lines; the check run Sluice review shows more.\n"),
        "{comment}"
    );
    assert!(comment.len() < 8_192, "{}", comment.len());
}

#[test]
fn thousands_of_files_are_cut_and_counted() {
    let files = (0..3_000)
        .map(|n| {
            taken(
                &format!("bytebase/test/db_demo##{n}##ddl##x.sql"),
                &["orders-test"],
            )
        })
        .collect();
    let view = view(
        files,
        vec![rehearsal("orders-test", runs(Vec::new(), &[]), Some(DIFF))],
    );
    for text in [text(&view).summary, text(&view).comment] {
        assert!(text.len() <= MOST, "{}", text.len());
        assert!(text.contains("\nand 2"), "{}", &text[text.len() - 300..]);
    }
}

proptest! {
    #[test]
    fn no_text_of_others_breaks_out_or_grows_too_long(
        name in "[a-z`|@#<>!\\-\u{202e}\n ]{0,40}", message in "\\PC{0,200}", lines in 0_usize..3_000,
        ticks in "`{0,300}",
    ) {
        let marker = text(&view(Vec::new(), Vec::new())).marker;
        let path = format!("bytebase/{name}{marker}.sql");
        let mut file = taken(&path, &["orders-test"]);
        file.noticed = vec![Noticed {
            rule: "destructive".to_owned(),
            weight: Weight::Info,
            line: 1,
            column: 1,
            message: format!("{marker}{message}"),
        }];
        let diff = format!("{ticks}\n{}", format!("+ {ticks}@dana #12\t\u{1}\n").repeat(lines));
        let view = view(vec![file], vec![rehearsal("orders-test", runs(Vec::new(), &[]), Some(&diff))]);
        let text = text(&view);
        prop_assert!(text.summary.len() <= MOST && text.comment.len() <= MOST);
        prop_assert!(text.comment.starts_with(&marker));
        // A name in a span of code shows the marker and is none: it does not begin a line.
        prop_assert_eq!(text.comment.lines().filter(|line| line.starts_with("<!--")).count(), 1);
        for note in &text.notes {
            prop_assert!(note.line >= 1 && note.title.chars().count() <= 255);
        }
    }
}
