//! The stories, each on databases of its own.

mod answers;
mod approvals;
mod audit;
mod baseline;
#[cfg(test)] // so that `unwrap` is allowed
mod clicks;
mod crash;
mod drift;
mod emergency;
#[cfg(test)] // so that `unwrap` is allowed
mod events;
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
#[cfg(test)] // so that `unwrap` is allowed
mod settle;
mod tutorial;
mod wide;
