//! What every function needs from Lambda: configuration, tracing, clients, batches, a deadline.

pub mod aws;
pub mod batch;
pub mod clock;
pub mod deadline;
pub mod environment;
pub mod failure;
pub mod logs;

pub use clock::SystemClock;
pub use environment::{Environment, MissingVariables};
pub use failure::Failed;
