//! `sluice version`.

use super::{answer, read, rollback};
use crate::args::VersionCommand;
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::version::{Page, page};
use crate::server::{self, ServerUrl};
use model::{RevisionView, Target};
use serde_json::Value;

/// The server on which something is to be tried, if the command line names one.
pub(super) fn scratch(command: &VersionCommand) -> Result<Option<ServerUrl>, Stop> {
    match command {
        VersionCommand::Rollback { scratch, .. } => scratch.as_deref().map(server::parse_scratch).transpose(),
        VersionCommand::List { .. } | VersionCommand::Show { .. } => Ok(None),
    }
}

/// Does what can be done with versions.
pub(super) async fn run(
    command: VersionCommand,
    scratch: Option<ServerUrl>,
    client: &Client,
    output: &Output,
) -> Result<(), Stop> {
    match command {
        VersionCommand::List { target, page } => {
            let call = Call::get(path(&target))
                .with("limit", page.limit)
                .with("before", page.before);
            let value = client.send(&call).await?;
            if let Some(next) = value.get("next").and_then(Value::as_str) {
                output.note(&format!(
                    "There are more: sluice version list {target} --before {next}"
                ))?;
            }
            answer(output, &value, |page: &Page, _| page.render())
        }
        VersionCommand::Show {
            target,
            version,
            schema,
        } => {
            let call = Call::get(path(&target).into_iter().chain([version.as_str()]));
            let value = client.send(&call).await?;
            answer(output, &value, |view: &RevisionView, style| {
                page(view, schema, style)
            })
        }
        VersionCommand::Rollback {
            target,
            version,
            scratch: _,
        } => {
            let call = Call::get(path(&target).into_iter().chain([version.as_str()]));
            let view: RevisionView = read(&client.send(&call).await?)?;
            rollback::propose(&view, scratch.as_ref(), output).await
        }
    }
}

fn path(target: &Target) -> [&str; 4] {
    [
        "targets",
        target.instance.as_str(),
        target.database.as_str(),
        "versions",
    ]
}
