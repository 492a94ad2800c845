//! Facts of the story that the tests tell: `db_demo` on the instance `demo`, in `test` and `prod`.

use jiff::{SignedDuration, Timestamp};
use model::{
    AuditActor, AuditChain, AuditEntry, BlobSha, Change, ChangeType, Checksum, CommitSha, Creator,
    DatabaseName, Decider, Decision, Deed, DeliveryId, Digest, EnvironmentId, Errand, GithubAccount, Issue,
    IssueNumber, OutboxItem, Principal, ProjectId, PullRequest, PullRequestNumber, PullRequestState, Push,
    Pusher, Rehearsal, RehearsalOutcome, RehearsedChange, RepositoryId, RepositoryRef, Revision,
    StatementRecord, Target, Task, TaskRun, Verdict, Version,
};
use workflow::ports::ledger::StoredSettings;

/// The SQL of the fixtures' change.
pub const SQL: &str = "CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255));\n";

/// The settings of the story.
pub const SETTINGS: &str = r#"
[[projects]]
name = "demo"
branch = "main"
base_directory = "bytebase"

[projects.repository]
id = 1
installation_id = 1
name = "octo/demo"

[[projects.databases]]
name = "db_demo"
environment = "test"
instance = "demo-test"

[[projects.databases]]
name = "db_demo"
environment = "prod"
instance = "demo-prod"

[[environments]]
name = "test"

[[environments]]
name = "prod"
approvals = 1
approvers = { roles = ["dba"] }

[[instances]]
name = "demo-test"
secret_arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:demo-test"

[[instances]]
name = "demo-prod"
secret_arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:demo-prod"

[[members]]
name = "dba"
email = "dba@example.com"
github_id = 7
principals = ["arn:aws:iam::000000000000:user/dba"]
roles = ["dba", "admin"]
"#;

/// The time at which the story begins, and seconds after it.
pub fn time(seconds: i64) -> Timestamp {
    let start = Timestamp::constant(1_700_000_000, 0);
    start
        .checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(start)
}

/// A commit's id, the number as forty digits.
pub fn commit(number: u32) -> CommitSha {
    CommitSha::new(format!("{number:040x}"))
}

/// The project.
pub fn project() -> ProjectId {
    ProjectId::new("demo")
}

/// A target on the test instance.
pub fn target(database: &str) -> Target {
    Target::new("demo-test", database)
}

/// A version; fails the test where the text is none.
#[track_caller]
pub fn version(text: &str) -> Version {
    match Version::parse(text) {
        Ok(version) => version,
        Err(error) => panic!("the fixture's version `{text}`: {error}"),
    }
}

/// Who pushes.
pub fn pusher() -> Pusher {
    Pusher {
        id: 42,
        login: "dev".to_owned(),
    }
}

/// Who calls the API.
pub fn principal(user: &str) -> Principal {
    Principal {
        arn: format!("arn:aws:iam::000000000000:user/{user}"),
        unique_id: format!("AIDA{user}"),
        account: "000000000000".to_owned(),
        access_key: "AKIAEXAMPLE".to_owned(),
        source_ip: "127.0.0.1".to_owned(),
        request_id: "request-1".to_owned(),
    }
}

/// Who clicks on GitHub.
pub fn account(github_id: u64) -> Decider {
    Decider::Github(GithubAccount {
        github_id,
        login: "dev".to_owned(),
        delivery: DeliveryId::new("delivery-1"),
    })
}

/// That something was done, a second after another for each number.
pub fn audit(chain: AuditChain, deed: Deed, second: i64) -> AuditEntry {
    AuditEntry {
        chain,
        deed,
        about: Some(format!("prod {second}")),
        by: AuditActor::Principal(principal("dba")),
        at: time(second),
        before: Some(format!("edition {second}")),
        after: Some(format!("edition {}", second + 1)),
        detail: None,
        because: Some("tests say so".to_owned()),
    }
}

/// That settings were applied.
pub fn settings_audit() -> AuditEntry {
    audit(AuditChain::Settings, Deed::SettingsApplied, 0)
}

/// A change with this version.
#[track_caller]
pub fn change(text: &str) -> Change {
    Change {
        version: version(text),
        change_type: ChangeType::Ddl,
        description: "create t2".to_owned(),
        path: format!("bytebase/test/db_demo##{text}##ddl##create_t2.sql"),
        checksum: Checksum::of(SQL.as_bytes()),
        blob: Some(BlobSha::new("b".repeat(40))),
        size: SQL.len() as u64,
        commit: commit(2),
    }
}

/// A task that is queued: edition 1, the first of its issue.
#[track_caller]
pub fn task(issue: u64, target: &Target, version: &str) -> Task {
    Task {
        issue: IssueNumber(issue),
        position: 1,
        project: project(),
        environment: EnvironmentId::new("test"),
        target: target.clone(),
        database: target.database.clone(),
        change: change(version),
        attempt: 0,
        run: TaskRun::Queued,
        ruling: None,
        cancel: None,
        schedule: None,
        blocks: Vec::new(),
        reaches: Vec::new(),
        drift: None,
        risk: model::risk::Risk::default(),
        answered_on: vec![commit(2)],
        edition: 1,
        created_at: time(0),
        updated_at: time(0),
    }
}

/// An issue without tasks: edition 1.
pub fn issue(number: u64) -> Issue {
    Issue {
        number: IssueNumber(number),
        project: project(),
        title: "create t2".to_owned(),
        branch: "main".to_owned(),
        commit: commit(2),
        url: format!("https://github.com/octo/demo/commit/{}", commit(2)),
        pusher: pusher(),
        pushers: vec![pusher()],
        pushers_known: true,
        creator: Creator {
            name: "Dev".to_owned(),
            email: "dev@example.com".to_owned(),
            member: None,
        },
        assignee: "sluice".to_owned(),
        environments: vec![EnvironmentId::new("test")],
        tasks: Vec::new(),
        depends_on: Vec::new(),
        planned: true,
        edition: 1,
        created_at: time(0),
    }
}

/// A push without answers: edition 1.
pub fn push(commit_number: u32) -> Push {
    Push {
        project: project(),
        repository: RepositoryRef {
            id: RepositoryId(1),
            installation_id: 1,
            name: "octo/demo".to_owned(),
        },
        branch: "main".to_owned(),
        commit: commit(commit_number),
        base: Some(commit(1)),
        pusher: pusher(),
        issue: None,
        answers: Vec::new(),
        edition: 1,
        planned_at: time(0),
    }
}

/// The review of an open pull request without files: edition 1.
pub fn pull_request(number: u64) -> PullRequest {
    PullRequest {
        project: project(),
        repository: push(1).repository,
        number: PullRequestNumber(number),
        state: PullRequestState::Open,
        author: pusher(),
        base: "main".to_owned(),
        base_commit: commit(2),
        head: commit(3),
        merge_base: Some(commit(1)),
        fork: false,
        files: Vec::new(),
        targets: Vec::new(),
        edition: 1,
        reviewed_at: time(0),
    }
}

/// The rehearsal of a pull request that nobody has answered yet: edition 1.
#[track_caller]
pub fn rehearsal(database: &str, number: u64) -> Rehearsal {
    let change = change("202303100000");
    Rehearsal {
        target: target(database),
        project: project(),
        number: PullRequestNumber(number),
        head: commit(3),
        changes: vec![RehearsedChange {
            path: change.path,
            version: change.version,
            change_type: change.change_type,
            checksum: change.checksum,
        }],
        tries: 0,
        outcome: RehearsalOutcome::Pending,
        edition: 1,
        asked_at: time(0),
    }
}

/// The revision of a change of one statement.
#[track_caller]
pub fn revision(target: &Target, version: &str) -> Revision {
    Revision {
        target: target.clone(),
        project: project(),
        environment: EnvironmentId::new("test"),
        database: DatabaseName::new("db_demo"),
        change: change(version),
        issue: IssueNumber(1),
        attempt: 1,
        approved_by: Vec::new(),
        statements: vec![statement(1)],
        since: None,
        before: Checksum::of(b"before"),
        after: Checksum::of(b"after"),
        started_at: time(1),
        finished_at: time(2),
    }
}

/// The record of a statement.
pub fn statement(index: u32) -> StatementRecord {
    StatementRecord {
        index,
        line: index,
        digest: Checksum::of(index.to_string().as_bytes()),
        duration_ms: Some(12),
        rows: None,
    }
}

/// An approval by a user, given so many seconds into the story.
pub fn decision(issue: u64, user: &str, seconds: i64) -> Decision {
    Decision {
        issue: IssueNumber(issue),
        environment: EnvironmentId::new("prod"),
        digest: Digest::claimed(Checksum::of(b"stage").as_str()),
        verdict: Verdict::Approved,
        by: principal(user).into(),
        member: Some(user.to_owned()),
        because: None,
        ordinal: 0,
        at: time(seconds),
    }
}

/// An item of the outbox that is due at once.
pub fn outbox(id: &str) -> OutboxItem {
    OutboxItem {
        id: id.to_owned(),
        errand: Errand::CheckRun {
            project: project(),
            commit: commit(2),
        },
        attempt: 0,
        created_at: time(0),
        due_at: time(0),
    }
}

/// The settings of the story, as this version.
pub fn settings(version: u64) -> StoredSettings {
    StoredSettings {
        version,
        text: SETTINGS.to_owned(),
        by: principal("admin").arn,
        at: time(0),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_settings_of_the_story_are_good_ones() {
        assert_eq!(settings::Settings::read(super::SETTINGS).err(), None);
    }
}
