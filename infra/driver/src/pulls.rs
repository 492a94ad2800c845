//! Pull requests, as a developer opens and changes them.

use crate::github::FileChange;
use crate::{Driver, Trouble};
use serde_json::{Value, json};

/// A pull request that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// Its number.
    pub number: u64,
    /// Its head.
    pub head: String,
}

impl Driver {
    /// Opens a pull request into the watched branch, from a new branch of this name with one commit of these files.
    pub fn open_pull(&self, branch: &str, files: &[FileChange<'_>], title: &str) -> Result<Pull, Trouble> {
        self.create_branch(branch, &self.head()?)?;
        let head = self.push_to(branch, files, title)?;
        let number = self.open_pull_request(branch, &self.stack.branch, title, false)?;
        Ok(Pull { number, head })
    }

    /// Closes a pull request without merging it.
    pub fn close_pull(&self, number: u64) -> Result<(), Trouble> {
        self.change_pull_request(number, &json!({ "state": "closed" }))
            .map(|_closed| ())
    }

    /// The developer's fork of the watched repository, to be pushed to as to the repository itself. It is made where
    /// there is none.
    pub fn fork(&self) -> Result<Self, Trouble> {
        let url = self.repo_url("forks");
        let answer = self
            .http
            .send("POST", &url, &self.github_headers(), b"{}".to_vec())?;
        // Whoever forks twice is told that it exists.
        if ![202, 422].contains(&answer.status) {
            return Err(Trouble(format!(
                "POST {url} answered {}: {}",
                answer.status, answer.body
            )));
        }
        let mut stack = self.stack.clone();
        let name = stack.repository.rsplit('/').next().unwrap_or_default().to_owned();
        stack.repository = format!("dana/{name}");
        Self::of(stack)
    }

    /// Opens a pull request; answers its number. The head of a fork is `owner:branch`.
    pub fn open_pull_request(
        &self,
        head: &str,
        base: &str,
        title: &str,
        draft: bool,
    ) -> Result<u64, Trouble> {
        let asked = json!({ "head": head, "base": base, "title": title, "draft": draft });
        let pull = self.repo("POST", "pulls", Some(&asked))?;
        pull["number"]
            .as_u64()
            .ok_or_else(|| Trouble(format!("the pull request has no number: {pull}")))
    }

    /// A pull request, as GitHub tells it.
    pub fn pull_request(&self, number: u64) -> Result<Value, Trouble> {
        self.repo("GET", &format!("pulls/{number}"), None)
    }

    /// The paths that a pull request changes.
    pub fn pull_request_files(&self, number: u64) -> Result<Vec<String>, Trouble> {
        let files = self.repo("GET", &format!("pulls/{number}/files?per_page=100"), None)?;
        let files = files.as_array().cloned().unwrap_or_default();
        Ok(files
            .iter()
            .filter_map(|file| file["filename"].as_str().map(ToOwned::to_owned))
            .collect())
    }

    /// The open pull requests.
    pub fn pull_requests(&self) -> Result<Vec<Value>, Trouble> {
        let pulls = self.repo("GET", "pulls?per_page=100", None)?;
        Ok(pulls.as_array().cloned().unwrap_or_default())
    }

    /// Changes a pull request: `{"base": "main"}`, `{"state": "closed"}`, `{"draft": false}`.
    pub fn change_pull_request(&self, number: u64, change: &Value) -> Result<Value, Trouble> {
        self.repo("PATCH", &format!("pulls/{number}"), Some(change))
    }

    /// Merges a pull request, as its green button does: the branches are merged, and it is closed.
    pub fn merge_pull_request(&self, number: u64) -> Result<String, Trouble> {
        let pull = self.pull_request(number)?;
        let branch = |side: &str| pull[side]["ref"].as_str().unwrap_or_default().to_owned();
        let message = format!("Merge pull request #{number}");
        let commit = self.merge(&branch("head"), &branch("base"), &message)?;
        self.change_pull_request(number, &json!({ "state": "closed" }))?;
        Ok(commit)
    }

    /// The comments on an issue or pull request, oldest first.
    pub fn comments(&self, number: u64) -> Result<Vec<String>, Trouble> {
        let comments = self.repo("GET", &format!("issues/{number}/comments?per_page=100"), None)?;
        let texts = comments.as_array().cloned().unwrap_or_default();
        Ok(texts
            .iter()
            .filter_map(|comment| comment["body"].as_str().map(ToOwned::to_owned))
            .collect())
    }
}
