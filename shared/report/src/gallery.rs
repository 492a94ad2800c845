//! Every text that people see on a commit.

use crate::{CheckRunText, CheckWord, Clicks, MOST, check_run};
use jiff::Timestamp;
use model::approval::RulingKind;
use model::status::task_status;
use model::{
    Answer, ApprovalStatus, Change, ChangeType, Checksum, CommitSha, DatabaseName, EnvironmentId, Failure,
    FileAnswer, Gate, IssueNumber, ProjectId, Push, Pusher, RepositoryId, RepositoryRef, Revision, Ruling,
    StepStanding, Target, Task, TaskRun, TaskView, Version,
};

const COMMIT: &str = "85dc488d18478f6e6cdc6d8bd7e72d108f0b8674";
const LATER: &str = "0d1fade6aabdd3887bd90b13a63c8f7ef7eb3083";

fn path(version: u32) -> String {
    format!("bytebase/test/db_demo##{version}##ddl##create_t{version}.sql")
}

fn change(version: u32, text: &str, commit: &str) -> Change {
    Change {
        version: Version::parse(&version.to_string()).unwrap(),
        change_type: ChangeType::Ddl,
        description: format!("create t{version}"),
        path: path(version),
        checksum: Checksum::of(text.as_bytes()),
        blob: None,
        size: 10,
        commit: CommitSha::new(commit),
    }
}

pub(crate) fn revision() -> Revision {
    Revision {
        target: Target::new("cluster1", "db_demo"),
        project: ProjectId::new("shop"),
        environment: EnvironmentId::new("test"),
        database: DatabaseName::new("db_demo"),
        change: change(1, "text", COMMIT),
        issue: IssueNumber(7),
        attempt: 1,
        approved_by: vec![],
        statements: vec![],
        since: None,
        before: Checksum::of(b""),
        after: Checksum::of(b"t1"),
        started_at: Timestamp::UNIX_EPOCH,
        finished_at: Timestamp::UNIX_EPOCH,
    }
}

pub(crate) fn task(version: u32, run: TaskRun) -> Task {
    Task {
        issue: IssueNumber(7),
        position: version,
        project: ProjectId::new("shop"),
        environment: EnvironmentId::new("test"),
        target: Target::new("cluster1", "db_demo"),
        database: DatabaseName::new("db_demo"),
        change: change(version, "text", COMMIT),
        attempt: 1,
        run,
        ruling: None,
        cancel: None,
        schedule: None,
        blocks: Vec::new(),
        reaches: Vec::new(),
        drift: None,
        risk: model::risk::Risk::default(),
        answered_on: vec![],
        edition: 1,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn view(task: Task, gates: Vec<Gate>) -> TaskView {
    TaskView {
        bypass: None,
        status: task_status(&task, gates),
        task,
        sql: None,
        changes: Vec::new(),
        diff: None,
        write_back: None,
    }
}

fn taken(task: &TaskView, replaced: bool) -> FileAnswer {
    FileAnswer {
        path: task.task.change.path.clone(),
        answer: Answer::Taken {
            warnings: Vec::new(),
            issue: task.task.issue,
            tasks: vec![task.task.key()],
            checksum: Checksum::of(b"text"),
            replaced,
        },
    }
}

fn file(path: &str, answer: Answer) -> FileAnswer {
    FileAnswer {
        path: path.to_owned(),
        answer,
    }
}

fn refused(path: &str, reason: &str) -> FileAnswer {
    let (code, reason) = ("environment-unknown".to_owned(), reason.to_owned());
    file(path, Answer::Refused { code, reason })
}

fn ignored(path: &str) -> FileAnswer {
    let reason = "Not a `.sql` file.".to_owned();
    file(path, Answer::Ignored { reason })
}

fn push(answers: Vec<FileAnswer>) -> Push {
    let issue = answers
        .iter()
        .any(|file| matches!(file.answer, Answer::Taken { .. }));
    Push {
        project: ProjectId::new("shop"),
        repository: RepositoryRef {
            id: RepositoryId(1),
            installation_id: 5001,
            name: "sluice-demo/shop".into(),
        },
        branch: "main".into(),
        commit: CommitSha::new(COMMIT),
        base: Some(CommitSha::new(LATER)),
        pusher: Pusher {
            id: 3,
            login: "dana".into(),
        },
        issue: issue.then_some(IssueNumber(7)),
        answers,
        edition: 1,
        planned_at: Timestamp::UNIX_EPOCH,
    }
}

fn shown(tasks: &[TaskView], others: Vec<FileAnswer>) -> String {
    let answers = tasks
        .iter()
        .map(|task| taken(task, false))
        .chain(others)
        .collect();
    let CheckRunText {
        state,
        title,
        summary,
    } = check_run(&push(answers), tasks, &Clicks::default());
    format!("{state:?}\n{title}\n\n{summary}")
}

fn failure() -> Failure {
    Failure {
        statement: Some(2),
        line: Some(4),
        code: "mysql-1064".into(),
        message: "You have an error in your SQL syntax near 'TABEL `t2`'".into(),
        at: Timestamp::UNIX_EPOCH,
    }
}

fn waiting(stale: bool) -> Vec<Gate> {
    vec![Gate::Approval(ApprovalStatus::Waiting {
        needs: 2,
        has: 1,
        stale,
        expired: false,
        bypass: None,
        steps: Vec::new(),
    })]
}

/// The second step of two is next, because of what the change does.
fn next_step() -> Vec<Gate> {
    let step = |name: &str, has, because: Option<&str>| StepStanding {
        name: name.into(),
        needs: 1,
        has,
        who: format!("members with the role `{name}`"),
        because: because.map(Into::into),
    };
    vec![Gate::Approval(ApprovalStatus::Waiting {
        needs: 2,
        has: 1,
        stale: false,
        expired: false,
        bypass: None,
        steps: vec![
            step("dba", 1, None),
            step("security", 0, Some("it changes `billing_2026`")),
        ],
    })]
}

fn expired() -> Vec<Gate> {
    vec![Gate::Approval(ApprovalStatus::Waiting {
        needs: 1,
        has: 0,
        stale: false,
        expired: true,
        bypass: None,
        steps: Vec::new(),
    })]
}

fn window() -> Vec<Gate> {
    vec![Gate::Window {
        opens: Timestamp::UNIX_EPOCH,
    }]
}

fn half_bypassed() -> Vec<Gate> {
    vec![Gate::Approval(ApprovalStatus::Waiting {
        needs: 1,
        has: 0,
        stale: false,
        expired: false,
        bypass: Some("arn:aws:iam::1:user/ada".into()),
        steps: Vec::new(),
    })]
}

fn frozen() -> Vec<Gate> {
    vec![Gate::Frozen {
        until: Timestamp::UNIX_EPOCH,
        because: "inventory (by arn:aws:iam::1:user/dee)".into(),
    }]
}

fn ruled(version: u32, kind: RulingKind) -> TaskView {
    let mut task = task(version, TaskRun::Queued);
    task.ruling = Some(Ruling {
        kind,
        by: "arn:aws:iam::1:user/dee".into(),
        because: "not needed".into(),
        at: Timestamp::UNIX_EPOCH,
    });
    view(task, vec![])
}

#[test]
fn nothing_changed() {
    insta::assert_snapshot!(shown(&[], vec![]), @r#"
    Neutral
    no changes

    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana.

    No file under the base directory changed.
    "#);
}

#[test]
fn only_ignored() {
    insta::assert_snapshot!(shown(&[], vec![ignored("bytebase/README.md")]), @r#"
    Neutral
    1 ignored

    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana.

    | File | Target | Status | What became of it |
    |---|---|---|---|
    | `bytebase/README.md` | – | Ignored | Not a `.sql` file. |
    "#);
}

#[test]
fn queued() {
    let after = Gate::Order {
        after: "version 1 on `cluster1/db_demo`".into(),
    };
    let tasks = [
        view(task(1, TaskRun::Queued), vec![]),
        view(task(2, TaskRun::Queued), vec![after]),
    ];
    insta::assert_snapshot!(shown(&tasks, vec![]), @r#"
    Queued
    Issue 7: 1 waiting, 1 ready

    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana. See it with `sluice issue show 7`.

    | File | Target | Status | What became of it |
    |---|---|---|---|
    | `bytebase/test/db_demo##1##ddl##create_t1.sql` | test, `cluster1/db_demo` | Ready | Begins now. |
    | `bytebase/test/db_demo##2##ddl##create_t2.sql` | test, `cluster1/db_demo` | Waiting | After version 1 on `cluster1/db_demo`. |
    "#);
}

#[test]
fn running() {
    let tasks = [
        view(task(1, TaskRun::Done), vec![]),
        view(task(2, TaskRun::Running { next: 2, of: 3 }), vec![]),
        view(
            task(
                3,
                TaskRun::Following {
                    at: 1,
                    of: 1,
                    work: None,
                },
            ),
            vec![],
        ),
    ];
    insta::assert_snapshot!(shown(&tasks, vec![]), @r#"
    InProgress
    Issue 7: 1 running, 1 following, 1 done

    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana. See it with `sluice issue show 7`.

    | File | Target | Status | What became of it |
    |---|---|---|---|
    | `bytebase/test/db_demo##2##ddl##create_t2.sql` | test, `cluster1/db_demo` | Running | Statement 2 of 3. |
    | `bytebase/test/db_demo##3##ddl##create_t3.sql` | test, `cluster1/db_demo` | Following | The server is still busy with statement 1 of 1. |
    | `bytebase/test/db_demo##1##ddl##create_t1.sql` | test, `cluster1/db_demo` | Done | Applied by issue 7. |
    "#);
}

#[test]
fn waiting_for_approval() {
    let tasks = [
        view(task(1, TaskRun::Done), vec![]),
        view(task(2, TaskRun::Queued), waiting(false)),
        view(task(3, TaskRun::Queued), waiting(true)),
        view(task(4, TaskRun::Queued), next_step()),
        view(task(5, TaskRun::Queued), expired()),
        view(task(6, TaskRun::Queued), window()),
        view(task(7, TaskRun::Queued), frozen()),
        view(task(8, TaskRun::Queued), half_bypassed()),
        TaskView {
            bypass: Some("EMERGENCY BYPASS by ada and abe: the shop is down".into()),
            ..view(task(9, TaskRun::Done), vec![])
        },
    ];
    insta::assert_snapshot!(shown(&tasks, vec![]), @r#"
    ActionRequired
    Issue 7: 7 waiting, 2 done

    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana. See it with `sluice issue show 7`.

    | File | Target | Status | What became of it |
    |---|---|---|---|
    | `bytebase/test/db_demo##2##ddl##create_t2.sql` | test, `cluster1/db_demo` | Waiting | Waiting for approval (1 of 2): `sluice issue approve 7` |
    | `bytebase/test/db_demo##3##ddl##create_t3.sql` | test, `cluster1/db_demo` | Waiting | Waiting for approval (1 of 2; earlier decisions were on another text): `sluice issue approve 7` |
    | `bytebase/test/db_demo##4##ddl##create_t4.sql` | test, `cluster1/db_demo` | Waiting | Waiting for approval (1 of 2): `sluice issue approve 7`. Step `security` is next (0 of 1): members with the role `security`, because it changes `billing_2026`. |
    | `bytebase/test/db_demo##5##ddl##create_t5.sql` | test, `cluster1/db_demo` | Waiting | Waiting for approval (0 of 1; earlier approvals have expired): `sluice issue approve 7` |
    | `bytebase/test/db_demo##8##ddl##create_t8.sql` | test, `cluster1/db_demo` | Waiting | Waiting for approval (0 of 1): `sluice issue approve 7`. `arn:aws:iam::1:user/ada` wants to let it past the policy: one more administrator may (`sluice issue bypass 7`). |
    | `bytebase/test/db_demo##6##ddl##create_t6.sql` | test, `cluster1/db_demo` | Waiting | From 1970-01-01T00:00:00Z on, when the rollout window opens. |
    | `bytebase/test/db_demo##7##ddl##create_t7.sql` | test, `cluster1/db_demo` | Waiting | Frozen until 1970-01-01T00:00:00Z: inventory (by arn:aws:iam::1:user/dee). |
    | `bytebase/test/db_demo##1##ddl##create_t1.sql` | test, `cluster1/db_demo` | Done | Applied by issue 7. |
    | `bytebase/test/db_demo##9##ddl##create_t9.sql` | test, `cluster1/db_demo` | Done | **EMERGENCY BYPASS by ada and abe: the shop is down.** Applied by issue 7. |
    "#);
}

#[test]
fn all_is_well() {
    let note = || "Already applied.".to_owned();
    let others = vec![
        file(
            "bytebase/test/old.sql",
            Answer::Known {
                issue: IssueNumber(3),
                note: note(),
            },
        ),
        file(
            "bytebase/test/gone.sql",
            Answer::Gone {
                note: "Its task was canceled.".into(),
            },
        ),
        ignored("bytebase/README.md"),
    ];
    let tasks = [
        view(task(1, TaskRun::Done), vec![]),
        ruled(2, RulingKind::Skipped),
    ];
    insta::assert_snapshot!(shown(&tasks, others), @r#"
    Success
    Issue 7: 1 done, 1 known, 1 skipped, 1 gone, 1 ignored

    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana. See it with `sluice issue show 7`.

    | File | Target | Status | What became of it |
    |---|---|---|---|
    | `bytebase/test/db_demo##1##ddl##create_t1.sql` | test, `cluster1/db_demo` | Done | Applied by issue 7. |
    | `bytebase/test/db_demo##2##ddl##create_t2.sql` | test, `cluster1/db_demo` | Skipped | not needed (by arn:aws:iam::1:user/dee) |
    | `bytebase/test/old.sql` | – | Known | Already applied. |
    | `bytebase/test/gone.sql` | – | Gone | Its task was canceled. |
    | `bytebase/README.md` | – | Ignored | Not a `.sql` file. |
    "#);
}

#[test]
fn everything_that_can_go_wrong() {
    let rejected = Gate::Approval(ApprovalStatus::Rejected {
        by: "arn:aws:iam::1:user/dee".into(),
        because: Some("too late today".into()),
    });
    let unclear = TaskRun::Ambiguous {
        at: 1,
        evidence: "The connection was lost.".into(),
    };
    let early = Failure {
        statement: None,
        line: None,
        code: "statement-refused".into(),
        ..failure()
    };
    let tasks = [
        view(task(1, TaskRun::Done), vec![]),
        view(task(2, TaskRun::Failed(failure())), vec![]),
        view(task(3, unclear), vec![]),
        view(task(4, TaskRun::Queued), vec![rejected]),
        view(task(5, TaskRun::Failed(early)), vec![]),
    ];
    let others = vec![refused(
        "bytebase/tset/x.sql",
        "No environment `tset`; did you mean `test`?",
    )];
    insta::assert_snapshot!(shown(&tasks, others), @r#"
    Failure
    Issue 7: 2 failed, 1 ambiguous, 1 refused, 1 rejected, 1 done

    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana. See it with `sluice issue show 7`.

    | File | Target | Status | What became of it |
    |---|---|---|---|
    | `bytebase/test/db_demo##2##ddl##create_t2.sql` | test, `cluster1/db_demo` | Failed | `bytebase/test/db_demo##2##ddl##create_t2.sql:4`, statement 2: ``You have an error in your SQL syntax near 'TABEL `t2`'`` (`mysql-1064`, see `docs/errors/mysql-1064.md`). Then `sluice issue retry 7` |
    | `bytebase/test/db_demo##3##ddl##create_t3.sql` | test, `cluster1/db_demo` | Ambiguous | Whether statement 1 happened can't be known; a person decides (see `docs/errors/ambiguous.md`). The connection was lost. |
    | `bytebase/test/db_demo##4##ddl##create_t4.sql` | test, `cluster1/db_demo` | Rejected | Rejected by `arn:aws:iam::1:user/dee`: too late today |
    | `bytebase/test/db_demo##5##ddl##create_t5.sql` | test, `cluster1/db_demo` | Failed | ``You have an error in your SQL syntax near 'TABEL `t2`'`` (`statement-refused`, see `docs/rules/statement-refused.md`). Then `sluice issue retry 7` |
    | `bytebase/tset/x.sql` | – | Refused | No environment `tset`; did you mean `test`? (`environment-unknown`, see `docs/errors/environment-unknown.md`) |
    | `bytebase/test/db_demo##1##ddl##create_t1.sql` | test, `cluster1/db_demo` | Done | Applied by issue 7. |
    "#);
}

#[test]
fn replaced_canceled_and_unknown() {
    let mut replaced = task(1, TaskRun::Failed(failure()));
    replaced.change = change(1, "another text", LATER);
    let tasks = [view(replaced, vec![]), ruled(2, RulingKind::Canceled)];
    let unknown = view(task(3, TaskRun::Done), vec![]);
    let took = view(task(4, TaskRun::Queued), vec![]);
    let answers = vec![
        taken(&tasks[0], false),
        taken(&tasks[1], false),
        taken(&unknown, false),
        taken(&took, true),
    ];
    let [replaced, canceled] = tasks;
    let text = check_run(&push(answers), &[replaced, canceled, took], &Clicks::default());
    insta::assert_snapshot!(text.summary, @r#"
    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana. See it with `sluice issue show 7`.

    | File | Target | Status | What became of it |
    |---|---|---|---|
    | `bytebase/test/db_demo##3##ddl##create_t3.sql` | `cluster1/db_demo` | Planned | Issue 7; where it stands is not known here. |
    | `bytebase/test/db_demo##4##ddl##create_t4.sql` | test, `cluster1/db_demo` | Ready | The open task took this text. Begins now. |
    | `bytebase/test/db_demo##1##ddl##create_t1.sql` | test, `cluster1/db_demo` | Replaced | The file was replaced by commit `0d1fade`. |
    | `bytebase/test/db_demo##2##ddl##create_t2.sql` | test, `cluster1/db_demo` | Canceled | not needed (by arn:aws:iam::1:user/dee) |
    "#);
    assert_eq!(text.title, "Issue 7: 1 ready, 1 planned, 1 replaced, 1 canceled");
    assert_eq!(text.state, CheckWord::Queued);
}

#[test]
fn a_hostile_file_name_stays_in_its_cell() {
    let name = "bytebase/`|x|`<!--@dee #1\u{202e}\n| Done |.sql";
    let text = shown(&[], vec![refused(name, "See @dee, #1 <!-- | `")]);
    insta::assert_snapshot!(text.replace('\u{200b}', "(nothing)"), @r#"
    Failure
    1 refused

    Commit `85dc488` of `main`, compared with `0d1fade`, pushed by dana.

    | File | Target | Status | What became of it |
    |---|---|---|---|
    | <code>bytebase/&#96;&#124;x&#124;&#96;&#60;&#33;&#45;&#45;&#64;dee &#35;1&#92;u&#123;202e&#125; &#124; Done &#124;.sql</code> | – | Refused | See @(nothing)dee, #(nothing)1 &lt;&#33;-- &#124; &#96; (`environment-unknown`, see `docs/errors/environment-unknown.md`) |
    "#);
}

#[test]
fn what_is_too_much_is_dropped_by_whole_rows() {
    const REST: &str = "`sluice explain PATH` says of any file how it is read.";
    let mut answers: Vec<_> = (0..3_000).map(|n| ignored(&format!("bytebase/{n}.md"))).collect();
    answers.push(refused("bytebase/x.sql", "No."));
    let text = check_run(&push(answers), &[], &Clicks::default());
    assert!(text.summary.len() <= MOST, "{}", text.summary.len());
    assert!(text.summary.len() > MOST - 200, "{}", text.summary.len());
    let rows = text
        .summary
        .lines()
        .filter(|line| line.starts_with("| `"))
        .count();
    assert!(
        text.summary
            .ends_with(&format!("\n\nand {} more. {REST}\n", 3_001 - rows))
    );
    assert!(
        text.summary.lines().nth(4).unwrap().contains("bytebase/x.sql"),
        "what needs a person comes first"
    );
    assert_eq!(text.title, "1 refused, 3000 ignored");
}

/// Every status beside a done and an ignored file decides the whole.
#[test]
fn the_conclusion_is_decided_by_the_most_pressing() {
    let done = || view(task(1, TaskRun::Done), vec![]);
    let order = vec![Gate::Order { after: "x".into() }];
    for (run, gates, expected) in [
        (TaskRun::Done, vec![], CheckWord::Success),
        (TaskRun::Queued, vec![], CheckWord::InProgress),
        (TaskRun::Queued, order, CheckWord::InProgress),
        (TaskRun::Queued, waiting(false), CheckWord::ActionRequired),
        (TaskRun::Running { next: 1, of: 1 }, vec![], CheckWord::InProgress),
        (
            TaskRun::Following {
                at: 1,
                of: 1,
                work: None,
            },
            vec![],
            CheckWord::InProgress,
        ),
        (TaskRun::Failed(failure()), vec![], CheckWord::Failure),
        (
            TaskRun::Ambiguous {
                at: 1,
                evidence: String::new(),
            },
            vec![],
            CheckWord::Failure,
        ),
    ] {
        let tasks = [done(), view(task(2, run.clone()), gates)];
        let answers = tasks
            .iter()
            .map(|task| taken(task, false))
            .chain([ignored("x")])
            .collect();
        let state = check_run(&push(answers), &tasks, &Clicks::default()).state;
        assert_eq!(state, expected, "{run:?}");
    }
}
