//! The queues, over SQS.
//!
//! A message holds a pointer or the name of a target, never a payload and never the truth.

mod deliveries;
mod nudges;
mod patience;

pub use deliveries::{SqsDeliveries, read_pointer};
pub use nudges::{SqsNudges, read_nudge};
pub use patience::SqsPatience;

const SEND: &str = "sqs:SendMessage";
