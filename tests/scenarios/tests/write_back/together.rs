//! Many at once, and many in one commit.

use crate::desk::{BRANCH, Desk, schema};
use model::{Fault, WriteBackState};

/// Races with people who push, and GitHub failing here and there, among twenty reporters.
#[tokio::test]
async fn twenty_reporters_make_one_commit_of_each_version() {
    for (races, faults) in [(0, 0), (1, 0), (7, 0), (40, 0), (0, 5), (13, 30)] {
        let desk = Desk::new().await;
        desk.apply(1, &[("a", "1"), ("a", "2")]).await;
        desk.apply(2, &[("a", "3")]).await;
        desk.github().race_next(races);
        for _ in 0..faults {
            desk.github().fail_next(Fault::retry("asking GitHub", "502"));
        }
        let told = desk.tell(20).await.unwrap();
        assert_eq!(told.len(), 20, "{races} races, {faults} faults");
        desk.settle().await;
        let case = format!("{races} races, {faults} faults");
        assert_eq!(desk.written(BRANCH), ["a 1", "a 2", "a 3"], "{case}");
        assert_eq!(desk.text("a"), Some(schema("a", "3")), "{case}");
        for version in ["1", "2", "3"] {
            let state = desk.state("a", version).await;
            assert!(
                matches!(state, WriteBackState::Written { .. }),
                "{case}: {state:?}"
            );
        }
        // Nothing is written because something was written.
        let before = desk.github().calls().len();
        desk.tell(20).await;
        assert_eq!(desk.github().calls().len(), before);
    }
}

#[tokio::test]
async fn twenty_reporters_open_one_pull_request() {
    let desk = Desk::new().await;
    desk.github().protect(&crate::desk::repository(), BRANCH);
    desk.apply(1, &[("a", "1"), ("b", "1"), ("a", "2")]).await;
    desk.github().race_next(3);
    desk.tell(20).await.unwrap();
    desk.settle().await;
    assert_eq!(desk.github().pull_requests(&crate::desk::repository()).len(), 1);
    assert_eq!(desk.written("sluice/write-back/demo/main"), ["a 1, b 1", "a 2"]);
    assert_eq!(desk.written(BRANCH), Vec::<String>::new());
}

#[tokio::test]
async fn several_databases_of_one_push_are_one_commit() {
    let desk = Desk::new().await;
    desk.apply(1, &[("a", "1"), ("b", "1"), ("c", "1"), ("a", "2"), ("b", "2")])
        .await;
    desk.apply(2, &[("c", "2")]).await;
    desk.settle().await;
    assert_eq!(desk.written(BRANCH), ["a 1, b 1, c 1", "a 2, b 2", "c 2"]);
    for (database, version) in [("a", "2"), ("b", "2"), ("c", "2")] {
        assert_eq!(desk.text(database), Some(schema(database, version)));
    }
}
