//! A reporter dies at every call, or hears nothing of it; others come after it.

use crate::desk::{BRANCH, Desk, repository, schema};
use scenarios::{Afterwards, Blow, Mishap};

const OURS: &str = "sluice/write-back/demo/main";

async fn begin(protected: bool) -> Desk {
    let desk = Desk::new().await;
    if protected {
        desk.github().protect(&repository(), BRANCH);
    }
    desk.apply(1, &[("a", "1"), ("b", "1"), ("a", "2")]).await;
    desk
}

async fn every_call(protected: bool) {
    let whole = begin(protected).await;
    whole.fate.heal();
    whole.settle().await;
    let calls = whole.fate.calls();
    for mishap in [Mishap::RequestLost, Mishap::ReplyLost] {
        for afterwards in [Afterwards::Dead, Afterwards::Well] {
            for (nth, call) in (1..).zip(&calls) {
                let desk = begin(protected).await;
                let blow = Blow {
                    nth,
                    of: None,
                    mishap,
                    afterwards,
                };
                desk.tell_under(blow, 1).await;
                desk.settle().await;
                let case = format!("{mishap:?}, {afterwards:?} at call {nth}, {call}");
                let branch = if protected { OURS } else { BRANCH };
                assert_eq!(desk.written(branch), ["a 1, b 1", "a 2"], "{case}");
                let path = crate::desk::path("a");
                let text = desk.github().text_of(&repository(), branch, &path);
                assert_eq!(text, Some(schema("a", "2")), "{case}");
                let open = desk.github().pull_requests(&repository()).len();
                assert_eq!(open, usize::from(protected), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn a_reporter_that_dies_at_any_call_leaves_one_commit_of_each_version() {
    every_call(false).await;
}

#[tokio::test]
async fn a_reporter_that_dies_at_any_call_leaves_one_pull_request() {
    every_call(true).await;
}
