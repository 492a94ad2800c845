//! How long an invocation may go on.

use jiff::{SignedDuration, Timestamp};
use lambda_runtime::Context;

/// When to begin nothing new: the platform's deadline less a margin for finishing what is under way.
pub fn until(context: &Context, margin: SignedDuration) -> Timestamp {
    let milliseconds = i64::try_from(context.deadline).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX) - margin
}
