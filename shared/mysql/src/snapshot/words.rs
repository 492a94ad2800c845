//! The head of a statement, word by word: where a definer or a schema is named.

use super::scan::{comment, quoted};

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A keyword, a number or a name without quotes.
    Bare,
    /// A name or string in quotes.
    Quoted,
    /// One other character.
    Symbol,
    /// Blanks, a comment, or the marks of a version comment.
    Gap,
}

/// One word; joined, the words are the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<'text> {
    pub(crate) class: Class,
    pub(crate) text: &'text str,
}

impl Word<'_> {
    /// Whether it is this keyword.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.class == Class::Bare && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is this symbol.
    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.class == Class::Symbol && self.text == symbol
    }

    /// Whether it can be a name, or the name or string in its quotes.
    pub(crate) fn names(&self) -> bool {
        matches!(self.class, Class::Bare | Class::Quoted)
    }

    /// The name that it is, without quotes.
    pub(crate) fn name(&self) -> String {
        if self.class != Class::Quoted {
            return self.text.to_owned();
        }
        let quote = self.text.get(..1).unwrap_or_default();
        let inner = self
            .text
            .get(1..self.text.len().saturating_sub(1))
            .unwrap_or_default();
        inner.replace(&quote.repeat(2), quote)
    }
}

/// The words of a text, as they are asked for.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (class, length) = first(rest)?;
        let (word, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(Word { class, text: word })
    })
}

fn first(text: &str) -> Option<(Class, usize)> {
    let start = text.chars().next()?;
    if text.starts_with("/*!") {
        return Some((Class::Gap, 3 + run(text.get(3..)?, |c| c.is_ascii_digit())));
    }
    if text.starts_with("*/") {
        return Some((Class::Gap, 2));
    }
    if let Some(length) = comment(text) {
        return Some((Class::Gap, length));
    }
    Some(match start {
        '`' | '\'' | '"' => {
            let quote = u8::try_from(start).unwrap_or(b'`');
            (Class::Quoted, quoted(text.as_bytes(), quote))
        }
        _ if start.is_whitespace() => (Class::Gap, run(text, char::is_whitespace)),
        _ if in_word(start) => (Class::Bare, run(text, in_word)),
        _ => (Class::Symbol, start.len_utf8()),
    })
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn run(text: &str, takes: impl Fn(char) -> bool) -> usize {
    text.find(|c| !takes(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_words_are_the_text() {
        let text = "CREATE/*!50017 DEFINER=`a``b`@'%'*/ TRIGGER é.x -- to ; `\n /* b */ BEFORE #x\n1.5 \"j\"";
        let all: Vec<Word<'_>> = words(text).collect();
        assert_eq!(all.iter().map(|word| word.text).collect::<String>(), text);
        assert_eq!(
            all.iter()
                .find(|word| word.class == Class::Quoted)
                .unwrap()
                .name(),
            "a`b"
        );
        assert!(all.iter().any(|word| word.is("before")));
    }

    #[test]
    fn what_is_never_closed_reaches_the_end() {
        for text in ["'a", "/* a", "-- a", "`"] {
            assert_eq!(words(text).count(), 1, "{text}");
        }
    }
}
