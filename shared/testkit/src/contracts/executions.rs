//! Properties of a place where executions of runbooks are kept.

use super::ok;
use crate::fixed_executions::{execution_id, recorded};
use workflow::ports::executions::Executions;

/// Each execution of the contract is told with everything that is decided by: its runbook, what it was begun with, its
/// steps, and who said what and when.
pub async fn each_execution_is_told_as_it_is(executions: &impl Executions) {
    for (number, expected) in recorded() {
        let told = ok(executions.execution(&execution_id(number)).await);
        assert_eq!(told, Some(expected), "execution {number}");
    }
}

/// What is not there is none, and no fault.
pub async fn an_execution_that_is_not_there_is_none(executions: &impl Executions) {
    assert_eq!(ok(executions.execution(&execution_id(99)).await), None);
}
