//! The IAM statements of `template.yaml`, what they are for, and whether calls that were made need them.

mod call;
mod page;
mod purpose;
mod statement;

pub use call::{Call, Names, calls, function_of};
pub use page::page;
pub use purpose::{PURPOSES, Proof, Purpose, purpose};
pub use statement::{Effect, Statement, statements};

/// Why a call would have been refused: no statement covers it. None where one does.
///
/// This holds more than the local emulator does, which lets every key of a table pass.
pub fn refused<'a>(statements: &[Statement], calls: &'a [Call]) -> Vec<&'a Call> {
    let covered = |call: &Call| statements.iter().any(|statement| statement.covers(call));
    calls.iter().filter(|call| !covered(call)).collect()
}

/// What the calls did not need, of every statement that calls can prove: `Sid: action` and `Sid: key pattern`.
pub fn idle(statements: &[Statement], calls: &[Call]) -> Vec<String> {
    let mut idle = Vec::new();
    for statement in statements.iter().filter(|statement| by_calls(statement)) {
        let covered: Vec<&Call> = calls.iter().filter(|call| statement.covers(call)).collect();
        let unused = statement
            .actions
            .iter()
            .filter(|action| !covered.iter().any(|call| call.action == **action));
        idle.extend(unused.map(|action| format!("{}: {action}", statement.sid)));
        let keys = || covered.iter().flat_map(|call| &call.keys);
        let unused = statement
            .keys
            .iter()
            .flatten()
            .filter(|pattern| !keys().any(|key| statement::like(pattern, key)));
        idle.extend(unused.map(|pattern| format!("{}: {pattern}", statement.sid)));
    }
    idle
}

fn by_calls(statement: &Statement) -> bool {
    purpose(&statement.sid).is_some_and(|purpose| purpose.proof == Proof::Calls)
}
