//! `sluice task`.

use super::issue::{act, show};
use crate::args::{At, TaskCommand};
use crate::client::Client;
use crate::exit::Stop;
use crate::output::Output;
use crate::render::issue::Parts;
use serde_json::{Value, json};

/// Does what can be done with tasks.
pub(super) async fn run(command: TaskCommand, client: &Client, output: &Output) -> Result<(), Stop> {
    let value = match command {
        TaskCommand::Skip {
            number,
            task,
            because,
        } => {
            let body = [("task", Some(task.into())), ("because", Some(because.into()))];
            act(number, "skip", &body, client).await?
        }
        TaskCommand::Run {
            number,
            task,
            at: At(at),
        } => {
            let body = [("task", task.map(Value::from)), ("at", Some(json!(at)))];
            act(number, "run", &body, client).await?
        }
        TaskCommand::Resolve {
            number,
            task,
            applied,
            not_applied: _,
            because,
        } => {
            let body = [
                ("task", task.map(Value::from)),
                ("applied", Some(applied.into())),
                ("because", Some(because.into())),
            ];
            act(number, "resolve", &body, client).await?
        }
    };
    show(output, &value, Parts::default())
}
