//! `sluice issue`.

mod list;

use super::decision::{self, Verdict};
use super::watch;
use super::{answer, read};
use crate::args::IssueCommand;
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::issue::Parts;
use crate::render::plain;
use model::IssueView;
use serde_json::{Map, Value, json};

/// Does what can be done with issues.
pub(super) async fn run(command: IssueCommand, client: &Client, output: &Output) -> Result<(), Stop> {
    match command {
        IssueCommand::List { filter, page } => list::run(&filter, &page, client, output).await,
        IssueCommand::Open { number } => open(number, client, output).await,
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
        IssueCommand::Bypass {
            number,
            stage,
            because,
        } => {
            let verdict = Verdict::Bypass { because };
            decision::decide(number, &stage, verdict, client, output).await
        }
        IssueCommand::Retry { number, task } => {
            let value = act(number, "retry", &[("task", task.map(Value::from))], client).await?;
            show(output, &value, Parts::default())
        }
        IssueCommand::Depends {
            number,
            on,
            no_longer,
        } => {
            let body = [("on", Some(on.into())), ("waits", Some((!no_longer).into()))];
            let value = act(number, "depends", &body, client).await?;
            show(output, &value, Parts::default())
        }
        IssueCommand::Resolve { number, because } => {
            let value = act(number, "skip", &[("because", Some(because.into()))], client).await?;
            show(output, &value, Parts::default())
        }
        IssueCommand::Reopen {
            number,
            task,
            because,
        } => {
            let body = [("task", task.map(Value::from)), ("because", Some(because.into()))];
            let value = act(number, "reopen", &body, client).await?;
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

/// Prints where GitHub shows the commit of an issue.
async fn open(number: u64, client: &Client, output: &Output) -> Result<(), Stop> {
    let value = client
        .send(&Call::get(["issues".to_owned(), number.to_string()]))
        .await?;
    let view: IssueView = read(&value)?;
    let place = json!({ "issue": view.issue.number, "url": view.issue.url });
    output.answer(&place, |_| Ok(plain::line(&view.issue.url)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{answer as reply, with_api};
    use crate::output::tests::recorded;
    use crate::render::samples;

    #[tokio::test]
    async fn where_github_shows_an_issue_is_printed_and_nothing_else() {
        let view = samples::issue();
        let url = &view.issue.url;
        for (json, expected) in [
            (false, format!("{url}\n")),
            (true, format!("{{\n  \"issue\": 7,\n  \"url\": \"{url}\"\n}}\n")),
        ] {
            let (output, out, err) = recorded(json);
            let answers = [reply("200 OK", &serde_json::to_string(&view).unwrap())];
            let act = async |client| run(IssueCommand::Open { number: 7 }, &client, &output).await;
            let (result, asked) = with_api(&answers, act).await;
            assert_eq!(result, Ok(()));
            assert!(asked[0].starts_with("GET /v1/issues/7 "), "{}", asked[0]);
            assert_eq!((out.text(), err.text()), (expected, String::new()));
        }
    }
}
