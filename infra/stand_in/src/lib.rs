//! Stands in front of the GitHub emulator of the local stack, between it and everybody else.
//!
//! It passes everything through, and adds what the emulator lacks and stories need: conditional requests, the record
//! of the App's deliveries with redelivery, the pushes and pull-request events that the emulator forgets, buttons on
//! check runs and clicks on them, branch rules, faults on order, and a count of what was asked. It speaks plain HTTP on the loopback interface, is part of no
//! deployment, and keeps everything in memory.

mod buttons;
mod calls;
mod config;
mod control;
mod deliveries;
mod desk;
mod emulator;
mod etag;
mod faults;
mod message;
mod pulls;
mod refs;
mod route;
mod rules;
mod server;

pub use config::{Config, Person};
pub use server::serve;

/// Why the stand-in can't go on.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(pub String);
