//! `sluice freeze`, `sluice unfreeze` and `sluice freezes`.

use super::answer;
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::{plain, table, time};
use jiff::Timestamp;
use model::Freeze;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
struct Held {
    freezes: Vec<Freeze>,
}

/// Freezes an environment.
pub(super) async fn freeze(
    environment: &str,
    until: Timestamp,
    because: &str,
    client: &Client,
    output: &Output,
) -> Result<(), Stop> {
    let body = json!({ "until": until, "because": because });
    let call = Call::put_json(["freezes", environment], &body);
    show(&client.send(&call).await?, output)
}

/// Lifts a freeze before its time.
pub(super) async fn unfreeze(
    environment: &str,
    because: &str,
    client: &Client,
    output: &Output,
) -> Result<(), Stop> {
    let call = Call::post(["freezes", environment, "lift"], &json!({ "because": because }));
    show(&client.send(&call).await?, output)
}

/// Lists what is frozen.
pub(super) async fn list(client: &Client, output: &Output) -> Result<(), Stop> {
    show(&client.send(&Call::get(["freezes"])).await?, output)
}

fn show(value: &Value, output: &Output) -> Result<(), Stop> {
    answer(output, value, |held: &Held, _| shown(&held.freezes))
}

fn shown(freezes: &[Freeze]) -> String {
    if freezes.is_empty() {
        return "Nothing is frozen.\n".to_owned();
    }
    let rows = freezes.iter().map(|freeze| {
        vec![
            freeze.environment.to_string(),
            time(freeze.until),
            freeze.member.clone(),
            time(freeze.at),
            plain::shortened(&freeze.because, 80),
        ]
    });
    table(&["ENVIRONMENT", "UNTIL", "BY", "SINCE", "BECAUSE"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{answer as reply, with_api};
    use crate::output::tests::recorded;

    #[tokio::test]
    async fn what_is_frozen_is_shown_after_each_change() {
        let until: Timestamp = "2026-12-27T08:00:00Z".parse().unwrap();
        let held = json!({ "freezes": [{
            "environment": "prod", "until": until, "because": "Christmas", "member": "Dee", "by": "arn:aws:iam::1:user/dba", "at": until,
        }] });
        let (output, out, _) = recorded(false);
        let answers = [
            reply("200 OK", &held.to_string()),
            reply("200 OK", r#"{"freezes":[]}"#),
        ];
        let act = async |client| {
            freeze("prod", until, "Christmas", &client, &output).await?;
            unfreeze("prod", "done", &client, &output).await
        };
        let (result, asked) = with_api(&answers, act).await;
        assert_eq!(result, Ok(()));
        assert!(asked[0].starts_with("PUT /v1/freezes/prod "), "{}", asked[0]);
        assert!(
            asked[0].contains(r#""until":"2026-12-27T08:00:00Z""#),
            "{}",
            asked[0]
        );
        assert!(
            asked[1].starts_with("POST /v1/freezes/prod/lift "),
            "{}",
            asked[1]
        );
        let text = out.text();
        assert!(
            text.contains("Christmas") && text.contains("Nothing is frozen."),
            "{text}"
        );
    }
}
