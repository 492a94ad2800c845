use super::script::{Reply, no, operator, reply, repository, scripted, scripted_with, token};
use crate::Access;
use model::CommitSha;
use serde_json::{Value, json};
use workflow::ports::commits::{Opened, Proposals as _, Proposed, PullRequest, PullRequestState};

fn pull_request(state: &str, merged_at: Option<&str>) -> Value {
    json!({
        "number": 12,
        "html_url": "https://github.com/sluice-demo/shop/pull/12",
        "state": state,
        "title": "Latest schema",
        "body": null,
        "merged_at": merged_at,
        "merge_commit_sha": "c9",
    })
}

fn proposed() -> Proposed {
    Proposed {
        from: "sluice/write-back/shop/main".into(),
        into: "main".into(),
        title: "Latest schema".into(),
        body: "Merging runs nothing.".into(),
    }
}

#[tokio::test]
async fn a_pull_request_is_looked_for_under_the_owner_of_today() {
    let tokens = vec![token("ghs_1", "renamed/shop")];
    let answers = vec![reply(
        200,
        json!([pull_request("closed", Some("2026-11-28T00:00:00Z"))]),
    )];
    let scripted = scripted_with(Access::Write, tokens, answers);
    let found = scripted
        .github
        .find_proposal(&repository(), "sluice/write-back/shop/main", "release/1")
        .await
        .unwrap();
    assert_eq!(
        found,
        Some(PullRequest {
            number: 12,
            url: "https://github.com/sluice-demo/shop/pull/12".into(),
            state: PullRequestState::Merged {
                commit: CommitSha::new("c9")
            },
            title: "Latest schema".into(),
            body: String::new(),
        })
    );
    assert_eq!(
        scripted.lines().pop().unwrap(),
        "GET /repos/renamed/shop/pulls?state=all&head=renamed%3Asluice%2Fwrite-back%2Fshop%2Fmain\
         &base=release%2F1&sort=created&direction=desc&per_page=1"
    );
}

#[tokio::test]
async fn a_pull_request_stands_where_github_says() {
    for (answer, expected) in [
        (pull_request("open", None), PullRequestState::Open),
        (pull_request("closed", None), PullRequestState::Closed),
    ] {
        let scripted = scripted(vec![reply(200, json!([answer]))]);
        let found = scripted
            .github
            .find_proposal(&repository(), "a", "b")
            .await
            .unwrap();
        assert_eq!(found.map(|found| found.state), Some(expected));
    }
}

#[tokio::test]
async fn opening_tells_what_is_there_already() {
    let failed = |message: &str| -> Reply {
        let body =
            json!({"message": "Validation Failed", "errors": [{"code": "custom", "message": message}]});
        reply(422, body)
    };
    let opened = scripted(vec![reply(201, pull_request("open", None))]);
    let answer = opened.github.propose(&repository(), &proposed()).await.unwrap();
    assert!(matches!(answer, Opened::Yes(made) if made.number == 12));
    assert_eq!(
        opened.seen().pop().unwrap().body,
        json!({
            "title": "Latest schema",
            "body": "Merging runs nothing.",
            "head": "sluice/write-back/shop/main",
            "base": "main",
        })
    );
    for (answer, expected) in [
        (
            failed("A pull request already exists for sluice-demo:x."),
            Opened::Already,
        ),
        (failed("No commits between main and x"), Opened::Nothing),
    ] {
        let scripted = scripted(vec![answer]);
        let answer = scripted.github.propose(&repository(), &proposed()).await;
        assert_eq!(answer.unwrap(), expected);
    }
    for answer in [
        failed("base is invalid"),
        no(403, "Resource not accessible by integration"),
    ] {
        let scripted = scripted(vec![answer]);
        operator(scripted.github.propose(&repository(), &proposed()).await);
    }
}

#[tokio::test]
async fn rewording_changes_the_text_alone() {
    let scripted = scripted(vec![reply(200, pull_request("open", None))]);
    scripted
        .github
        .reword(&repository(), 12, &proposed())
        .await
        .unwrap();
    assert_eq!(scripted.asked(), ["PATCH /pulls/12"]);
    assert_eq!(
        scripted.seen().pop().unwrap().body,
        json!({"title": "Latest schema", "body": "Merging runs nothing."})
    );
}
