//! Heads of branches, and deliveries.

use super::{Ledger, commit, write};
use crate::contracts::ok;
use crate::fixtures;
use model::{Baseline, Baselines, CommitSha, DeliveryId, ProjectId, RepositoryId, Target, UpTo};
use workflow::ports::ledger::{Committed, Moved, NewHead, Noted, PlannedHead, Write};
use workflow::sweep::{FailedDelivery, Gap, HookWatch};

fn head(project: &str, branch: &str, commit: u32, replaces: Option<u32>) -> Write {
    Write::Head {
        project: ProjectId::new(project),
        branch: branch.to_owned(),
        head: planned(commit, 0),
        replaces: replaces.map(|commit| planned(commit, 0)),
    }
}

fn planned(commit: u32, baselines: u64) -> PlannedHead {
    PlannedHead {
        commit: fixtures::commit(commit),
        baselines,
    }
}

/// First from nothing, then from the head that is there.
pub async fn a_head_moves_only_from_what_was_read<L: Ledger>(ledger: &L) {
    let project = fixtures::project();
    assert_eq!(ok(ledger.head(&project, "main").await), None);
    for (to, from, expected) in [
        (2, Some(1), Committed::Conflict),
        (1, None, Committed::Yes),
        (2, None, Committed::Conflict),
        (3, Some(2), Committed::Conflict),
        (2, Some(1), Committed::Yes),
    ] {
        let outcome = commit(ledger, vec![head("demo", "main", to, from)]).await;
        assert_eq!(outcome, expected, "{from:?} to {to}");
    }
    assert_eq!(ok(ledger.head(&project, "main").await), Some(planned(2, 0)));
    assert_eq!(ok(ledger.head(&project, "Main").await), None);
}

/// A head that was planned by other baselines is another plan, though it is the same commit.
pub async fn a_head_is_planned_by_its_baselines<L: Ledger>(ledger: &L) {
    let project = fixtures::project();
    let moves = |baselines: u64, replaces: Option<u64>| Write::Head {
        project: project.clone(),
        branch: "main".to_owned(),
        head: planned(1, baselines),
        replaces: replaces.map(|baselines| planned(1, baselines)),
    };
    for (to, from, expected) in [
        (0, None, Committed::Yes),
        (2, Some(1), Committed::Conflict),
        (2, Some(0), Committed::Yes),
        (2, Some(0), Committed::Conflict),
    ] {
        assert_eq!(
            commit(ledger, vec![moves(to, from)]).await,
            expected,
            "{from:?} to {to}"
        );
    }
    assert_eq!(ok(ledger.head(&project, "main").await), Some(planned(1, 2)));
}

/// Baselines follow their editions, and come back as they were written.
pub async fn baselines_follow_each_other<L: Ledger>(ledger: &L) {
    let project = fixtures::project();
    assert_eq!(ok(ledger.baselines(&project).await), None);
    let version = || fixtures::version("1.10");
    let baseline = |name: &str, up_to: UpTo| Baseline {
        target: Target::new("main", name),
        up_to,
        by: "arn:aws:iam::111122223333:user/ada".to_owned(),
        at: fixtures::time(5),
        edition: 1,
    };
    let mut baselines = Baselines {
        targets: vec![
            baseline("a", UpTo::Nothing),
            baseline("b", UpTo::Version(version())),
            baseline("c", UpTo::All(None)),
            baseline("d", UpTo::All(Some(version()))),
        ],
        edition: 1,
        ..Baselines::none(project.clone())
    };
    write(ledger, vec![Write::Baselines(baselines.clone())]).await;
    assert_eq!(ok(ledger.baselines(&project).await), Some(baselines.clone()));
    let again = commit(ledger, vec![Write::Baselines(baselines.clone())]).await;
    assert_eq!(again, Committed::Conflict);
    baselines.edition = 2;
    baselines.targets.truncate(1);
    write(ledger, vec![Write::Baselines(baselines.clone())]).await;
    assert_eq!(ok(ledger.baselines(&project).await), Some(baselines));
    assert_eq!(ok(ledger.baselines(&ProjectId::new("other")).await), None);
}

/// Whatever stands in a name, it never passes for another one.
pub async fn names_with_separators_stay_apart<L: Ledger>(ledger: &L) {
    let names = [
        ("a#b", "c"),
        ("a", "b#c"),
        ("a%23b", "c"),
        ("ä", "feature/ü"),
        ("a", ""),
    ];
    for (number, (project, branch)) in (1..).zip(names) {
        write(ledger, vec![head(project, branch, number, None)]).await;
    }
    for (number, (project, branch)) in (1..).zip(names) {
        let found = ok(ledger.head(&ProjectId::new(project), branch).await);
        assert_eq!(found, Some(planned(number, 0)), "{project} {branch}");
    }
    let (mut one, mut other) = (fixtures::push(1), fixtures::push(1));
    (one.project, one.commit) = (ProjectId::new("a#b"), CommitSha::new("c"));
    (other.project, other.commit) = (ProjectId::new("a"), CommitSha::new("b#c"));
    write(ledger, vec![Write::Push(one), Write::Push(other)]).await;
}

/// Of branches that were planned and others, more than fit a batch, one of them asked for twice.
pub async fn heads_come_in_the_order_asked<L: Ledger>(ledger: &L) {
    let project = fixtures::project();
    for (number, branch) in [(1, "b-100"), (2, "b-7")] {
        write(ledger, vec![head(project.as_str(), branch, number, None)]).await;
    }
    write(ledger, vec![head("another", "b-8", 3, None)]).await;
    let mut branches: Vec<String> = (0..150).map(|number| format!("b-{number}")).collect();
    branches.push("b-7".to_owned());
    let heads = ok(ledger.heads(&project, &branches).await);
    assert_eq!(heads.len(), branches.len());
    for (branch, found) in branches.iter().zip(heads) {
        let expected = match branch.as_str() {
            "b-100" => Some(planned(1, 0)),
            "b-7" => Some(planned(2, 0)),
            _ => None,
        };
        assert_eq!(found, expected, "{branch}");
    }
    assert_eq!(ok(ledger.heads(&project, &[]).await), []);
}

/// In place of what was there.
pub async fn what_the_sweeper_saw_is_kept<L: Ledger>(ledger: &L) {
    assert_eq!(ok(ledger.hook_watch().await), None);
    let bare = HookWatch {
        asked_at: fixtures::time(0),
        listed: false,
        seen: fixtures::time(1),
        gap: None,
        failed: Vec::new(),
    };
    let full = HookWatch {
        gap: Some(Gap {
            older: Some("v1_7".to_owned()),
            down_to: fixtures::time(2),
        }),
        failed: (0..1_000)
            .map(|id| FailedDelivery {
                guid: DeliveryId::new(format!("72d3162e-cc78-11e3-81ab-{id:012}")),
                id: u64::MAX - id,
                at: fixtures::time(3),
                attempts: 2,
                due_at: fixtures::time(4),
            })
            .collect(),
        ..bare.clone()
    };
    for watch in [bare, full] {
        ok(ledger.keep_hook_watch(&watch).await);
        assert_eq!(ok(ledger.hook_watch().await), Some(watch));
    }
}

/// The first note is the first, every other a duplicate.
pub async fn deliveries_are_noted_once<L: Ledger>(ledger: &L) {
    let expires = fixtures::time(30 * 24 * 60 * 60);
    assert!(!ok(ledger.is_noted("one").await));
    assert_eq!(ok(ledger.note("one", expires).await), Noted::First);
    assert!(ok(ledger.is_noted("one").await));
    assert_eq!(ok(ledger.note("one", expires).await), Noted::Duplicate);
    assert_eq!(ok(ledger.note("two", expires).await), Noted::First);
    assert!(!ok(ledger.is_noted("three").await));
}

/// Who moved a ref to a head is kept by repository, ref and head; the newest word counts.
pub async fn who_moved_a_ref_is_kept<L: Ledger>(ledger: &L) {
    let expires = fixtures::time(30 * 24 * 60 * 60);
    let head = NewHead {
        repository: RepositoryId(1),
        git_ref: "refs/heads/main".to_owned(),
        after: fixtures::commit(2),
    };
    assert_eq!(ok(ledger.moved(&head).await), None);
    for before in [1, 3] {
        let moved = Moved {
            before: fixtures::commit(before),
            sender: fixtures::pusher(),
        };
        ok(ledger.keep_moved(&head, &moved, expires).await);
        assert_eq!(ok(ledger.moved(&head).await), Some(moved));
    }
    for other in [
        NewHead {
            repository: RepositoryId(2),
            ..head.clone()
        },
        NewHead {
            git_ref: "refs/heads/other".to_owned(),
            ..head.clone()
        },
        NewHead {
            after: fixtures::commit(1),
            ..head.clone()
        },
    ] {
        assert_eq!(ok(ledger.moved(&other).await), None);
    }
}
