//! `sluice settings`.

use super::{answer, read};
use crate::args;
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::{count, plain, table, time};
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

/// A page of the history.
#[derive(Debug, Deserialize)]
struct History {
    versions: Vec<Entry>,
}

/// Who applied a version, and when.
#[derive(Debug, Deserialize)]
struct Entry {
    version: u64,
    by: String,
    at: Timestamp,
}

/// The settings that a file holds.
pub(super) fn read_file(file: &Path) -> Result<Settings, Stop> {
    check(file, &source::text(file)?)
}

/// The settings in force.
pub(super) async fn in_force(client: &Client) -> Result<Settings, Stop> {
    let applied: Applied = read(&client.send(&Call::get(["settings"])).await?)?;
    Settings::read(&applied.text).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Stop::Fault(format!(
            "Version {} of the settings is not understood by this version of sluice; install the sluice that belongs to \
             the stack:\n{}",
            applied.version,
            problems.join("\n")
        ))
    })
}

/// Lists who applied which version, newest first.
pub(super) async fn history(page: &args::Page<u64>, client: &Client, output: &Output) -> Result<(), Stop> {
    let call = Call::get(["settings", "versions"])
        .with("limit", page.limit)
        .with("before", page.before);
    let value = client.send(&call).await?;
    if let Some(next) = value.get("next").and_then(Value::as_u64) {
        output.note(&format!(
            "There are more: sluice settings history --before {next}"
        ))?;
    }
    answer(output, &value, |history: &History, _| {
        let rows = history
            .versions
            .iter()
            .map(|entry| vec![entry.version.to_string(), time(entry.at), plain::line(&entry.by)]);
        table(&["VERSION", "APPLIED", "BY"], rows)
    })
}

/// Shows what leads from one version to another, the older one first.
pub(super) async fn diff(
    version: u64,
    other: Option<u64>,
    client: &Client,
    output: &Output,
) -> Result<(), Stop> {
    let other = other.unwrap_or(version.saturating_sub(1));
    let (before, after) = (version.min(other), version.max(other));
    // Before the first version there was nothing.
    let old = match before {
        0 => String::new(),
        _ => version_of(before, client).await?.text,
    };
    let new = version_of(after, client).await?.text;
    let diff = report::schema_diff(&old, &new);
    let value = json!({ "before": before, "after": after, "diff": diff });
    output.answer(&value, |style| {
        Ok(if diff.is_empty() {
            format!("Versions {before} and {after} are the same.")
        } else {
            style.diff(&plain::lines(&diff))
        })
    })
}

async fn version_of(version: u64, client: &Client) -> Result<Applied, Stop> {
    let number = version.to_string();
    read(&client.send(&Call::get(["settings", "versions", &number])).await?)
}

/// The text of a file that holds valid settings.
pub(super) fn read_valid(file: &Path) -> Result<String, Stop> {
    let text = source::text(file)?;
    check(file, &text).map(|_| text)
}

/// Prints the document as it was applied, so that it can be edited and applied again.
pub(super) async fn show(version: Option<u64>, client: &Client, output: &Output) -> Result<(), Stop> {
    let call = match version {
        None => Call::get(["settings".to_owned()]),
        Some(version) => Call::get(["settings".to_owned(), "versions".to_owned(), version.to_string()]),
    };
    let value = client.send(&call).await?;
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
        let (result, _) = with_api(&replies, async |client| show(None, &client, &output).await).await;
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
            stop.to_string().starts_with("settings.toml holds 4 problems"),
            "{stop}"
        );
        assert_eq!(
            read_valid(Path::new("/nowhere/settings.toml"))
                .unwrap_err()
                .exit_code(),
            64
        );
    }

    #[tokio::test]
    async fn the_history_says_who_and_when_and_how_to_go_on() {
        let (output, out, err) = recorded(false);
        let page = r#"{"versions":[{"version":3,"by":"arn:aws:iam::1:user/dba","at":"2023-03-10T00:00:00Z"}],"next":3}"#;
        let wanted = args::Page {
            limit: Some(1),
            before: Some(4),
        };
        let (result, asked) = with_api(&[reply("200 OK", page)], async |client| {
            history(&wanted, &client, &output).await
        })
        .await;
        assert_eq!(result, Ok(()));
        assert!(
            asked[0].starts_with("GET /v1/settings/versions?limit=1&before=4 "),
            "{asked:?}"
        );
        assert_eq!(
            out.text(),
            "VERSION  APPLIED                  BY\n3        2023-03-10 00:00:00 UTC  arn:aws:iam::1:user/dba\n"
        );
        assert_eq!(err.text(), "There are more: sluice settings history --before 3\n");
    }

    #[tokio::test]
    async fn a_version_is_compared_with_the_one_before_it() {
        let (output, out, _) = recorded(false);
        let replies = [
            reply("200 OK", &IN_FORCE.replace("a = 1", "a = 0")),
            reply("200 OK", IN_FORCE),
        ];
        let (result, asked) = with_api(&replies, async |client| diff(3, None, &client, &output).await).await;
        assert_eq!(result, Ok(()));
        assert!(asked[0].starts_with("GET /v1/settings/versions/2 "), "{asked:?}");
        assert!(asked[1].starts_with("GET /v1/settings/versions/3 "), "{asked:?}");
        assert!(out.text().ends_with("-a = 0\n+a = 1\n"), "{}", out.text());
    }
}
