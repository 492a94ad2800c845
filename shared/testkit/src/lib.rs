//! For tests: fakes of the ports, fixtures, scratch databases, the scenario language.

pub mod clock;
pub mod contracts;
pub mod fake_github;
pub mod fixed_executions;
pub mod fixed_secrets;
pub mod fixtures;
pub mod flaky;
pub mod local_keys;
pub mod memory_bus;
pub mod memory_ledger;
pub mod memory_queue;
pub mod platform;
pub mod scratch;

pub use clock::{ManualClock, SequentialIds};
pub use fake_github::FakeGitHub;
pub use fixed_executions::FixedExecutions;
pub use fixed_secrets::FixedSecrets;
pub use flaky::{Afterwards, Flaky, Mishap};
pub use local_keys::LocalKeys;
pub use memory_bus::MemoryBus;
pub use memory_ledger::MemoryLedger;
pub use memory_queue::{MemoryQueue, Nudge};
