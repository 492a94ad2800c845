//! Approving and rejecting: what was shown is what is decided on.

use super::issue::{act, show};
use super::read;
use crate::args::StageChoice;
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::issue::Parts;
use crate::render::stage;
use model::{ApprovalStatus, IssueView, StageView};
use serde_json::Value;

/// What a person decides, with the reason.
pub(super) enum Verdict {
    /// It may run.
    Approve {
        /// Why, where that person says so.
        because: Option<String>,
    },
    /// It may, past its policy, where another administrator says so, too.
    Bypass {
        /// Why.
        because: String,
    },
    /// It may not.
    Reject {
        /// Why.
        because: String,
    },
}

impl Verdict {
    fn verb(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::Bypass { .. } => "bypass",
            Self::Reject { .. } => "reject",
        }
    }

    fn because(self) -> Option<String> {
        match self {
            Self::Approve { because } => because,
            Self::Bypass { because } | Self::Reject { because } => Some(because),
        }
    }
}

/// Decides on a stage. Without a digest, fetches and shows the stage first, and decides on exactly that.
pub(super) async fn decide(
    number: u64,
    choice: &StageChoice,
    verdict: Verdict,
    client: &Client,
    output: &Output,
) -> Result<(), Stop> {
    let (environment, digest) = match &choice.digest {
        Some(digest) => (choice.environment.clone(), digest.clone()),
        None => {
            shown(
                number,
                choice.environment.as_deref(),
                verdict.verb(),
                client,
                output,
            )
            .await?
        }
    };
    let verb = verdict.verb();
    let body = [
        ("environment", environment.map(Value::from)),
        ("digest", Some(digest.into())),
        ("because", verdict.because().map(Value::from)),
    ];
    let value = act(number, verb, &body, client).await?;
    show(output, &value, Parts::default())
}

async fn shown(
    number: u64,
    environment: Option<&str>,
    verb: &str,
    client: &Client,
    output: &Output,
) -> Result<(Option<String>, String), Stop> {
    let value = client
        .send(&Call::get(["issues".to_owned(), number.to_string()]))
        .await?;
    let view: IssueView = read(&value)?;
    let stage = choose(&view, environment)?;
    output.show(&stage::preview(&view.issue, stage, verb, output.style()))?;
    Ok((Some(stage.environment.to_string()), stage.digest.to_string()))
}

/// The stage that is meant: the one that is named, or the only one that waits.
fn choose<'a>(view: &'a IssueView, environment: Option<&str>) -> Result<&'a StageView, Stop> {
    let number = view.issue.number;
    if let Some(name) = environment {
        return view
            .stages
            .iter()
            .find(|stage| stage.environment.as_str() == name)
            .ok_or_else(|| {
                let message = format!(
                    "Issue {number} has no stage `{name}`; it has {}.",
                    names(&view.stages)
                );
                Stop::refused("no-such-stage", message)
            });
    }
    let waiting: Vec<&StageView> = view.stages.iter().filter(|stage| waits(stage)).collect();
    match waiting.as_slice() {
        [stage] => Ok(stage),
        [] => Err(Stop::refused(
            "nothing-waits",
            format!(
                "No stage of issue {number} waits for approval. See `sluice issue show {number}`, \
                 or name a stage with --environment: {}.",
                names(&view.stages)
            ),
        )),
        several => Err(Stop::refused(
            "several-wait",
            format!(
                "Several stages of issue {number} wait for approval: name one with --environment: {}.",
                names(several.iter().copied())
            ),
        )),
    }
}

fn waits(stage: &StageView) -> bool {
    match stage.approval {
        ApprovalStatus::Waiting { .. } => true,
        ApprovalStatus::NotRequired
        | ApprovalStatus::Approved { .. }
        | ApprovalStatus::Bypassed { .. }
        | ApprovalStatus::Rejected { .. } => false,
    }
}

fn names<'a>(stages: impl IntoIterator<Item = &'a StageView>) -> String {
    let names: Vec<&str> = stages
        .into_iter()
        .map(|stage| stage.environment.as_str())
        .collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

#[cfg(test)]
mod tests;
