//! Commits of ours, by the Git Data API: a commit first, then a branch that moves to it, never by force.

use crate::answer::Answer;
use crate::requests::Request;
use crate::{GitHub, path};
use http::{Method, StatusCode};
use model::{CommitSha, Fault, RepositoryRef};
use serde::Deserialize;
use serde_json::{Value, json};
use workflow::ports::commits::{Commits, Content, Landed, NewCommit};

#[derive(Deserialize)]
struct Made {
    sha: String,
}

#[derive(Deserialize)]
struct WithTree {
    tree: Made,
}

#[derive(Deserialize)]
struct Comparison {
    status: String,
}

impl Commits for GitHub {
    async fn content(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        path: &str,
    ) -> Result<Content, Fault> {
        let operation = format!("reading {path} of {commit} in {}", repository.name);
        self.content_at(repository, &operation, commit, path).await
    }

    async fn make_commit(&self, repository: &RepositoryRef, commit: &NewCommit) -> Result<CommitSha, Fault> {
        let operation = format!("making a commit in {}", repository.name);
        if let Some(file) = commit.files.iter().find(|file| !path::is_plain(&file.path)) {
            return Err(Fault::Bug(format!("`{}` is no path in a repository", file.path)));
        }
        let base = path::segment(commit.base.as_str());
        let request = Request::get(format!("/git/commits/{base}"));
        let answer = self.ask(repository, &operation, request).await?;
        if answer.status == StatusCode::NOT_FOUND {
            // Not every server of GitHub's knows a new commit at once.
            return Err(answer.not_yet(&operation));
        }
        let tree = answer.json::<WithTree>(&operation)?.tree;
        let entries: Vec<Value> = commit
            .files
            .iter()
            .map(|file| json!({"path": file.path, "mode": "100644", "type": "blob", "content": file.text}))
            .collect();
        let tree = self
            .make(
                repository,
                &operation,
                "/git/trees",
                json!({"base_tree": tree.sha, "tree": entries}),
            )
            .await?;
        // No author: GitHub then names the App, and signs.
        let made = self
            .make(
                repository,
                &operation,
                "/git/commits",
                json!({"message": commit.message, "tree": tree.sha, "parents": commit.parents}),
            )
            .await?;
        Ok(CommitSha::new(made.sha))
    }

    async fn land(
        &self,
        repository: &RepositoryRef,
        branch: &str,
        seen: Option<&CommitSha>,
        commit: &CommitSha,
    ) -> Result<Landed, Fault> {
        let operation = format!("moving {branch} to {commit} in {}", repository.name);
        let request = match seen {
            Some(_) => Request::send(
                Method::PATCH,
                format!("/git/refs/heads/{}", path::segments(branch)),
                json!({"sha": commit, "force": false}),
            ),
            None => Request::send(
                Method::POST,
                "/git/refs",
                json!({"ref": format!("refs/heads/{branch}"), "sha": commit}),
            ),
        };
        let answer = self.ask(repository, &operation, request).await?;
        match answer.status {
            StatusCode::FORBIDDEN | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
                if is_of_rules(&answer) =>
            {
                Ok(Landed::Refused(answer.message()))
            }
            StatusCode::NOT_FOUND if seen.is_some() => Ok(Landed::Moved),
            StatusCode::CONFLICT => Ok(Landed::Moved),
            StatusCode::UNPROCESSABLE_ENTITY if says(&answer, &["object does not exist", "invalid sha"]) => {
                Ok(Landed::Unknown)
            }
            StatusCode::UNPROCESSABLE_ENTITY if is_of_a_race(&answer) => Ok(Landed::Moved),
            _ => answer.json::<Value>(&operation).map(|_| Landed::Yes),
        }
    }

    async fn leads_to(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        head: &CommitSha,
    ) -> Result<bool, Fault> {
        if commit == head {
            return Ok(true);
        }
        let operation = format!("comparing {commit} with {head} in {}", repository.name);
        let (commit, head) = (path::segment(commit.as_str()), path::segment(head.as_str()));
        let request = Request::get(format!("/compare/{commit}...{head}?per_page=1"));
        let answer = self.ask(repository, &operation, request).await?;
        // Nothing in common, or gone.
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(false);
        }
        let status = answer.json::<Comparison>(&operation)?.status;
        Ok(matches!(status.as_str(), "ahead" | "identical"))
    }
}

impl GitHub {
    async fn make(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        path: &str,
        body: Value,
    ) -> Result<Made, Fault> {
        let request = Request::send(Method::POST, path, body);
        self.ask(repository, operation, request).await?.json(operation)
    }
}

/// Whether GitHub's words are about rules of the branch rather than about a race or a permission.
fn is_of_rules(answer: &Answer) -> bool {
    says(
        answer,
        &[
            "protected branch",
            "protected ref",
            "rule violation",
            "pull request",
            "status check",
            "signed commit",
            "verified signature",
            "linear history",
            "branch is locked",
        ],
    )
}

/// Whether the branch is not where it was: it moved, was made or is gone.
fn is_of_a_race(answer: &Answer) -> bool {
    says(
        answer,
        &[
            "fast forward",
            "fast-forward",
            "already exists",
            "does not exist",
            "but expected",
        ],
    )
}

fn says(answer: &Answer, words: &[&str]) -> bool {
    let message = answer.message().to_ascii_lowercase();
    words.iter().any(|words| message.contains(words))
}
