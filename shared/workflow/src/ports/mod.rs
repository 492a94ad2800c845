//! The ports: what the use cases need of the world, one trait per noun. Adapters implement them; so do the fakes,
//! which are held to the same contract suites.

pub mod clock;
pub mod commits;
pub mod database;
pub mod events;
pub mod executions;
pub mod github;
pub mod ledger;
pub mod queue;
pub mod secrets;
pub mod signatures;
