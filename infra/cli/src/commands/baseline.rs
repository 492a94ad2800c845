//! `sluice baseline`.

use super::answer;
use crate::args::BaselineCommand;
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::{table, time};
use model::{Baseline, Target, UpTo, Version};
use serde::Deserialize;
use serde_json::{Value, json};

/// The baselines of a project.
#[derive(Debug, Deserialize)]
struct Baselines {
    project: String,
    targets: Vec<TargetBaseline>,
}

#[derive(Debug, Deserialize)]
struct TargetBaseline {
    target: Target,
    environment: String,
    database: String,
    baseline: Option<Baseline>,
}

/// Does what can be done with baselines.
pub(super) async fn run(
    command: BaselineCommand,
    connect: &impl AsyncFn() -> Result<Client, Stop>,
    output: &Output,
) -> Result<(), Stop> {
    let value = match command {
        BaselineCommand::Show { project } => {
            let call = Call::get(["projects", &project, "baseline"]);
            connect().await?.send(&call).await?
        }
        BaselineCommand::Set {
            project,
            up_to,
            target,
        } => {
            let body = json!({ "up_to": read_up_to(&up_to)?, "target": target });
            let call = Call::put_json(["projects", &project, "baseline"], &body);
            connect().await?.send(&call).await?
        }
    };
    answer(output, &value, |baselines: &Baselines, _| shown(baselines))
}

/// `all`, `none` or a version, as the API takes it.
fn read_up_to(text: &str) -> Result<Value, Stop> {
    match text {
        "all" | "none" => Ok(json!(text)),
        text => match Version::parse(text) {
            Ok(version) => Ok(json!({ "version": version })),
            Err(error) => Err(Stop::Usage(format!(
                "`{text}` is neither `all`, `none` nor a version: {error}."
            ))),
        },
    }
}

fn shown(baselines: &Baselines) -> String {
    let rows = baselines.targets.iter().map(|target| {
        let (how_far, who, when) = match &target.baseline {
            None => ("waits for one".to_owned(), "–".to_owned(), "–".to_owned()),
            Some(baseline) => (words(&baseline.up_to), baseline.by.clone(), time(baseline.at)),
        };
        vec![
            target.environment.clone(),
            target.database.clone(),
            target.target.to_string(),
            how_far,
            who,
            when,
        ]
    });
    let head = [
        "ENVIRONMENT",
        "DATABASE",
        "TARGET",
        "APPLIED BEFORE",
        "SET BY",
        "SET AT",
    ];
    let text = table(&head, rows);
    if baselines.targets.iter().all(|target| target.baseline.is_some()) {
        return text;
    }
    format!(
        "{text}\nFiles for targets without a baseline wait: sluice baseline set {} --up-to all|none|VERSION\n",
        baselines.project
    )
}

fn words(up_to: &UpTo) -> String {
    match up_to {
        UpTo::Nothing => "nothing".to_owned(),
        UpTo::Version(version) => format!("everything up to {version}"),
        UpTo::All(Some(version)) => format!("all that was there, up to {version}"),
        UpTo::All(None) => "all that is there when it is planned".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{answer as reply, with_api};
    use crate::output::tests::recorded;

    const VIEW: &str = r#"{"project":"shop","targets":[
        {"target":"a/db","environment":"test","database":"db","baseline":
            {"target":"a/db","up_to":{"version":"7"},"by":"arn:aws:iam::1:user/ada","at":"2023-03-10T00:00:00Z","edition":1}},
        {"target":"b/db","environment":"prod","database":"db","baseline":null}]}"#;

    async fn ran(command: BaselineCommand) -> (Result<(), Stop>, String, Vec<String>) {
        let (output, page, _) = recorded(false);
        let replies = [reply("200 OK", VIEW)];
        let (done, requests) = with_api(&replies, async |client| {
            let client = std::cell::RefCell::new(Some(client));
            let connect = async || client.take().ok_or_else(|| Stop::Fault("once".to_owned()));
            run(command, &connect, &output).await
        })
        .await;
        (done, page.text(), requests)
    }

    #[tokio::test]
    async fn a_baseline_is_sent_and_every_target_shown() {
        let set = BaselineCommand::Set {
            project: "shop".to_owned(),
            up_to: "7".to_owned(),
            target: Some(Target::new("a", "db")),
        };
        let (done, text, requests) = ran(set).await;
        done.unwrap();
        assert!(
            requests[0].starts_with("PUT /v1/projects/shop/baseline "),
            "{}",
            requests[0]
        );
        assert!(
            requests[0].ends_with(r#"{"target":"a/db","up_to":{"version":"7"}}"#),
            "{}",
            requests[0]
        );
        insta::assert_snapshot!(text, @r"
        ENVIRONMENT  DATABASE  TARGET  APPLIED BEFORE      SET BY                   SET AT
        test         db        a/db    everything up to 7  arn:aws:iam::1:user/ada  2023-03-10 00:00:00 UTC
        prod         db        b/db    waits for one       –                        –

        Files for targets without a baseline wait: sluice baseline set shop --up-to all|none|VERSION
        ");
    }

    #[test]
    fn nonsense_is_named() {
        for (text, good) in [
            ("all", true),
            ("none", true),
            ("2023", true),
            ("a b", false),
            ("", false),
        ] {
            assert_eq!(read_up_to(text).is_ok(), good, "{text:?}");
        }
    }
}
