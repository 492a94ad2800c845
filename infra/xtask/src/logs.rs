//! Function logs live in the AWS emulator's memory; this writes them into files before it ends.

use crate::context::Context;
use crate::fault::{At, Fault};
use crate::stack::Made;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default)]
    events: Vec<Event>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    message: String,
}

/// Writes `logs/function-{name}.log` for every function.
pub(crate) fn collect(context: &Context, made: &Made) -> Result<(), Fault> {
    let client = made.root()?;
    for (function, name) in &made.stack.functions {
        let mut text = String::new();
        let mut token = None;
        loop {
            let request = json!({"logGroupName": format!("/aws/lambda/{name}"), "nextToken": token});
            let operation = "Logs_20140328.FilterLogEvents";
            let answer = client.json("logs", operation, &request)?;
            // A function that never ran has no log.
            if answer.status == 400 && answer.body.contains("ResourceNotFoundException") {
                break;
            }
            let body = answer.ok(operation)?;
            let page: Page = serde_json::from_str(&body)
                .map_err(|error| Fault::told(format!("{operation} answered with something else: {error}")))?;
            for event in page.events {
                text.push_str(event.message.trim_end());
                text.push('\n');
            }
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        let path = context.log_file(&format!("function-{function}"))?;
        std::fs::write(&path, text).at("write", &path)?;
    }
    Ok(())
}
