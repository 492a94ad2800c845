//! `sluice settings`.

use super::{answer, read};
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::{count, plain, time};
use crate::source::{self, name};
use ::settings::Settings;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;

/// Settings as they are in force.
#[derive(Debug, Deserialize)]
struct Applied {
    version: u64,
    text: String,
    by: String,
    at: Timestamp,
}

/// The answer to applying.
#[derive(Debug, Deserialize)]
struct Stored {
    version: u64,
}

/// Checks a file and says what it holds.
pub(super) fn validate(file: &Path, output: &Output) -> Result<(), Stop> {
    let settings = check(file, &source::text(file)?)?;
    let text = format!(
        "{} is valid: {}, {}, {}, {}.",
        name(file),
        count(settings.projects.len(), "project"),
        count(settings.environments.len(), "environment"),
        count(settings.instances.len(), "instance"),
        count(settings.members.len(), "member"),
    );
    output.answer(&json!({ "valid": true }), |_| Ok(text))
}

/// The text of a file that holds valid settings.
pub(super) fn read_valid(file: &Path) -> Result<String, Stop> {
    let text = source::text(file)?;
    check(file, &text).map(|_| text)
}

/// Prints the document as it was applied, so that it can be edited and applied again.
pub(super) async fn show(client: &Client, output: &Output) -> Result<(), Stop> {
    let value = client.send(&Call::get(["settings"])).await?;
    let applied: Applied = read(&value)?;
    output.note(&format!(
        "# version {}, applied by {} at {}",
        applied.version,
        plain::line(&applied.by),
        time(applied.at)
    ))?;
    output.answer(&value, |_| Ok(applied.text))
}

/// Makes a text the settings, unless it is already.
pub(super) async fn apply(
    text: &str,
    if_version: Option<u64>,
    client: &Client,
    output: &Output,
) -> Result<(), Stop> {
    let current = current(client).await?;
    if let Some(current) = current.as_ref().filter(|current| current.text == text)
        && if_version.is_none_or(|version| version == current.version)
    {
        let version = current.version;
        let value = json!({ "version": version, "unchanged": true });
        return output.answer(&value, |_| {
            Ok(format!("Settings are unchanged: version {version}."))
        });
    }
    let replaced = if_version.or(current.map(|current| current.version));
    let value = client.send(&Call::put(["settings"], text, replaced)).await?;
    answer(output, &value, |stored: &Stored, _| {
        format!("Settings are now version {}.", stored.version)
    })
}

/// What is in force. A "no" here is left to the call that replaces it: there may be none yet, or none to be read.
async fn current(client: &Client) -> Result<Option<Applied>, Stop> {
    match client.send(&Call::get(["settings"])).await {
        Ok(Value::Null) | Err(Stop::Refused(_)) => Ok(None),
        Ok(value) => read(&value).map(Some),
        Err(stop @ (Stop::Fault(_) | Stop::Usage(_) | Stop::Interrupted(..))) => Err(stop),
    }
}

fn check(file: &Path, text: &str) -> Result<Settings, Stop> {
    Settings::read(text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
        Stop::refused(
            "settings-invalid",
            format!(
                "{} holds {}:\n{}",
                name(file),
                count(problems.len(), "problem"),
                lines.join("\n")
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{answer as reply, with_api};
    use crate::output::tests::recorded;

    const IN_FORCE: &str =
        r#"{"version":3,"text":"a = 1\n","by":"arn:aws:iam::1:user/dba","at":"2023-03-10T00:00:00Z"}"#;

    async fn applied(text: &str, replies: &[String]) -> (Result<(), Stop>, String, Vec<String>) {
        let (output, out, _) = recorded(false);
        let (result, asked) =
            with_api(replies, async |client| apply(text, None, &client, &output).await).await;
        (result, out.text(), asked)
    }

    #[tokio::test]
    async fn the_same_text_is_not_applied_again() {
        let (result, out, asked) = applied("a = 1\n", &[reply("200 OK", IN_FORCE)]).await;
        assert_eq!(result, Ok(()));
        assert_eq!(out, "Settings are unchanged: version 3.\n");
        assert_eq!(asked.len(), 1);
    }

    #[tokio::test]
    async fn another_text_replaces_the_version_that_was_seen() {
        let replies = [reply("200 OK", IN_FORCE), reply("200 OK", r#"{"version":4}"#)];
        let (result, out, asked) = applied("a = 2\n", &replies).await;
        assert_eq!(result, Ok(()));
        assert_eq!(out, "Settings are now version 4.\n");
        assert!(asked[1].contains("if-match: 3\r\n"), "{asked:?}");
    }

    #[tokio::test]
    async fn the_first_settings_replace_nothing() {
        let none = reply(
            "404 Not Found",
            r#"{"code":"no-settings","message":"There are none."}"#,
        );
        let (result, out, asked) = applied("a = 1\n", &[none, reply("200 OK", r#"{"version":1}"#)]).await;
        assert_eq!(result, Ok(()));
        assert_eq!(out, "Settings are now version 1.\n");
        assert!(!asked[1].contains("if-match"), "{asked:?}");
    }

    #[tokio::test]
    async fn what_is_shown_can_be_applied_again() {
        let (output, out, err) = recorded(false);
        let replies = [reply("200 OK", IN_FORCE)];
        let (result, _) = with_api(&replies, async |client| show(&client, &output).await).await;
        assert_eq!(result, Ok(()));
        assert_eq!(out.text(), "a = 1\n");
        assert_eq!(
            err.text(),
            "# version 3, applied by arn:aws:iam::1:user/dba at 2023-03-10 00:00:00 UTC\n"
        );
    }

    #[test]
    fn problems_are_a_refusal_and_a_missing_file_is_usage() {
        let stop = check(Path::new("settings.toml"), "nonsense = 1").unwrap_err();
        assert_eq!(stop.exit_code(), 1);
        assert!(
            stop.to_string().starts_with("settings.toml holds 1 problem"),
            "{stop}"
        );
        assert_eq!(
            read_valid(Path::new("/nowhere/settings.toml"))
                .unwrap_err()
                .exit_code(),
            64
        );
    }
}
