//! `ALTER TABLE`, one operation at a time.

use crate::classify::survey::Survey;
use crate::ddl::{self, AlterOperation, Definition, Loss};
use crate::facts::{Facts, Signal};
use crate::lexeme::Lexeme;
use crate::mode::SqlMode;
use crate::token::TokenKind;

/// What an operation does, as far as its outcome can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    /// The schema is another one after it.
    Schema,
    /// The schema is the same after it, but rows are kept elsewhere.
    Moved,
    /// The schema is the same after it, and running it again is not.
    Unseen,
    /// The schema is the same after it, and running it again changes nothing.
    Harmless,
    /// It says how to do the others.
    How,
}

/// Adds what the operations of the statement say.
pub(crate) fn refine(facts: &mut Facts, survey: &Survey<'_>, text: &str, mode: SqlMode) {
    let mut clauses = operations_of(survey);
    if clauses.all(plainly_changes_the_schema) {
        // Most are of this kind, and their first words say all that is asked here.
        facts.destructive |= operations_of(survey).any(loses_data);
        return;
    }
    let mut operations = Vec::new();
    if let Some(Definition::AlterTable(table)) = ddl::definition(text, mode) {
        for operation in &table.operations {
            facts.destructive |= operation.loss() == Loss::Always;
            operations.push(known(operation));
        }
    } else {
        for clause in operations_of(survey) {
            facts.destructive |= loses_data(clause);
            operations.push(guessed(clause));
        }
    }
    let all_but = |expected: &[Operation]| operations.iter().all(|operation| expected.contains(operation));
    if all_but(&[Operation::How]) {
        return;
    }
    if all_but(&[Operation::Harmless, Operation::How]) {
        facts.signal = Signal::Idempotent;
    } else if all_but(&[Operation::Harmless, Operation::Moved, Operation::How]) {
        facts.signal = Signal::Storage;
    } else if all_but(&[
        Operation::Harmless,
        Operation::Moved,
        Operation::Unseen,
        Operation::How,
    ]) {
        facts.signal = Signal::None;
    }
}

/// The first words of each operation. Of a list of partitions or columns, each name counts as one.
fn operations_of<'survey, 'text>(
    survey: &'survey Survey<'text>,
) -> impl Iterator<Item = &'survey [Lexeme<'text>]> {
    let clauses = survey.clauses.iter().enumerate();
    clauses.map(
        |(index, clause)| {
            if index == 0 { after_name(clause) } else { clause }
        },
    )
}

/// Whether the first word of an operation says that the schema is another one after it.
fn plainly_changes_the_schema(clause: &[Lexeme<'_>]) -> bool {
    const WORDS: [&str; 6] = ["ADD", "DROP", "MODIFY", "CHANGE", "CONVERT", "RENAME"];
    matches!(clause, [first, _, ..] if first.is_any(&WORDS))
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

fn known(operation: &AlterOperation) -> Operation {
    match operation {
        AlterOperation::Algorithm(_) | AlterOperation::Lock(_) | AlterOperation::Validation { .. } => {
            Operation::How
        }
        AlterOperation::Keys { .. } => Operation::Harmless,
        AlterOperation::Option(option) if option.name == "AUTO_INCREMENT" => Operation::Harmless,
        AlterOperation::MaintainPartitions { verb, .. } if verb == "ANALYZE" || verb == "CHECK" => {
            Operation::Harmless
        }
        AlterOperation::Option(option) if option.name == "ENGINE" => Operation::Moved,
        AlterOperation::Force
        | AlterOperation::OrderBy(_)
        | AlterOperation::TruncatePartitions(_)
        | AlterOperation::ExchangePartition { .. }
        | AlterOperation::MaintainPartitions { .. } => Operation::Moved,
        AlterOperation::Tablespace { .. } => Operation::Unseen,
        AlterOperation::AddColumn { .. }
        | AlterOperation::AddKey(_)
        | AlterOperation::AddForeignKey(_)
        | AlterOperation::AddCheck(_)
        | AlterOperation::DropColumn(_)
        | AlterOperation::DropKey(_)
        | AlterOperation::DropPrimaryKey
        | AlterOperation::DropForeignKey(_)
        | AlterOperation::DropCheck(_)
        | AlterOperation::DropConstraint(_)
        | AlterOperation::ModifyColumn { .. }
        | AlterOperation::ChangeColumn { .. }
        | AlterOperation::RenameColumn { .. }
        | AlterOperation::RenameKey { .. }
        | AlterOperation::RenameTable(_)
        | AlterOperation::SetDefault { .. }
        | AlterOperation::DropDefault(_)
        | AlterOperation::ColumnVisible { .. }
        | AlterOperation::KeyVisible { .. }
        | AlterOperation::CheckEnforced { .. }
        | AlterOperation::Option(_)
        | AlterOperation::Convert { .. }
        | AlterOperation::PartitionBy(_)
        | AlterOperation::RemovePartitioning
        | AlterOperation::AddPartitions { .. }
        | AlterOperation::DropPartitions(_)
        | AlterOperation::CoalescePartitions(_)
        | AlterOperation::ReorganizePartitions { .. }
        | AlterOperation::SecondaryEngine { .. } => Operation::Schema,
    }
}

/// The same from the first words of an operation, where the statement as a whole can't be read.
fn guessed(clause: &[Lexeme<'_>]) -> Operation {
    let words: Vec<&Lexeme<'_>> = clause.iter().filter(|lexeme| !lexeme.is_symbol(b'=')).collect();
    let plain = |lexeme: &Lexeme<'_>| lexeme.kind == TokenKind::Word;
    match words.as_slice() {
        [how, value] if how.is_any(&["ALGORITHM", "LOCK"]) && plain(value) => Operation::How,
        [how, value] if how.is_any(&["WITH", "WITHOUT"]) && value.is("VALIDATION") => Operation::How,
        [one, keys] if one.is_any(&["ENABLE", "DISABLE"]) && keys.is("KEYS") => Operation::Harmless,
        [one, value] if one.is("AUTO_INCREMENT") && plain(value) => Operation::Harmless,
        [one, two, ..] if one.is_any(&["ANALYZE", "CHECK"]) && two.is("PARTITION") => Operation::Harmless,
        [one] if one.is("FORCE") => Operation::Moved,
        [one, _] if one.is("ENGINE") => Operation::Moved,
        [one, two, ..] if one.is("ORDER") && two.is("BY") => Operation::Moved,
        [one, two, ..] if two.is("PARTITION") && one.is_any(&["DISCARD", "IMPORT"]) => Operation::Unseen,
        [one, two, ..] if two.is("PARTITION") && one.is_any(SAME_PARTITIONS) => Operation::Moved,
        [one, two] if two.is("TABLESPACE") && one.is_any(&["DISCARD", "IMPORT"]) => Operation::Unseen,
        _ => Operation::Schema,
    }
}

/// Operations on partitions that leave the list of partitions as it is.
const SAME_PARTITIONS: &[&str] = &["TRUNCATE", "EXCHANGE", "REBUILD", "OPTIMIZE", "REPAIR"];
