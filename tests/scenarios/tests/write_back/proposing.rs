//! Pull requests: where the branch refuses, or settings say so.

use crate::desk::{BRANCH, Desk, repository, schema};
use model::WriteBackState;
use workflow::ports::commits::{PullRequest, PullRequestState};

const OURS: &str = "sluice/write-back/demo/main";

fn only(desk: &Desk) -> PullRequest {
    match <[PullRequest; 1]>::try_from(desk.github().pull_requests(&repository())) {
        Ok([one]) => one,
        Err(all) => panic!("{all:#?}"),
    }
}

async fn proposed(desk: &Desk, version: &str) -> u64 {
    let state = desk.state("a", version).await;
    let WriteBackState::Proposed { number, .. } = state else {
        panic!("{version}: {state:?}");
    };
    number
}

#[tokio::test]
async fn a_protected_branch_gets_a_pull_request_that_later_versions_join() {
    let desk = Desk::new().await;
    desk.github().protect(&repository(), BRANCH);
    desk.apply(1, &[("a", "1")]).await;
    desk.settle().await;
    let first = only(&desk);
    assert_eq!(first.title, "Latest schema of a in test");
    assert_eq!(proposed(&desk, "1").await, first.number);
    assert_eq!(desk.text("a"), None);

    desk.apply(2, &[("a", "2"), ("b", "1")]).await;
    desk.settle().await;
    let second = only(&desk);
    assert_eq!(second.number, first.number);
    assert_eq!(second.title, "Latest schemas of 2 databases");
    assert!(
        second.body.contains("| `2` |")
            && !second
                .body
                .contains(".a##LATEST.sql` | test, `demo-test/a` | `1` |")
    );
    assert_eq!(desk.written(OURS), ["a 1", "a 2, b 1"]);

    // Merged; the next errand sees it, and the branch, which takes commits by now, gets the next version itself.
    let merged = desk.github().merge(&repository(), first.number).unwrap();
    desk.github().unprotect(&repository(), BRANCH);
    desk.clock.time.advance(jiff::SignedDuration::from_hours(1));
    desk.apply(3, &[("a", "3")]).await;
    desk.settle().await;
    for version in ["1", "2"] {
        let written = WriteBackState::Written {
            commit: merged.clone(),
        };
        assert_eq!(desk.state("a", version).await, written);
    }
    assert!(matches!(
        desk.state("a", "3").await,
        WriteBackState::Written { .. }
    ));
    assert_eq!(desk.text("a"), Some(schema("a", "3")));
    assert_eq!(only(&desk).state, PullRequestState::Merged { commit: merged });
}

#[tokio::test]
async fn after_a_merge_the_next_version_of_a_protected_branch_gets_the_next_pull_request() {
    let desk = Desk::new().await;
    desk.github().protect(&repository(), BRANCH);
    desk.apply(1, &[("a", "1")]).await;
    desk.settle().await;
    let first = only(&desk).number;
    desk.github().merge(&repository(), first).unwrap();
    desk.push("README.md", "# other");
    desk.apply(2, &[("a", "2")]).await;
    desk.settle().await;
    let all = desk.github().pull_requests(&repository());
    assert_eq!(all.len(), 2);
    assert_eq!(proposed(&desk, "2").await, all[1].number);
    desk.github().merge(&repository(), all[1].number).unwrap();
    assert_eq!(desk.text("a"), Some(schema("a", "2")));
    assert_eq!(
        desk.github()
            .text_of(&repository(), BRANCH, "README.md")
            .as_deref(),
        Some("# other"),
        "nothing of theirs is undone"
    );
    assert_eq!(desk.written(BRANCH), ["a 1", "a 2"]);
}

#[tokio::test]
async fn a_pull_request_that_somebody_closed_is_made_again_with_the_next_change() {
    let desk = Desk::new().await;
    desk.put_settings("write_back = \"pull_request\"").await;
    desk.apply(1, &[("a", "1")]).await;
    desk.settle().await;
    let first = only(&desk).number;
    desk.github().close(&repository(), first);
    desk.github().delete_branch(&repository(), OURS);
    desk.apply(2, &[("a", "2")]).await;
    desk.settle().await;
    let second = desk.github().pull_requests(&repository()).pop().unwrap();
    assert_ne!(second.number, first);
    assert_eq!(proposed(&desk, "2").await, second.number);
    assert_eq!(
        desk.github()
            .text_of(&repository(), OURS, &crate::desk::path("a")),
        Some(schema("a", "2"))
    );
}

#[tokio::test]
async fn our_own_branch_is_asked_for_where_it_is_refused_as_well() {
    let desk = Desk::new().await;
    desk.github().protect(&repository(), BRANCH);
    desk.github().protect(&repository(), OURS);
    desk.apply(1, &[("a", "1")]).await;
    desk.settle().await;
    let WriteBackState::Parked { reason } = desk.state("a", "1").await else {
        panic!("nothing can be written");
    };
    assert!(reason.contains("sluice/write-back/"), "{reason}");
}
