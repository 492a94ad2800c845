//! Scenarios: use cases end to end in one process, on a real MySQL.
//!
//! A [`World`] holds everything that Sluice needs, most of it in memory, the databases on a real server. Its methods
//! are the words that stories are told in: somebody pushes, the planner plans, a worker works, somebody approves.
//! [`scenario`] tells a story and then holds the world to account: nothing may be left unread, undone or done twice.

mod audited;
mod clicking;
mod epilogue;
mod fate;
mod heard;
mod mortal;
mod names;
mod people;
mod pulling;
mod pushing;
mod seeing;
mod server;
mod setup;
mod working;
mod world;

pub use fate::{Afterwards, Blow, Fate, Mishap};
pub use mortal::Mortal;
pub use names::StoryClock;
pub use people::{DBA, DEVELOPER, SECURITY};
pub use server::Held;
pub use setup::{Setup, in_order, whole_file};
pub use world::{World, scenario};
