//! GitHub Enterprise Server: the same API, below a path of its own.

use super::script::{reply, repository, scripted_below, token};
use crate::Access;
use model::{BlobSha, CommitSha};
use serde_json::json;
use workflow::ports::github::{
    AppDeliveries as _, CheckAction, CheckRun, CheckRuns as _, CheckState, OwnAccount as _, Repositories as _,
};

#[tokio::test]
async fn every_path_is_below_the_base_url_and_links_come_from_answers() {
    for base in ["/api/v3", "/api/v3/"] {
        let link = "https://ghe.example/sluice-demo/shop/commit/c1";
        let answers = vec![
            reply(200, json!({"ref": "refs/heads/main", "object": {"sha": "c1"}})),
            reply(200, json!([])),
            reply(200, json!({"tree": []})),
            reply(200, json!({"content": "", "encoding": "base64"})),
            reply(
                200,
                json!({"message": "One", "author": {"name": "Dana"}, "html_url": link}),
            ),
            reply(200, json!({"check_runs": []})),
            reply(201, json!({"id": 9})),
            reply(200, json!({"id": 9})),
            reply(200, json!({"slug": "sluice"})),
            reply(200, json!([])),
            reply(202, json!({})),
        ];
        let tokens = vec![token("ghs_1", "sluice-demo/shop")];
        let scripted = scripted_below(base, Access::Write, tokens, answers);
        let (github, repository) = (&scripted.github, repository());
        let commit = CommitSha::new("c1");
        github.head(&repository, "main").await.unwrap();
        github.branches(&repository, "release/").await.unwrap();
        github.tree(&repository, &commit, "").await.unwrap();
        github.blob(&repository, &BlobSha::new("b1")).await.unwrap();
        let found = github.commit(&repository, &commit).await.unwrap().unwrap();
        assert_eq!(found.url, link);
        github.find_check_run(&repository, &commit, "shop").await.unwrap();
        let run = CheckRun {
            external_id: "shop".to_owned(),
            name: "Sluice".to_owned(),
            commit,
            state: CheckState::Queued,
            title: "One file".to_owned(),
            summary: "It waits.".to_owned(),
            actions: vec![CheckAction {
                label: "Approve".to_owned(),
                description: "Stage prod of issue 7".to_owned(),
                identifier: "a0000123456789abcdef".to_owned(),
            }],
        };
        github.create_check_run(&repository, &run).await.unwrap();
        github.update_check_run(&repository, 9, &run).await.unwrap();
        github.own_login().await.unwrap();
        github.deliveries(None).await.unwrap();
        github.redeliver(12).await.unwrap();
        let lines = scripted.lines();
        assert_eq!(lines.len(), 12);
        for line in lines {
            let (_, path) = line.split_once(' ').unwrap();
            let rest = path.strip_prefix("/api/v3/");
            let below = rest.is_some_and(|rest| rest.starts_with("app") || rest.starts_with("repos/"));
            assert!(below, "{line}");
        }
    }
}
