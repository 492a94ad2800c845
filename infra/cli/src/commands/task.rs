//! `sluice task`.

use super::issue::{act, show};
use crate::args::TaskCommand;
use crate::client::Client;
use crate::exit::Stop;
use crate::output::Output;
use crate::render::issue::Parts;
use serde_json::Value;

/// Does what can be done with tasks.
pub(super) async fn run(command: TaskCommand, client: &Client, output: &Output) -> Result<(), Stop> {
    let TaskCommand::Resolve {
        number,
        task,
        applied,
        not_applied: _,
        because,
    } = command;
    let body = [
        ("task", task.map(Value::from)),
        ("applied", Some(applied.into())),
        ("because", Some(because.into())),
    ];
    let value = act(number, "resolve", &body, client).await?;
    show(output, &value, Parts::default())
}
