//! GitHub is away.

use crate::desk::{BRANCH, Desk, schema};
use jiff::SignedDuration;
use model::{TaskStatus, WriteBackState};
use workflow::ports::clock::Clock;

async fn all_done(desk: &Desk) {
    for view in desk.views().await {
        assert_eq!(view.status, TaskStatus::Done, "{:?}", view.task.key());
    }
}

#[tokio::test]
async fn github_fails_for_an_hour_and_the_file_arrives_afterwards() {
    let desk = Desk::new().await;
    desk.github().go_down();
    desk.apply(1, &[("a", "1"), ("b", "1"), ("a", "2")]).await;
    for _ in 0..60 {
        desk.tell(1).await;
        desk.clock.time.advance(SignedDuration::from_mins(1));
        all_done(&desk).await;
        assert_eq!(desk.state("a", "1").await, WriteBackState::Pending);
    }
    let asked = desk.github().calls().len();
    assert!(asked < 60, "{asked} calls to a GitHub that is down");
    desk.github().come_back();
    desk.settle().await;
    all_done(&desk).await;
    assert_eq!(desk.written(BRANCH), ["a 1, b 1", "a 2"]);
    assert_eq!(desk.text("a"), Some(schema("a", "2")));
}

#[tokio::test]
async fn after_two_days_it_is_parked_and_the_next_change_brings_it_along() {
    let desk = Desk::new().await;
    desk.github().go_down();
    desk.apply(1, &[("a", "1")]).await;
    let began = desk.clock.now();
    desk.settle().await;
    let took = desk.clock.now().duration_since(began);
    assert!(took > SignedDuration::from_hours(40), "{took:?}");
    let WriteBackState::Parked { reason } = desk.state("a", "1").await else {
        panic!("after two days nobody waits any more");
    };
    assert!(reason.contains("the next change tries again"), "{reason}");
    all_done(&desk).await;
    desk.github().come_back();
    desk.settle().await;
    assert_eq!(desk.written(BRANCH), Vec::<String>::new());
    desk.apply(2, &[("a", "2")]).await;
    desk.settle().await;
    assert_eq!(desk.written(BRANCH), ["a 1", "a 2"]);
}
