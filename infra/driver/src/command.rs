//! The `sluice` command, run as a person of the stack.

use crate::{Driver, Keys, Patience, Trouble};
use model::{IssueView, TaskStatus};
use serde::de::DeserializeOwned;
use std::process::Command;

/// A person of the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// May change settings.
    Admin,
    /// Approves.
    Dba,
    /// Pushes.
    Developer,
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// A page of the list of issues.
#[derive(serde::Deserialize)]
struct Page {
    issues: Vec<IssueView>,
}

impl Ran {
    /// What was printed, as JSON; trouble where the command did not succeed.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        if self.code != Some(0) {
            return Err(Trouble(format!(
                "sluice ended with {:?}: {}",
                self.code,
                self.stderr.trim()
            )));
        }
        serde_json::from_str(&self.stdout).map_err(|error| {
            Trouble(format!(
                "sluice printed something unexpected: {error}\n{}",
                self.stdout
            ))
        })
    }
}

impl Driver {
    /// Runs `sluice` with these arguments.
    pub fn sluice(&self, who: Who, arguments: &[&str]) -> Result<Ran, Trouble> {
        self.sluice_as(self.keys(who), arguments)
    }

    /// Runs `sluice` with these arguments, signed by these keys.
    pub fn sluice_as(&self, keys: &Keys, arguments: &[&str]) -> Result<Ran, Trouble> {
        let output = Command::new(&self.stack.cli)
            .args(["--api-url", &self.stack.api_url])
            .args(arguments)
            .env("AWS_ACCESS_KEY_ID", &keys.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &keys.secret_access_key)
            .env("AWS_REGION", &self.stack.region)
            .env_remove("AWS_SESSION_TOKEN")
            .env_remove("AWS_PROFILE")
            .output()
            .map_err(|error| Trouble(format!("{} can't be run: {error}", self.stack.cli.display())))?;
        Ok(Ran {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// An issue, as the API tells it to the developer.
    pub fn issue(&self, number: u64) -> Result<IssueView, Trouble> {
        self.sluice(Who::Developer, &["--json", "issue", "show", &number.to_string()])?
            .json()
    }

    /// The issues, newest first.
    pub fn issues(&self) -> Result<Vec<IssueView>, Trouble> {
        let page: Page = self
            .sluice(Who::Developer, &["--json", "issue", "list", "--limit", "100"])?
            .json()?;
        Ok(page.issues)
    }

    /// The numbers of the issues that stand so, newest first.
    pub fn issues_in(&self, state: &str) -> Result<Vec<u64>, Trouble> {
        let words = ["--json", "issue", "list", "--limit", "100", "--state", state];
        let page: Page = self.sluice(Who::Developer, &words)?.json()?;
        Ok(page.issues.iter().map(|view| view.issue.number.0).collect())
    }

    /// The issue that a commit made, once there is one.
    pub fn issue_of(&self, commit: &str, patience: Patience) -> Result<IssueView, Trouble> {
        patience.until(&format!("commit {commit} becomes an issue"), || {
            let issues = self.issues()?;
            let seen = format!("{} issues, none of that commit", issues.len());
            Ok(issues
                .into_iter()
                .find(|view| view.issue.commit.as_str() == commit)
                .ok_or(seen))
        })
    }

    /// The issue, once every task of it stands as `expected`.
    pub fn issue_once(&self, number: u64, expected: &str, patience: Patience) -> Result<IssueView, Trouble> {
        patience.until(&format!("every task of issue {number} is {expected}"), || {
            let view = self.issue(number)?;
            let words: Vec<&str> = statuses(&view).map(TaskStatus::word).collect();
            Ok(
                if !words.is_empty() && words.iter().all(|word| *word == expected) {
                    Ok(view)
                } else {
                    Err(format!("{words:?}"))
                },
            )
        })
    }

    fn keys(&self, who: Who) -> &Keys {
        let principals = &self.stack.principals;
        match who {
            Who::Admin => &principals.admin,
            Who::Dba => &principals.dba,
            Who::Developer => &principals.developer,
        }
    }
}

/// Where the tasks of an issue stand, by position.
fn statuses(view: &IssueView) -> impl Iterator<Item = &TaskStatus> {
    view.stages
        .iter()
        .flat_map(|stage| stage.tasks.iter().map(|task| &task.status))
}
