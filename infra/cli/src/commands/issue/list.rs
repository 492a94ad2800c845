//! `sluice issue list`.

use super::super::answer;
use crate::args::{IssueFilterChoice, Page};
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::issue::Page as Rendered;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How many issues a page has where nobody says.
const PAGE: u32 = 20;
/// The most that the API shows at once.
const LARGEST_PAGE: u32 = 100;

/// Lists issues until the page is full or there are no more. The API looks at so many in one call, and says how far it
/// came.
pub(super) async fn run(
    filter: &IssueFilterChoice,
    page: &Page<u64>,
    client: &Client,
    output: &Output,
) -> Result<(), Stop> {
    let wanted = page.limit.unwrap_or(PAGE).min(LARGEST_PAGE);
    let mut issues: Vec<Value> = Vec::new();
    let mut before = page.before;
    let next = loop {
        let missing = wanted.saturating_sub(u32::try_from(issues.len()).unwrap_or(u32::MAX));
        let value = client.send(&call(filter, missing, before)).await?;
        let found = value.get("issues").and_then(Value::as_array);
        let found =
            found.ok_or_else(|| Stop::Fault("The API answered without a list of issues.".to_owned()))?;
        issues.extend(found.iter().cloned());
        let next = value.get("next").and_then(Value::as_u64);
        if next.is_none() || issues.len() >= wanted as usize {
            break next;
        }
        if before.is_some() && next >= before {
            let words = "The API does not come any further down the list of issues. Please report this.";
            return Err(Stop::Fault(words.to_owned()));
        }
        before = next;
        if let Some(before) = before {
            output.note(&format!(
                "Looked at everything from issue {before} up; looking further down …"
            ))?;
        }
    };
    if let Some(next) = next {
        output.note(&format!("There are more: {}", again(filter, page.limit, next)))?;
    }
    let value = json!({ "issues": issues, "next": next });
    answer(output, &value, |page: &Rendered, _| page.render())
}

fn call(filter: &IssueFilterChoice, limit: u32, before: Option<u64>) -> Call {
    Call::get(["issues"])
        .with("limit", Some(limit))
        .with("before", before)
        .with("state", filter.state)
        .with("environment", filter.environment.as_ref())
        .with("database", filter.database.as_ref())
        .with("author", filter.author.as_ref())
        .with("older_than", filter.older_than.as_ref())
        .with("newer_than", filter.newer_than.as_ref())
}

/// The command that goes on there.
fn again(filter: &IssueFilterChoice, limit: Option<u32>, next: u64) -> String {
    let state = filter.state.map(|state| state.word().to_owned());
    let options = [
        ("state", state.as_ref()),
        ("environment", filter.environment.as_ref()),
        ("database", filter.database.as_ref()),
        ("author", filter.author.as_ref()),
        ("older-than", filter.older_than.as_ref()),
        ("newer-than", filter.newer_than.as_ref()),
    ];
    let mut command = "sluice issue list".to_owned();
    for (name, value) in options {
        if let Some(value) = value {
            // Writing to a string can't fail.
            let _ = write!(command, " --{name} {}", word(value));
        }
    }
    if let Some(limit) = limit {
        let _ = write!(command, " --limit {limit}");
    }
    format!("{command} --before {next}")
}

/// A value as a shell reads it.
fn word(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@._/+-".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{answer as reply, with_api};
    use crate::output::tests::recorded;
    use crate::render::samples;
    use model::IssueState;

    fn found(issues: usize, next: Option<u64>) -> String {
        let issues: Vec<_> = (0..issues).map(|_| samples::issue()).collect();
        let body = json!({ "issues": issues, "next": next }).to_string();
        reply("200 OK", &body)
    }

    fn page(limit: Option<u32>, before: Option<u64>) -> Page<u64> {
        Page { limit, before }
    }

    fn first_line(asked: &str) -> &str {
        asked.split(" HTTP").next().unwrap()
    }

    #[tokio::test]
    async fn what_is_asked_for_is_asked_of_the_api() {
        let (output, _, err) = recorded(false);
        let filter = IssueFilterChoice {
            state: Some(IssueState::Waiting),
            environment: Some("prod".into()),
            database: Some("main/shop".into()),
            author: Some("ada@example.com".into()),
            older_than: Some("1d 12h".into()),
            newer_than: Some("3w".into()),
        };
        let act = async |client| run(&filter, &page(Some(1), Some(9)), &client, &output).await;
        let (result, asked) = with_api(&[found(1, Some(7))], act).await;
        assert_eq!(result, Ok(()));
        assert_eq!(
            first_line(&asked[0]),
            "GET /v1/issues?limit=1&before=9&state=waiting&environment=prod&database=main%2Fshop\
             &author=ada%40example.com&older_than=1d%2012h&newer_than=3w"
        );
        assert_eq!(
            err.text(),
            "There are more: sluice issue list --state waiting --environment prod --database main/shop \
             --author ada@example.com --older-than '1d 12h' --newer-than 3w --limit 1 --before 7\n"
        );
    }

    #[tokio::test]
    async fn it_goes_on_until_the_page_is_full() {
        let (output, out, err) = recorded(false);
        let filter = IssueFilterChoice::default();
        let answers = [found(1, Some(900)), found(0, Some(400)), found(2, Some(380))];
        let act = async |client| run(&filter, &page(Some(3), None), &client, &output).await;
        let (result, asked) = with_api(&answers, act).await;
        assert_eq!(result, Ok(()));
        let asked: Vec<_> = asked.iter().map(|asked| first_line(asked)).collect();
        assert_eq!(
            asked,
            [
                "GET /v1/issues?limit=3",
                "GET /v1/issues?limit=2&before=900",
                "GET /v1/issues?limit=2&before=400"
            ]
        );
        assert_eq!(out.text().lines().count(), 4, "{}", out.text());
        assert!(
            err.text()
                .ends_with("There are more: sluice issue list --limit 3 --before 380\n"),
            "{}",
            err.text()
        );
    }

    #[tokio::test]
    async fn it_ends_where_the_list_does_and_programs_get_one_document() {
        let (output, out, err) = recorded(true);
        let filter = IssueFilterChoice::default();
        let answers = [found(1, Some(900)), found(1, None)];
        let act = async |client| run(&filter, &page(None, None), &client, &output).await;
        let (result, _) = with_api(&answers, act).await;
        assert_eq!(result, Ok(()));
        let document: Value = serde_json::from_str(&out.text()).unwrap();
        assert_eq!(document["issues"].as_array().unwrap().len(), 2);
        assert!(document["next"].is_null());
        assert_eq!(err.text(), "");
    }

    #[tokio::test]
    async fn an_api_that_stands_still_is_not_asked_for_ever() {
        let (output, _, _) = recorded(false);
        let filter = IssueFilterChoice::default();
        let answers = [found(0, Some(5)), found(0, Some(5))];
        let act = async |client| run(&filter, &page(None, None), &client, &output).await;
        let (result, _) = with_api(&answers, act).await;
        assert_eq!(result.unwrap_err().exit_code(), 2);
    }

    #[test]
    fn a_value_is_quoted_where_a_shell_would_take_it_apart() {
        for (value, expected) in [
            ("ada", "ada"),
            ("1d 12h", "'1d 12h'"),
            ("O'Hara", r"'O'\''Hara'"),
            ("", "''"),
            ("$(x)", "'$(x)'"),
        ] {
            assert_eq!(word(value), expected);
        }
    }
}
