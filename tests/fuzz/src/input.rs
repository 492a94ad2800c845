//! One input: what the server and we are asked about.

use crate::grammar::{laid, tokens};
use crate::mutate::{mutated, parts};
use crate::random::Random;
use crate::seeds::seeds;
use crate::soup;
use serde::{Deserialize, Serialize};
use sql::SqlMode;

/// A text, and the mode in which it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The parts of `sql_mode` that matter.
    pub mode: SqlMode,
    /// What is asked.
    pub shape: Shape,
}

/// What is asked about a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Is it one statement?
    Text(String),
    /// Texts that may be statements, and what is put between those that are: are they found again?
    Joined {
        /// The texts.
        parts: Vec<String>,
        /// What stands after the `;` of each.
        between: Vec<String>,
    },
}

impl Input {
    /// The input of a number.
    pub fn of(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mode = mode(&mut random);
        let shape = match random.below(20) {
            0..=5 => Shape::Text(statement("statement", &mut random, mode)),
            6..=8 => Shape::Text(statement("program", &mut random, mode)),
            9 | 10 => Shape::Text(soup::soup(&mut random, mode)),
            11 => Shape::Text(soup::noise(&mut random)),
            12 | 13 => Shape::Text(changed("statement", &mut random, mode)),
            14 => Shape::Text(changed("program", &mut random, mode)),
            15 | 16 => Shape::Text(changed_seed(&mut random)),
            17 => Shape::Text(several(&mut random, mode)),
            _ => joined(&mut random, mode),
        };
        Self { mode, shape }
    }

    /// The texts that the server judges first.
    pub fn texts(&self) -> &[String] {
        match &self.shape {
            Shape::Text(text) => std::slice::from_ref(text),
            Shape::Joined { parts, .. } => parts,
        }
    }
}

fn mode(random: &mut Random) -> SqlMode {
    SqlMode {
        ansi_quotes: random.chance(20),
        no_backslash_escapes: random.chance(20),
    }
}

fn statement(rule: &str, random: &mut Random, mode: SqlMode) -> String {
    let tokens = tokens(rule, random, mode);
    let text = laid(&tokens, random);
    match random.below(12) {
        0 => format!("{text};"),
        1 => format!("{text} ; -- x\n"),
        2 => format!("\n  {text}\n"),
        _ => text,
    }
}

fn changed(rule: &str, random: &mut Random, mode: SqlMode) -> String {
    let own = tokens(rule, random, mode);
    let other = tokens("statement", random, mode);
    let tokens = mutated(own, &other, random);
    laid(&tokens, random)
}

fn changed_seed(random: &mut Random) -> String {
    let seeds = seeds();
    let own = random.pick(&seeds);
    let other = parts(random.pick(&seeds));
    if random.chance(10) {
        return own.to_owned();
    }
    mutated(parts(own), &other, random).concat()
}

/// Statements one after the other in a text that is judged as a whole.
fn several(random: &mut Random, mode: SqlMode) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(3) {
        let rule = if random.chance(30) { "program" } else { "statement" };
        let tokens = tokens(rule, random, mode);
        let statement = if random.chance(30) {
            mutated(tokens, &[], random)
        } else {
            tokens
        };
        text.push_str(&laid(&statement, random));
        text.push_str(random.pick(&[";", ";", "; ", ";\n", " ;;", "\n", "; -- x\n", "//", "$$"]));
    }
    text
}

fn joined(random: &mut Random, mode: SqlMode) -> Shape {
    let count = 1 + random.below(4);
    let mut parts = Vec::new();
    let mut between = Vec::new();
    for _ in 0..count {
        let rule = if random.chance(40) { "program" } else { "statement" };
        let tokens = tokens(rule, random, mode);
        parts.push(laid(&tokens, random));
        between.push(crate::filler::filler(random));
    }
    Shape::Joined { parts, between }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_gives_the_same_input_each_time() {
        for seed in 0..200 {
            assert_eq!(Input::of(seed), Input::of(seed));
        }
    }

    #[test]
    fn numbers_give_different_inputs() {
        let all: std::collections::HashSet<String> = (0..500)
            .filter_map(|seed| serde_json::to_string(&Input::of(seed)).ok())
            .collect();
        assert!(all.len() > 450, "{}", all.len());
    }
}
