//! Stored programs: made anew where they differ, in the session under which they were made.

use super::Step;
use crate::catalog::Catalog;
use crate::pair::longest_rising;
use crate::print::{self, quote};
use crate::program::Trigger;
use sql::ddl::RoutineKind;
use std::collections::BTreeSet;

/// What goes first: triggers and events that aren't wanted any more.
pub(crate) fn removed(work: &Catalog, to: &Catalog) -> Vec<Step> {
    let triggers = work
        .triggers
        .iter()
        .filter(|trigger| to.trigger(&trigger.name).is_none() && to.tables.contains_key(&trigger.table));
    let mut steps: Vec<Step> = triggers.map(|trigger| drop("TRIGGER", &trigger.name)).collect();
    let events = work
        .events
        .iter()
        .filter(|(name, _)| !to.events.contains_key(*name));
    steps.extend(events.map(|(_, event)| drop("EVENT", &event.name)));
    let routines = work
        .routines
        .iter()
        .filter(|(key, _)| !to.routines.contains_key(*key));
    steps.extend(routines.map(|((kind, _), routine)| drop(word(*kind), &routine.name)));
    steps
}

fn drop(kind: &str, name: &str) -> Step {
    Step::new(format!("DROP {kind} {}", quote(name)))
}

fn word(kind: RoutineKind) -> &'static str {
    match kind {
        RoutineKind::Procedure => "PROCEDURE",
        RoutineKind::Function => "FUNCTION",
    }
}

/// Procedures and functions that differ.
pub(crate) fn routines(work: &Catalog, to: &Catalog) -> Vec<Step> {
    let mut steps = Vec::new();
    for (key, routine) in &to.routines {
        let before = work.routines.get(key);
        if before == Some(routine) {
            continue;
        }
        steps.extend(before.map(|before| drop(word(before.kind), &before.name)));
        steps.push(Step::within(print::routine(routine), &routine.session));
    }
    steps
}

/// Events that differ.
pub(crate) fn events(work: &Catalog, to: &Catalog) -> Vec<Step> {
    let mut steps = Vec::new();
    for (key, event) in &to.events {
        let before = work.events.get(key);
        if before == Some(event) {
            continue;
        }
        steps.extend(before.map(|before| drop("EVENT", &before.name)));
        steps.push(Step::within(print::event(event), &event.session));
    }
    steps
}

/// Triggers that differ, stand in another order, or are gone with a table that is made anew.
pub(crate) fn triggers(work: &Catalog, to: &Catalog, remade: &BTreeSet<String>) -> Vec<Step> {
    let stay = staying(work, to, remade);
    let mut steps = Vec::new();
    for before in &work.triggers {
        let gone = remade.contains(&before.table) || !to.tables.contains_key(&before.table);
        if !gone && to.trigger(&before.name).is_some() && !stay.contains(&before.name) {
            steps.push(drop("TRIGGER", &before.name));
        }
    }
    for (at, trigger) in to.triggers.iter().enumerate() {
        if !stay.contains(&trigger.name) {
            let order = order(&to.triggers, at, &stay);
            steps.push(Step::within(print::trigger(trigger, order), &trigger.session));
        }
    }
    steps
}

/// Behind the one before it; where it is the first, before the first that stays.
fn order<'names>(
    triggers: &'names [Trigger],
    at: usize,
    stay: &BTreeSet<String>,
) -> Option<(&'static str, &'names str)> {
    let own = triggers.get(at)?;
    let group = |other: &&Trigger| other.same_occasion(own);
    let after = triggers.get(at + 1..).unwrap_or_default();
    let next = after
        .iter()
        .filter(group)
        .find(|other| stay.contains(&other.name))?;
    let before = triggers.get(..at).unwrap_or_default().iter().rev().find(group);
    Some(match before {
        Some(before) => ("FOLLOWS", before.name.as_str()),
        None => ("PRECEDES", next.name.as_str()),
    })
}

/// Those that are the same before and after and keep their order.
fn staying(work: &Catalog, to: &Catalog, remade: &BTreeSet<String>) -> BTreeSet<String> {
    let mut staying = BTreeSet::new();
    let mut done: Vec<&Trigger> = Vec::new();
    for first in &to.triggers {
        if done.iter().any(|other| other.same_occasion(first)) {
            continue;
        }
        done.push(first);
        let group: Vec<(usize, &Trigger)> = to
            .triggers
            .iter()
            .filter(|trigger| trigger.same_occasion(first) && !remade.contains(&trigger.table))
            .filter_map(|trigger| {
                let before = work.triggers.iter().position(|before| before == trigger)?;
                Some((before, trigger))
            })
            .collect();
        let places: Vec<usize> = group.iter().map(|(before, _)| *before).collect();
        let rising = longest_rising(&places);
        let kept = group.iter().enumerate().filter(|(at, _)| rising.contains(at));
        staying.extend(kept.map(|(_, (_, trigger))| trigger.name.clone()));
    }
    staying
}
