//! `sluice issue`.

use super::answer;
use super::decision::{self, Verdict};
use super::watch;
use crate::args::IssueCommand;
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::issue::{Page, Parts};
use model::IssueView;
use serde_json::{Map, Value, json};

/// Does what can be done with issues.
pub(super) async fn run(command: IssueCommand, client: &Client, output: &Output) -> Result<(), Stop> {
    match command {
        IssueCommand::List(page) => {
            let call = Call::get(["issues"])
                .with("limit", page.limit)
                .with("before", page.before);
            let value = client.send(&call).await?;
            if let Some(next) = value.get("next").and_then(Value::as_u64) {
                output.note(&format!("There are more: sluice issue list --before {next}"))?;
            }
            answer(output, &value, |page: &Page, _| page.render())
        }
        IssueCommand::Show {
            number, watch: true, ..
        } => watch::run(number, client, output).await,
        IssueCommand::Show {
            number,
            sql,
            diff,
            watch: false,
        } => {
            let value = client
                .send(&Call::get(["issues".to_owned(), number.to_string()]))
                .await?;
            show(output, &value, Parts { sql, diff })
        }
        IssueCommand::Approve {
            number,
            stage,
            because,
        } => {
            let verdict = Verdict::Approve { because };
            decision::decide(number, &stage, verdict, client, output).await
        }
        IssueCommand::Reject {
            number,
            stage,
            because,
        } => {
            let verdict = Verdict::Reject { because };
            decision::decide(number, &stage, verdict, client, output).await
        }
        IssueCommand::Retry { number, task } => {
            let value = act(number, "retry", &[("task", task.map(Value::from))], client).await?;
            show(output, &value, Parts::default())
        }
        IssueCommand::Cancel {
            number,
            task,
            because,
        } => {
            let body = [("task", task.map(Value::from)), ("because", Some(because.into()))];
            let value = act(number, "cancel", &body, client).await?;
            show(output, &value, Parts::default())
        }
    }
}

/// Does something to an issue; what is not given is not sent.
pub(super) async fn act(
    number: u64,
    verb: &str,
    body: &[(&str, Option<Value>)],
    client: &Client,
) -> Result<Value, Stop> {
    let body: Map<String, Value> = body
        .iter()
        .filter_map(|(name, value)| value.clone().map(|value| ((*name).to_owned(), value)))
        .collect();
    let path = ["issues".to_owned(), number.to_string(), verb.to_owned()];
    client.send(&Call::post(path, &json!(body))).await
}

/// Shows an issue.
pub(super) fn show(output: &Output, value: &Value, parts: Parts) -> Result<(), Stop> {
    answer(output, value, |view: &IssueView, style| {
        crate::render::issue::page(view, parts, style)
    })
}
