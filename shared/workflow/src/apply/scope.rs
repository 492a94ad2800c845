//! What a statement may change, by which it is told whether it happened. Pure.

use crate::ports::database::{Execution, ObjectKind, ObjectRef, Scope, Step};
use sql::ddl::{self, Definition};
use sql::{How, Kind, Signal, Statement};

/// How one statement is executed, looked at and rehearsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sight {
    /// How it is executed.
    pub(super) execution: Execution,
    /// What it may change; none where nothing tells.
    pub(super) scope: Option<Scope>,
    /// Whether it is told, also, by where rows are kept.
    pub(super) storage: bool,
}

/// How a statement of a change of the schema `own` is executed and looked at.
pub(super) fn sight(statement: &Statement, own: &str) -> Sight {
    let execution = match statement.facts.signal {
        Signal::Transactional => Execution::WithOutcome,
        Signal::Schema | Signal::Storage | Signal::Idempotent | Signal::None => Execution::Alone,
    };
    let (scope, storage) = match statement.facts.signal {
        // Names that change places leave definitions as they were, but not where the rows are.
        Signal::Schema => (scope(statement, own), renames(statement)),
        Signal::Storage => (scope(statement, own), true),
        Signal::Transactional | Signal::Idempotent | Signal::None => (None, false),
    };
    Sight {
        execution,
        scope,
        storage,
    }
}

/// Whether a statement gives tables other names, and does nothing else.
pub(super) fn renames(statement: &Statement) -> bool {
    statement.facts.verb.starts_with("RENAME TABLE")
}

/// How a statement is rehearsed. What changes the session alone is run, since others may need it.
pub(super) fn step(statement: &Statement, own: &str) -> Step {
    let scope = match statement.facts.kind {
        Kind::Ddl | Kind::TransactionControl => scope(statement, own),
        Kind::Session => Some(Scope::Objects(Vec::new())),
        Kind::Dml | Kind::Query | Kind::Admin => None,
    };
    Step {
        statement: statement.text.clone(),
        scope,
        fresh: false,
    }
}

/// The objects that a definition names; all of the schema where it can't be read, and none where it reaches others.
fn scope(statement: &Statement, own: &str) -> Option<Scope> {
    if !sql::foreign_schemas(&statement.text, statement.mode, own)
        .iter()
        .all(|found| found.how == How::Reads)
    {
        return None;
    }
    let definition = ddl::definition(&statement.text, statement.mode)
        .filter(|definition| !matches!(definition, Definition::Opaque(_)));
    let Some(definition) = definition else {
        return Some(maintained(statement));
    };
    let mut objects = Vec::new();
    for (kind, name) in definition.objects() {
        let Some(kind) = kind_of(kind) else {
            return Some(Scope::Schema);
        };
        if name.schema.as_ref().is_none_or(|schema| schema == own) {
            objects.push(ObjectRef {
                kind,
                name: name.name.clone(),
            });
        }
    }
    Some(Scope::Objects(objects))
}

/// The tables of `OPTIMIZE TABLE` and its like, which are no definitions.
fn maintained(statement: &Statement) -> Scope {
    if statement.facts.signal != Signal::Storage {
        return Scope::Schema;
    }
    let tables = sql::touched(&statement.text, statement.mode);
    Scope::Objects(
        tables
            .into_iter()
            .map(|touched| ObjectRef {
                kind: ObjectKind::Table,
                name: touched.name.name,
            })
            .collect(),
    )
}

fn kind_of(kind: ddl::ObjectKind) -> Option<ObjectKind> {
    match kind {
        ddl::ObjectKind::Table => Some(ObjectKind::Table),
        ddl::ObjectKind::View => Some(ObjectKind::View),
        ddl::ObjectKind::Procedure => Some(ObjectKind::Procedure),
        ddl::ObjectKind::Function => Some(ObjectKind::Function),
        ddl::ObjectKind::Trigger => Some(ObjectKind::Trigger),
        ddl::ObjectKind::Event => Some(ObjectKind::Event),
        ddl::ObjectKind::Database | ddl::ObjectKind::Library => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sql::SqlMode;

    fn scope_of(text: &str) -> Option<Vec<String>> {
        let statement = sql::split(text, SqlMode::default()).unwrap().remove(0);
        match sight(&statement, "shop").scope {
            None => None,
            Some(Scope::Schema) => Some(vec!["*".to_owned()]),
            Some(Scope::Objects(objects)) => Some(
                objects
                    .into_iter()
                    .map(|object| format!("{} {}", object.kind.word(), object.name))
                    .collect(),
            ),
        }
    }

    #[test]
    fn a_statement_is_told_by_what_it_names() {
        for (text, expected) in [
            ("CREATE TABLE t (id INT)", Some(vec!["table t"])),
            ("ALTER TABLE shop.t ADD COLUMN a INT", Some(vec!["table t"])),
            ("ALTER TABLE t RENAME TO u", Some(vec!["table t", "table u"])),
            (
                "RENAME TABLE a TO b, c TO d",
                Some(vec!["table a", "table b", "table c", "table d"]),
            ),
            ("TRUNCATE TABLE t", Some(vec!["table t"])),
            ("OPTIMIZE TABLE t, u", Some(vec!["table t", "table u"])),
            ("CREATE INDEX i ON t (a)", Some(vec!["table t"])),
            ("CREATE VIEW v AS SELECT * FROM t", Some(vec!["view v"])),
            (
                "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
                Some(vec!["trigger g", "table t"]),
            ),
            ("DROP PROCEDURE p", Some(vec!["procedure p"])),
            ("ALTER EVENT e RENAME TO f", Some(vec!["event e", "event f"])),
            ("CREATE LIBRARY l LANGUAGE JAVASCRIPT AS 'x'", Some(vec!["*"])),
            ("INSERT INTO t VALUES (1)", None),
            ("CALL p()", None),
            ("ANALYZE TABLE t", None),
            ("CREATE TEMPORARY TABLE t (id INT)", None),
            ("ALTER TABLE other.t ADD COLUMN a INT", None),
        ] {
            let expected = expected.map(|names| names.into_iter().map(str::to_owned).collect());
            assert_eq!(scope_of(text), expected, "{text}");
        }
    }
}
