//! Small changes to texts that are valid, so that they almost are.

use crate::filler::comment;
use crate::random::Random;
use crate::soup::piece;

/// One to four changes to the tokens of a text.
pub(crate) fn mutated(mut tokens: Vec<String>, other: &[String], random: &mut Random) -> Vec<String> {
    for _ in 0..=random.below(3) {
        let at = random.below(tokens.len().max(1));
        match random.below(9) {
            0 if !tokens.is_empty() => drop(tokens.remove(at)),
            1 => {
                if let Some(again) = tokens.get(at).cloned() {
                    tokens.insert(at, again);
                }
            }
            2 if tokens.len() > 1 => {
                let with = random.below(tokens.len());
                tokens.swap(at, with);
            }
            3 => {
                let tail = other.get(random.below(other.len().max(1))..).unwrap_or_default();
                tokens.truncate(at);
                tokens.extend_from_slice(tail);
            }
            4 => tokens.insert(at.min(tokens.len()), comment(random)),
            5 => tokens.insert(
                at.min(tokens.len()),
                random
                    .pick(&["'", "\"", "`", "\\", "''", "/*", "*/", "--"])
                    .to_owned(),
            ),
            6 => tokens.insert(at.min(tokens.len()), ";".to_owned()),
            7 => {
                if let Some(token) = tokens.get_mut(at) {
                    *token = cut(token, random);
                }
            }
            _ => tokens.insert(at.min(tokens.len()), piece(random).to_owned()),
        }
    }
    tokens
}

/// A token with one character less or one piece more.
fn cut(token: &str, random: &mut Random) -> String {
    let letters: Vec<char> = token.chars().collect();
    let at = random.below(letters.len().max(1));
    let (before, after) = letters.split_at(at.min(letters.len()));
    let mut text: String = before.iter().collect();
    if random.chance(50) {
        text.push_str(piece(random));
        text.extend(after);
    } else {
        text.extend(after.iter().skip(1));
    }
    text
}

/// A text in parts that mean something, roughly: words, blanks, single characters.
pub(crate) fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = None;
    for letter in text.chars() {
        let word = letter.is_alphanumeric() || letter == '_';
        let kind = if word {
            1
        } else if letter.is_whitespace() {
            2
        } else {
            0
        };
        match parts.last_mut() {
            Some(part) if last == Some(kind) && kind != 0 => part.push(letter),
            _ => parts.push(letter.to_string()),
        }
        last = Some(kind);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_join_to_the_text() {
        let text = "SELECT 'it''s'; -- \u{e9}\n  DO 1";
        assert_eq!(parts(text).concat(), text);
        assert_eq!(parts("ab  c;;").len(), 5);
    }
}
