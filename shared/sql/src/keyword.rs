//! The words that mean something in the body of a stored program.

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
    /// A word after which a value or a name follows.
    Operator,
    /// Any other word.
    Other,
}

impl Keyword {
    /// What a word means.
    pub(crate) fn of(word: &str) -> Self {
        let Some(first) = word.bytes().next().filter(|_| word.len() < 10) else {
            return Self::Other;
        };
        let found = match first.to_ascii_uppercase() {
            b'A' => OPERATORS_A,
            b'B' => B,
            b'C' => &[("CASE", Self::Case)],
            b'D' => D,
            b'E' => E,
            b'F' => &[("FOLLOWS", Self::Order), ("FROM", Self::Operator)],
            b'H' => &[("HAVING", Self::Operator)],
            b'I' => I,
            b'L' => L,
            b'M' => &[("MOD", Self::Operator)],
            b'N' => &[("NOT", Self::Operator)],
            b'O' => &[("OR", Self::Operator), ("ON", Self::Operator)],
            b'P' => &[("PRECEDES", Self::Order)],
            b'R' => R,
            b'S' => &[("SELECT", Self::Operator), ("SET", Self::Operator)],
            b'T' => &[("THEN", Self::Then)],
            b'U' => &[("UNTIL", Self::Until), ("USING", Self::Operator)],
            b'W' => W,
            b'X' => &[("XOR", Self::Operator)],
            _ => &[],
        };
        found
            .iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name))
            .map_or(Self::Other, |(_, keyword)| *keyword)
    }
}

type Words = &'static [(&'static str, Keyword)];

const OPERATORS_A: Words = &[("AND", Keyword::Operator), ("AS", Keyword::Operator)];
const B: Words = &[
    ("BEGIN", Keyword::Begin),
    ("BETWEEN", Keyword::Operator),
    ("BINARY", Keyword::Operator),
    ("BY", Keyword::Operator),
];
const D: Words = &[
    ("DO", Keyword::Do),
    ("DECLARE", Keyword::Declare),
    ("DISTINCT", Keyword::Operator),
    ("DIV", Keyword::Operator),
];
const E: Words = &[
    ("END", Keyword::End),
    ("ELSE", Keyword::Then),
    ("ELSEIF", Keyword::Operator),
];
const I: Words = &[
    ("IF", Keyword::If),
    ("IN", Keyword::Operator),
    ("IS", Keyword::Operator),
    ("INTERVAL", Keyword::Operator),
];
const L: Words = &[
    ("LOOP", Keyword::Loop),
    ("LIKE", Keyword::Operator),
    ("LIMIT", Keyword::Operator),
];
const R: Words = &[
    ("REPEAT", Keyword::Repeat),
    ("RETURN", Keyword::Operator),
    ("REGEXP", Keyword::Operator),
    ("RLIKE", Keyword::Operator),
];
const W: Words = &[
    ("WHEN", Keyword::When),
    ("WHILE", Keyword::While),
    ("WHERE", Keyword::Operator),
];
