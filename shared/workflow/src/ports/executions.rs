//! Executions of runbooks, in which people decided outside of Sluice.

use jiff::Timestamp;
use model::{Fault, Verdict};
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;

/// The id of an execution: 36 characters, of a UUID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExecutionId(String);

impl ExecutionId {
    /// Reads an id; none where it can't be one.
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let fits = |(at, byte): (usize, u8)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => digit(byte),
        };
        let is_one = text.len() == 36 && text.bytes().enumerate().all(fits);
        is_one.then(|| Self(text.to_owned()))
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An execution, as its service tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// The runbook: the name of one of this account, the ARN of one that another account shares.
    pub document: String,
    /// The runbook's version.
    pub version: String,
    /// Whether it runs by itself: else a person drives it, and may give a step other parameters than those it began with.
    pub automatic: bool,
    /// Whether somebody ended it.
    pub canceled: bool,
    /// What it was begun with.
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step of an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name, which the runbook gives.
    pub name: String,
    /// What it does, as the service knows it: `aws:approve`.
    pub action: String,
    /// Where it stands.
    pub state: StepState,
    /// Whether somebody gave it other parameters than the execution's.
    pub overridden: bool,
    /// What people said in it.
    pub words: Vec<Word>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// It has not ended.
    Open,
    /// It ended well.
    Succeeded,
    /// It ended otherwise: rejected, out of time, ended by somebody.
    Failed,
}

/// What one person said, as the service authenticated that person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The ARN.
    pub by: String,
    /// Yes or no.
    pub verdict: Verdict,
    /// When.
    pub at: Timestamp,
    /// Why, in that person's words.
    pub because: Option<String>,
}

/// Where executions are kept.
pub trait Executions: Send + Sync {
    /// The execution of this id, of this account and region; none where there is none.
    fn execution(&self, id: &ExecutionId) -> impl Future<Output = Result<Option<Execution>, Fault>> + Send;
}

#[cfg(test)]
mod tests {
    use super::ExecutionId;

    #[test]
    fn an_id_is_that_of_an_execution_or_none() {
        let good = "4105a4fc-f944-11e6-9d32-8fb2db27a909";
        assert_eq!(ExecutionId::parse(good).unwrap().as_str(), good);
        for bad in [
            "",
            "4105a4fc-f944-11e6-9d32-8fb2db27a90",
            "4105a4fc-f944-11e6-9d32-8fb2db27a9090",
            "4105A4FC-f944-11e6-9d32-8fb2db27a909",
            "4105a4fc_f944-11e6-9d32-8fb2db27a909",
            "4105a4fc-f944-11e6-9d32-8fb2db27a90é",
        ] {
            assert_eq!(ExecutionId::parse(bad), None, "{bad}");
        }
    }
}
