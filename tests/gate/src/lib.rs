//! The crash gate: a real worker process over the real ledger and a real server, killed, stopped and cut off at every
//! step of applying, with every kind of statement.
//!
//! A [`Cell`] is one step × one fault × one kind. [`run()`] plays cells: each has a schema and a ledger of its own, a
//! worker that the fault befalls, workers that come after it, and an oracle that holds the end to the invariants.
//! Nothing in the product knows of it: what strikes stands around its ports, between it and the server, or in the
//! server's locks.

mod cells;
pub mod chaos;
mod faults;
mod kinds;
mod oracle;
pub mod orders;
mod process;
mod proxy;
mod run;
mod server;
mod stage;
mod trouble;
pub mod worker;

pub use cells::{Cell, Fault, Step};
pub use kinds::Kind;
pub use run::{Judged, Lanes, run};
pub use server::Server;
pub use trouble::Trouble;
