//! The keys of a table. Their order is shown and counts: new ones go behind the old ones of their class.

use super::alter::with_names;
use super::columns::Columns;
use crate::catalog::same;
use crate::key::{ForeignKey, Key, Over};
use crate::normal::keys::{rank, serves};
use crate::print::{key, quote};
use crate::table::Defined;
use sql::ddl::KeyKind;
use std::collections::BTreeSet;

/// The keys of two states of a table.
pub(crate) struct Keys<'states> {
    from: Vec<Key>,
    to: &'states Defined,
    /// Columns with new names: before, after.
    renamed: Vec<(String, String)>,
    /// Place before, place after.
    kept: Vec<(usize, usize)>,
    /// Places after of keys that only change their place: added under another name, which they give up again; the server
    /// leaves a key where it is that is dropped and added alike in one statement.
    parked: BTreeSet<usize>,
    /// Places before of spatial keys over columns that get another reference system, which have to go before.
    early: BTreeSet<usize>,
}

impl<'states> Keys<'states> {
    pub(crate) fn of(from: &Defined, to: &'states Defined, columns: &Columns<'_>) -> Self {
        let renamed = columns.renamed();
        let work = with_names(from, &renamed);
        let disturbed: BTreeSet<String> = columns.disturbed().into_iter().collect();
        let moved = columns.moved_in_space();
        let held = |key: &Key| key.kind == KeyKind::Spatial && moved.iter().any(|column| key.is_over(column));
        let early: BTreeSet<usize> = from
            .keys
            .iter()
            .enumerate()
            .filter(|(_, key)| held(key))
            .map(|(at, _)| at)
            .collect();
        let rests = |at: usize| {
            // A key over an expression of a column that changes its name, or over one made anew, is made anew.
            !early.contains(&at)
                && from.keys.get(at).is_some_and(|key| {
                    !key.parts.iter().any(|part| match &part.over {
                        Over::Expression(own) => disturbed.iter().any(|name| own.names(name)),
                        Over::Column { name, .. } => disturbed
                            .iter()
                            .any(|one| same(one, name) && !renamed.iter().any(|(old, _)| old == one)),
                    })
                })
        };
        let mut keys = Self {
            from: work.keys,
            to,
            renamed: renamed.clone(),
            kept: Vec::new(),
            parked: BTreeSet::new(),
            early: early.clone(),
        };
        keys.pair(rests);
        let paired = keys.kept.clone();
        keys.keep_in_order();
        let displaced = paired.into_iter().filter(|pair| !keys.kept.contains(pair));
        keys.parked = displaced
            .filter(|(before, after)| {
                let name = |list: &[Key], at: usize| list.get(at).map(|key| key.name.to_lowercase());
                name(&keys.from, *before) == name(&keys.to.keys, *after)
            })
            .map(|(_, after)| after)
            .collect();
        keys
    }

    fn pair(&mut self, rests: impl Fn(usize) -> bool) {
        let mut used = BTreeSet::new();
        let mut pairs = Vec::new();
        // By name first, then those that differ in nothing but the name.
        for by_name in [true, false] {
            for (after, key) in self.to.keys.iter().enumerate() {
                if pairs.iter().any(|(_, at)| *at == after) {
                    continue;
                }
                let found = self.from.iter().enumerate().position(|(at, before)| {
                    !used.contains(&at) && rests(at) && matches_key(before, key, by_name, self)
                });
                if let Some(before) = found {
                    used.insert(before);
                    pairs.push((before, after));
                }
            }
        }
        pairs.sort_by_key(|(_, after)| *after);
        self.kept = pairs;
    }

    /// Within a class, what is kept comes first and in its old order; from the first that doesn't, all are added anew.
    fn keep_in_order(&mut self) {
        let mut kept = Vec::new();
        let ranks: Vec<u8> = self.to.keys.iter().map(|key| rank(self.to, key)).collect();
        let classes: BTreeSet<u8> = ranks.iter().copied().collect();
        for class in classes {
            let members = ranks.iter().enumerate().filter(|(_, rank)| **rank == class);
            let mut last = None;
            for (after, _) in members {
                let before = self
                    .kept
                    .iter()
                    .find(|(_, at)| *at == after)
                    .map(|(before, _)| *before);
                match before {
                    Some(before) if last.is_none_or(|last| before > last) => {
                        last = Some(before);
                        kept.push((before, after));
                    }
                    Some(_) | None => break,
                }
            }
        }
        self.kept = kept;
    }

    fn pairs(&self) -> impl Iterator<Item = (&Key, &Key)> {
        self.kept
            .iter()
            .filter_map(|(before, after)| Some((self.from.get(*before)?, self.to.keys.get(*after)?)))
    }

    /// What goes before anything else.
    pub(crate) fn dropped_early(&self) -> Vec<String> {
        let early = self.early.iter().filter_map(|at| self.from.get(*at));
        early
            .map(|key| format!("DROP KEY {}", quote(&key.name)))
            .collect()
    }

    /// Whether any key is new, if only in its place.
    pub(crate) fn adds(&self) -> bool {
        self.kept.len() < self.to.keys.len()
    }

    /// Keys that stay under their names and serve a foreign key, so that the server may have made them for it.
    pub(crate) fn made_to_stay(&self, foreign: &[ForeignKey]) -> Vec<String> {
        let own = |key: &Key| {
            let serves = |one: &ForeignKey| {
                let names = self.renamed.iter().map(|(old, new)| (old.as_str(), new.as_str()));
                let follow = |name: &String| {
                    let found = names.clone().find(|(old, _)| same(old, name));
                    found.map_or_else(|| name.clone(), |(_, new)| new.to_owned())
                };
                let columns = one.columns.iter().map(follow).collect();
                let after = ForeignKey {
                    columns,
                    ..one.clone()
                };
                key.parts.len() == one.columns.len() && serves(key, &after)
            };
            key.kind == KeyKind::Plain
                && !key.invisible
                && key.options.is_empty()
                && !key.parts.iter().any(|part| part.descending)
                && foreign.iter().any(serves)
        };
        self.pairs()
            .filter(|(before, after)| before == after && own(before))
            .map(|(before, _)| format!("RENAME KEY {0} TO {0}", quote(&before.name)))
            .collect()
    }

    /// What goes.
    pub(crate) fn dropped(&self) -> Vec<String> {
        let gone = |at: &usize| !self.early.contains(at) && !self.kept.iter().any(|(before, _)| before == at);
        let dropped = self.from.iter().enumerate().filter(|(at, _)| gone(at));
        dropped
            .map(|(_, key)| match key.kind {
                KeyKind::Primary => "DROP PRIMARY KEY".to_owned(),
                KeyKind::Unique | KeyKind::Plain | KeyKind::Fulltext | KeyKind::Spatial => {
                    format!("DROP KEY {}", quote(&key.name))
                }
            })
            .collect()
    }

    /// New names and visibility.
    pub(crate) fn changed(&self) -> Vec<String> {
        let mut clauses = Vec::new();
        for (before, after) in self.pairs() {
            if before.name != after.name {
                clauses.push(format!(
                    "RENAME KEY {} TO {}",
                    quote(&before.name),
                    quote(&after.name)
                ));
            } else if before.invisible != after.invisible {
                let visible = if after.invisible { "INVISIBLE" } else { "VISIBLE" };
                clauses.push(format!("ALTER INDEX {} {visible}", quote(&after.name)));
            }
        }
        clauses
    }

    /// What comes.
    pub(crate) fn added(&self) -> Vec<String> {
        let new = |at: &usize| !self.kept.iter().any(|(_, after)| after == at);
        let added = self.to.keys.iter().enumerate().filter(|(at, _)| new(at));
        added
            .map(|(at, one)| {
                let mut one = one.clone();
                if self.parked.contains(&at) {
                    one.name = self.parking(&one.name);
                }
                format!("ADD {}", key(&one))
            })
            .collect()
    }

    /// Gives parked keys their names, in a statement of its own.
    pub(crate) fn settled(&self) -> Vec<String> {
        let parked = self.parked.iter().filter_map(|at| self.to.keys.get(*at));
        parked
            .map(|key| {
                format!(
                    "RENAME KEY {} TO {}",
                    quote(&self.parking(&key.name)),
                    quote(&key.name)
                )
            })
            .collect()
    }

    fn parking(&self, name: &str) -> String {
        let short: String = name.chars().take(54).collect();
        let free = |name: &String| {
            !self
                .from
                .iter()
                .chain(&self.to.keys)
                .any(|key| same(&key.name, name))
        };
        let mut numbers = (1_u32..).map(|number| format!("{short}_moved_{number}"));
        numbers.find(free).unwrap_or(short)
    }
}

fn matches_key(before: &Key, after: &Key, by_name: bool, keys: &Keys<'_>) -> bool {
    if by_name {
        let visible = Key {
            invisible: after.invisible,
            ..before.clone()
        };
        return visible == *after;
    }
    // A new name is given only where nobody else had it: the server looks at old names and new ones at once.
    let taken = keys.from.iter().any(|key| key.name == after.name);
    before.kind != KeyKind::Primary
        && !taken
        && before.same_but_name(after)
        && !keys.to.keys.iter().any(|key| key.name == before.name)
}
