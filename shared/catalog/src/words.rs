//! Text in words, for comparing what is written in different ways.

use sql::SqlMode;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// A keyword, an unquoted name or a number.
    Plain(String),
    /// A quoted name, without its quotes.
    Name(String),
    /// A string: its value.
    Text(String),
    /// Anything else.
    Symbol(String),
}

/// Symbols of more than one character, the longest first.
const SYMBOLS: [&str; 12] = [
    "->>", "<=>", "->", "<=", ">=", "<>", "!=", "<<", ">>", "||", "&&", ":=",
];

/// The words of a text, without comments. Version comments are read as code.
pub(crate) fn words(text: &str, mode: SqlMode) -> Vec<Word> {
    ends(text, mode).map(|(word, _)| word).collect()
}

/// The words of a text, each with the byte behind it.
pub(crate) fn ends(text: &str, mode: SqlMode) -> impl Iterator<Item = (Word, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let first = rest.chars().next()?;
            let (word, length) = next(rest, first, mode);
            at += length.max(first.len_utf8());
            if let Some(word) = word {
                return Some((word, at));
            }
        }
    })
}

fn next(rest: &str, first: char, mode: SqlMode) -> (Option<Word>, usize) {
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    if let Some(length) = comment(rest) {
        return (None, length);
    }
    match first {
        '`' => {
            let (value, length) = quoted(rest, first, false);
            (Some(Word::Name(value)), length)
        }
        '"' if mode.ansi_quotes => {
            let (value, length) = quoted(rest, first, false);
            (Some(Word::Name(value)), length)
        }
        '\'' | '"' => {
            let (value, length) = quoted(rest, first, !mode.no_backslash_escapes);
            (Some(Word::Text(value)), length)
        }
        _ if is_word(first) => {
            let length = word_length(rest);
            let word = rest.get(..length).unwrap_or_default();
            (Some(Word::Plain(word.to_owned())), length)
        }
        _ => symbol(rest, first),
    }
}

fn symbol(rest: &str, first: char) -> (Option<Word>, usize) {
    let known = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
    let symbol = known.map_or_else(|| first.to_string(), |symbol| (*symbol).to_owned());
    let length = symbol.len();
    (Some(Word::Symbol(symbol)), length)
}

/// The length of the comment, or of the bracket of a version comment, with which the text starts.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("/*!") {
        let digits = rest.bytes().skip(3).take_while(u8::is_ascii_digit).count();
        return Some(3 + digits);
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |at| at + 2));
    }
    if rest.starts_with("*/") {
        return Some(2);
    }
    let dashes = rest.starts_with("--") && rest.chars().nth(2).is_none_or(|c| c == ' ' || c.is_control());
    (dashes || rest.starts_with('#')).then(|| rest.find('\n').unwrap_or(rest.len()))
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$' || letter == '@' || !letter.is_ascii()
}

/// Numbers take their point and exponent with them.
fn word_length(rest: &str) -> usize {
    let number = rest.starts_with(|first: char| first.is_ascii_digit());
    let end = |c: char| !(is_word(c) || (number && c == '.'));
    let length = rest.find(end).unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or_default();
    let exponent = number
        && word.ends_with(['e', 'E'])
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte.eq_ignore_ascii_case(&b'e'));
    let tail = rest.get(length..).unwrap_or_default();
    if exponent && tail.starts_with(['-', '+']) {
        let digits = tail.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        return length + 1 + digits;
    }
    length
}

/// The value of a quoted text and its length with quotes.
fn quoted(rest: &str, quote: char, escapes: bool) -> (String, usize) {
    let mut value = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote {
            if letters.peek().is_some_and(|(_, next)| *next == quote) {
                letters.next();
                value.push(quote);
            } else {
                return (value, at + letter.len_utf8());
            }
        } else if escapes && letter == '\\' {
            value.extend(
                letters
                    .next()
                    .map(|(_, escaped)| unescaped(escaped))
                    .into_iter()
                    .flatten(),
            );
        } else {
            value.push(letter);
        }
    }
    (value, rest.len())
}

/// What a letter after a backslash stands for (MySQL 8.0 reference manual, 11.1.1).
fn unescaped(letter: char) -> Vec<char> {
    match letter {
        '0' => vec!['\0'],
        'n' => vec!['\n'],
        'r' => vec!['\r'],
        't' => vec!['\t'],
        'b' => vec!['\u{8}'],
        'Z' => vec!['\u{1a}'],
        '%' | '_' => vec!['\\', letter],
        other => vec![other],
    }
}

/// The value of a string literal; none where the text is something else.
pub(crate) fn string(text: &str, mode: SqlMode) -> Option<String> {
    match words(text, mode).as_slice() {
        [Word::Text(value)] => Some(value.clone()),
        [Word::Plain(introducer), Word::Text(value)] if introducer.starts_with('_') => Some(value.clone()),
        _ => None,
    }
}

/// A string as the server shows it.
pub(crate) fn literal(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    text.push('\'');
    for letter in value.chars() {
        match letter {
            '\'' => text.push_str("''"),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\0' => text.push_str("\\0"),
            other => text.push(other),
        }
    }
    text.push('\'');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_their_quotes_and_comments() {
        let read = words(
            "a.`b``c` /* x */ 'd''e\\n' _utf8mb4\"f\" 1.5e-3->>'$' -- z",
            SqlMode::default(),
        );
        let shown: Vec<String> = read.iter().map(|word| format!("{word:?}")).collect();
        assert_eq!(
            shown.join(" "),
            r#"Plain("a") Symbol(".") Name("b`c") Text("d'e\n") Plain("_utf8mb4") Text("f") Plain("1.5e-3") Symbol("->>") Text("$")"#
        );
    }

    #[test]
    fn a_string_is_shown_as_the_server_shows_it() {
        assert_eq!(
            string(r"'it\'s \\ \n'", SqlMode::default()).as_deref(),
            Some("it's \\ \n")
        );
        assert_eq!(literal("it's \\ \n"), r"'it''s \\ \n'");
    }
}
