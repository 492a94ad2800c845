//! One execution: whoever invokes the function may name it, and can say nothing else.

use lambda_runtime::{Diagnostic, LambdaEvent};
use model::Refusal;
use runtime::Failed;
use serde::Deserialize;
use serde_json::Value;
use workflow::act::{self, Actor, Heard};
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::executions::Executions;
use workflow::ports::ledger::{Commit, IssueLedger, SettingsLedger, TargetLedger};
use workflow::ports::queue::Nudges;

pub(crate) struct App<L, Q, E, C> {
    pub(crate) ledger: L,
    pub(crate) queue: Q,
    pub(crate) executions: E,
    pub(crate) clock: C,
    /// The name of our runbook's document.
    pub(crate) document: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    execution: String,
}

/// A refusal fails the step, so that the execution's page shows its sentence.
pub(crate) async fn receive<L, Q, E, C>(
    app: &App<L, Q, E, C>,
    event: LambdaEvent<Value>,
) -> Result<Heard, Diagnostic>
where
    L: SettingsLedger + IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    E: Executions,
    C: Clock + Ids,
{
    let heard = match serde_json::from_value::<Named>(event.payload) {
        Ok(named) => hear(app, &named.execution).await?,
        Err(_) => Err(Refusal::new(
            "execution-unknown",
            "the event is not `{\"execution\": \"ID\"}`; start the stack's runbook in Systems Manager, which sends it",
        )),
    };
    heard.map_err(|refusal| {
        tracing::info!(
            event = "refused",
            code = refusal.code,
            "refused: {}",
            refusal.code
        );
        Diagnostic {
            error_type: refusal.code,
            error_message: refusal.message,
        }
    })
}

async fn hear<L, Q, E, C>(app: &App<L, Q, E, C>, execution: &str) -> Result<Result<Heard, Refusal>, Failed>
where
    L: SettingsLedger + IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    E: Executions,
    C: Clock + Ids,
{
    let Some((_, settings)) = workflow::settings_in_force(&app.ledger).await? else {
        return Ok(Err(workflow::no_settings()));
    };
    let actor = Actor {
        ledger: &app.ledger,
        queue: &app.queue,
        clock: &app.clock,
    };
    let heard = act::hear(&actor, &app.executions, &settings, &app.document, execution).await?;
    if let Ok(heard) = &heard {
        tracing::info!(
            event = "decided",
            execution,
            issue.number = heard.issue.0,
            "execution {execution} was heard for issue {}",
            heard.issue
        );
    }
    Ok(heard)
}
