//! The statements of a file: a line of JSON each for programs, a table for people.

use super::{plain, table as columns};
use serde::Serialize;
use sql::ddl::{Definition, definition};
use sql::{Kind, Signal, SqlMode, Statement, refusal};
use std::ops::Range;

/// How much of a statement the table shows.
const SHOWN: usize = 60;

/// A statement as programs read it. The names are documented in `docs/cli.md` and stay.
#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_field_names,
    reason = "`line` is what it is called in every message"
)]
pub(crate) struct Line<'statement> {
    index: u32,
    span: &'statement Range<usize>,
    line: u32,
    column: u32,
    kind: Kind,
    facts: Facts<'statement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Refused>,
    #[serde(skip_serializing_if = "Option::is_none")]
    definition: Option<Definition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'statement str>,
}

#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent answer about the statement"
)]
struct Facts<'statement> {
    verb: &'statement str,
    signal: Signal,
    implicit_commit: bool,
    destructive: bool,
    without_where: bool,
    session_state: bool,
}

#[derive(Debug, Serialize)]
struct Refused {
    code: &'static str,
    message: String,
}

impl<'statement> Line<'statement> {
    /// All that is known of a statement without asking a server.
    pub(crate) fn of(statement: &'statement Statement, mode: SqlMode, with_text: bool) -> Self {
        let facts = &statement.facts;
        Self {
            index: statement.index,
            span: &statement.span,
            line: statement.line,
            column: statement.column,
            kind: facts.kind,
            facts: Facts {
                verb: &facts.verb,
                signal: facts.signal,
                implicit_commit: facts.implicit_commit,
                destructive: facts.destructive,
                without_where: facts.without_where,
                session_state: facts.session_state,
            },
            refused: refusal(statement).map(|refused| Refused {
                code: refused.code,
                message: refused.message,
            }),
            definition: definition(&statement.text, mode),
            text: with_text.then_some(&statement.text),
        }
    }
}

/// A statement as a row of the table.
pub(crate) fn row(statement: &Statement) -> Vec<String> {
    vec![
        statement.index.to_string(),
        format!("{}:{}", statement.line, statement.column),
        word(statement.facts.kind).to_owned(),
        statement.facts.verb.to_string(),
        notes(statement).join(", "),
        plain::shortened(&statement.text, SHOWN),
    ]
}

/// The statements of a file, one per line.
pub(crate) fn table(rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return "No statements.\n".to_owned();
    }
    columns(&["STATEMENT", "PLACE", "KIND", "VERB", "NOTES", "TEXT"], rows)
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Ddl => "ddl",
        Kind::Dml => "dml",
        Kind::Query => "query",
        Kind::TransactionControl => "transaction-control",
        Kind::Session => "session",
        Kind::Admin => "admin",
    }
}

fn notes(statement: &Statement) -> Vec<String> {
    let facts = &statement.facts;
    let refused = refusal(statement).map(|refused| format!("refused ({})", refused.code));
    let remarks = [
        (facts.destructive, "may lose data"),
        (facts.without_where, "all rows"),
        (facts.implicit_commit && facts.kind != Kind::Ddl, "commits"),
        (facts.signal == Signal::None, "leaves no trace"),
    ];
    let remarks = remarks.into_iter().filter(|(holds, _)| *holds);
    refused
        .into_iter()
        .chain(remarks.map(|(_, words)| words.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Statement> {
        sql::split(text, SqlMode::default()).unwrap()
    }

    #[test]
    fn a_line_holds_what_is_known_and_nothing_else() {
        let statements = all("USE shop;\n  DELETE FROM `ä`;\n");
        let lines: Vec<String> = statements
            .iter()
            .map(|statement| serde_json::to_string(&Line::of(statement, SqlMode::default(), true)).unwrap())
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        {"index":1,"span":{"start":0,"end":8},"line":1,"column":1,"kind":"session","facts":{"verb":"USE","signal":"idempotent","implicit_commit":false,"destructive":false,"without_where":false,"session_state":true},"refused":{"code":"use","message":"USE is refused: a change runs in the database that its path names; put statements for another database into a change of that database"},"text":"USE shop"}
        {"index":2,"span":{"start":12,"end":28},"line":2,"column":3,"kind":"dml","facts":{"verb":"DELETE","signal":"transactional","implicit_commit":false,"destructive":true,"without_where":true,"session_state":false},"text":"DELETE FROM `ä`"}
        "#);
    }

    #[test]
    fn people_see_place_kind_and_what_to_look_at() {
        let text =
            "CREATE TABLE t (id INT);\nDROP TABLE t;\nUPDATE t SET a = 1;\nGRANT ALL ON *.* TO u;\nSELECT 1";
        let rows = all(text).iter().map(row).collect();
        insta::assert_snapshot!(table(rows), @"
        STATEMENT  PLACE  KIND   VERB          NOTES                        TEXT
        1          1:1    ddl    CREATE TABLE                               CREATE TABLE t (id INT)
        2          2:1    ddl    DROP TABLE    may lose data                DROP TABLE t
        3          3:1    dml    UPDATE        may lose data, all rows      UPDATE t SET a = 1
        4          4:1    admin  GRANT         refused (accounts), commits  GRANT ALL ON *.* TO u
        5          5:1    query  SELECT                                     SELECT 1
        ");
        assert_eq!(table(vec![]), "No statements.\n");
    }
}
