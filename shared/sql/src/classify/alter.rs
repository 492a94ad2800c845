//! `ALTER TABLE`, one operation at a time.

use crate::classify::survey::Survey;
use crate::facts::{Facts, Signal};
use crate::lexeme::Lexeme;
use crate::token::TokenKind;

/// What an operation does, as far as its outcome can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    /// The schema is another one after it.
    Schema,
    /// The schema is the same after it, and running it again is not.
    Unseen,
    /// The schema is the same after it, and running it again changes nothing.
    Harmless,
    /// It says how to do the others.
    How,
}

/// Adds what the operations say.
pub(crate) fn refine(facts: &mut Facts, survey: &Survey<'_>) {
    let mut operations = Vec::new();
    for (index, clause) in survey.clauses.iter().enumerate() {
        let clause = if index == 0 { after_name(clause) } else { clause };
        facts.destructive |= loses_data(clause);
        operations.push(operation(clause));
    }
    let all_but = |expected: &[Operation]| operations.iter().all(|operation| expected.contains(operation));
    if all_but(&[Operation::How]) {
        return;
    }
    if all_but(&[Operation::Harmless, Operation::How]) {
        facts.signal = Signal::Idempotent;
    } else if all_but(&[Operation::Harmless, Operation::Unseen, Operation::How]) {
        facts.signal = Signal::None;
    }
}

/// What follows `ALTER TABLE name` or `ALTER TABLE schema.name`.
fn after_name<'lexemes, 'text>(clause: &'lexemes [Lexeme<'text>]) -> &'lexemes [Lexeme<'text>] {
    let table = clause.iter().position(|lexeme| lexeme.is("TABLE")).unwrap_or(0);
    let qualified = clause.get(table + 2).is_some_and(|lexeme| lexeme.is_symbol(b'.'));
    clause
        .get(table + if qualified { 4 } else { 2 }..)
        .unwrap_or_default()
}

fn loses_data(clause: &[Lexeme<'_>]) -> bool {
    let keeps = ["INDEX", "KEY", "PRIMARY", "FOREIGN", "CHECK", "CONSTRAINT"];
    match clause {
        [first, second, ..] if first.is("DROP") => !second.is_any(&keeps),
        [first, second, ..] => {
            (first.is("TRUNCATE") && second.is("PARTITION"))
                || (first.is("DISCARD") && second.is_any(&["PARTITION", "TABLESPACE"]))
        }
        _ => false,
    }
}

fn operation(clause: &[Lexeme<'_>]) -> Operation {
    let words: Vec<&Lexeme<'_>> = clause.iter().filter(|lexeme| !lexeme.is_symbol(b'=')).collect();
    let plain = |lexeme: &Lexeme<'_>| lexeme.kind == TokenKind::Word;
    match words.as_slice() {
        [how, value] if how.is_any(&["ALGORITHM", "LOCK"]) && plain(value) => Operation::How,
        [how, value] if how.is_any(&["WITH", "WITHOUT"]) && value.is("VALIDATION") => Operation::How,
        [one, keys] if one.is_any(&["ENABLE", "DISABLE"]) && keys.is("KEYS") => Operation::Harmless,
        [one, value] if one.is("AUTO_INCREMENT") && plain(value) => Operation::Harmless,
        [one, two, ..] if one.is_any(&["ANALYZE", "CHECK"]) && two.is("PARTITION") => Operation::Harmless,
        [one] if one.is("FORCE") => Operation::Unseen,
        [one, _] if one.is("ENGINE") => Operation::Unseen,
        [one, two, ..] if one.is("ORDER") && two.is("BY") => Operation::Unseen,
        [one, two, ..] if two.is("PARTITION") && one.is_any(SAME_PARTITIONS) => Operation::Unseen,
        [one, two] if two.is("TABLESPACE") && one.is_any(&["DISCARD", "IMPORT"]) => Operation::Unseen,
        _ => Operation::Schema,
    }
}

/// Operations on partitions that leave the list of partitions as it is.
const SAME_PARTITIONS: &[&str] = &[
    "TRUNCATE", "EXCHANGE", "REBUILD", "OPTIMIZE", "REPAIR", "DISCARD", "IMPORT",
];
