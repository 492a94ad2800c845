use super::script::{no, operator, reply, repository, scripted, wait};
use model::{BlobSha, CommitSha};
use serde_json::{Value, json};
use workflow::ports::github::Repositories as _;

fn file(path: &str) -> Value {
    json!({"path": path, "mode": "100644", "type": "blob", "sha": format!("b-{path}"), "size": 1})
}

fn directory(path: &str) -> Value {
    json!({"path": path, "mode": "040000", "type": "tree", "sha": format!("t-{path}")})
}

fn listing(truncated: bool, entries: &[Value]) -> Value {
    json!({"sha": "t", "tree": entries, "truncated": truncated})
}

#[tokio::test]
async fn what_github_cuts_off_is_listed_directory_by_directory() {
    let scripted = scripted(vec![
        reply(200, listing(false, &[directory("db"), file("db.sql")])),
        reply(200, listing(true, &[file("a.sql")])),
        reply(
            200,
            listing(false, &[file("a.sql"), directory("x"), directory("y")]),
        ),
        reply(200, listing(true, &[])),
        reply(200, listing(false, &[file("d.sql")])),
        reply(
            200,
            listing(false, &[file("b.sql"), directory("deep"), file("deep/c.sql")]),
        ),
    ]);
    let tree = scripted
        .github
        .tree(&repository(), &CommitSha::new("c1"), "/db/")
        .await
        .unwrap();
    let paths: Vec<_> = tree.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["db/a.sql", "db/x/b.sql", "db/x/deep/c.sql", "db/y/d.sql"]);
    assert_eq!(
        scripted.asked(),
        [
            "GET /git/trees/c1",
            "GET /git/trees/t-db?recursive=1",
            "GET /git/trees/t-db",
            "GET /git/trees/t-y?recursive=1",
            "GET /git/trees/t-y",
            "GET /git/trees/t-x?recursive=1",
        ]
    );
}

#[tokio::test]
async fn a_directory_that_is_too_large_is_the_operators() {
    let scripted = scripted(vec![
        reply(200, listing(true, &[])),
        reply(200, listing(true, &[])),
    ]);
    let text = operator(
        scripted
            .github
            .tree(&repository(), &CommitSha::new("c1"), "")
            .await,
    );
    assert!(text.contains("narrower base directory"), "{text}");
}

#[tokio::test]
async fn links_and_submodules_are_listed_with_their_modes() {
    let scripted = scripted(vec![reply(
        200,
        listing(
            false,
            &[
                json!({"path": "link.sql", "mode": "120000", "type": "blob", "sha": "1", "size": 5}),
                json!({"path": "sub", "mode": "160000", "type": "commit", "sha": "2"}),
            ],
        ),
    )]);
    let tree = scripted
        .github
        .tree(&repository(), &CommitSha::new("c1"), "")
        .await
        .unwrap();
    let modes: Vec<_> = tree
        .iter()
        .map(|entry| (entry.mode.as_str(), entry.size))
        .collect();
    assert_eq!(modes, [("120000", Some(5)), ("160000", None)]);
}

#[tokio::test]
async fn a_commit_or_blob_that_is_not_there_yet_is_worth_another_try() {
    wait(
        scripted(vec![no(404, "Not Found")])
            .github
            .tree(&repository(), &CommitSha::new("c1"), "")
            .await,
    );
    wait(
        scripted(vec![no(404, "Not Found")])
            .github
            .blob(&repository(), &BlobSha::new("b1"))
            .await,
    );
}

#[tokio::test]
async fn a_blob_may_come_in_broken_lines_or_as_text() {
    for (encoding, content) in [("base64", "U0VM\nRUNU\nIDE7\n"), ("utf-8", "SELECT 1;")] {
        let scripted = scripted(vec![reply(
            200,
            json!({"content": content, "encoding": encoding}),
        )]);
        let bytes = scripted
            .github
            .blob(&repository(), &BlobSha::new("b1"))
            .await
            .unwrap();
        assert_eq!(bytes, b"SELECT 1;");
    }
    let unknown = reply(200, json!({"content": "", "encoding": "none"}));
    wait(
        scripted(vec![unknown])
            .github
            .blob(&repository(), &BlobSha::new("b1"))
            .await,
    );
}
