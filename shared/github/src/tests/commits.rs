use super::script::{Reply, Scripted, hang_up, no, operator, reply, repository, scripted, wait};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::CommitSha;
use serde_json::json;
use workflow::ports::commits::{Commits as _, Content, Landed, NewCommit, NewFile};
use workflow::ports::github::OwnAccount as _;

const PATH: &str = "test/.db_demo##LATEST.sql";
const GET: &str = "GET /contents/test/.db_demo%23%23LATEST.sql?ref=c1";

fn sha(text: &str) -> CommitSha {
    CommitSha::new(text)
}

fn made(sha: &str) -> Reply {
    reply(201, json!({"sha": sha}))
}

async fn content(scripted: &Scripted) -> Content {
    let content = scripted.github.content(&repository(), &sha("c1"), PATH).await;
    content.unwrap()
}

#[tokio::test]
async fn a_commit_is_made_of_a_tree_on_top_of_its_base() {
    let base = reply(200, json!({"sha": "c1", "tree": {"sha": "t1"}}));
    let scripted = scripted(vec![base, made("t2"), made("c2")]);
    let commit = NewCommit {
        parents: vec![sha("c1"), sha("c0")],
        base: sha("c1"),
        files: vec![NewFile {
            path: PATH.into(),
            text: "größe".into(),
        }],
        message: "Latest schema".into(),
    };
    let made = scripted.github.make_commit(&repository(), &commit).await.unwrap();
    assert_eq!(made, sha("c2"));
    assert_eq!(
        scripted.asked(),
        ["GET /git/commits/c1", "POST /git/trees", "POST /git/commits"]
    );
    let bodies: Vec<_> = scripted
        .seen()
        .into_iter()
        .map(|seen| seen.body)
        .skip(2)
        .collect();
    assert_eq!(
        bodies,
        [
            json!({"base_tree": "t1", "tree": [
                {"path": PATH, "mode": "100644", "type": "blob", "content": "größe"},
            ]}),
            json!({"message": "Latest schema", "tree": "t2", "parents": ["c1", "c0"]}),
        ]
    );
}

#[tokio::test]
async fn nothing_is_made_of_a_path_that_is_none() {
    for path in ["../a.sql", "", "/a.sql", "a//b"] {
        let scripted = scripted(Vec::new());
        let commit = NewCommit {
            parents: vec![sha("c1")],
            base: sha("c1"),
            files: vec![NewFile {
                path: path.into(),
                text: String::new(),
            }],
            message: "x".into(),
        };
        let fault = scripted
            .github
            .make_commit(&repository(), &commit)
            .await
            .unwrap_err();
        assert_eq!(fault.class(), "fault.bug", "{path}");
        assert!(scripted.asked().is_empty());
    }
}

#[tokio::test]
async fn a_branch_is_moved_without_force() {
    let moved = scripted(vec![reply(200, json!({"ref": "refs/heads/release/1"}))]);
    let seen = sha("c1");
    let landed = moved
        .github
        .land(&repository(), "release/1", Some(&seen), &sha("c2"))
        .await;
    assert_eq!(landed.unwrap(), Landed::Yes);
    assert_eq!(moved.asked(), ["PATCH /git/refs/heads/release/1"]);
    let body = moved.seen().pop().unwrap().body;
    assert_eq!(body, json!({"sha": "c2", "force": false}));

    let new = scripted(vec![reply(201, json!({"ref": "refs/heads/a"}))]);
    let landed = new.github.land(&repository(), "a", None, &sha("c2")).await;
    assert_eq!(landed.unwrap(), Landed::Yes);
    assert_eq!(new.asked(), ["POST /git/refs"]);
    let body = new.seen().pop().unwrap().body;
    assert_eq!(body, json!({"ref": "refs/heads/a", "sha": "c2"}));
}

#[tokio::test]
async fn a_race_is_told_from_a_rule_and_from_a_missing_permission() {
    let rules = "Repository rule violations found\n\nChanges must be made through a pull request.\n\n";
    for (answer, expected) in [
        (no(422, "Update is not a fast forward"), Ok(Landed::Moved)),
        (no(422, "Reference does not exist"), Ok(Landed::Moved)),
        (no(422, "Reference already exists"), Ok(Landed::Moved)),
        (no(404, "Not Found"), Ok(Landed::Moved)),
        (no(409, "is at c5 but expected c4"), Ok(Landed::Moved)),
        (
            no(422, rules),
            Ok(Landed::Refused(
                "Repository rule violations found Changes must be made through a pull request.".into(),
            )),
        ),
        (
            no(422, "Required status check \"ci\" is expected."),
            Ok(Landed::Refused(
                "Required status check \"ci\" is expected.".into(),
            )),
        ),
        (
            no(409, "Cannot update this protected ref."),
            Ok(Landed::Refused("Cannot update this protected ref.".into())),
        ),
        (
            no(403, "Protected branch update failed"),
            Ok(Landed::Refused("Protected branch update failed".into())),
        ),
        (no(403, "Resource not accessible by integration"), Err(())),
        (no(422, "Object does not exist"), Ok(Landed::Unknown)),
        (no(422, "sha is malformed"), Err(())),
    ] {
        let scripted = scripted(vec![answer.clone()]);
        let seen = sha("c1");
        let landed = scripted
            .github
            .land(&repository(), "main", Some(&seen), &sha("c2"))
            .await;
        match expected {
            Ok(expected) => assert_eq!(landed.unwrap(), expected, "{answer:?}"),
            Err(()) => assert!(!operator(landed).is_empty(), "{answer:?}"),
        }
        assert_eq!(scripted.asked(), ["PATCH /git/refs/heads/main"], "asked once");
    }
}

#[tokio::test]
async fn what_is_lost_is_never_sent_twice_blindly() {
    for lost in [hang_up(), no(502, "Bad Gateway"), no(429, "slow down")] {
        let scripted = scripted(vec![lost]);
        let seen = sha("c1");
        wait(
            scripted
                .github
                .land(&repository(), "main", Some(&seen), &sha("c2"))
                .await,
        );
        assert_eq!(scripted.asked(), ["PATCH /git/refs/heads/main"]);
    }
}

#[tokio::test]
async fn history_is_asked_of_the_comparison() {
    for (answer, expected) in [
        (reply(200, json!({"status": "ahead"})), true),
        (reply(200, json!({"status": "identical"})), true),
        (reply(200, json!({"status": "behind"})), false),
        (reply(200, json!({"status": "diverged"})), false),
        (no(404, "No common ancestor"), false),
    ] {
        let scripted = scripted(vec![answer]);
        let leads = scripted
            .github
            .leads_to(&repository(), &sha("c1"), &sha("c2"))
            .await;
        assert_eq!(leads.unwrap(), expected);
        assert_eq!(scripted.asked(), ["GET /compare/c1...c2?per_page=1"]);
    }
    let same = scripted(Vec::new());
    assert!(
        same.github
            .leads_to(&repository(), &sha("c1"), &sha("c1"))
            .await
            .unwrap()
    );
    assert!(same.asked().is_empty());
}

#[tokio::test]
async fn a_large_file_is_read_as_a_blob() {
    let large = reply(
        200,
        json!({"type": "file", "sha": "b1", "encoding": "none", "content": ""}),
    );
    let blob = reply(
        200,
        json!({"encoding": "base64", "content": STANDARD.encode("new")}),
    );
    let scripted = scripted(vec![large, blob]);
    assert_eq!(content(&scripted).await, Content::File(b"new".to_vec()));
    assert_eq!(scripted.asked(), [GET, "GET /git/blobs/b1"]);
}

#[tokio::test]
async fn what_is_no_file_is_not_written_over() {
    let link = || reply(200, json!({"type": "symlink", "sha": "b1"}));
    for there in [reply(200, json!([{"type": "file", "sha": "b1"}])), link()] {
        let scripted = scripted(vec![there]);
        assert_eq!(content(&scripted).await, Content::Other);
        assert_eq!(scripted.asked(), [GET]);
    }
    let below_a_link = scripted(vec![no(404, "Not Found"), link()]);
    assert_eq!(content(&below_a_link).await, Content::Other);
    assert_eq!(below_a_link.asked(), [GET, "GET /contents/test?ref=c1"]);
    let nothing = scripted(vec![no(404, "Not Found"), no(404, "Not Found")]);
    assert_eq!(content(&nothing).await, Content::Nothing);
}

#[tokio::test]
async fn who_we_are_is_asked_once() {
    let scripted = scripted(vec![reply(200, json!({"slug": "sluice-acme"}))]);
    for _ in 0..2 {
        assert_eq!(scripted.github.own_login().await.unwrap(), "sluice-acme[bot]");
    }
    assert_eq!(scripted.asked(), ["GET /app"]);
}
