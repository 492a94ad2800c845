//! The way to the worker: a FIFO queue with one group for each target, so that no two workers meet on one.

use crate::SEND;
use aws_errors::Call;
use aws_sdk_sqs::Client;
use model::{Checksum, Fault, Target};
use serde::{Deserialize, Serialize};
use workflow::ports::queue::Nudges;

/// The queue of nudges.
#[derive(Debug, Clone)]
pub struct SqsNudges {
    client: Client,
    url: String,
    alone: bool,
}

/// A message's body.
#[derive(Debug, Serialize, Deserialize)]
struct Nudge {
    target: Target,
}

impl SqsNudges {
    /// The queue with this URL.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self {
            client,
            url: url.into(),
            alone: false,
        }
    }

    /// The queue with this URL, reached as the configuration says.
    pub fn configured(config: &aws_types::SdkConfig, url: impl Into<String>) -> Self {
        Self::new(Client::new(config), url)
    }

    /// Puts every message into a group of its own. A message whose worker died holds its group until it becomes
    /// visible again; whoever repairs must not stand in that line. Order is the ledger's, not the queue's.
    #[must_use]
    pub fn each_alone(self) -> Self {
        Self { alone: true, ..self }
    }
}

impl Nudges for SqsNudges {
    async fn nudge(&self, target: &Target, reason: &str) -> Result<(), Fault> {
        let body = Nudge {
            target: target.clone(),
        };
        let body = serde_json::to_string(&body)
            .map_err(|error| Fault::Bug(format!("a nudge can't be written as JSON: {error}")))?;
        let request = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .message_group_id(if self.alone {
                deduplication(target, reason)
            } else {
                group(target)
            })
            .message_deduplication_id(deduplication(target, reason));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let call = Call {
                    action: SEND,
                    resource: &self.url,
                };
                Err(aws_errors::fault(call, error))
            }
        }
    }
}

/// The target in a message's body. Nobody but Sluice writes to the queue, so anything else is a bug.
pub fn read_nudge(body: &str) -> Result<Target, Fault> {
    let nudge: Nudge = serde_json::from_str(body)
        .map_err(|error| Fault::Bug(format!("a message of the changes queue is no nudge: {error}")))?;
    Ok(nudge.target)
}

/// One group for each target: a hash, because SQS takes no name with other letters than ASCII's.
fn group(target: &Target) -> String {
    Checksum::of(target.to_string().as_bytes()).to_string()
}

/// Nudges of one target for one reason are one message for five minutes.
fn deduplication(target: &Target, reason: &str) -> String {
    Checksum::of(format!("{}\n{reason}", group(target)).as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_as_it_is_written() {
        let target = Target::new("demo", "größe");
        let body = serde_json::to_string(&Nudge {
            target: target.clone(),
        })
        .unwrap();
        assert_eq!(body, r#"{"target":"demo/größe"}"#);
        assert_eq!(read_nudge(&body).unwrap(), target);
    }

    #[test]
    fn a_body_that_is_no_nudge_is_a_bug() {
        for body in ["", "{}", r#"{"target":"no-slash"}"#, r#"{"target":1}"#] {
            assert!(matches!(read_nudge(body), Err(Fault::Bug(_))), "{body}");
        }
    }

    #[test]
    fn targets_and_reasons_never_pass_for_each_other() {
        let (a, b) = (Target::new("i", "a"), Target::new("i", "b"));
        assert_ne!(group(&a), group(&b));
        assert_eq!(deduplication(&a, "planned"), deduplication(&a, "planned"));
        assert_ne!(deduplication(&a, "planned"), deduplication(&a, "approved"));
        assert_ne!(deduplication(&a, "planned"), deduplication(&b, "planned"));
        assert_eq!(group(&a).len(), 64);
    }
}
