//! The stories, each on databases of its own.

mod answers;
mod approvals;
mod audit;
mod baseline;
mod crash;
mod drift;
mod emergency;
mod failure;
mod gentle;
mod hands;
#[cfg(test)] // so that `unwrap` is allowed
mod hooks;
mod lost;
mod order;
mod ours;
#[cfg(test)] // so that `unwrap` is allowed
mod pace;
mod policy;
mod pulls;
mod race;
mod tutorial;
mod wide;
