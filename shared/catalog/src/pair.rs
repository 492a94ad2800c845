//! Which column of one table is which of the other.

use crate::catalog::same;
use crate::table::Defined;
use std::collections::BTreeSet;

/// Columns of two states of a table, by their places.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairing {
    /// Before and after, in the order after.
    pub(crate) kept: Vec<(usize, usize)>,
    /// Before.
    pub(crate) dropped: Vec<usize>,
    /// After.
    pub(crate) added: Vec<usize>,
    /// Of those kept, after: they don't stay where they are among the others.
    pub(crate) moved: BTreeSet<usize>,
}

impl Pairing {
    /// Pairs columns by these new names (before, after), else by their names.
    pub(crate) fn of(from: &Defined, to: &Defined, renames: &[(String, String)]) -> Self {
        let mut pairing = Self::default();
        let mut used = BTreeSet::new();
        for (after, column) in to.columns.iter().enumerate() {
            let hint = renames.iter().find(|(_, new)| same(new, &column.name));
            let name = hint.map_or(column.name.as_str(), |(old, _)| old.as_str());
            let taken_away = hint.is_none() && renames.iter().any(|(old, _)| same(old, name));
            let before = from.columns.iter().position(|column| same(&column.name, name));
            match before.filter(|before| !taken_away && !used.contains(before)) {
                Some(before) => {
                    used.insert(before);
                    pairing.kept.push((before, after));
                }
                None => pairing.added.push(after),
            }
        }
        pairing.dropped = (0..from.columns.len()).filter(|at| !used.contains(at)).collect();
        pairing.moved = moved(&pairing.kept);
        pairing
    }

    /// The place before of a column after.
    pub(crate) fn before(&self, after: usize) -> Option<usize> {
        self.kept
            .iter()
            .find(|(_, at)| *at == after)
            .map(|(before, _)| *before)
    }
}

/// All but a longest run of columns that stay in their order.
fn moved(kept: &[(usize, usize)]) -> BTreeSet<usize> {
    let places: Vec<usize> = kept.iter().map(|(before, _)| *before).collect();
    let stay = longest_rising(&places);
    let all = kept.iter().enumerate();
    all.filter(|(at, _)| !stay.contains(at))
        .map(|(_, (_, after))| *after)
        .collect()
}

/// The places of a longest rising subsequence.
pub(crate) fn longest_rising(numbers: &[usize]) -> BTreeSet<usize> {
    // For each place, the length of the longest run that ends there and the place before it in that run.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let earlier = numbers.iter().zip(&runs).enumerate().take(at);
        let best = earlier
            .filter(|(_, (other, _))| *other < number)
            .map(|(place, (_, (length, _)))| (*length, place))
            .max_by_key(|(length, place)| (*length, std::cmp::Reverse(*place)));
        runs.push(best.map_or((1, None), |(length, place)| (length + 1, Some(place))));
    }
    let longest = runs
        .iter()
        .enumerate()
        .max_by_key(|(at, (length, _))| (*length, std::cmp::Reverse(*at)));
    let mut next = longest.map(|(at, _)| at);
    let mut found = BTreeSet::new();
    while let Some(at) = next {
        found.insert(at);
        next = runs.get(at).and_then(|(_, before)| *before);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_few_as_possible_move() {
        for (numbers, stay) in [
            (vec![0, 1, 2], vec![0, 1, 2]),
            (vec![2, 0, 1], vec![1, 2]),
            (vec![1, 2, 3, 0], vec![0, 1, 2]),
            (vec![], vec![]),
            (vec![3, 1, 2, 0, 4], vec![1, 2, 4]),
        ] {
            let found: Vec<usize> = longest_rising(&numbers).into_iter().collect();
            assert_eq!(found, stay, "{numbers:?}");
        }
    }
}
