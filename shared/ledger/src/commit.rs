//! Writing what belongs together: one transaction, and what its answer means.

use crate::DynamoLedger;
use crate::writes::Action;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use model::Fault;
use std::collections::HashSet;
use std::time::Duration;
use workflow::ports::ledger::{Commit, Committed, MAX_WRITES, Write, weight};

const ACTION: &str = "dynamodb:TransactWriteItems";

/// How often a transaction that met another one is tried.
const TRIES: u32 = 5;
/// The wait before the second try; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(20);

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All of it happened.
    Done,
    /// None of it happened: a condition did not hold.
    Refused,
    /// None of it happened: others were writing the same items at every try.
    Contended,
    /// None of it happened: nothing but where a chain of the audit ended had changed.
    Overtaken,
}

impl Commit for DynamoLedger {
    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, Fault> {
        let weight = weight(&writes);
        if weight > MAX_WRITES {
            return Err(Fault::Bug(format!(
                "a commit of {weight} writes; at most {MAX_WRITES} are possible"
            )));
        }
        let mut actions = Vec::with_capacity(writes.len());
        let mut entries = Vec::new();
        // Boxed, here and below: what it waits for is large.
        for write in writes {
            if let Write::Audit(entry) = write {
                entries.push(entry);
            } else {
                actions.push(Box::pin(self.action(&write)).await?);
            }
        }
        Ok(committed(
            Box::pin(self.transact_audited(actions, entries)).await?,
        ))
    }
}

/// What callers are told.
pub(crate) fn committed(outcome: Outcome) -> Committed {
    match outcome {
        Outcome::Done => Committed::Yes,
        Outcome::Refused | Outcome::Contended | Outcome::Overtaken => Committed::Conflict,
    }
}

impl DynamoLedger {
    /// All of the actions, or none.
    pub(crate) async fn transact(&self, actions: Vec<Action>) -> Result<Outcome, Fault> {
        if actions.is_empty() {
            return Ok(Outcome::Done);
        }
        refuse_doubles(&actions)?;
        let own = actions.len();
        let items: Vec<_> = actions.into_iter().map(|action| action.item).collect();
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            match self.try_transact(items.clone(), own).await? {
                Outcome::Contended => tokio::time::sleep(wait).await,
                outcome @ (Outcome::Done | Outcome::Refused | Outcome::Overtaken) => return Ok(outcome),
            }
            wait *= 2;
        }
        self.try_transact(items, own).await
    }

    /// One call. The SDK repeats it, with the token that it gave it, where the answer was lost. The first `own` items are
    /// the caller's, and the rest is the audit of them.
    pub(crate) async fn try_transact(
        &self,
        items: Vec<aws_sdk_dynamodb::types::TransactWriteItem>,
        own: usize,
    ) -> Result<Outcome, Fault> {
        let request = self.client.transact_write_items().set_transact_items(Some(items));
        match request.send().await {
            Ok(_) => Ok(Outcome::Done),
            Err(error) => {
                if let Some(reasons) = cancellation(&error) {
                    return self.judge(reasons, own);
                }
                Err(self.fault(ACTION, error))
            }
        }
    }

    /// What the reasons of a canceled transaction come to: the worst of them counts.
    fn judge(&self, reasons: &[CancellationReason], own: usize) -> Result<Outcome, Fault> {
        let mut outcome = None;
        for (index, reason) in reasons.iter().enumerate() {
            match reason.code() {
                None | Some("None") => {}
                Some("ConditionalCheckFailed") if index < own => outcome = Some(Outcome::Refused),
                Some("ConditionalCheckFailed") => {
                    // Among items of the caller's that others were writing, it may be the others' commit that is behind it.
                    outcome = outcome.or(Some(Outcome::Overtaken));
                }
                Some("TransactionConflict") => {
                    outcome = outcome
                        .filter(|outcome| *outcome == Outcome::Refused)
                        .or(Some(Outcome::Contended));
                }
                Some(code) => {
                    let message = reason.message().unwrap_or("no message");
                    let source = format!("{code}: {message}");
                    return Err(aws_errors::classify(
                        self.call(ACTION),
                        Some(code),
                        Some(400),
                        source,
                    ));
                }
            }
        }
        outcome.ok_or_else(|| Fault::Bug(format!("{} was canceled without a reason", self.call(ACTION))))
    }
}

fn cancellation<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<&[CancellationReason]> {
    if let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error() {
        Some(canceled.cancellation_reasons())
    } else {
        None
    }
}

/// DynamoDB takes one action for each item.
pub(crate) fn refuse_doubles(actions: &[Action]) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    match actions.iter().find(|action| !seen.insert(&action.key)) {
        Some(double) => Err(Fault::Bug(format!("a commit with two writes of {}", double.key))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::config::BehaviorVersion;

    fn judged(codes: &[&str]) -> Result<Outcome, Fault> {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .build();
        let ledger = DynamoLedger::new(aws_sdk_dynamodb::Client::from_conf(config), "ledger");
        let reasons: Vec<_> = codes
            .iter()
            .map(|code| CancellationReason::builder().code(*code).build())
            .collect();
        ledger.judge(&reasons, 2)
    }

    #[test]
    fn the_worst_reason_counts() {
        let (none, failed, met) = ("None", "ConditionalCheckFailed", "TransactionConflict");
        assert_eq!(judged(&[none, failed]).unwrap(), Outcome::Refused);
        assert_eq!(judged(&[met, failed]).unwrap(), Outcome::Refused);
        assert_eq!(judged(&[failed, met]).unwrap(), Outcome::Refused);
        assert_eq!(judged(&[met, none]).unwrap(), Outcome::Contended);
        // From the third on it is the audit: that it was overtaken is no refusal.
        assert_eq!(judged(&[none, none, failed]).unwrap(), Outcome::Overtaken);
        assert_eq!(judged(&[none, none, failed, met]).unwrap(), Outcome::Contended);
        assert_eq!(judged(&[met, none, failed]).unwrap(), Outcome::Contended);
        assert_eq!(judged(&[none, failed, failed]).unwrap(), Outcome::Refused);
        for (code, class) in [
            ("ThrottlingError", "fault.retry"),
            ("ProvisionedThroughputExceeded", "fault.retry"),
            ("ValidationError", "fault.bug"),
        ] {
            assert_eq!(judged(&[failed, code]).unwrap_err().class(), class, "{code}");
        }
        assert_eq!(judged(&[none]).unwrap_err().class(), "fault.bug");
    }
}
