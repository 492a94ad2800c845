//! Pull requests of ours.

use crate::requests::Request;
use crate::{GitHub, path};
use http::{Method, StatusCode};
use model::{CommitSha, Fault, RepositoryRef};
use serde::Deserialize;
use serde_json::{Value, json};
use workflow::ports::commits::{Opened, Proposals, Proposed, PullRequest, PullRequestState};

#[derive(Deserialize)]
struct Listed {
    number: u64,
    #[serde(default)]
    html_url: String,
    state: String,
    title: String,
    body: Option<String>,
    merged_at: Option<String>,
    merge_commit_sha: Option<String>,
}

impl From<Listed> for PullRequest {
    fn from(listed: Listed) -> Self {
        let state = match (listed.merged_at, listed.merge_commit_sha) {
            (Some(_), commit) => PullRequestState::Merged {
                commit: CommitSha::new(commit.unwrap_or_default()),
            },
            (None, _) if listed.state == "open" => PullRequestState::Open,
            (None, _) => PullRequestState::Closed,
        };
        Self {
            number: listed.number,
            url: listed.html_url,
            state,
            title: listed.title,
            body: listed.body.unwrap_or_default(),
        }
    }
}

impl Proposals for GitHub {
    async fn find_proposal(
        &self,
        repository: &RepositoryRef,
        from: &str,
        into: &str,
    ) -> Result<Option<PullRequest>, Fault> {
        let operation = format!(
            "looking for the pull request from {from} into {into} in {}",
            repository.name
        );
        let owner = self.owner(repository).await?;
        let request = Request::get(format!(
            "/pulls?state=all&head={}&base={}&sort=created&direction=desc&per_page=1",
            path::segment(&format!("{owner}:{from}")),
            path::segment(into),
        ));
        let answer = self.ask(repository, &operation, request).await?;
        let found: Vec<Listed> = answer.json(&operation)?;
        Ok(found.into_iter().next().map(PullRequest::from))
    }

    async fn propose(&self, repository: &RepositoryRef, proposed: &Proposed) -> Result<Opened, Fault> {
        let operation = format!(
            "opening a pull request into {} in {}",
            proposed.into, repository.name
        );
        let body = json!({
            "title": proposed.title,
            "body": proposed.body,
            "head": proposed.from,
            "base": proposed.into,
        });
        let request = Request::send(Method::POST, "/pulls", body);
        let answer = self.ask(repository, &operation, request).await?;
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
            // What is wrong is among the errors, the message only says that something is.
            let words = answer.body.to_ascii_lowercase();
            if words.contains("already exists") {
                return Ok(Opened::Already);
            }
            if words.contains("no commits between") {
                return Ok(Opened::Nothing);
            }
        }
        let made: Listed = answer.json(&operation)?;
        Ok(Opened::Yes(made.into()))
    }

    async fn reword(
        &self,
        repository: &RepositoryRef,
        number: u64,
        proposed: &Proposed,
    ) -> Result<(), Fault> {
        let operation = format!("updating pull request {number} in {}", repository.name);
        let body = json!({"title": proposed.title, "body": proposed.body});
        let request = Request::send(Method::PATCH, format!("/pulls/{number}"), body);
        let answer = self.ask(repository, &operation, request).await?;
        answer.json::<Value>(&operation).map(|_| ())
    }
}

impl GitHub {
    /// Who owns the repository today.
    async fn owner(&self, repository: &RepositoryRef) -> Result<String, Fault> {
        let root = self.session(repository).await?.root;
        let owner = root
            .strip_prefix("/repos/")
            .and_then(|name| name.split('/').next());
        Ok(owner.unwrap_or_default().to_owned())
    }
}
