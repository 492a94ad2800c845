//! What each byte may start or belong to, looked up in a table.

/// What the lexer does where a byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Blank as the server sees it.
    Blank,
    /// Part of a word: letters, digits, `_` and everything beyond ASCII.
    Word,
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
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Class::Word,
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
        words[byte as usize] = matches!(CLASSES[byte as usize], Class::Word | Class::Dollar);
        if byte == u8::MAX {
            return words;
        }
        byte += 1;
    }
}
