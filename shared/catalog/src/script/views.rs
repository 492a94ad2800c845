//! Views: replaced where that works, in the order in which they read each other.

use super::Step;
use crate::catalog::Catalog;
use crate::print::{quote, view};
use crate::program::{COLLATION, Session, View};
use crate::words::{Word, literal, words};
use sql::SqlMode;
use std::collections::{BTreeMap, BTreeSet};

/// What is done to views.
pub(crate) struct Views<'states> {
    to: &'states Catalog,
    /// Dropped first: gone, or replaced by what can't replace them in place.
    dropped: BTreeSet<&'states String>,
    /// Made, in order.
    made: Vec<&'states View>,
}

impl<'states> Views<'states> {
    pub(crate) fn of(work: &'states Catalog, to: &'states Catalog) -> Self {
        let differs = |name: &&String| work.views.get(*name) != to.views.get(*name);
        let changed: BTreeSet<&String> = to.views.keys().filter(differs).collect();
        let order = order(&to.views);
        let made = order
            .into_iter()
            .filter(|view| changed.contains(&view.name))
            .collect();
        // Views that would read each other in a circle while only some are replaced go first.
        let circle = circles(&work.views, &to.views);
        let gone = work
            .views
            .keys()
            .filter(|name| !to.views.contains_key(*name) || (changed.contains(name) && circle));
        Self {
            to,
            dropped: gone.collect(),
            made,
        }
    }

    /// What goes first.
    pub(crate) fn removed(&self) -> Vec<Step> {
        let drop = |name: &&String| Step::new(format!("DROP VIEW {}", quote(name)));
        self.dropped.iter().map(drop).collect()
    }

    /// What comes last.
    pub(crate) fn made(&self) -> Vec<Step> {
        let made = self
            .made
            .iter()
            .filter(|one| self.to.views.contains_key(&one.name));
        made.map(|one| Step::within(view(one), &unusual(&one.session)))
            .collect()
    }
}

/// What a session has to set that begins as usual.
fn unusual(session: &Session) -> Session {
    let usual = literal(COLLATION);
    let settings = session.0.iter().filter(|(_, value)| **value != usual);
    Session(
        settings
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// Which of these views a view reads.
fn uses<'views>(view: &View, views: &'views BTreeMap<String, View>) -> BTreeSet<&'views String> {
    let words = words(view.query.as_str(), SqlMode::default());
    let starts = |word: Option<&Word>| match word {
        Some(Word::Plain(word)) => word.eq_ignore_ascii_case("from") || word.to_lowercase().ends_with("join"),
        Some(Word::Symbol(symbol)) => symbol == "(" || symbol == ",",
        Some(Word::Name(_) | Word::Text(_)) | None => false,
    };
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let dotted = matches!(words.get(at + 1), Some(Word::Symbol(dot)) if dot == ".");
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        if let Word::Plain(name) | Word::Name(name) = word
            && !dotted
            && starts(before)
            && *name != view.name
        {
            found.extend(views.get_key_value(name).map(|(name, _)| name));
        }
    }
    found
}

/// Each after those it reads; where that is a circle, in the order of the text.
fn order(views: &BTreeMap<String, View>) -> Vec<&View> {
    let mut waiting: Vec<(&View, BTreeSet<&String>)> =
        views.values().map(|view| (view, uses(view, views))).collect();
    waiting.sort_by_key(|(view, _)| view.order.0);
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().position(|(_, uses)| uses.is_empty()).unwrap_or(0);
        let (view, _) = waiting.remove(free);
        for (_, uses) in &mut waiting {
            uses.remove(&view.name);
        }
        order.push(view);
    }
    order
}

/// Whether old and new views together read each other in a circle.
fn circles(before: &BTreeMap<String, View>, after: &BTreeMap<String, View>) -> bool {
    let mut needs: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for view in before.values() {
        needs.entry(&view.name).or_default().extend(uses(view, before));
    }
    for view in after.values() {
        needs.entry(&view.name).or_default().extend(uses(view, after));
    }
    loop {
        let free: Vec<&String> = needs
            .iter()
            .filter(|(_, uses)| !uses.iter().any(|name| needs.contains_key(name)))
            .map(|(name, _)| *name)
            .collect();
        if free.is_empty() {
            return !needs.is_empty();
        }
        for name in free {
            needs.remove(name);
        }
    }
}
