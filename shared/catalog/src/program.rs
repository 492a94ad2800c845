//! Views and stored programs.

use crate::expression::Expression;
use crate::words::{Word, ends};
use serde::Serialize;
use sql::SqlMode;
use sql::ddl::RoutineKind;
use std::collections::BTreeMap;

/// Variables of the session under which a program was made, and which the server keeps with it (MySQL 8.0 reference
/// manual, 27.2.2): lower case name, value as a literal.
///
/// Two sessions are equal where no setting that both name differs: a file that people write says nothing of them.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Session(pub BTreeMap<String, String>);

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.0
            .iter()
            .all(|(name, value)| other.0.get(name).is_none_or(|theirs| theirs == value))
    }
}

impl Eq for Session {}

/// The collation of a session after `SET NAMES utf8mb4`.
pub(crate) const COLLATION: &str = "utf8mb4_0900_ai_ci";

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// Its name.
    pub name: String,
    /// `ALGORITHM`; none for `UNDEFINED`.
    pub algorithm: Option<String>,
    /// `SQL SECURITY INVOKER`.
    pub invoker: bool,
    /// Its columns, where they are named.
    pub columns: Vec<String>,
    /// What follows `AS`.
    pub query: Expression,
    /// The session under which it was made: its collation.
    pub session: Session,
    /// Its place in the text, which in a snapshot is after the views that it uses.
    #[serde(skip)]
    pub(crate) order: Place,
}

/// A place in a text; no part of what a thing is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place(pub(crate) usize);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// A procedure or function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Routine {
    /// Which.
    pub kind: RoutineKind,
    /// Its name.
    pub name: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// `RETURNS`.
    pub returns: Option<Expression>,
    /// Those that aren't the default, in the order in which the server shows them.
    pub characteristics: Vec<String>,
    /// The body, as its author wrote it.
    pub body: String,
    /// The session under which it was made.
    pub session: Session,
    /// Its statement, where that can be run as it is.
    #[serde(skip)]
    pub(crate) source: Source,
}

/// A statement as written; no part of what a thing is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source(pub(crate) Option<String>);

impl PartialEq for Source {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Source {}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// `IN`, `OUT` or `INOUT`; none for functions.
    pub direction: Option<String>,
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: Expression,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// `BEFORE` or `AFTER`.
    pub timing: String,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub event: String,
    /// The table.
    pub table: String,
    /// The body, as its author wrote it.
    pub body: String,
    /// The session under which it was made.
    pub session: Session,
}

/// An event.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// What follows `ON SCHEDULE`.
    pub schedule: Expression,
    /// `ON COMPLETION PRESERVE`.
    pub preserve: bool,
    /// `ENABLE`, `DISABLE`, `DISABLE ON SLAVE`.
    pub status: String,
    /// `COMMENT`: the literal with its quotes.
    pub comment: Option<String>,
    /// The body, as its author wrote it.
    pub body: String,
    /// The session under which it was made.
    pub session: Session,
}

/// Where one of two says when an event starts first, and the other doesn't, it started when it was made.
impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && same_schedule(&self.schedule, &other.schedule)
            && self.preserve == other.preserve
            && self.status == other.status
            && self.comment == other.comment
            && self.body == other.body
            && self.session == other.session
    }
}

impl Eq for Event {}

fn same_schedule(left: &Expression, right: &Expression) -> bool {
    match (left.names("starts"), right.names("starts")) {
        (true, false) => without_start(left) == *right,
        (false, true) => *left == without_start(right),
        (true, true) | (false, false) => left == right,
    }
}

/// `EVERY 1 DAY STARTS '…' ENDS '…'` without its second part.
fn without_start(schedule: &Expression) -> Expression {
    let mode = SqlMode::default();
    let text = schedule.as_str();
    let place = |keyword: &str| {
        ends(text, mode).find_map(|(word, end)| match word {
            Word::Plain(word) if word.eq_ignore_ascii_case(keyword) => end.checked_sub(keyword.len()),
            Word::Plain(_) | Word::Name(_) | Word::Text(_) | Word::Symbol(_) => None,
        })
    };
    let start = place("starts").unwrap_or(text.len());
    let end = place("ends").unwrap_or(text.len()).max(start);
    let [kept, rest] = [text.get(..start), text.get(end..)].map(Option::unwrap_or_default);
    Expression::new(format!("{} {rest}", kept.trim_end()).trim_end(), mode)
}

impl Trigger {
    /// Whether both are run at the same occasion, one after the other.
    pub(crate) fn same_occasion(&self, other: &Self) -> bool {
        self.table == other.table && self.timing == other.timing && self.event == other.event
    }
}
