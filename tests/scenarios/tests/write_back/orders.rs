//! Late, doubled and overruled.

use crate::desk::{BRANCH, Desk, key, path, repository, schema};
use jiff::SignedDuration;
use model::{Errand, WriteBackState};
use scenarios::{Afterwards, Blow, Mishap};
use workflow::ports::ledger::{Commit, OutboxLedger, Write};

async fn written(desk: &Desk, version: &str) -> bool {
    matches!(desk.state("a", version).await, WriteBackState::Written { .. })
}

/// The errand of the newer version comes first, and brings the older one with it.
#[tokio::test]
async fn a_late_reporter_keeps_the_order() {
    let desk = Desk::new().await;
    desk.apply(1, &[("a", "1")]).await;
    desk.apply(2, &[("a", "2")]).await;
    let late = desk.outbox().await.remove(0);
    let put_off = model::OutboxItem {
        due_at: late.due_at + SignedDuration::from_hours(5),
        ..late
    };
    desk.ledger.inner().postpone_outbox(&put_off).await.unwrap();
    desk.tell(1).await;
    assert_eq!(desk.written(BRANCH), ["a 1", "a 2"]);
    desk.settle().await;
    assert_eq!(desk.written(BRANCH), ["a 1", "a 2"]);
}

/// What lies too far back to be found is not written over what is newer.
#[tokio::test]
async fn an_older_version_that_comes_late_never_overwrites_a_newer_one() {
    let desk = Desk::new().await;
    let versions: Vec<String> = (1..=30).map(|version| version.to_string()).collect();
    for version in &versions {
        desk.apply(1, &[("a", version)]).await;
    }
    let outbox = desk.outbox().await;
    for item in &outbox {
        if item.errand != (Errand::WriteBack { task: key("a", "30") }) {
            desk.ledger.inner().settle_outbox(&item.id).await.unwrap();
        }
    }
    desk.settle().await;
    assert!(written(&desk, "30").await);
    let before = desk.written(BRANCH);
    assert_eq!(before.len(), 20);
    let again = Write::Outbox(desk.errand(key("a", "1")));
    let _ = desk.ledger.inner().commit(vec![again]).await.unwrap();
    desk.settle().await;
    assert_eq!(desk.state("a", "1").await, WriteBackState::Superseded);
    assert_eq!(desk.written(BRANCH), before);
    assert_eq!(desk.text("a"), Some(schema("a", "30")));
}

#[tokio::test]
async fn a_version_that_fills_a_gap_is_the_newest() {
    let desk = Desk::new().await;
    desk.apply(1, &[("a", "1"), ("a", "3")]).await;
    desk.settle().await;
    desk.apply(2, &[("a", "2")]).await;
    desk.settle().await;
    assert_eq!(desk.written(BRANCH), ["a 1", "a 3", "a 2"]);
    assert_eq!(desk.text("a"), Some(schema("a", "2")));
}

#[tokio::test]
async fn what_the_branch_has_already_is_not_committed() {
    let desk = Desk::new().await;
    let head = desk.push(&path("a"), &schema("a", "1"));
    desk.apply(1, &[("a", "1")]).await;
    desk.settle().await;
    assert_eq!(desk.state("a", "1").await, WriteBackState::Unchanged);
    assert_eq!(desk.github().head_of(&repository(), BRANCH), Some(head));
}

/// The branch moved to our commit, but nobody heard of it; then somebody edited the file by hand. The edit stays until
/// the next version.
#[tokio::test]
async fn an_edit_by_hand_is_not_undone_by_what_was_written_before_it() {
    let desk = Desk::new().await;
    desk.apply(1, &[("a", "1")]).await;
    let blow = Blow {
        nth: 1,
        of: Some("Commits::land"),
        mishap: Mishap::ReplyLost,
        afterwards: Afterwards::Dead,
    };
    desk.tell_under(blow, 1).await;
    assert_eq!(desk.text("a"), Some(schema("a", "1")));
    assert_eq!(desk.state("a", "1").await, WriteBackState::Pending);
    desk.push(&path("a"), "by hand");
    desk.settle().await;
    assert!(written(&desk, "1").await);
    assert_eq!(desk.text("a").as_deref(), Some("by hand"));
    desk.apply(2, &[("a", "2")]).await;
    desk.settle().await;
    assert_eq!(desk.written(BRANCH), ["a 1", "a 2"]);
    assert_eq!(desk.text("a"), Some(schema("a", "2")));
}

/// The note of a commit was written, but the branch never moved: it went another way meanwhile.
#[tokio::test]
async fn a_commit_that_can_not_land_any_more_is_made_anew() {
    let desk = Desk::new().await;
    desk.apply(1, &[("a", "1")]).await;
    let blow = Blow {
        nth: 1,
        of: Some("Commits::land"),
        mishap: Mishap::RequestLost,
        afterwards: Afterwards::Dead,
    };
    desk.tell_under(blow, 1).await;
    assert_eq!(desk.text("a"), None);
    desk.push("README.md", "# other");
    desk.settle().await;
    assert_eq!(desk.written(BRANCH), ["a 1"]);
    assert_eq!(
        desk.github()
            .text_of(&repository(), BRANCH, "README.md")
            .as_deref(),
        Some("# other")
    );
}

#[tokio::test]
async fn what_can_never_be_written_is_parked_and_said() {
    let desk = Desk::new().await;
    desk.push(&format!("{}/x.sql", path("a")), "a directory");
    desk.apply(1, &[("a", "1"), ("b", "1")]).await;
    desk.settle().await;
    let WriteBackState::Parked { reason } = desk.state("a", "1").await else {
        panic!("a directory must not be written over");
    };
    assert!(reason.contains("is a directory"), "{reason}");
    assert_eq!(desk.written(BRANCH), ["b 1"], "the others are written");

    let gone = Desk::new().await;
    gone.apply(1, &[("a", "1")]).await;
    gone.github().delete_branch(&repository(), BRANCH);
    gone.settle().await;
    let WriteBackState::Parked { reason } = gone.state("a", "1").await else {
        panic!("nothing can be written to a branch that is gone");
    };
    assert_eq!(reason, "the branch `main` is gone");
}

#[tokio::test]
async fn where_settings_want_none_nothing_is_written() {
    for off in ["write_back = \"off\"", "schema_path_template = \"\""] {
        let desk = Desk::new().await;
        desk.put_settings(off).await;
        desk.apply(1, &[("a", "1")]).await;
        desk.settle().await;
        assert_eq!(desk.state("a", "1").await, WriteBackState::Off, "{off}");
        assert_eq!(desk.written(BRANCH), Vec::<String>::new());
    }
}
