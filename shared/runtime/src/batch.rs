//! SQS batches: in order, one by one, each failure told apart.

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use futures::FutureExt;
use model::Fault;
use std::collections::HashSet;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

/// The wait after a message's first failure; it doubles with each other one.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// The longest wait, unless a fault asks for more.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

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

/// The same for a queue without groups, whose messages come back when another try is worth it and not whenever the
/// queue thinks: `put_off` is given the receipt of a message that failed, and how long it is to stay away.
pub async fn each_in_time<H, F, P, W>(event: SqsEvent, handle: H, put_off: P) -> SqsBatchResponse
where
    H: Fn(String) -> F,
    F: Future<Output = Result<(), Fault>>,
    P: Fn(String, Duration) -> W,
    W: Future<Output = Result<(), Fault>>,
{
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.unwrap_or_default();
        let receives = message.attributes.get("ApproximateReceiveCount");
        let receives = receives.and_then(|count| count.parse().ok()).unwrap_or(1);
        let Err(asked) = outcome(&id, handle(message.body.unwrap_or_default())).await else {
            continue;
        };
        let wait = backoff(receives).max(asked);
        if let Err(fault) = put_off(message.receipt_handle.unwrap_or_default(), wait).await {
            // It comes back all the same, at the queue's own time.
            tracing::warn!(
                event = "message_not_put_off",
                message.id = id,
                error.class = fault.class(),
                "a message could not be put off: {}",
                fault.chain()
            );
        }
        response.batch_item_failures.push(failure(id));
    }
    response
}

fn backoff(receives: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(receives.saturating_sub(1));
    FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT)
}

async fn handled(id: &str, work: impl Future<Output = Result<(), Fault>>) -> bool {
    outcome(id, work).await.is_ok()
}

/// How a message's work ended; where it failed, how long is asked to be waited.
async fn outcome(id: &str, work: impl Future<Output = Result<(), Fault>>) -> Result<(), Duration> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(fault)) => {
            tracing::error!(
                event = "message_failed",
                message.id = id,
                error.class = fault.class(),
                "a message failed: {}",
                fault.chain()
            );
            match fault {
                Fault::Retry { after, .. } => Err(after),
                Fault::Operator { .. } | Fault::Bug(_) => Err(Duration::ZERO),
            }
        }
        Err(_) => {
            tracing::error!(
                event = "message_panicked",
                message.id = id,
                "a message made the function panic"
            );
            Err(Duration::ZERO)
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

    #[tokio::test]
    async fn what_failed_comes_back_when_another_try_is_worth_it() {
        let received = |id: &str, count: &str| {
            let mut message = message(id, None);
            message.receipt_handle = Some(format!("receipt of {id}"));
            message
                .attributes
                .insert("ApproximateReceiveCount".to_owned(), count.to_owned());
            message
        };
        let mut event = SqsEvent::default();
        event.records = vec![
            received("well", "1"),
            received("bad", "1"),
            received("bad", "4"),
            received("bad", "12"),
            received("limited", "2"),
            received("panic", "2"),
        ];
        let waits = std::sync::Mutex::new(Vec::new());
        let handle = async |body: String| match body.as_str() {
            "well" => Ok(()),
            "limited" => Err(Fault::Retry {
                operation: "asking GitHub".into(),
                after: Duration::from_hours(1),
                source: "limits".into(),
            }),
            "panic" => panic!("on purpose"),
            _ => Err(Fault::retry("asking GitHub", "502")),
        };
        let response = each_in_time(event, handle, async |receipt, wait: Duration| {
            waits.lock().unwrap().push((receipt, wait.as_secs()));
            Err(Fault::retry("putting off", "it comes back anyway"))
        })
        .await;
        assert_eq!(response.batch_item_failures.len(), 5);
        let waits = waits.into_inner().unwrap();
        let expected = [
            ("bad", 5),
            ("bad", 40),
            ("bad", 900),
            ("limited", 3600),
            ("panic", 10),
        ];
        assert_eq!(
            waits,
            expected.map(|(id, wait)| (format!("receipt of {id}"), wait))
        );
    }
}
