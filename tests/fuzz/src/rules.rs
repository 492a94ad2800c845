//! The grammar as data. The last alternative of each rule is its simplest: deep inside it is the one taken.

mod data;
mod definitions;
mod programs;
mod session;

/// A rule's name, and its alternatives.
pub(crate) type Rule = (&'static str, &'static [&'static str]);

/// All rules.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    [data::RULES, definitions::RULES, session::RULES, programs::RULES]
        .into_iter()
        .flatten()
}

/// The alternatives of a rule; none of one that isn't there.
pub(crate) fn alternatives(rule: &str) -> &'static [&'static str] {
    all()
        .find_map(|(name, alternatives)| (*name == rule).then_some(*alternatives))
        .unwrap_or_default()
}
