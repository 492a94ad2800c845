//! Calls of functions that do more than give a value.

/// What a function does besides giving a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It takes or gives back a user-level lock; its name, upper case (MySQL manual, "Locking Functions").
    Lock(&'static str),
    /// It calls something outside of the database: Aurora's functions that invoke a Lambda function.
    Outside,
    /// It reads a file of the server (MySQL manual, "String Functions and Operators").
    File,
}

const EFFECTS: &[(&str, Effect)] = &[
    ("GET_LOCK", Effect::Lock("GET_LOCK")),
    ("RELEASE_LOCK", Effect::Lock("RELEASE_LOCK")),
    ("RELEASE_ALL_LOCKS", Effect::Lock("RELEASE_ALL_LOCKS")),
    ("SERVICE_GET_READ_LOCKS", Effect::Lock("SERVICE_GET_READ_LOCKS")),
    ("SERVICE_GET_WRITE_LOCKS", Effect::Lock("SERVICE_GET_WRITE_LOCKS")),
    ("SERVICE_RELEASE_LOCKS", Effect::Lock("SERVICE_RELEASE_LOCKS")),
    ("LAMBDA_ASYNC", Effect::Outside),
    ("LAMBDA_SYNC", Effect::Outside),
    ("LOAD_FILE", Effect::File),
];

/// Words after which a name with `(` behind it is that of a table or an index, not of a function.
const BEFORE_NAMES: &[&str] = &[
    "EXISTS",
    "INDEX",
    "INSERT",
    "INTO",
    "KEY",
    "RECURSIVE",
    "REFERENCES",
    "REPLACE",
    "TABLE",
    "UNIQUE",
    "VIEW",
    "WITH",
];

/// What the function of this name, a word or a quoted name, does, were it called; `before` is what stands before the
/// name. A name in backticks calls the same function; one with a schema doesn't.
#[inline]
pub(crate) fn effect(name: &[u8], before: &[u8]) -> Option<Effect> {
    let name = if let [b'`' | b'"', inside @ .., _] = name {
        inside
    } else {
        name
    };
    if !matches!(
        name.first(),
        Some(b'g' | b'G' | b'r' | b'R' | b's' | b'S' | b'l' | b'L')
    ) {
        return None;
    }
    let is = |text: &[u8], word: &str| text.eq_ignore_ascii_case(word.as_bytes());
    let (_, effect) = EFFECTS.iter().find(|(known, _)| is(name, known))?;
    let names = matches!(before, b"." | b"@") || BEFORE_NAMES.iter().any(|word| is(before, word));
    (!names).then_some(*effect)
}
