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
pub(crate) use noted::Noted;
pub(crate) use set::ALLOWED as ALLOWED_SETTINGS;
use survey::Survey;
use verb::Verb;

/// What is known about the statement that was surveyed; `program` is whether it is a stored program.
fn facts_of(survey: &Survey<'_>, program: bool) -> Facts {
    let verb = Verb::of(&survey.lead, survey.main_verb);
    let mut facts = verb.facts();
    match facts.verb.as_ref() {
        "ALTER TABLE" => alter::refine(&mut facts, survey),
        "SET" => set::refine(&mut facts, survey),
        "HANDLER" if !survey.reads_handler() => facts.kind = Kind::Session,
        _ => {}
    }
    refine(&mut facts, survey, program);
    facts.banned = banned(&facts, survey, &verb, program);
    facts
}

/// What the rest of the statement adds to what its first keywords say.
fn refine(facts: &mut Facts, survey: &Survey<'_>, program: bool) {
    let writes = facts.verb.ends_with("UPDATE") || facts.verb.ends_with("DELETE");
    if facts.kind == Kind::Dml && writes && !survey.has_where {
        facts.without_where = true;
        facts.destructive = true;
    }
    if matches!(facts.kind, Kind::Query | Kind::Dml) && survey.sets_variable {
        facts.session_state = true;
    }
    if facts.verb == "CREATE TABLE" && survey.starts_transaction {
        facts.banned = Some(Banned::Transaction);
    }
    if survey.calls_outside && !program {
        facts.signal = Signal::None;
    }
    if facts.verb == "CREATE FUNCTION" && survey.loadable {
        facts.kind = Kind::Admin;
        facts.signal = Signal::None;
        facts.banned = Some(Banned::Server);
    }
}

/// The most telling reason to refuse the statement.
fn banned(facts: &Facts, survey: &Survey<'_>, verb: &Verb, program: bool) -> Option<Banned> {
    let mut telling = survey
        .lead
        .iter()
        .take(verb.length)
        .chain(survey.clauses.telling());
    if telling.any(|lexeme| lexeme.maybe) {
        return Some(Banned::VersionComment);
    }
    if facts.banned.is_some() {
        return facts.banned.clone();
    }
    if program {
        // Creating it runs nothing of its body.
        return None;
    }
    if survey.into_file {
        return Some(Banned::IntoFile);
    }
    survey.lock_function.map(Banned::LockFunction)
}
