use super::*;
use model::{
    Change, ChangeType, Checksum, DatabaseName, EnvironmentId, ProjectId, Target, Version, WriteBackBranch,
};

fn time(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

/// A version of a database, of an issue, applied at a second.
fn waiting(database: &str, version: &str, issue: u64, second: i64) -> Waiting {
    let target = Target::new("demo", database);
    let version = Version::parse(version).unwrap();
    let revision = Revision {
        target: target.clone(),
        project: ProjectId::new("demo"),
        environment: EnvironmentId::new("test"),
        database: DatabaseName::new(database),
        change: Change {
            version: version.clone(),
            change_type: ChangeType::Ddl,
            description: String::new(),
            path: String::new(),
            checksum: Checksum::of(b""),
            blob: None,
            size: 0,
            commit: CommitSha::new("c"),
        },
        issue: IssueNumber(issue),
        attempt: 1,
        approved_by: Vec::new(),
        statements: Vec::new(),
        since: None,
        before: Checksum::of(b"before"),
        after: Checksum::of(b"after"),
        started_at: time(second),
        finished_at: time(second),
    };
    Waiting {
        file: Written {
            target,
            environment: EnvironmentId::new("test"),
            version,
            path: format!("test/.{database}.sql"),
            finished_at: time(second),
        },
        revision,
    }
}

fn branch(written: &[&Waiting]) -> WriteBackBranch {
    let mut branch = WriteBackBranch::new(ProjectId::new("demo"), "main");
    for waiting in written {
        branch.newest = newest(branch.newest, std::slice::from_ref(&waiting.file));
    }
    branch
}

#[test]
fn versions_are_written_in_the_order_in_which_they_were_applied() {
    let (one, two, gap) = (
        waiting("a", "1", 1, 1),
        waiting("a", "3", 2, 2),
        waiting("a", "2", 3, 3),
    );
    let all = vec![gap.clone(), two.clone(), one.clone()];
    assert_eq!(next(all, &branch(&[])), Next::Write(Box::new(one.clone())));
    assert_eq!(
        next(vec![gap.clone(), two.clone()], &branch(&[&one])),
        Next::Write(Box::new(two.clone()))
    );
    // A gap that was filled later is the newer one.
    assert_eq!(
        next(vec![gap.clone()], &branch(&[&one, &two])),
        Next::Write(Box::new(gap))
    );
    assert_eq!(next(Vec::new(), &branch(&[&two])), Next::Nothing);
}

#[test]
fn of_two_versions_applied_at_one_time_the_lower_was_first() {
    let (nine, ten) = (waiting("a", "9", 1, 1), waiting("a", "10", 1, 1));
    assert_eq!(
        next(vec![ten.clone(), nine.clone()], &branch(&[])),
        Next::Write(Box::new(nine.clone()))
    );
    let late = Next::Supersede(vec![nine.key()]);
    assert_eq!(next(vec![nine], &branch(&[&ten])), late);
}

#[test]
fn what_comes_late_never_overwrites_what_is_newer() {
    let (one, two, other) = (
        waiting("a", "1", 1, 1),
        waiting("a", "2", 1, 2),
        waiting("b", "1", 1, 1),
    );
    let known = branch(&[&two]);
    assert_eq!(next(vec![one.clone()], &known), Next::Supersede(vec![one.key()]));
    assert_eq!(
        next(vec![two.clone()], &known),
        Next::Write(Box::new(two)),
        "the same version may be tried again"
    );
    assert_eq!(next(vec![other.clone()], &known), Next::Write(Box::new(other)));
}

#[test]
fn databases_of_one_issue_go_into_one_commit_each_with_its_next_version() {
    let (a1, b1, b2) = (
        waiting("a", "1", 1, 1),
        waiting("b", "1", 1, 2),
        waiting("b", "2", 1, 3),
    );
    let c_of_another_issue_first = vec![waiting("c", "1", 9, 1), waiting("c", "2", 1, 4)];
    let mut same_file = waiting("d", "1", 1, 1);
    same_file.file.path = a1.file.path.clone();
    let late = waiting("e", "1", 1, 1);
    let known = branch(&[&waiting("e", "2", 1, 9)]);
    let others = vec![
        vec![b2, b1.clone()],
        c_of_another_issue_first,
        vec![same_file],
        vec![late],
    ];
    assert_eq!(together(a1.clone(), others, &known), [a1, b1]);
}

#[test]
fn a_commit_has_a_bounded_number_of_files() {
    let others = (0..100)
        .map(|n| vec![waiting(&format!("db_{n}"), "1", 1, 1)])
        .collect();
    let batch = together(waiting("a", "1", 1, 1), others, &branch(&[]));
    assert_eq!(batch.len(), MOST_FILES);
}

#[test]
fn the_way_follows_the_settings_and_what_the_branch_said() {
    let mut known = branch(&[]);
    assert_eq!(way(WriteBack::Commit, &known, time(0)), Way::Commit);
    assert_eq!(way(WriteBack::PullRequest, &known, time(0)), Way::PullRequest);
    assert_eq!(way(WriteBack::Off, &known, time(0)), Way::Off);
    known.refused_at = Some(time(0));
    assert_eq!(way(WriteBack::Commit, &known, time(599)), Way::PullRequest);
    assert_eq!(way(WriteBack::Commit, &known, time(600)), Way::Commit);
    known.proposal = Some(model::write_back::Proposal {
        number: 1,
        url: String::new(),
        files: Vec::new(),
    });
    assert_eq!(way(WriteBack::Commit, &known, time(600)), Way::PullRequest);
    assert_eq!(way(WriteBack::Off, &known, time(600)), Way::Off);
}

#[test]
fn a_head_tells_what_became_of_a_commit() {
    let attempt = |seen: Option<&str>| Attempt {
        commit: CommitSha::new("ours"),
        onto: "main".to_owned(),
        seen: seen.map(CommitSha::new),
        files: Vec::new(),
    };
    for (seen, head, expected) in [
        (Some("before"), Some("ours"), Told::Landed),
        (None, Some("ours"), Told::Landed),
        (Some("before"), Some("before"), Told::Waiting),
        (None, None, Told::Waiting),
        (Some("before"), Some("theirs"), Told::AskHistory),
        (None, Some("theirs"), Told::AskHistory),
        (Some("before"), None, Told::Lost),
    ] {
        let head = head.map(CommitSha::new);
        assert_eq!(
            told(&attempt(seen), head.as_ref()),
            expected,
            "{seen:?}, {head:?}"
        );
    }
}

#[test]
fn nothing_is_written_where_workflows_are_or_outside() {
    for path in [
        ".github/workflows/x.sql",
        ".GitHub/x.sql",
        ".git/x",
        "../x.sql",
        "a/../b.sql",
        "/a.sql",
        "a//b.sql",
    ] {
        assert!(forbidden(path).is_some(), "{path}");
    }
    for path in ["test/.db##LATEST.sql", "a/.github/b.sql", "github/x.sql"] {
        assert_eq!(forbidden(path), None, "{path}");
    }
}
