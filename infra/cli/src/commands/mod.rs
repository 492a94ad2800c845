//! The commands, one file per noun.

mod apply;
mod audit;
mod baseline;
mod connect;
mod decision;
pub(crate) mod explain;
mod freeze;
mod issue;
mod rollback;
mod schema;
mod settings;
mod sql;
mod task;
mod version;
mod watch;

use crate::args::schema::SchemaCommand;
use crate::args::{Cli, Command, SettingsCommand};
use crate::client::Client;
use crate::exit::{End, Stop};
use crate::output::Output;
use crate::render::style::Style;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// Does what the command line says.
pub(crate) async fn run(cli: Cli, output: &Output) -> Result<End, Stop> {
    let connect = || Client::connect(&cli.global, Timestamp::now);
    let done = match cli.command {
        Command::Connect(command) => Box::pin(connect::run(command, &cli.global, output)).await,
        Command::Settings(SettingsCommand::Validate { file }) => settings::validate(&file, output),
        Command::Settings(SettingsCommand::Show { version }) => {
            settings::show(version, &connect().await?, output).await
        }
        Command::Settings(SettingsCommand::History(page)) => {
            settings::history(&page, &connect().await?, output).await
        }
        Command::Settings(SettingsCommand::Diff { version, other }) => {
            settings::diff(version, other, &connect().await?, output).await
        }
        Command::Settings(SettingsCommand::Apply { file, if_version }) => {
            let text = settings::read_valid(&file)?;
            settings::apply(&text, if_version, &connect().await?, output).await
        }
        Command::Baseline(command) => baseline::run(command, &connect, output).await,
        Command::Explain(arguments) => {
            let settings = match &arguments.settings {
                Some(file) => settings::read_file(file)?,
                None => settings::in_force(&connect().await?).await?,
            };
            explain::run(&arguments, &settings, output)
        }
        Command::Freeze {
            environment,
            until,
            because,
        } => freeze::freeze(&environment, until, &because, &connect().await?, output).await,
        Command::Unfreeze { environment, because } => {
            freeze::unfreeze(&environment, &because, &connect().await?, output).await
        }
        Command::Freezes => freeze::list(&connect().await?, output).await,
        Command::Issue(command) => issue::run(command, &connect().await?, output).await,
        Command::Task(command) => task::run(command, &connect().await?, output).await,
        Command::Version(command) => {
            let scratch = version::scratch(&command)?;
            version::run(command, scratch, &connect().await?, output).await
        }
        Command::Audit(command) => audit::run(command, &connect, output).await,
        Command::Apply(arguments) => return apply::run(&arguments, output).await,
        Command::Sql(command) => sql::run(command, output),
        Command::Schema(SchemaCommand::Dump {
            source,
            objects,
            keep_definer,
        }) => schema::dump(source.named(), objects, keep_definer, output).await,
        Command::Schema(SchemaCommand::Diff(comparison)) => {
            return schema::diff(&comparison, output).await;
        }
    };
    done.map(|()| End::Done)
}

/// Passes the API's answer on: as it came for programs, as text for people.
fn answer<T: for<'de> Deserialize<'de>>(
    output: &Output,
    value: &Value,
    text: impl FnOnce(&T, Style) -> String,
) -> Result<(), Stop> {
    output.answer(value, |style| read(value).map(|read| text(&read, style)))
}

/// Reads an answer of the API.
fn read<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, Stop> {
    T::deserialize(value).map_err(|error| {
        Stop::Fault(format!(
            "The API answered something that this version of sluice does not understand: {error}. \
             Use --json to see it as it is, and install the sluice that belongs to the stack."
        ))
    })
}
