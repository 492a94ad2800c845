//! What every implementation of a port must do, fake or real: one function for each property.

pub mod database;
pub mod events;
pub mod executions;
pub mod github;
pub mod hooks;
pub mod ledger;
pub mod queue;
pub mod secrets;
pub mod signatures;

use model::Fault;

/// The value, or the test fails with the whole chain of causes.
#[track_caller]
fn ok<T>(result: Result<T, Fault>) -> T {
    match result {
        Ok(value) => value,
        Err(fault) => panic!("{}", fault.chain()),
    }
}
