//! From a statement's text to its facts.

mod alter;
mod set;
mod survey;
mod verb;

use crate::banned::Banned;
use crate::facts::{Facts, Kind, Signal};
use crate::lexer::LexError;
use crate::mode::SqlMode;
pub(crate) use set::ALLOWED as ALLOWED_SETTINGS;
use survey::Survey;
use verb::Verb;

/// What is known about a statement.
pub(crate) fn facts_of(text: &str, mode: SqlMode) -> Result<Facts, LexError> {
    let survey = Survey::of(text, mode)?;
    let verb = Verb::of(&survey.lead, survey.main_verb);
    let mut facts = verb.facts();
    match facts.verb.as_str() {
        "ALTER TABLE" => alter::refine(&mut facts, &survey),
        "SET" => set::refine(&mut facts, &survey),
        _ => {}
    }
    refine(&mut facts, &survey);
    facts.banned = banned(&facts, &survey, &verb);
    Ok(facts)
}

/// What the rest of the statement adds to what its first keywords say.
fn refine(facts: &mut Facts, survey: &Survey<'_>) {
    let writes = facts.verb.ends_with("UPDATE") || facts.verb.ends_with("DELETE");
    if facts.kind == Kind::Dml && writes && !survey.has_where {
        facts.without_where = true;
        facts.destructive = true;
    }
    if facts.kind == Kind::Query && survey.sets_variable {
        facts.session_state = true;
    }
    if facts.verb == "CREATE FUNCTION" && survey.loadable {
        facts.kind = Kind::Admin;
        facts.signal = Signal::None;
        facts.banned = Some(Banned::Server);
    }
}

/// The most telling reason to refuse the statement.
fn banned(facts: &Facts, survey: &Survey<'_>, verb: &Verb) -> Option<Banned> {
    if survey.several {
        return Some(Banned::Several);
    }
    if survey.lead.iter().take(verb.length).any(|lexeme| lexeme.maybe) {
        return Some(Banned::VersionComment);
    }
    if facts.banned.is_some() {
        return facts.banned.clone();
    }
    if survey.program {
        // Creating it runs nothing of its body.
        return None;
    }
    if survey.into_file {
        return Some(Banned::IntoFile);
    }
    survey.lock_function.clone().map(Banned::LockFunction)
}
