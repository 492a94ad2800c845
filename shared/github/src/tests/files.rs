use super::script::{Reply, Scripted, hang_up, no, reply, repository, scripted, wait};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{CommitSha, Fault};
use serde_json::{Value, json};
use workflow::ports::github::{FileWrite, FileWritten, Files as _};

const GET: &str = "GET /contents/test/.db_demo%23%23LATEST.sql?ref=refs%2Fheads%2Frelease%2F1";
const PUT: &str = "PUT /contents/test/.db_demo%23%23LATEST.sql";

fn has(text: &str, sha: &str) -> Reply {
    let content = STANDARD.encode(text);
    reply(
        200,
        json!({"type": "file", "sha": sha, "encoding": "base64", "content": content}),
    )
}

fn committed() -> Reply {
    reply(200, json!({"content": {"sha": "b9"}, "commit": {"sha": "c9"}}))
}

async fn write(scripted: &Scripted) -> Result<FileWritten, Fault> {
    let file = FileWrite {
        branch: "release/1".into(),
        path: "test/.db_demo##LATEST.sql".into(),
        text: "new".into(),
        message: "Latest schema".into(),
    };
    scripted.github.write_file(&repository(), &file).await
}

fn bodies(scripted: &Scripted) -> Vec<Value> {
    let puts = scripted
        .seen()
        .into_iter()
        .filter(|seen| seen.line.starts_with("PUT"));
    puts.map(|seen| seen.body).collect()
}

#[tokio::test]
async fn a_write_names_the_blob_that_it_saw() {
    let new = scripted(vec![no(404, "Not Found"), committed()]);
    assert_eq!(
        write(&new).await.unwrap(),
        FileWritten::Committed(CommitSha::new("c9"))
    );
    assert_eq!(new.asked(), [GET, PUT]);
    let body = json!({"message": "Latest schema", "content": "bmV3", "branch": "release/1"});
    assert_eq!(bodies(&new), [body]);

    let over = scripted(vec![has("old", "b1"), committed()]);
    write(&over).await.unwrap();
    assert_eq!(bodies(&over)[0]["sha"], "b1");

    let same = scripted(vec![has("new", "b1")]);
    assert_eq!(write(&same).await.unwrap(), FileWritten::Unchanged);
    assert_eq!(same.asked(), [GET]);
}

#[tokio::test]
async fn a_lost_race_is_run_once_more() {
    let stale = || no(409, "test/.db_demo##LATEST.sql does not match b1");
    let won = scripted(vec![has("old", "b1"), stale(), has("theirs", "b2"), committed()]);
    assert_eq!(
        write(&won).await.unwrap(),
        FileWritten::Committed(CommitSha::new("c9"))
    );
    assert_eq!(won.asked(), [GET, PUT, GET, PUT]);
    assert_eq!(bodies(&won)[1]["sha"], "b2");

    let same = scripted(vec![has("old", "b1"), stale(), has("new", "b2")]);
    assert_eq!(write(&same).await.unwrap(), FileWritten::Unchanged);

    let lost = scripted(vec![has("old", "b1"), stale(), has("theirs", "b2"), stale()]);
    wait(write(&lost).await);
    // The branch moved, not the file.
    let moved = || no(409, "is at c5 but expected c4");
    let lost = scripted(vec![has("old", "b1"), moved(), has("old", "b1"), moved()]);
    wait(write(&lost).await);
}

#[tokio::test]
async fn a_no_that_stays_is_refused() {
    let rules = "Repository rule violations found\n\nChanges must be made through a pull request.\n\n";
    for (answers, reason) in [
        (
            vec![no(409, rules)],
            "Repository rule violations found Changes must be made",
        ),
        (
            vec![no(403, "Resource not accessible by integration")],
            "may the GitHub App write to it",
        ),
        (
            vec![no(404, "Branch release/1 not found")],
            "Branch release/1 not found",
        ),
        (
            vec![
                no(422, "path contains a malformed path component"),
                has("old", "b1"),
                no(422, "path is malformed"),
            ],
            "path is malformed",
        ),
    ] {
        let answers = [vec![has("old", "b1")], answers].concat();
        match write(&scripted(answers)).await.unwrap() {
            FileWritten::Refused(text) => assert!(text.contains(reason) && !text.contains('\n'), "{text}"),
            other @ (FileWritten::Committed(_) | FileWritten::Unchanged) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_limit_is_no_refusal() {
    let limited = no(403, "You have exceeded a secondary rate limit").with("retry-after", "11");
    let scripted = scripted(vec![has("old", "b1"), limited, has("old", "b1")]);
    assert_eq!(wait(write(&scripted).await), 11);
}

#[tokio::test]
async fn after_a_lost_answer_the_branch_decides() {
    for lost in [hang_up(), no(502, "Bad Gateway")] {
        let written = scripted(vec![has("old", "b1"), lost.clone(), has("new", "b2")]);
        assert_eq!(write(&written).await.unwrap(), FileWritten::Unchanged);
        assert_eq!(written.asked(), [GET, PUT, GET]);
        let unwritten = scripted(vec![has("old", "b1"), lost.clone(), has("old", "b1")]);
        wait(write(&unwritten).await);
        assert_eq!(unwritten.asked(), [GET, PUT, GET], "never sent twice blindly");
        let unknown = scripted(vec![has("old", "b1"), lost, no(502, "Bad Gateway")]);
        wait(write(&unknown).await);
    }
}

#[tokio::test]
async fn a_large_file_is_compared_by_its_blob() {
    let large = reply(
        200,
        json!({"type": "file", "sha": "b1", "encoding": "none", "content": ""}),
    );
    let blob = reply(200, json!({"encoding": "base64", "content": "bmV3"}));
    let scripted = scripted(vec![large, blob]);
    assert_eq!(write(&scripted).await.unwrap(), FileWritten::Unchanged);
    assert_eq!(scripted.asked(), [GET, "GET /git/blobs/b1"]);
}

#[tokio::test]
async fn what_is_no_file_is_not_written_over() {
    for there in [
        json!([{"type": "file", "sha": "b1"}]),
        json!({"type": "symlink", "sha": "b1"}),
    ] {
        let scripted = scripted(vec![reply(200, there)]);
        assert!(matches!(write(&scripted).await.unwrap(), FileWritten::Refused(_)));
        assert_eq!(scripted.asked(), [GET]);
    }
}
