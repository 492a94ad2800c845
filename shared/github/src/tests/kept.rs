//! What is asked again is asked for free, or not at all.

use super::script::{Scripted, no, reply, repository, scripted, scripted_with, token, wait};
use crate::Access;
use model::{BlobSha, CommitSha};
use serde_json::{Value, json};
use workflow::ports::github::{AppDeliveries as _, Repositories as _};

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

fn main_at(sha: &str) -> Value {
    json!({"ref": "refs/heads/main", "object": {"sha": sha, "type": "commit"}})
}

/// What each request but those for tokens had as `If-None-Match`.
fn tags(scripted: &Scripted) -> Vec<Option<String>> {
    let asked = scripted
        .seen()
        .into_iter()
        .filter(|seen| !seen.line.contains("/access_tokens"));
    asked
        .map(|seen| {
            seen.headers
                .iter()
                .find_map(|line| Some(line.strip_prefix("if-none-match: ")?.to_owned()))
        })
        .collect()
}

async fn head(scripted: &Scripted) -> Option<CommitSha> {
    scripted.github.head(&repository(), "main").await.unwrap()
}

#[tokio::test]
async fn what_did_not_change_is_answered_from_memory() {
    let scripted = scripted(vec![
        reply(200, main_at("a")).with("etag", "W/\"1\""),
        reply(304, Value::Null),
        reply(200, main_at("b")).with("etag", "W/\"2\""),
        reply(304, Value::Null),
        reply(404, json!({"message": "Not Found"})),
        reply(200, main_at("b")).with("etag", "W/\"2\""),
    ]);
    for expected in ["a", "a", "b", "b"] {
        assert_eq!(head(&scripted).await, Some(CommitSha::new(expected)));
    }
    assert_eq!(head(&scripted).await, None, "the branch is gone");
    assert_eq!(head(&scripted).await, Some(CommitSha::new("b")));
    let (one, two) = (Some("W/\"1\"".to_owned()), Some("W/\"2\"".to_owned()));
    assert_eq!(
        tags(&scripted),
        [None, one.clone(), one, two.clone(), two.clone(), two]
    );
}

#[tokio::test]
async fn an_answer_without_a_tag_is_asked_for_again() {
    let scripted = scripted(vec![reply(200, main_at("a")), reply(200, main_at("b"))]);
    head(&scripted).await;
    assert_eq!(head(&scripted).await, Some(CommitSha::new("b")));
    assert_eq!(tags(&scripted), [None, None]);
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_worth_another_try() {
    let scripted = scripted(vec![reply(304, Value::Null)]);
    wait(scripted.github.head(&repository(), "main").await);
}

#[tokio::test]
async fn limits_hold_although_something_is_known() {
    let scripted = scripted(vec![
        reply(200, main_at("a")).with("etag", "\"1\""),
        no(429, "Slow down").with("retry-after", "9"),
        no(503, "Unicorn"),
        reply(304, Value::Null),
    ]);
    head(&scripted).await;
    assert_eq!(wait(scripted.github.head(&repository(), "main").await), 9);
    wait(scripted.github.head(&repository(), "main").await);
    assert_eq!(head(&scripted).await, Some(CommitSha::new("a")));
}

#[tokio::test]
async fn a_new_token_asks_with_the_tag_that_is_known() {
    let tokens = vec![
        token("ghs_1", "sluice-demo/shop"),
        token("ghs_2", "sluice-demo/shop"),
    ];
    let answers = vec![
        reply(200, main_at("a")).with("etag", "\"1\""),
        no(401, "Bad credentials"),
        reply(304, Value::Null),
    ];
    let scripted = scripted_with(Access::Read, tokens, answers);
    head(&scripted).await;
    assert_eq!(head(&scripted).await, Some(CommitSha::new("a")));
}

#[tokio::test]
async fn what_is_named_by_its_hash_is_read_once() {
    let scripted = scripted(vec![
        reply(
            200,
            json!({"tree": [{"path": "a.sql", "mode": "100644", "type": "blob", "sha": SHA, "size": 1}]}),
        ),
        reply(200, json!({"content": "eA==", "encoding": "base64"})),
        reply(
            200,
            json!({"message": "One", "author": {"name": "Dana"}, "html_url": "https://h/c"}),
        ),
    ]);
    let (github, commit) = (&scripted.github, CommitSha::new(SHA));
    for _ in 0..3 {
        assert_eq!(github.tree(&repository(), &commit, "").await.unwrap().len(), 1);
        assert_eq!(
            github.blob(&repository(), &BlobSha::new(SHA)).await.unwrap(),
            b"x"
        );
        assert!(github.commit(&repository(), &commit).await.unwrap().is_some());
    }
    assert_eq!(scripted.asked().len(), 3);
}

#[tokio::test]
async fn what_is_not_there_yet_is_looked_for_again() {
    let scripted = scripted(vec![no(404, "Not Found"), reply(200, json!({"tree": []}))]);
    let commit = CommitSha::new(SHA);
    wait(scripted.github.tree(&repository(), &commit, "").await);
    assert_eq!(
        scripted.github.tree(&repository(), &commit, "").await.unwrap(),
        []
    );
}

#[tokio::test]
async fn branches_are_followed_page_by_page_and_for_free() {
    let reference = |name: &str| json!({"ref": format!("refs/heads/{name}"), "object": {"sha": "a"}});
    let next = "<https://api.github.com/repositories/7/git/matching-refs/heads/release?page=2>; rel=\"next\"";
    let first = json!([reference("release/2"), reference("release-x")]);
    let second = json!([reference("release/1")]);
    let scripted = scripted(vec![
        reply(200, first).with("link", next).with("etag", "\"1\""),
        reply(200, second).with("etag", "\"2\""),
        reply(304, Value::Null),
        reply(304, Value::Null),
    ]);
    for _ in 0..2 {
        let found = scripted.github.branches(&repository(), "release/").await.unwrap();
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["release/1", "release/2"]);
    }
    assert_eq!(
        scripted.asked()[..2],
        [
            "GET /git/matching-refs/heads/release",
            "GET /git/matching-refs/heads/release?page=2",
        ]
    );
    let tags = tags(&scripted);
    assert_eq!(tags[2..], [Some("\"1\"".to_owned()), Some("\"2\"".to_owned())]);
}

#[tokio::test]
async fn deliveries_that_did_not_change_are_free() {
    let scripted = scripted(vec![
        reply(200, json!([])).with("etag", "\"1\""),
        reply(304, Value::Null),
    ]);
    for _ in 0..2 {
        assert!(scripted.github.deliveries(None).await.unwrap().is_some());
    }
    assert_eq!(tags(&scripted), [None, Some("\"1\"".to_owned())]);
}
