//! The words that mean something in the body of a stored program.

use crate::bytes::key;

/// What a word means in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    /// `BEGIN`
    Begin,
    /// `IF`
    If,
    /// `CASE`
    Case,
    /// `LOOP`
    Loop,
    /// `WHILE`
    While,
    /// `REPEAT`
    Repeat,
    /// `UNTIL`
    Until,
    /// `END`
    End,
    /// `THEN` or `ELSE`: a statement or a value follows.
    Then,
    /// `WHEN`
    When,
    /// `DO`
    Do,
    /// `DECLARE`
    Declare,
    /// `FOLLOWS` or `PRECEDES`
    Order,
    /// `LANGUAGE`
    Language,
    /// A word after which a value or a name follows.
    Operator,
    /// Any other word.
    Other,
}

impl Keyword {
    /// What a word means.
    pub(crate) fn of(word: &[u8]) -> Self {
        let key = key(word);
        let slot = KEYWORDS.get(hash(key)).copied().unwrap_or_default();
        if key != 0 && slot.key == key {
            slot.keyword
        } else {
            Self::Other
        }
    }
}

/// Where a key stands in [`KEYWORDS`].
const fn hash(key: u64) -> usize {
    (key.wrapping_mul(MULTIPLIER) >> (64 - BITS)) as usize
}

/// Each keyword has a slot of its own with it: that is checked where the table is made.
const MULTIPLIER: u64 = 0x086B_F73C_B0DA_7B5B;
const BITS: u32 = 7;

/// A word and what it means.
#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u64,
    keyword: Keyword,
}

impl Default for Slot {
    fn default() -> Self {
        FREE
    }
}

const FREE: Slot = Slot {
    key: 0,
    keyword: Keyword::Other,
};

static KEYWORDS: [Slot; 1 << BITS] = keywords();

const fn keywords() -> [Slot; 1 << BITS] {
    let mut slots = [FREE; 1 << BITS];
    let mut at = 0;
    while at < WORDS.len() {
        let (word, keyword) = WORDS[at];
        let key = key(word.as_bytes());
        let slot = &mut slots[hash(key)];
        assert!(
            slot.key == 0 && key != 0,
            "a slot for each, and at most eight letters"
        );
        *slot = Slot { key, keyword };
        at += 1;
    }
    slots
}

const WORDS: &[(&str, Keyword)] = &[
    ("CASE", Keyword::Case),
    ("FOLLOWS", Keyword::Order),
    ("FROM", Keyword::Operator),
    ("HAVING", Keyword::Operator),
    ("MOD", Keyword::Operator),
    ("NOT", Keyword::Operator),
    ("OR", Keyword::Operator),
    ("ON", Keyword::Operator),
    ("PRECEDES", Keyword::Order),
    ("SELECT", Keyword::Operator),
    ("SET", Keyword::Operator),
    ("THEN", Keyword::Then),
    ("UNTIL", Keyword::Until),
    ("USING", Keyword::Operator),
    ("XOR", Keyword::Operator),
    ("AND", Keyword::Operator),
    ("AS", Keyword::Operator),
    ("BEGIN", Keyword::Begin),
    ("BETWEEN", Keyword::Operator),
    ("BINARY", Keyword::Operator),
    ("BY", Keyword::Operator),
    ("DO", Keyword::Do),
    ("DECLARE", Keyword::Declare),
    ("DISTINCT", Keyword::Operator),
    ("DIV", Keyword::Operator),
    ("END", Keyword::End),
    ("ELSE", Keyword::Then),
    ("ELSEIF", Keyword::Operator),
    ("IF", Keyword::If),
    ("IN", Keyword::Operator),
    ("IS", Keyword::Operator),
    ("INTERVAL", Keyword::Operator),
    ("LOOP", Keyword::Loop),
    ("LIKE", Keyword::Operator),
    ("LIMIT", Keyword::Operator),
    ("LANGUAGE", Keyword::Language),
    ("REPEAT", Keyword::Repeat),
    ("RETURN", Keyword::Operator),
    ("REGEXP", Keyword::Operator),
    ("RLIKE", Keyword::Operator),
    ("WHEN", Keyword::When),
    ("WHILE", Keyword::While),
    ("WHERE", Keyword::Operator),
];
