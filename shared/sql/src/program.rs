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

/// Where in `DEFINER = name@host` it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Definer {
    /// Before `=`.
    Equals,
    /// Before the name of the user.
    Name,
    /// After `@`: the host follows, or it is empty.
    Host,
    /// After it, where `@`, `()` or what is created follows.
    Named,
}

/// How far the head of a statement has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    /// Before the first keyword.
    Start,
    /// After `CREATE` or `ALTER`, before what is created.
    Verb,
    /// In `DEFINER =` and its value.
    Definer(Definer),
    /// Before the parameters of a procedure or function.
    Routine,
    /// Among the parameters, at this depth of parentheses.
    Parameters(u32),
    /// Between the parameters and the body; whether `RETURNS` was seen.
    Characteristics(Returns),
    /// In the list after `USING`, between the parameters and the body.
    Libraries(Returns),
    /// In `CREATE LIBRARY`.
    Library,
    /// Before `FOR EACH ROW` of a trigger.
    Trigger,
    /// Before the `ROW` of a trigger.
    TriggerRow,
    /// Before the name of an event, which may be `do`.
    EventName,
    /// Before `DO` of an event.
    Event,
    /// In the body of a stored program.
    Body,
    /// In a statement that isn't a stored program.
    Plain,
}

impl Head {
    /// The state after one more lexeme; `named` is whether it is a name because of what stands before it.
    pub(crate) fn next(self, lexeme: &Lexeme<'_>, named: bool) -> Self {
        match self {
            Self::Start if lexeme.is_any(&["CREATE", "ALTER"]) => Self::Verb,
            Self::Start => Self::Plain,
            Self::Verb => Self::after_verb(lexeme),
            Self::Definer(definer) => Self::after_definer(definer, lexeme, named),
            Self::Routine if lexeme.is_symbol(b'(') => Self::Parameters(1),
            Self::Parameters(depth) => Self::after_parameter(depth, lexeme),
            Self::Characteristics(returns) => Self::after_characteristic(returns, lexeme),
            Self::Libraries(returns) if lexeme.is_symbol(b')') => Self::Characteristics(returns),
            Self::Trigger if lexeme.is("EACH") => Self::TriggerRow,
            Self::TriggerRow if lexeme.is("ROW") => Self::Body,
            Self::Trigger | Self::TriggerRow => Self::Trigger,
            Self::EventName if lexeme.is_any(&["IF", "NOT", "EXISTS"]) => self,
            Self::EventName => Self::Event,
            Self::Event if lexeme.is("TO") => Self::EventName,
            Self::Event if lexeme.is("DO") && !named => Self::Body,
            Self::Routine | Self::Libraries(_) | Self::Library | Self::Event | Self::Body | Self::Plain => {
                self
            }
        }
    }

    fn after_verb(lexeme: &Lexeme<'_>) -> Self {
        if lexeme.is_any(&["PROCEDURE", "FUNCTION"]) {
            Self::Routine
        } else if lexeme.is("TRIGGER") {
            Self::Trigger
        } else if lexeme.is("EVENT") {
            Self::EventName
        } else if lexeme.is("LIBRARY") {
            Self::Library
        } else if lexeme.is("DEFINER") {
            Self::Definer(Definer::Equals)
        } else if lexeme.is_any(&["OR", "REPLACE", "AGGREGATE"]) {
            Self::Verb
        } else {
            Self::Plain
        }
    }

    /// `DEFINER = name@host`, quoted or not, or `CURRENT_USER()`: any word may be a name there.
    fn after_definer(definer: Definer, lexeme: &Lexeme<'_>, named: bool) -> Self {
        match definer {
            Definer::Equals => Self::Definer(Definer::Name),
            Definer::Name => Self::Definer(Definer::Named),
            Definer::Host if named => Self::Definer(Definer::Named),
            Definer::Named if lexeme.is_symbol(b'@') => Self::Definer(Definer::Host),
            Definer::Named if lexeme.is_symbol(b'(') || lexeme.is_symbol(b')') => Self::Definer(definer),
            Definer::Host | Definer::Named => Self::after_verb(lexeme),
        }
    }

    fn after_parameter(depth: u32, lexeme: &Lexeme<'_>) -> Self {
        if lexeme.is_symbol(b'(') {
            Self::Parameters(depth.saturating_add(1))
        } else if !lexeme.is_symbol(b')') {
            Self::Parameters(depth)
        } else if depth > 1 {
            Self::Parameters(depth - 1)
        } else {
            Self::Characteristics(Returns::No)
        }
    }

    fn after_characteristic(returns: Returns, lexeme: &Lexeme<'_>) -> Self {
        if starts_body(returns, lexeme) {
            Self::Body
        } else if lexeme.is("RETURNS") {
            Self::Characteristics(Returns::Yes)
        } else if lexeme.is("USING") {
            Self::Libraries(returns)
        } else {
            Self::Characteristics(returns)
        }
    }
}

/// What a statement in a stored program starts with where it isn't compound.
const SIMPLE: &[&str] = &[
    "ALTER",
    "ANALYZE",
    "BINLOG",
    "CACHE",
    "CALL",
    "CHANGE",
    "CHECK",
    "CHECKSUM",
    "CLONE",
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
    "HELP",
    "IMPORT",
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
    "RESTART",
    "RETURN",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "SHUTDOWN",
    "SIGNAL",
    "START",
    "STOP",
    "TABLE",
    "TRUNCATE",
    "UNINSTALL",
    "UNLOCK",
    "UPDATE",
    "USE",
    "VALUES",
    "WITH",
    "XA",
];

/// Whether it starts the body of a routine. `RETURNS SET('a')` and `CHARACTER SET` are part of a type, so the
/// body of a function that isn't compound starts with `RETURN` only: it can't be anything else.
fn starts_body(returns: Returns, lexeme: &Lexeme<'_>) -> bool {
    lexeme.is_any(&["BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT"])
        || match returns {
            Returns::Yes => lexeme.is("RETURN"),
            Returns::No => lexeme.is_any(SIMPLE) || lexeme.is_symbol(b'('),
        }
}
