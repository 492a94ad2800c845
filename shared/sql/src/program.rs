//! Whether a statement is a stored program, and where its body starts.

use crate::lexeme::Lexeme;

/// What a routine is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returns {
    /// No `RETURNS` so far: a procedure.
    No,
    /// A function.
    Yes,
}

/// How far the head of a statement has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    /// Before the first keyword.
    Start,
    /// After `CREATE` or `ALTER`, before what is created.
    Verb,
    /// In the value of `DEFINER =`.
    Definer,
    /// Before the parameters of a procedure or function.
    Routine,
    /// Among the parameters, at this depth of parentheses.
    Parameters(u32),
    /// Between the parameters and the body; whether `RETURNS` was seen.
    Characteristics(Returns),
    /// In `CREATE LIBRARY`.
    Library,
    /// Before `FOR EACH ROW` of a trigger.
    Trigger,
    /// Before `DO` of an event.
    Event,
    /// In the body of a stored program.
    Body,
    /// In a statement that isn't a stored program.
    Plain,
}

impl Head {
    /// The state after one more lexeme.
    pub(crate) fn next(self, lexeme: &Lexeme<'_>) -> Self {
        match self {
            Self::Start if lexeme.is_any(&["CREATE", "ALTER"]) => Self::Verb,
            Self::Verb => Self::after_verb(lexeme),
            Self::Definer => Self::after_definer(lexeme),
            Self::Routine if lexeme.is_symbol(b'(') => Self::Parameters(1),
            Self::Parameters(depth) if lexeme.is_symbol(b'(') => Self::Parameters(depth.saturating_add(1)),
            Self::Parameters(1) if lexeme.is_symbol(b')') => Self::Characteristics(Returns::No),
            Self::Parameters(depth) if lexeme.is_symbol(b')') => Self::Parameters(depth.saturating_sub(1)),
            Self::Trigger if lexeme.is("ROW") => Self::Body,
            Self::Event if lexeme.is("DO") => Self::Body,
            Self::Characteristics(_) if lexeme.is("RETURNS") => Self::Characteristics(Returns::Yes),
            Self::Characteristics(returns) if starts_body(returns, lexeme) => Self::Body,
            Self::Start => Self::Plain,
            Self::Routine
            | Self::Parameters(_)
            | Self::Characteristics(_)
            | Self::Library
            | Self::Trigger
            | Self::Event
            | Self::Body
            | Self::Plain => self,
        }
    }

    fn after_verb(lexeme: &Lexeme<'_>) -> Self {
        if lexeme.is_any(&["PROCEDURE", "FUNCTION"]) {
            Self::Routine
        } else if lexeme.is("TRIGGER") {
            Self::Trigger
        } else if lexeme.is("EVENT") {
            Self::Event
        } else if lexeme.is("LIBRARY") {
            Self::Library
        } else if lexeme.is("DEFINER") {
            Self::Definer
        } else if lexeme.is_any(&["OR", "REPLACE", "AGGREGATE"]) {
            Self::Verb
        } else {
            Self::Plain
        }
    }

    /// `DEFINER = name@host`, quoted or not, or `CURRENT_USER()`: it ends with what is created.
    fn after_definer(lexeme: &Lexeme<'_>) -> Self {
        if lexeme.is_any(&["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "AGGREGATE"]) {
            Self::after_verb(lexeme)
        } else if lexeme.is_any(&["VIEW", "SQL"]) {
            Self::Plain
        } else {
            Self::Definer
        }
    }

    /// Whether the statement is a stored program.
    pub(crate) fn is_program(self) -> bool {
        match self {
            Self::Routine
            | Self::Parameters(_)
            | Self::Characteristics(_)
            | Self::Trigger
            | Self::Event
            | Self::Body => true,
            Self::Start | Self::Verb | Self::Definer | Self::Library | Self::Plain => false,
        }
    }
}

/// Whether it opens a compound statement where a statement may start.
pub(crate) fn is_opener(lexeme: &Lexeme<'_>) -> bool {
    lexeme.is_any(&["BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT"])
}

/// Whether it starts a statement that isn't compound.
pub(crate) fn is_simple(lexeme: &Lexeme<'_>) -> bool {
    lexeme.is_any(SIMPLE)
}

const SIMPLE: &[&str] = &[
    "ALTER",
    "ANALYZE",
    "CALL",
    "CHECK",
    "CHECKSUM",
    "CLOSE",
    "COMMIT",
    "CREATE",
    "DEALLOCATE",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DO",
    "DROP",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "FLUSH",
    "GET",
    "GRANT",
    "HANDLER",
    "INSERT",
    "INSTALL",
    "ITERATE",
    "KILL",
    "LEAVE",
    "LOAD",
    "LOCK",
    "OPEN",
    "OPTIMIZE",
    "PREPARE",
    "PURGE",
    "RENAME",
    "REPAIR",
    "REPLACE",
    "RESET",
    "RESIGNAL",
    "RETURN",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "SIGNAL",
    "START",
    "TABLE",
    "TRUNCATE",
    "UNINSTALL",
    "UNLOCK",
    "UPDATE",
    "VALUES",
    "WITH",
    "XA",
];

/// Whether it starts the body of a routine. `RETURNS SET('a')` and `CHARACTER SET` are part of a type, so the
/// body of a function that isn't compound starts with `RETURN` only: it can't be anything else.
fn starts_body(returns: Returns, lexeme: &Lexeme<'_>) -> bool {
    is_opener(lexeme)
        || match returns {
            Returns::Yes => lexeme.is("RETURN"),
            Returns::No => is_simple(lexeme),
        }
}
