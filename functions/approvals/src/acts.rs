//! What people do with an issue: each body, and the use case that it asks for.

use crate::handler::{App, bad_reason, body, optional_body, reason_too_long, too_long};
use crate::route::Act;
use jiff::Timestamp;
use lambda_http::Request;
use model::{Digest, EnvironmentId, Fault, IssueNumber, Principal, Refusal, Verdict};
use serde::Deserialize;
use settings::Settings;
use workflow::act::{self, Actor, Approve, Cancel, Depend, Reopen, Resolve, Retry, RunAt, Skip};
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::ledger::{Commit, IssueLedger, PlanLedger, TargetLedger};
use workflow::ports::queue::Nudges;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    environment: Option<EnvironmentId>,
    digest: String,
    because: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RetryBody {
    task: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonedBody {
    task: Option<u32>,
    because: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunBody {
    task: Option<u32>,
    /// Null for as soon as everything else lets it.
    at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DependBody {
    on: IssueNumber,
    waits: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResolveBody {
    task: Option<u32>,
    applied: bool,
    because: String,
}

/// Something that a caller wants to be done with an issue.
pub(crate) struct Asked<'a, L, Q, C> {
    pub(crate) app: &'a App<L, Q, C>,
    pub(crate) settings: &'a Settings,
    pub(crate) by: &'a Principal,
    pub(crate) issue: IssueNumber,
    pub(crate) request: &'a Request,
}

/// Done, or refused.
type Done = Result<Result<(), Refusal>, Fault>;

/// What a body says, or the refusal that goes back.
macro_rules! read {
    ($body:expr) => {
        match $body {
            Ok(body) => body,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}

impl<L, Q, C> Asked<'_, L, Q, C>
where
    L: PlanLedger + IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    pub(crate) async fn act(&self, what: Act) -> Done {
        match what {
            Act::Approve => self.decide(Verdict::Approved).await,
            Act::Reject => self.decide(Verdict::Rejected).await,
            Act::Bypass => self.decide(Verdict::Bypassed).await,
            Act::Retry => self.retry().await,
            Act::Cancel => self.cancel().await,
            Act::Resolve => self.resolve().await,
            Act::Skip => self.skip().await,
            Act::Reopen => self.reopen().await,
            Act::Depend => self.depend().await,
            Act::RunAt => self.run_at().await,
        }
    }

    async fn decide(&self, verdict: Verdict) -> Done {
        let body: DecisionBody = read!(body(self.request));
        let reason = body.because.as_deref();
        let refused = match verdict {
            Verdict::Approved | Verdict::Rejected => reason
                .filter(|reason| too_long(reason))
                .map(|_| reason_too_long()),
            Verdict::Bypassed => bad_reason(reason.unwrap_or_default()),
        };
        if let Some(refusal) = refused {
            return Ok(Err(refusal));
        }
        let wish = Approve {
            issue: self.issue,
            environment: body.environment,
            digest: Digest::claimed(body.digest),
            turn: None,
            verdict,
            because: body.because,
            by: self.by.clone().into(),
        };
        act::decide(&self.actor(), self.settings, &wish).await
    }

    async fn retry(&self) -> Done {
        let RetryBody { task } = read!(optional_body(self.request));
        let (issue, by) = (self.issue, self.by.clone());
        act::retry(&self.actor(), self.settings, &Retry { issue, task, by }).await
    }

    async fn cancel(&self) -> Done {
        let ReasonedBody { task, because } = read!(self.reasoned());
        let wish = Cancel {
            issue: self.issue,
            task,
            because,
            by: self.by.clone(),
        };
        act::cancel(&self.actor(), self.settings, &wish).await
    }

    async fn resolve(&self) -> Done {
        let body: ResolveBody = read!(body(self.request));
        if too_long(&body.because) {
            return Ok(Err(reason_too_long()));
        }
        let wish = Resolve {
            issue: self.issue,
            task: body.task,
            applied: body.applied,
            because: body.because,
            by: self.by.clone(),
        };
        act::resolve(&self.actor(), self.settings, &wish).await
    }

    async fn skip(&self) -> Done {
        let ReasonedBody { task, because } = read!(self.reasoned());
        let wish = Skip {
            issue: self.issue,
            task,
            because,
            by: self.by.clone(),
        };
        act::skip(&self.actor(), self.settings, &wish).await
    }

    async fn reopen(&self) -> Done {
        let ReasonedBody { task, because } = read!(self.reasoned());
        let wish = Reopen {
            issue: self.issue,
            task,
            because,
            by: self.by.clone(),
        };
        act::reopen(&self.actor(), self.settings, &wish).await
    }

    async fn depend(&self) -> Done {
        let DependBody { on, waits } = read!(body(self.request));
        let (issue, by) = (self.issue, self.by.clone());
        act::depend(&self.actor(), self.settings, &Depend { issue, on, waits, by }).await
    }

    async fn run_at(&self) -> Done {
        let RunBody { task, at } = read!(body(self.request));
        let (issue, by) = (self.issue, self.by.clone());
        act::run_at(&self.actor(), self.settings, &RunAt { issue, task, at, by }).await
    }

    /// A body with a reason.
    fn reasoned(&self) -> Result<ReasonedBody, Refusal> {
        let read: ReasonedBody = body(self.request)?;
        if too_long(&read.because) {
            return Err(reason_too_long());
        }
        Ok(read)
    }

    fn actor(&self) -> Actor<'_, L, Q, C> {
        Actor {
            ledger: &self.app.ledger,
            queue: &self.app.queue,
            clock: &self.app.clock,
        }
    }
}
