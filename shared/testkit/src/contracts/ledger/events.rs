//! How far others were told of issues.

use super::{Ledger, commit, write};
use crate::contracts::ok;
use crate::fixtures;
use model::{Announced, Awaited, Digest, EnvironmentId, IssueNumber, IssueStatus};
use workflow::ports::ledger::{Committed, Write};

/// Each issue has its own; who read an older edition is told.
pub async fn what_others_were_told_has_one_writer<L: Ledger>(ledger: &L) {
    let (one, two) = (IssueNumber(1), IssueNumber(10));
    assert_eq!(ok(ledger.announced(one).await), None);
    let first = Announced {
        edition: 1,
        number: 3,
        ..Announced::nothing(one)
    };
    let environment = EnvironmentId::new("prod");
    let second = Announced {
        edition: 2,
        number: u64::from(u32::MAX),
        found: 2,
        status: IssueStatus::Done,
        waiting: vec![Awaited {
            digest: Digest::of_stage(
                &environment,
                "",
                &[&fixtures::task(1, &fixtures::target("db_demo"), "1")],
            ),
            environment,
            step: 1,
        }],
        ..first.clone()
    };
    write(ledger, vec![Write::Announced(first.clone())]).await;
    let again = commit(ledger, vec![Write::Announced(first)]).await;
    assert_eq!(again, Committed::Conflict);
    write(ledger, vec![Write::Announced(second.clone())]).await;
    assert_eq!(ok(ledger.announced(one).await), Some(second));
    assert_eq!(ok(ledger.announced(two).await), None);
}
