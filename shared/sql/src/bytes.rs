//! What each byte may start or belong to, looked up in a table.

/// What the lexer does where a byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Blank as the server sees it.
    Blank,
    /// Part of a word: letters, `_` and everything beyond ASCII.
    Word,
    /// Part of a word, and the start of a number.
    Digit,
    /// `.`, also the start of a number.
    Point,
    /// Part of a word, and the start of a dollar-quoted text.
    Dollar,
    /// `'`, `"` or a backtick.
    Quote,
    /// `#`
    Hash,
    /// `-`
    Dash,
    /// `/`
    Slash,
    /// `*`
    Star,
    /// NUL, which is never part of SQL.
    Nul,
    /// Anything else stands for itself.
    Symbol,
}

/// The class of a byte.
pub(crate) fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Symbol)
}

/// Where the blanks end that stand at `at`.
pub(crate) fn blank_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while bytes.get(at).is_some_and(|byte| class(*byte) == Class::Blank) {
        at += 1;
    }
    at
}

/// Whether a byte is part of a word.
pub(crate) fn is_word(byte: u8) -> bool {
    WORD.get(usize::from(byte)).copied().unwrap_or(false)
}

/// Where the word ends that stands at `at`.
pub(crate) fn word_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while bytes.get(at).is_some_and(|byte| is_word(*byte)) {
        at += 1;
    }
    at
}

/// Where the digits end that stand at `at`.
pub(crate) fn digits_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// Where the name of a user variable or a host ends that stands at `at`: it holds points.
pub(crate) fn host_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while bytes.get(at).is_some_and(|byte| is_word(*byte) || *byte == b'.') {
        at += 1;
    }
    at
}

/// Where the number ends that a digit or a point at `at` starts, or the name that starts with digits: `1.5e-3`, `1.`,
/// `.5` and `1e1` end there whatever follows, `5th`, `1e` and `0x1F` where the word ends.
pub(crate) fn number_end(bytes: &[u8], at: usize) -> usize {
    let end = digits_end(bytes, at);
    match bytes.get(end) {
        Some(b'.') => {
            let end = digits_end(bytes, end + 1);
            exponent_end(bytes, end).unwrap_or(end)
        }
        Some(_) => exponent_end(bytes, end).unwrap_or_else(|| word_end(bytes, end)),
        None => end,
    }
}

/// Where the exponent ends that stands at `at`, if one does.
fn exponent_end(bytes: &[u8], at: usize) -> Option<usize> {
    if !matches!(bytes.get(at), Some(b'e' | b'E')) {
        return None;
    }
    let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
    let digits = at + if signed { 2 } else { 1 };
    let end = digits_end(bytes, digits);
    (end > digits).then_some(end)
}

/// The letters of a word of at most eight, in upper case; 0 for a longer one.
pub(crate) const fn key(word: &[u8]) -> u64 {
    if word.len() > 8 {
        return 0;
    }
    let mut key = 0;
    let mut rest = word;
    while let [first, after @ ..] = rest {
        // A byte becomes a letter only where it is one in either case.
        key = key << 8 | (*first & !0x20) as u64;
        rest = after;
    }
    key
}

/// What makes `--` before it a comment: a blank or a control character.
pub(crate) fn ends_dashes(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_control()
}

static CLASSES: [Class; 256] = classes();
static WORD: [bool; 256] = words();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Symbol; 256];
    let mut byte = 0_u8;
    loop {
        classes[byte as usize] = match byte {
            b' ' | b'\t'..=b'\r' => Class::Blank,
            b'0'..=b'9' => Class::Digit,
            b'.' => Class::Point,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Class::Word,
            b'$' => Class::Dollar,
            b'\'' | b'"' | b'`' => Class::Quote,
            b'#' => Class::Hash,
            b'-' => Class::Dash,
            b'/' => Class::Slash,
            b'*' => Class::Star,
            0 => Class::Nul,
            _ => Class::Symbol,
        };
        if byte == u8::MAX {
            return classes;
        }
        byte += 1;
    }
}

const fn words() -> [bool; 256] {
    let mut words = [false; 256];
    let mut byte = 0_u8;
    loop {
        words[byte as usize] = matches!(CLASSES[byte as usize], Class::Word | Class::Digit | Class::Dollar);
        if byte == u8::MAX {
            return words;
        }
        byte += 1;
    }
}
