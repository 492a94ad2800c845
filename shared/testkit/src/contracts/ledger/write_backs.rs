//! How far the latest schemas are on their way into the repository.

use super::{Ledger, commit, write};
use crate::contracts::ok;
use crate::fixtures;
use model::write_back::{Attempt, Newest, Proposal, Written};
use model::{EnvironmentId, TaskKey, WriteBack, WriteBackBranch, WriteBackState};
use workflow::ports::ledger::{Committed, Write};

fn key(version: &str) -> TaskKey {
    TaskKey {
        target: fixtures::target("db_demo"),
        version: fixtures::version(version).key().clone(),
    }
}

fn written() -> Written {
    Written {
        target: fixtures::target("db_demo"),
        environment: EnvironmentId::new("test"),
        version: fixtures::version("1.0"),
        path: "bytebase/test/.db_demo##LATEST.sql".to_owned(),
        finished_at: fixtures::time(1),
    }
}

/// One for each revision; the last one written counts, and other versions and targets have their own.
pub async fn every_state_of_a_write_back_is_read_back<L: Ledger>(ledger: &L) {
    assert_eq!(ok(ledger.write_backs(&[key("1")]).await), []);
    let states = [
        WriteBackState::Pending,
        WriteBackState::Written {
            commit: fixtures::commit(3),
        },
        WriteBackState::Proposed {
            number: u64::MAX,
            url: "https://github.com/octo/demo/pull/1".to_owned(),
        },
        WriteBackState::Unchanged,
        WriteBackState::Superseded,
        WriteBackState::Off,
        WriteBackState::Parked {
            reason: "the branch is gone".to_owned(),
        },
    ];
    let of = |version: &str, state: &WriteBackState| WriteBack {
        key: key(version),
        state: state.clone(),
        at: fixtures::time(1),
    };
    for state in &states {
        let both = [of("1", state), of("2", &WriteBackState::Pending)];
        write(ledger, both.iter().cloned().map(Write::WriteBack).collect()).await;
        let asked = [key("2"), key("3"), key("1.0"), key("1")];
        let found = ok(ledger.write_backs(&asked).await);
        let [first, second] = both;
        assert_eq!(found, [second, first]);
    }
    assert_eq!(
        ok(ledger.revision(&key("1")).await),
        None,
        "no revision comes of it"
    );
}

/// Who writes names the edition that was read; another branch or project is another one.
pub async fn the_write_back_of_a_branch_has_one_writer<L: Ledger>(ledger: &L) {
    let mut branch = WriteBackBranch::new(fixtures::project(), "release/1");
    branch.edition = 1;
    let find = || ledger.write_back_branch(&branch.project, &branch.branch);
    assert_eq!(ok(find().await), None);
    write(ledger, vec![Write::WriteBackBranch(branch.clone())]).await;
    assert_eq!(ok(find().await), Some(branch.clone()));
    let again = commit(ledger, vec![Write::WriteBackBranch(branch.clone())]).await;
    assert_eq!(again, Committed::Conflict);
    let full = WriteBackBranch {
        attempt: Some(Attempt {
            commit: fixtures::commit(4),
            onto: "release/1".to_owned(),
            seen: Some(fixtures::commit(3)),
            files: vec![written()],
        }),
        proposal: Some(Proposal {
            number: 7,
            url: "https://github.com/octo/demo/pull/7".to_owned(),
            files: vec![written(), written()],
        }),
        refused_at: Some(fixtures::time(3)),
        newest: vec![Newest {
            target: fixtures::target("db_demo"),
            version: fixtures::version("1.0"),
            finished_at: fixtures::time(1),
        }],
        edition: 2,
        ..branch.clone()
    };
    write(ledger, vec![Write::WriteBackBranch(full.clone())]).await;
    assert_eq!(ok(find().await), Some(full.clone()));
    assert_eq!(
        commit(ledger, vec![Write::WriteBackBranch(full)]).await,
        Committed::Conflict
    );
    let other = ledger.write_back_branch(&branch.project, "release").await;
    assert_eq!(ok(other), None);
}
