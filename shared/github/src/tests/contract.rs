//! The real adapter, held to the contract of its port against an emulator of GitHub.

use super::described::Described;
use super::{ClockAt, proxy};
use crate::path::segments;
use crate::{Access, App, GitHub};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use model::{CommitSha, Fault, PullRequestNumber, RepositoryId, RepositoryRef};
use octocrab::Octocrab;
use serde::Deserialize;
use serde_json::{Value, json};
use testkit::contracts::github::{AUTHOR, Stage};

/// What `SLUICE_TEST_GITHUB` points at.
#[derive(Deserialize)]
struct Emulator {
    url: String,
    app_id: u64,
    private_key: String,
    installation_id: u64,
    repository: String,
    repository_id: u64,
    token: String,
}

struct RealStage {
    github: GitHub,
    repository: RepositoryRef,
    branch: String,
    /// Speaks as a person who may write.
    person: Octocrab,
    /// Every request of the adapter must be one that GitHub describes.
    _described: Described,
}

fn emulator() -> Emulator {
    let path = std::env::var_os("SLUICE_TEST_GITHUB")
        .expect("SLUICE_TEST_GITHUB is not set; run the tests with `cargo xtask test`, which starts an emulator of GitHub");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

async fn stage(statement: &str) -> RealStage {
    let emulator = emulator();
    let app = App {
        id: emulator.app_id,
        private_key: emulator.private_key.into(),
    };
    let described = Described::default();
    let url = proxy::before(&emulator.url, &described.0);
    let stage = RealStage {
        github: GitHub::new(&url, &app, Access::Write, ClockAt::now()).unwrap(),
        repository: RepositoryRef {
            id: RepositoryId(emulator.repository_id),
            installation_id: emulator.installation_id,
            name: emulator.repository,
        },
        // Tests run in processes of their own, one after the other and at the same time.
        branch: format!(
            "contract/{statement}-{}-{}",
            std::process::id(),
            Timestamp::now().as_nanosecond()
        ),
        person: Octocrab::builder()
            .base_uri(emulator.url)
            .unwrap()
            .user_access_token(emulator.token)
            .build()
            .unwrap(),
        _described: described,
    };
    let main: Value = stage.get("git/ref/heads/main").await.unwrap();
    let body = json!({"ref": format!("refs/heads/{}", stage.branch), "sha": main["object"]["sha"]});
    let _: Value = stage
        .person
        .post(stage.route("git/refs"), Some(&body))
        .await
        .unwrap();
    stage
}

impl RealStage {
    fn route(&self, path: &str) -> String {
        format!("/repos/{}/{path}", self.repository.name)
    }

    async fn get(&self, path: &str) -> octocrab::Result<Value> {
        self.person.get(self.route(path), None::<&()>).await
    }

    async fn put(&self, message: &str, path: &str, text: Option<&str>) -> octocrab::Result<String> {
        self.put_on(&self.branch, message, path, text).await
    }

    async fn put_on(
        &self,
        branch: &str,
        message: &str,
        path: &str,
        text: Option<&str>,
    ) -> octocrab::Result<String> {
        let encoded = segments(path);
        let route = self.route(&format!("contents/{encoded}"));
        let there = self.get(&format!("contents/{encoded}?ref={branch}")).await;
        let author = json!({"name": AUTHOR.0, "email": AUTHOR.1});
        let mut body = json!({"message": message, "branch": branch, "author": author, "committer": author});
        if let Ok(there) = there {
            body["sha"] = there["sha"].clone();
        }
        let answer: Value = match text {
            Some(text) => {
                body["content"] = json!(STANDARD.encode(text));
                self.person.put(route, Some(&body)).await?
            }
            None => self.person.delete(route, Some(&body)).await?,
        };
        Ok(answer["commit"]["sha"].as_str().unwrap().to_owned())
    }
}

impl Stage for RealStage {
    type GitHub = GitHub;

    fn github(&self) -> &GitHub {
        &self.github
    }

    fn repository(&self) -> RepositoryRef {
        self.repository.clone()
    }

    fn branch(&self) -> String {
        self.branch.clone()
    }

    async fn commit(&self, message: &str, files: &[(&str, Option<&str>)]) -> Result<CommitSha, Fault> {
        let mut head = String::new();
        for (path, text) in files {
            head = self
                .put(message, path, *text)
                .await
                .map_err(|error| Fault::retry(format!("committing {path}"), error))?;
        }
        Ok(CommitSha::new(head))
    }

    async fn open_pull(&self) -> Result<(PullRequestNumber, CommitSha), Fault> {
        let fault = |error| Fault::retry("opening a pull request", error);
        let (base, branch) = (&self.branch, format!("{}-pull", self.branch));
        let there: Value = self.get(&format!("git/ref/heads/{base}")).await.map_err(fault)?;
        let body = json!({"ref": format!("refs/heads/{branch}"), "sha": there["object"]["sha"]});
        let made: octocrab::Result<Value> = self.person.post(self.route("git/refs"), Some(&body)).await;
        made.map_err(fault)?;
        let head = self
            .put_on(&branch, "Pull", "pull.sql", Some("SELECT 1;"))
            .await
            .map_err(fault)?;
        let body = json!({"title": "Pull", "head": branch, "base": base});
        let pull: octocrab::Result<Value> = self.person.post(self.route("pulls"), Some(&body)).await;
        let number = pull.map_err(fault)?["number"].as_u64().unwrap();
        Ok((PullRequestNumber(number), CommitSha::new(head)))
    }

    async fn shown(&self, check_run: u64) -> Result<(String, Option<String>, String), Fault> {
        let run = self
            .get(&format!("check-runs/{check_run}"))
            .await
            .map_err(|error| Fault::retry("reading a check run", error))?;
        Ok((
            run["status"].as_str().unwrap().to_owned(),
            run["conclusion"].as_str().map(str::to_owned),
            run["output"]["title"].as_str().unwrap().to_owned(),
        ))
    }
}

testkit::github_contract!(stage);
