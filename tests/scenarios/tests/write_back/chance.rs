//! Whatever happens in whatever order: one commit of each version, in order, and never a loop.

use crate::desk::{BRANCH, Desk, brought, path, repository, schema};
use jiff::SignedDuration;
use model::{Fault, TaskStatus, WriteBackState};
use proptest::prelude::*;
use scenarios::{Afterwards, Blow, Mishap};
use std::collections::BTreeMap;
use workflow::ports::commits::{Commits, PullRequestState};

const DATABASES: [&str; 3] = ["a", "b", "c"];

#[derive(Debug, Clone)]
enum Step {
    /// A version of each of so many databases is applied.
    Apply(usize),
    /// So many reporters at once, one of whose calls goes wrong.
    Tell(usize, Option<(usize, Mishap, Afterwards)>),
    /// Somebody edits the file of a database by hand.
    Edit(usize),
    /// Somebody else moves the branch, so many times, just before we do.
    Race(u32),
    /// So many calls of GitHub fail.
    Fail(usize),
    Protect,
    Unprotect,
    /// Somebody merges what is open.
    Merge,
    /// So many minutes go by.
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let mishap = prop_oneof![Just(Mishap::RequestLost), Just(Mishap::ReplyLost)];
    let afterwards = prop_oneof![Just(Afterwards::Dead), Just(Afterwards::Well)];
    let blow = proptest::option::of((1_usize..60, mishap, afterwards));
    prop_oneof![
        3 => (1_usize..=3).prop_map(Step::Apply),
        5 => (1_usize..=4, blow).prop_map(|(reporters, blow)| Step::Tell(reporters, blow)),
        1 => (0_usize..3).prop_map(Step::Edit),
        1 => (1_u32..4).prop_map(Step::Race),
        1 => (1_usize..6).prop_map(Step::Fail),
        1 => Just(Step::Protect),
        1 => Just(Step::Unprotect),
        1 => Just(Step::Merge),
        1 => (1_i64..90).prop_map(Step::Wait),
    ]
}

fn merge_all(desk: &Desk) {
    for open in desk.github().pull_requests(&repository()) {
        if open.state == PullRequestState::Open {
            desk.github().merge(&repository(), open.number);
        }
    }
}

async fn take(desk: &Desk, step: &Step, issue: &mut u64) {
    match step {
        Step::Apply(databases) => {
            *issue += 1;
            let version = issue.to_string();
            let versions: Vec<(&str, &str)> = DATABASES
                .iter()
                .take(*databases)
                .map(|database| (*database, version.as_str()))
                .collect();
            desk.apply(*issue, &versions).await;
        }
        Step::Tell(reporters, None) => {
            desk.tell(*reporters).await;
        }
        Step::Tell(reporters, Some((nth, mishap, afterwards))) => {
            let blow = Blow {
                nth: *nth,
                of: None,
                mishap: *mishap,
                afterwards: *afterwards,
            };
            desk.tell_under(blow, *reporters).await;
        }
        Step::Edit(database) => {
            desk.push(&path(DATABASES[*database]), &format!("by hand, at {issue}"));
        }
        Step::Race(times) => desk.github().race_next(*times),
        Step::Fail(calls) => {
            for _ in 0..*calls {
                desk.github().fail_next(Fault::retry("asking GitHub", "502"));
            }
        }
        Step::Protect => desk.github().protect(&repository(), BRANCH),
        Step::Unprotect => desk.github().unprotect(&repository(), BRANCH),
        Step::Merge => merge_all(desk),
        Step::Wait(minutes) => desk.clock.time.advance(SignedDuration::from_mins(*minutes)),
    }
}

/// Which commit of the branch says that it brings which version: no version is brought twice.
fn commits(desk: &Desk) -> BTreeMap<String, model::CommitSha> {
    let mut commits = BTreeMap::new();
    for (sha, info) in desk.github().log(&repository(), BRANCH) {
        for version in brought(&info.message) {
            let before = commits.insert(version.clone(), sha.clone());
            assert_eq!(before, None, "{version} was committed twice");
        }
    }
    commits
}

async fn account(desk: &Desk, issues: u64) {
    let commits = commits(desk);
    for database in DATABASES {
        let mut older: Option<&model::CommitSha> = None;
        for version in 1..=issues {
            let Some(commit) = commits.get(&format!("{database} {version}")) else {
                continue;
            };
            if let Some(older) = older {
                let github = desk.github();
                assert!(
                    github.leads_to(&repository(), older, commit).await.unwrap(),
                    "{database} {version} does not come after the version before it"
                );
            }
            older = Some(commit);
        }
    }
    for view in desk.views().await {
        assert_eq!(view.status, TaskStatus::Done);
        let state = view.write_back.unwrap();
        let key = view.task.key();
        assert!(
            !matches!(state, WriteBackState::Pending | WriteBackState::Parked { .. }),
            "{key}: {state:?}"
        );
        let name = format!("{} {}", view.task.database, view.task.change.version);
        if matches!(state, WriteBackState::Written { .. }) {
            assert!(commits.contains_key(&name), "{key} is said to be written");
        }
        // Only what the branch had already, or what came too late, is in no commit.
        if !commits.contains_key(&name) {
            assert!(
                matches!(state, WriteBackState::Unchanged | WriteBackState::Superseded),
                "{key}: {state:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn each_version_is_one_commit_in_order_and_there_is_no_loop(steps in proptest::collection::vec(step(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Box::pin(async {
            let desk = Desk::new().await;
            let mut issue = 0;
            for step in &steps {
                take(&desk, step, &mut issue).await;
            }
            // All goes well again, and a last version comes.
            desk.github().unprotect(&repository(), BRANCH);
            desk.settle().await;
            merge_all(&desk);
            take(&desk, &Step::Apply(3), &mut issue).await;
            desk.settle().await;
            merge_all(&desk);
            account(&desk, issue).await;
            for database in DATABASES {
                assert_eq!(desk.text(database), Some(schema(database, &issue.to_string())));
                assert!(!desk.state(database, &issue.to_string()).await.is_open());
            }
            // Nothing more comes of it.
            let head = desk.github().head_of(&repository(), BRANCH);
            let calls = desk.github().calls().len();
            desk.tell(3).await;
            assert_eq!(desk.github().head_of(&repository(), BRANCH), head);
            assert_eq!(desk.github().calls().len(), calls);
        }));
    }
}
