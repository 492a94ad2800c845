//! Time and randomness as arguments.

use jiff::Timestamp;

/// The time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Names that nobody else gives.
pub trait Ids: Send + Sync {
    /// A new one: text that sorts by time of making.
    fn next_id(&self) -> String;
}
