//! From the lexemes of a statement to its facts, while it is read.

mod alter;
mod clauses;
mod function;
mod noted;
mod set;
mod survey;
mod verb;

use crate::banned::Banned;
use crate::facts::{Facts, Kind, Signal};
use crate::mode::SqlMode;
pub(crate) use noted::Noted;
pub(crate) use set::ALLOWED as ALLOWED_SETTINGS;
use survey::Survey;
use verb::Verb;

/// What is known about the statement of this text, which was surveyed.
fn facts_of(survey: &Survey<'_>, text: &str, mode: SqlMode) -> Facts {
    let mut verb = Verb::of(survey.rows, &survey.lead, survey.main_verb);
    let mut facts = verb.facts();
    match facts.verb.as_ref() {
        "ALTER TABLE" => alter::refine(&mut facts, survey, text, mode),
        "SET" => set::refine(&mut facts, survey),
        "HANDLER" if !survey.reads_handler() => facts.kind = Kind::Session,
        _ => {}
    }
    refine(&mut facts, survey);
    facts.banned = banned(&mut facts, survey);
    facts
}

/// What the rest of the statement adds to what its first keywords say.
fn refine(facts: &mut Facts, survey: &Survey<'_>) {
    let writes = facts.verb.ends_with("UPDATE") || facts.verb.ends_with("DELETE");
    if facts.kind == Kind::Dml && writes && !survey.has_where {
        facts.without_where = true;
        facts.destructive = true;
    }
    if matches!(facts.kind, Kind::Query | Kind::Dml) && survey.sets_variable {
        facts.session_state = true;
    }
    if facts.verb == "CALL" && survey.variable_arguments > 0 {
        facts.session_state = true;
    }
    if facts.verb == "CREATE TABLE" && survey.starts_transaction {
        facts.banned = Some(Banned::Transaction);
    }
    if survey.calls_outside {
        facts.signal = Signal::None;
    }
    if facts.verb == "CREATE FUNCTION" && survey.loadable {
        facts.kind = Kind::Admin;
        facts.signal = Signal::None;
        facts.banned = Some(Banned::Server);
    }
}

/// The most telling reason to refuse the statement.
fn banned(facts: &mut Facts, survey: &Survey<'_>) -> Option<Banned> {
    if survey.maybe {
        return Some(Banned::VersionComment);
    }
    if facts.banned.is_some() {
        return facts.banned.take();
    }
    if survey.into_file {
        return Some(Banned::IntoFile);
    }
    if survey.loads_file {
        return Some(Banned::LoadFile);
    }
    survey.lock_function.map(Banned::LockFunction)
}
