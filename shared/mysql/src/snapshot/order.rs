//! An order in which everything comes after what it uses.

use std::collections::{BTreeMap, BTreeSet};

/// The names, each after those it uses, by name where there is a choice. A circle, which views can't make, is left as it
/// is met.
pub(super) fn by_use(uses: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut order = Vec::with_capacity(uses.len());
    let mut seen = BTreeSet::new();
    for name in uses.keys() {
        visit(name, uses, &mut seen, &mut order);
    }
    order
}

/// Depth first, with a stack of our own: a chain of views may be long.
fn visit<'a>(
    name: &'a String,
    uses: &'a BTreeMap<String, BTreeSet<String>>,
    seen: &mut BTreeSet<&'a String>,
    order: &mut Vec<String>,
) {
    let mut stack = vec![(name, false)];
    while let Some((name, used)) = stack.pop() {
        if used {
            order.push(name.clone());
            continue;
        }
        let Some((name, needs)) = uses.get_key_value(name) else {
            continue;
        };
        if seen.insert(name) {
            stack.push((name, true));
            stack.extend(needs.iter().rev().map(|need| (need, false)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(uses: &[(&str, &[&str])]) -> Vec<String> {
        let uses = uses.iter().map(|(name, uses)| {
            let uses = uses.iter().map(|used| (*used).to_owned()).collect();
            ((*name).to_owned(), uses)
        });
        by_use(&uses.collect())
    }

    #[test]
    fn what_is_used_comes_first_and_names_decide_the_rest() {
        let names = order(&[
            ("a", &["d", "c"]),
            ("b", &[]),
            ("c", &["elsewhere", "c"]),
            ("d", &["c"]),
        ]);
        assert_eq!(names, ["c", "d", "a", "b"]);
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(order(&[("a", &["b"]), ("b", &["a"])]), ["b", "a"]);
    }
}
