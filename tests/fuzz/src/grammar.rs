//! Statements from a grammar: mostly valid, so that the server's parser goes all the way.
//!
//! A rule is a name and its alternatives; in an alternative `{rule}` stands for one of that rule's alternatives.

use crate::filler::{filler, versioned};
use crate::lexical;
use crate::random::Random;
use crate::rules::alternatives;
use sql::SqlMode;

/// How deep rules nest before the last (the simplest) alternative is taken.
const DEEP: usize = 7;
/// How many tokens a text may get.
const LONG: usize = 400;

/// The tokens of one thing that a rule names.
pub(crate) fn tokens(rule: &str, random: &mut Random, mode: SqlMode) -> Vec<String> {
    let mut tokens = Vec::new();
    expand(rule, random, mode, 0, &mut tokens);
    tokens
}

fn expand(rule: &str, random: &mut Random, mode: SqlMode, depth: usize, tokens: &mut Vec<String>) {
    match rule {
        "string" => return tokens.push(lexical::string(random, mode)),
        "name" => return tokens.push(lexical::name(random, mode)),
        "number" => return tokens.push(lexical::number(random)),
        "variable" => return tokens.push(lexical::variable(random, mode)),
        _ => {}
    }
    let alternatives = alternatives(rule);
    let simple = depth >= DEEP || tokens.len() > LONG;
    let chosen = if simple {
        alternatives.last().copied().unwrap_or_default()
    } else {
        random.pick(alternatives)
    };
    for word in chosen.split(' ').filter(|word| !word.is_empty()) {
        match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            Some(inner) => expand(inner, random, mode, depth + 1, tokens),
            None => tokens.push(cased(word, random)),
        }
    }
}

fn cased(word: &str, random: &mut Random) -> String {
    match random.below(12) {
        0 => word.to_ascii_lowercase(),
        1 if word.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            let (first, rest) = word.split_at(1);
            format!("{first}{}", rest.to_ascii_lowercase())
        }
        _ => word.to_owned(),
    }
}

/// Tokens as a text, with something between them; seldom nothing where something is needed.
pub(crate) fn laid(tokens: &[String], random: &mut Random) -> String {
    let mut text = String::new();
    let odd = random.chance(50);
    for token in tokens {
        if !text.is_empty() && (needs_blank(&text, token) || random.chance(40)) && !(odd && random.chance(1))
        {
            text.push_str(&if odd { filler(random) } else { " ".to_owned() });
        }
        if odd && random.chance(1) {
            text.push_str(&versioned(random, token));
        } else {
            text.push_str(token);
        }
    }
    if odd {
        text.push_str(&filler(random));
    }
    text
}

fn needs_blank(before: &str, after: &str) -> bool {
    let last = before.chars().next_back().unwrap_or(' ');
    let first = after.chars().next().unwrap_or(' ');
    joins(last) && (joins(first) || last == first)
}

/// Whether two of it in a row could become one token.
fn joins(letter: char) -> bool {
    letter.is_alphanumeric() || !letter.is_ascii() || "_$@.'\"`-/*<>=!|&:#".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::all;

    #[test]
    fn every_rule_that_a_rule_names_is_there() {
        let lexical = ["string", "name", "number", "variable"];
        for (rule, alternatives) in all() {
            assert!(!alternatives.is_empty(), "{rule}");
            let words = alternatives.iter().flat_map(|alternative| alternative.split(' '));
            for inner in words.filter_map(|word| word.strip_prefix('{')?.strip_suffix('}')) {
                let known = lexical.contains(&inner) || !crate::rules::alternatives(inner).is_empty();
                assert!(known, "{rule} names {inner}");
            }
            let split = alternatives.iter().flat_map(|alternative| alternative.split(' '));
            for word in split.filter(|word| word.contains('{') && *word != "{") {
                assert!(
                    word.starts_with('{') && word.ends_with('}'),
                    "{rule}: blanks around {word}"
                );
            }
        }
    }

    #[test]
    fn every_rule_comes_to_an_end() {
        for (rule, _) in all() {
            for seed in 0..50 {
                let tokens = tokens(rule, &mut Random::new(seed), SqlMode::default());
                assert!(tokens.len() < 20_000, "{rule}");
            }
        }
    }
}
