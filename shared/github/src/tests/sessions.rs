use super::script::{hang_up, no, operator, reply, repository, scripted, scripted_with, token, wait};
use crate::{Access, App};
use model::CommitSha;
use serde_json::{Value, json};
use workflow::ports::github::{CheckRuns as _, Repositories as _};

fn main_at(sha: &str) -> Value {
    json!({"ref": "refs/heads/main", "object": {"sha": sha, "type": "commit"}})
}

const TOKEN: &str = "POST /app/installations/5001/access_tokens";
const HEAD: &str = "GET /repos/sluice-demo/shop/git/ref/heads/main";

#[tokio::test]
async fn a_token_is_narrow_and_is_kept_until_five_minutes_before_its_end() {
    for (access, permissions) in [
        (
            Access::Read,
            json!({"metadata": "read", "contents": "read", "pull_requests": "read"}),
        ),
        (
            Access::Write,
            json!({"metadata": "read", "contents": "write", "checks": "write", "pull_requests": "write"}),
        ),
    ] {
        let answers = vec![reply(200, main_at("a")); 4];
        let scripted = scripted_with(access, vec![token("ghs_1", "sluice-demo/shop")], answers);
        for minutes in [0, 50, 4, 2] {
            scripted.clock.pass(minutes);
            scripted.github.head(&repository(), "main").await.unwrap();
        }
        assert_eq!(scripted.lines(), [TOKEN, HEAD, HEAD, HEAD, TOKEN, HEAD]);
        let seen = scripted.seen();
        assert_eq!(
            seen[0].body,
            json!({"repository_ids": [7], "permissions": permissions})
        );
        assert!(
            seen[1]
                .headers
                .contains(&"authorization: Bearer ghs_1".to_owned()),
            "{seen:?}"
        );
        let agents = seen[1]
            .headers
            .iter()
            .filter(|line| line.starts_with("user-agent:"));
        assert_eq!(agents.count(), 1, "GitHub demands one: {seen:?}");
    }
}

#[tokio::test]
async fn a_revoked_token_is_replaced_once() {
    let tokens = || {
        vec![
            token("ghs_1", "sluice-demo/shop"),
            token("ghs_2", "sluice-demo/shop"),
        ]
    };
    let denied = || no(401, "Bad credentials");
    let scripted = scripted_with(Access::Read, tokens(), vec![denied(), reply(200, main_at("a"))]);
    let head = scripted.github.head(&repository(), "main").await.unwrap();
    assert_eq!(head, Some(CommitSha::new("a")));
    assert_eq!(scripted.lines(), [TOKEN, HEAD, TOKEN, HEAD]);

    let scripted = scripted_with(Access::Read, tokens(), vec![denied(), denied(), denied()]);
    let text = operator(scripted.github.head(&repository(), "main").await);
    assert!(
        text.contains("private key") && text.contains("Bad credentials"),
        "{text}"
    );
    assert_eq!(scripted.lines(), [TOKEN, HEAD, TOKEN, HEAD]);
}

#[tokio::test]
async fn a_renamed_repository_is_found_by_its_id() {
    let tokens = vec![
        token("ghs_1", "sluice-demo/shop"),
        token("ghs_2", "new owner/shop#2"),
    ];
    let moved = no(301, "Moved Permanently").with("location", "http://evil.example/");
    let scripted = scripted_with(Access::Read, tokens, vec![moved, reply(200, main_at("a"))]);
    scripted.github.head(&repository(), "main").await.unwrap();
    let renamed = "GET /repos/new%20owner/shop%232/git/ref/heads/main";
    assert_eq!(scripted.lines(), [TOKEN, HEAD, TOKEN, renamed]);
}

#[tokio::test]
async fn a_missing_installation_or_permission_is_the_operators() {
    for (answer, remedy) in [
        (
            no(404, "Not Found"),
            "install the GitHub App on sluice-demo/shop again",
        ),
        (
            no(403, "This installation has been suspended"),
            "installation 5001 is not suspended",
        ),
        (
            no(422, "The permissions requested are not granted"),
            "\"checks\":\"write\"",
        ),
        (
            no(401, "A JSON web token could not be decoded"),
            "id and private key",
        ),
    ] {
        let scripted = scripted_with(Access::Write, vec![answer], vec![]);
        let text = operator(scripted.github.head(&repository(), "main").await);
        assert!(text.contains(remedy), "{text}");
        assert_eq!(scripted.lines(), [TOKEN]);
    }
}

#[tokio::test]
async fn limits_and_troubles_wait_as_long_as_github_says() {
    let limited = no(403, "API rate limit exceeded").with("retry-after", "17");
    assert_eq!(
        wait(scripted(vec![limited]).github.head(&repository(), "main").await),
        17
    );
    let limited = no(429, "Slow down").with("retry-after", "19");
    assert_eq!(
        wait(
            scripted_with(Access::Read, vec![limited], vec![])
                .github
                .head(&repository(), "main")
                .await
        ),
        19
    );
    assert_eq!(
        wait(
            scripted(vec![no(502, "Bad Gateway")])
                .github
                .head(&repository(), "main")
                .await
        ),
        0
    );
    assert_eq!(
        wait(
            scripted(vec![reply(200, json!("half"))])
                .github
                .head(&repository(), "main")
                .await
        ),
        0
    );
}

#[tokio::test]
async fn a_connection_that_died_unnoticed_costs_one_more_read() {
    let once = scripted(vec![hang_up(), reply(200, main_at("a"))]);
    assert!(once.github.head(&repository(), "main").await.unwrap().is_some());
    assert_eq!(once.asked().len(), 2);
    let twice = scripted(vec![hang_up(), hang_up(), reply(200, main_at("a"))]);
    wait(twice.github.head(&repository(), "main").await);
}

#[tokio::test]
async fn nobody_listens() {
    let scripted = scripted(vec![]);
    let unreachable = crate::GitHub::new(
        "http://127.0.0.1:1",
        &App {
            id: 1,
            private_key: include_str!("no_app.pem").to_owned().into(),
        },
        Access::Read,
        scripted.clock,
    );
    wait(unreachable.unwrap().head(&repository(), "main").await);
}

#[tokio::test]
async fn check_runs_of_other_apps_are_not_ours() {
    let run = |id: u64, app: u64, key: &str| json!({"id": id, "external_id": key, "app": {"id": app}});
    let mut first: Vec<Value> = (0..98).map(|id| run(id, 1001, "other")).collect();
    first.push(run(500, 1001, "shop"));
    first.push(run(900, 2002, "shop"));
    let second = vec![run(600, 1001, "shop"), run(1, 1001, "other")];
    let scripted = scripted(vec![
        reply(200, json!({"total_count": 102, "check_runs": first})),
        reply(200, json!({"total_count": 102, "check_runs": second})),
    ]);
    let commit = CommitSha::new("c0ffee");
    let found = scripted
        .github
        .find_check_run(&repository(), &commit, "shop")
        .await
        .unwrap();
    assert_eq!(found, Some(600));
    let path = "GET /commits/c0ffee/check-runs?filter=all&app_id=1001&per_page=100&page=";
    assert_eq!(scripted.asked(), [format!("{path}1"), format!("{path}2")]);
}

#[tokio::test]
async fn a_key_that_is_none_is_the_operators() {
    let app = App {
        id: 1,
        private_key: "hunter2".to_owned().into(),
    };
    let scripted = scripted(vec![]);
    let text = operator(crate::GitHub::new(
        "https://api.github.com",
        &app,
        Access::Read,
        scripted.clock,
    ));
    assert!(text.contains("PEM") && !text.contains("hunter2"), "{text}");
}
