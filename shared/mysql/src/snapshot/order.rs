//! An order in which everything comes after what it needs.

use std::collections::{BTreeMap, BTreeSet};

/// The names, each after those it needs, by name where there is a choice; and whether there was a circle, in which case
/// its members come by name.
pub(super) fn by_need(needs: &BTreeMap<String, BTreeSet<String>>) -> (Vec<String>, bool) {
    let mut waiting: BTreeMap<&String, BTreeSet<&String>> = needs
        .iter()
        .map(|(name, uses)| {
            let uses = uses
                .iter()
                .filter(|used| *used != name && needs.contains_key(*used));
            (name, uses.collect())
        })
        .collect();
    let mut order = Vec::with_capacity(needs.len());
    let mut circle = false;
    while let Some(next) = free(&waiting).or_else(|| {
        let first = waiting.keys().next().copied();
        circle |= first.is_some();
        first
    }) {
        waiting.remove(next);
        for uses in waiting.values_mut() {
            uses.remove(next);
        }
        order.push(next.clone());
    }
    (order, circle)
}

fn free<'a>(waiting: &BTreeMap<&'a String, BTreeSet<&'a String>>) -> Option<&'a String> {
    waiting
        .iter()
        .find(|(_, uses)| uses.is_empty())
        .map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(needs: &[(&str, &[&str])]) -> (Vec<String>, bool) {
        let needs = needs
            .iter()
            .map(|(name, uses)| {
                let uses = uses.iter().map(|used| (*used).to_owned()).collect();
                ((*name).to_owned(), uses)
            })
            .collect();
        by_need(&needs)
    }

    #[test]
    fn what_is_needed_comes_first_and_names_decide_the_rest() {
        let (names, circle) = order(&[("a", &["c"]), ("b", &[]), ("c", &["elsewhere", "c"])]);
        assert_eq!(names, ["b", "c", "a"]);
        assert!(!circle);
    }

    #[test]
    fn a_circle_is_broken_by_name_and_told() {
        let (names, circle) = order(&[("a", &["b"]), ("b", &["a"]), ("c", &["b"])]);
        assert_eq!(names, ["a", "b", "c"]);
        assert!(circle);
    }
}
