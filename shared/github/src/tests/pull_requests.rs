//! Pull requests, as GitHub answers of them.

use super::script::{no, reply, repository, scripted};
use model::{CommitSha, PullRequestNumber, RepositoryId};
use serde_json::{Value, json};
use workflow::ports::github::{
    Annotation, AnnotationLevel, Annotations as _, CheckRun, CheckState, Comments as _, PullRequests as _,
};

fn pull(head_repository: &Value) -> Value {
    json!({
        "number": 5, "state": "closed", "merged": true, "draft": false,
        "base": {"ref": "main", "sha": "1".repeat(40), "repo": {"id": 7}},
        "head": {"ref": "feature", "sha": "2".repeat(40), "repo": head_repository},
        "user": {"id": 3, "login": "dana", "type": "User"},
    })
}

#[tokio::test]
async fn a_head_whose_repository_is_gone_has_none() {
    let fork = pull(&json!({"id": 8, "full_name": "eve/shop"}));
    let mut ghost = pull(&Value::Null);
    ghost["user"] = Value::Null;
    let scripted = scripted(vec![reply(200, fork), reply(200, ghost), no(404, "Not Found")]);
    let mut heads = Vec::new();
    for _ in 0..3 {
        let number = PullRequestNumber(5);
        let found = scripted.github.pull_request(&repository(), number).await.unwrap();
        heads.push(found.map(|pull| (pull.head_repository, pull.merged, pull.author.login)));
    }
    let expected = [
        Some((Some(RepositoryId(8)), true, "dana".to_owned())),
        Some((None, true, "ghost".to_owned())),
        None,
    ];
    assert_eq!(heads, expected);
    assert_eq!(scripted.asked(), ["GET /pulls/5"; 3]);
}

#[tokio::test]
async fn only_a_comment_of_our_app_is_ours() {
    let comment = |id: u64, body: &str, via: Value, kind: &str| {
        let user = json!({"id": 1, "login": "somebody", "type": kind});
        json!({"id": id, "body": body, "performed_via_github_app": via, "user": user})
    };
    let marked = "<!-- m -->\nHello";
    let mut first: Vec<Value> = (1..=98)
        .map(|id| comment(id, "Hello", Value::Null, "User"))
        .collect();
    first.push(comment(99, marked, Value::Null, "User"));
    first.push(comment(100, marked, json!({"id": 4242}), "Bot"));
    let second = json!([comment(101, marked, json!({"id": 1001}), "Bot")]);
    let scripted = scripted(vec![reply(200, json!(first)), reply(200, second)]);
    let number = PullRequestNumber(5);
    let found = scripted
        .github
        .find_comment(&repository(), number, "<!-- m -->")
        .await;
    assert_eq!(found.unwrap(), Some(101));
    assert_eq!(
        scripted.asked(),
        [
            "GET /issues/5/comments?per_page=100&page=1",
            "GET /issues/5/comments?per_page=100&page=2"
        ]
    );
}

#[tokio::test]
async fn notes_go_out_fifty_at_a_time() {
    let scripted = scripted(vec![reply(200, json!({"id": 9})); 3]);
    let check_run = CheckRun {
        external_id: "key".to_owned(),
        name: "Sluice review".to_owned(),
        commit: CommitSha::new("2".repeat(40)),
        state: CheckState::Failure,
        title: "A title".to_owned(),
        summary: "A summary".to_owned(),
        actions: Vec::new(),
    };
    let notes: Vec<Annotation> = (1..=101)
        .map(|line| Annotation {
            path: "a.sql".to_owned(),
            line,
            level: AnnotationLevel::Failure,
            title: "mysql-1064".to_owned(),
            message: "No.".to_owned(),
        })
        .collect();
    let annotated = scripted
        .github
        .annotate(&repository(), 9, &check_run, &notes)
        .await;
    annotated.unwrap();
    let bodies: Vec<Value> = scripted
        .seen()
        .into_iter()
        .filter(|seen| seen.line.starts_with("PATCH"))
        .map(|seen| seen.body["output"].clone())
        .collect();
    let counts: Vec<_> = bodies
        .iter()
        .map(|output| output["annotations"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(counts, [50, 50, 1]);
    assert_eq!(
        bodies[2]["annotations"][0],
        json!({
            "path": "a.sql", "start_line": 101, "end_line": 101, "annotation_level": "failure",
            "title": "mysql-1064", "message": "No.",
        })
    );
    assert_eq!(
        (&bodies[0]["title"], &bodies[0]["summary"]),
        (&json!("A title"), &json!("A summary"))
    );
}

#[tokio::test]
async fn a_comment_that_is_gone_is_told() {
    let scripted = scripted(vec![
        no(404, "Not Found"),
        no(403, "Resource not accessible by integration"),
    ]);
    let gone = scripted.github.update_comment(&repository(), 9, "text").await;
    assert!(!gone.unwrap());
    let denied = scripted.github.update_comment(&repository(), 9, "text").await;
    assert_eq!(denied.unwrap_err().class(), "fault.operator");
}
