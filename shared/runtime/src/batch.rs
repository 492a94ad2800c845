//! SQS batches: in order, one by one, each failure told apart.

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use futures::FutureExt;
use model::Fault;
use std::collections::HashSet;
use std::future::Future;
use std::panic::AssertUnwindSafe;

/// Handles every message's body in order. A message that fails is returned to the queue, and with it the later ones
/// of its group: a FIFO queue must not run ahead. A panic is one message's failure, not the batch's.
pub async fn each<H, F>(event: SqsEvent, handle: H) -> SqsBatchResponse
where
    H: Fn(String) -> F,
    F: Future<Output = Result<(), Fault>>,
{
    let mut response = SqsBatchResponse::default();
    let mut stopped: HashSet<String> = HashSet::new();
    for message in event.records {
        let id = message.message_id.unwrap_or_default();
        let group = message.attributes.get("MessageGroupId").cloned();
        let waits = group.as_ref().is_some_and(|group| stopped.contains(group));
        if !waits && handled(&id, handle(message.body.unwrap_or_default())).await {
            continue;
        }
        stopped.extend(group);
        response.batch_item_failures.push(failure(id));
    }
    response
}

async fn handled(id: &str, work: impl Future<Output = Result<(), Fault>>) -> bool {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(())) => true,
        Ok(Err(fault)) => {
            tracing::error!(
                event = "message_failed",
                message.id = id,
                error.class = fault.class(),
                "a message failed: {}",
                fault.chain()
            );
            false
        }
        Err(_) => {
            tracing::error!(
                event = "message_panicked",
                message.id = id,
                "a message made the function panic"
            );
            false
        }
    }
}

fn failure(id: String) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = id;
    failure
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lambda_events::event::sqs::SqsMessage;

    fn message(id: &str, group: Option<&str>) -> SqsMessage {
        let mut message = SqsMessage::default();
        message.message_id = Some(id.to_owned());
        message.body = Some(id.to_owned());
        if let Some(group) = group {
            message
                .attributes
                .insert("MessageGroupId".to_owned(), group.to_owned());
        }
        message
    }

    async fn failures(messages: Vec<SqsMessage>) -> Vec<String> {
        let mut event = SqsEvent::default();
        event.records = messages;
        let response = each(event, async |body| match body.as_str() {
            "bad" => Err(Fault::Bug("bad".into())),
            "panic" => panic!("on purpose"),
            _ => Ok(()),
        })
        .await;
        response
            .batch_item_failures
            .into_iter()
            .map(|failure| failure.item_identifier)
            .collect()
    }

    #[tokio::test]
    async fn a_failure_stops_its_group_and_no_other() {
        let messages = vec![
            message("bad", Some("a")),
            message("1", Some("b")),
            message("2", Some("a")),
            message("3", None),
        ];
        assert_eq!(failures(messages).await, ["bad", "2"]);
    }

    #[tokio::test]
    async fn a_panic_is_one_messages_failure() {
        assert_eq!(
            failures(vec![message("panic", None), message("1", None)]).await,
            ["panic"]
        );
    }
}
