//! Deciding in AWS Systems Manager: somebody names an execution of our runbook, and it is read where it is kept.
//!
//! Whoever names one says nothing else, and gains nothing: who decided what, and when, is in the execution, and each of
//! its approvers is judged as a caller of the API is.

use super::Actor;
use super::approve::{Approve, decide_as_of};
use crate::ports::clock::{Clock, Ids};
use crate::ports::executions::{Execution, ExecutionId, Executions, Step, StepState, Word};
use crate::ports::ledger::{Commit, IssueLedger, TargetLedger};
use crate::ports::queue::Nudges;
use model::{Digest, EnvironmentId, Fault, IssueNumber, Principal, Refusal, Verdict};
use serde::Serialize;
use settings::Settings;

/// The step in which people decide. Only the service itself can say what they said: it is told by what a step does, and
/// not by its name alone.
pub const APPROVE: (&str, &str) = ("Approve", "aws:approve");

/// What the runbook is begun with: an issue's number, a stage's environment, and what its approvers were shown.
pub const PARAMETERS: [&str; 3] = ["Issue", "Environment", "Digest"];

/// The version of the runbook as the stack made it. Every change of the template makes another document; whoever edits
/// ours makes its version 2.
pub const VERSION: &str = "1";

/// What the audit has in place of a caller's address: the service that authenticated that caller.
const SERVICE: &str = "ssm.amazonaws.com";

/// What came of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// The issue.
    pub issue: IssueNumber,
    /// The stage.
    pub environment: EnvironmentId,
    /// Who approved.
    pub approved_by: Vec<String>,
    /// Who rejected.
    pub rejected_by: Vec<String>,
}

/// What an execution was begun for.
struct Asked {
    issue: IssueNumber,
    environment: EnvironmentId,
    digest: Digest,
}

/// Takes what people decided in an execution of our runbook, whose document has this name. Each is judged alone: what
/// one may not decide takes nothing from the others, and is told with all else. Named again, it changes nothing.
pub async fn hear<L, Q, C, E>(
    actor: &Actor<'_, L, Q, C>,
    executions: &E,
    settings: &Settings,
    document: &str,
    id: &str,
) -> Result<Result<Heard, Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
    E: Executions,
{
    let Some(id) = ExecutionId::parse(id) else {
        return Ok(Err(unknown(id)));
    };
    let Some(execution) = executions.execution(&id).await? else {
        return Ok(Err(unknown(id.as_str())));
    };
    let (asked, words) = match read(&id, &execution, document) {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut heard = Heard {
        issue: asked.issue,
        environment: asked.environment.clone(),
        approved_by: Vec::new(),
        rejected_by: Vec::new(),
    };
    let mut refusals = Vec::new();
    for word in words {
        let wish = Approve {
            issue: asked.issue,
            environment: Some(asked.environment.clone()),
            digest: asked.digest.clone(),
            turn: None,
            verdict: word.verdict,
            because: word.because.clone(),
            by: principal(word, &id).into(),
        };
        match decide_as_of(actor, settings, &wish, word.at).await? {
            Err(refusal) => refusals.push(refusal),
            Ok(()) => match word.verdict {
                // Systems Manager knows two words; a bypass is no one person's.
                Verdict::Approved | Verdict::Bypassed => heard.approved_by.push(word.by.clone()),
                Verdict::Rejected => heard.rejected_by.push(word.by.clone()),
            },
        }
    }
    Ok(match told(refusals, &heard) {
        Some(refusal) => Err(refusal),
        None => Ok(heard),
    })
}

/// All refusals in one, and who was heard all the same.
fn told(refusals: Vec<Refusal>, heard: &Heard) -> Option<Refusal> {
    let mut refusals = refusals.into_iter();
    let mut all = refusals.next()?;
    for refusal in refusals
        .filter(|refusal| refusal.message != all.message)
        .collect::<Vec<_>>()
    {
        all.message = format!("{}; {}", all.message, refusal.message);
    }
    for (verb, people) in [("approved", &heard.approved_by), ("rejected", &heard.rejected_by)] {
        if !people.is_empty() {
            let people = people.join(", ");
            all.message = format!("{}; {people} {verb}, and that counts", all.message);
        }
    }
    Some(all)
}

/// What an execution was begun for and what was said in it, in the order in which it was said.
fn read<'e>(
    id: &ExecutionId,
    execution: &'e Execution,
    document: &str,
) -> Result<(Asked, Vec<&'e Word>), Refusal> {
    let foreign = |what: String| {
        Refusal::new(
            "execution-foreign",
            format!("execution {id} {what}; start the stack's runbook `{document}` anew"),
        )
    };
    if execution.document != document || execution.version != VERSION {
        let Execution {
            document, version, ..
        } = execution;
        return Err(foreign(format!("is of `{document}`, version {version}")));
    }
    if !execution.automatic {
        return Err(foreign("was driven by hand, step by step".to_owned()));
    }
    let asked = asked(execution).map_err(|name| foreign(format!("has no {name} that can be read")))?;
    let (name, action) = APPROVE;
    let mut steps = execution.steps.iter().filter(|step| step.name == name);
    let step = match (steps.next(), steps.next()) {
        (Some(step), None) if step.action == action && !step.overridden => step,
        _ => {
            return Err(foreign(format!(
                "has no step `{name}` of its own in which people decide"
            )));
        }
    };
    said(id, execution, step).map(|words| (asked, words))
}

/// What was said in the step, as far as it counts: approvals where there were as many as the step asked for, and
/// rejections in any case.
fn said<'e>(id: &ExecutionId, execution: &'e Execution, step: &'e Step) -> Result<Vec<&'e Word>, Refusal> {
    let undecided = |why: &str| Refusal::new("execution-undecided", format!("execution {id} {why}"));
    if execution.canceled {
        return Err(undecided(
            "was cancelled, so it decides nothing; start another one",
        ));
    }
    let approvals = match step.state {
        StepState::Open => return Err(undecided("still waits for its approvers")),
        StepState::Succeeded => true,
        StepState::Failed => false,
    };
    let mut words: Vec<&Word> = step
        .words
        .iter()
        .filter(|word| approvals || word.verdict == Verdict::Rejected)
        .collect();
    if words.is_empty() {
        return Err(undecided(
            "ended without enough approvals, and nobody rejected; start another one",
        ));
    }
    words.sort_by_key(|word| word.at);
    Ok(words)
}

/// What an execution was begun for; else the name of what it lacks.
fn asked(execution: &Execution) -> Result<Asked, &'static str> {
    let one = |name: &'static str| match execution.parameters.get(name).map(Vec::as_slice) {
        Some([value]) if !value.is_empty() => Ok(value.as_str()),
        _ => Err(name),
    };
    let [issue, environment, digest] = PARAMETERS;
    Ok(Asked {
        issue: IssueNumber(one(issue)?.parse().map_err(|_| issue)?),
        environment: EnvironmentId::new(one(environment)?),
        digest: Digest::claimed(one(digest)?),
    })
}

/// Who said it, in as much as the service vouches for. The execution's id stands for the request: CloudTrail has the
/// signal of each approver under it.
fn principal(word: &Word, id: &ExecutionId) -> Principal {
    Principal {
        unique_id: word.by.clone(),
        account: word.by.split(':').nth(4).unwrap_or_default().to_owned(),
        access_key: String::new(),
        source_ip: SERVICE.to_owned(),
        request_id: id.to_string(),
        arn: word.by.clone(),
    }
}

fn unknown(id: &str) -> Refusal {
    Refusal::new(
        "execution-unknown",
        format!("there is no execution `{id}` in this account and region"),
    )
}
