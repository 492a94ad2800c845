//! Policy: who has to approve a stage, what stands against a decision, and when the stage may begin.
//!
//! All of it is pure. An approval counts as long as it would be accepted now: of this digest, not expired, by somebody
//! who may give it and is nobody who pushed.

mod bypass;
mod case;
mod decide;
mod steps;
mod words;

pub use case::Case;
pub use steps::{Found, Step, steps};
