//! Where in a `DECLARE` a body stands: the statement of a handler comes without a separator (MySQL manual,
//! "DECLARE ... HANDLER Statement").

use crate::lexeme::Lexeme;
use crate::token::TokenKind;

/// Where in a `DECLARE` it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declare {
    /// In none, or in one that declares no handler.
    No,
    /// After `DECLARE`.
    Begun,
    /// After `CONTINUE`, `EXIT` or `UNDO`.
    Action,
    /// After `HANDLER`.
    Handler,
    /// Before a condition.
    Condition,
    /// After `SQLSTATE`.
    SqlState,
    /// After a condition.
    After,
    /// Before the handler's statement.
    Statement,
}

impl Declare {
    /// The state after one more lexeme; in [`Statement`](Self::Statement) the lexeme is the statement's first.
    pub(crate) fn next(self, lexeme: &Lexeme<'_>) -> Self {
        match self {
            Self::Begun if lexeme.is_any(&["CONTINUE", "EXIT", "UNDO"]) => Self::Action,
            Self::Action if lexeme.is("HANDLER") => Self::Handler,
            Self::Handler if lexeme.is("FOR") => Self::Condition,
            Self::Condition if lexeme.is("NOT") => Self::Condition,
            Self::Condition if lexeme.is("SQLSTATE") => Self::SqlState,
            Self::SqlState if lexeme.kind != TokenKind::Text => Self::SqlState,
            Self::Condition | Self::SqlState => Self::After,
            Self::After if lexeme.is_symbol(b',') => Self::Condition,
            Self::After => Self::Statement,
            Self::No | Self::Begun | Self::Action | Self::Handler | Self::Statement => Self::No,
        }
    }
}
