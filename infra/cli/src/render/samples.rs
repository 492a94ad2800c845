//! Answers to be rendered in tests.

use jiff::Timestamp;
use model::approval::Verdict;
use model::{
    ApprovalStatus, Change, ChangeType, Checksum, CommitSha, Creator, DatabaseName, Decider, Decision,
    Digest, EnvironmentId, Failure, Gate, Issue, IssueNumber, IssueStatus, IssueView, Principal, ProjectId,
    Pusher, Revision, RevisionView, StageStatus, StageView, StatementRecord, Target, Task, TaskRun,
    TaskStatus, TaskView, Version,
};

const SQL: &str = "CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255));\n";
const DIFF: &str = "@@ -1 +1,4 @@\n+CREATE TABLE `t2` (\n+  `id` bigint NOT NULL\n+);\n";

const ROLLBACK: &str = "\
-- Proposed rollback of version 202303100000 on prod/db_demo: read it before you commit it as a new version.
-- Rows that the version wrote or deleted are not restored.

-- loses: the rows of table `t2`
DROP TABLE `t2`;
";

fn then() -> Timestamp {
    "2023-03-10T08:00:00.5Z".parse().unwrap()
}

fn change(environment: &str) -> Change {
    Change {
        version: Version::parse("202303100000").unwrap(),
        change_type: ChangeType::Ddl,
        description: "create t2".into(),
        path: format!("bytebase/{environment}/db_demo##202303100000##ddl##create_t2.sql"),
        checksum: Checksum::of(SQL.as_bytes()),
        blob: None,
        size: 59,
        commit: CommitSha::new("1234567890123456789012345678901234567890"),
    }
}

fn task(position: u32, environment: &str, run: TaskRun, status: TaskStatus) -> TaskView {
    TaskView {
        bypass: None,
        task: Task {
            issue: IssueNumber(7),
            position,
            project: ProjectId::new("demo"),
            environment: EnvironmentId::new(environment),
            target: Target::new(environment, "db_demo"),
            database: DatabaseName::new("db_demo"),
            change: change(environment),
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
            created_at: then(),
            updated_at: then(),
        },
        changes: Vec::from_iter((status == TaskStatus::Done).then(|| "table `t2` added".to_owned())),
        diff: (status == TaskStatus::Done).then(|| DIFF.to_owned()),
        status,
        sql: Some(SQL.to_owned()),
        write_back: None,
    }
}

fn decision(digest: &str) -> Decision {
    Decision {
        issue: IssueNumber(7),
        environment: EnvironmentId::new("prod"),
        digest: Digest::claimed(digest),
        verdict: Verdict::Approved,
        by: Decider::Principal(Principal {
            arn: "arn:aws:iam::111122223333:user/dba".into(),
            unique_id: "AIDA".into(),
            account: "111122223333".into(),
            access_key: "AKID".into(),
            source_ip: "127.0.0.1".into(),
            request_id: "r".into(),
        }),
        member: Some("dana".into()),
        because: Some("looks right".into()),
        ordinal: 0,
        at: then(),
    }
}

/// Done in `test`; in `prod` it waits again, for its file was changed after it was approved.
pub(crate) fn issue() -> IssueView {
    let waiting = ApprovalStatus::Waiting {
        needs: 1,
        has: 0,
        stale: true,
        expired: false,
        bypass: None,
        steps: Vec::new(),
    };
    IssueView {
        issue: Issue {
            number: IssueNumber(7),
            project: ProjectId::new("demo"),
            title: "Create t2".into(),
            branch: "main".into(),
            commit: CommitSha::new("1234567890123456789012345678901234567890"),
            url: "https://github.com/acme/demo/commit/1234567890123456789012345678901234567890".into(),
            pusher: Pusher {
                id: 1,
                login: "octocat".into(),
            },
            pushers: vec![Pusher {
                id: 1,
                login: "octocat".into(),
            }],
            pushers_known: true,
            creator: Creator {
                name: "Ada".into(),
                email: "ada@example.com".into(),
                member: Some("ada".into()),
            },
            assignee: "dana".into(),
            environments: vec![EnvironmentId::new("test"), EnvironmentId::new("prod")],
            tasks: vec![],
            depends_on: Vec::new(),
            planned: true,
            edition: 1,
            created_at: then(),
        },
        status: IssueStatus::Open,
        stages: vec![
            StageView {
                environment: EnvironmentId::new("test"),
                status: StageStatus::Done,
                digest: Digest::claimed("aaaa"),
                approval: ApprovalStatus::NotRequired,
                decisions: vec![],
                tasks: vec![task(1, "test", TaskRun::Done, TaskStatus::Done)],
            },
            StageView {
                environment: EnvironmentId::new("prod"),
                status: StageStatus::Open,
                digest: Digest::claimed("bbbb"),
                approval: waiting.clone(),
                decisions: vec![decision("earlier")],
                tasks: vec![task(
                    2,
                    "prod",
                    TaskRun::Queued,
                    TaskStatus::Waiting(Gate::Approval(waiting)),
                )],
            },
        ],
        activity: Vec::new(),
    }
}

/// Failed in `test`.
pub(crate) fn failed() -> IssueView {
    let failure = Failure {
        statement: Some(1),
        line: Some(3),
        code: "mysql-1064".into(),
        message: "You have an error in your SQL syntax near 'TABEL t2'.\nFix the file and push it.".into(),
        at: then(),
    };
    let mut view = issue();
    view.stages.pop();
    let stage = &mut view.stages[0];
    stage.status = StageStatus::Failed;
    stage.tasks = vec![task(
        1,
        "test",
        TaskRun::Failed(failure.clone()),
        TaskStatus::Failed(failure),
    )];
    view
}

/// Applied to `prod`.
pub(crate) fn revision() -> RevisionView {
    RevisionView {
        revision: Revision {
            target: Target::new("prod", "db_demo"),
            project: ProjectId::new("demo"),
            environment: EnvironmentId::new("prod"),
            database: DatabaseName::new("db_demo"),
            change: change("prod"),
            issue: IssueNumber(7),
            attempt: 1,
            approved_by: vec!["arn:aws:iam::111122223333:user/dba".into()],
            statements: vec![StatementRecord {
                index: 1,
                line: 1,
                digest: Checksum::of(SQL.as_bytes()),
                duration_ms: Some(12),
                rows: None,
            }],
            since: None,
            before: Checksum::of(b""),
            after: Checksum::of(b"x"),
            started_at: then(),
            finished_at: then(),
        },
        sql: SQL.to_owned(),
        changes: vec!["table `t2` added".to_owned()],
        diff: DIFF.to_owned(),
        drift: Vec::new(),
        rollback: Some(ROLLBACK.to_owned()),
        before: String::new(),
        schema: "CREATE TABLE `t2` (\n  `id` bigint NOT NULL\n);\n".to_owned(),
    }
}
