//! Follows the bodies of stored programs, so that the `;` inside them don't end the statement.
//!
//! It knows where a statement may start, for `IF`, `REPEAT`, `BEGIN` and `END` are also functions and names
//! elsewhere.

use crate::lexeme::Lexeme;
use crate::program::{Head, is_opener, is_simple};
use crate::token::TokenKind;

/// Something open in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    Begin,
    If,
    Case,
    Loop,
    While,
    Repeat,
    /// `REPEAT`, after its `UNTIL`.
    Until,
    /// `CASE` in an expression: ends with a bare `END`.
    CaseValue,
}

/// What the last lexeme means for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing.
    Other,
    /// A statement may start.
    Start,
    /// It started a statement, and is a label if `:` follows.
    MaybeLabel,
    /// A name follows: `.`, `@`.
    Dot,
    /// A value follows: an `END` there is a name.
    WantsValue,
    /// A body may follow in dollar quotes.
    As,
    /// `END` of a compound statement: what follows says which, or is its label.
    End,
    /// `FOLLOWS` or `PRECEDES` of a trigger: a name follows, and then the body.
    Order,
}

/// Where in a `DECLARE` it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Declare {
    No,
    /// After `DECLARE` at the start of a statement.
    Begun,
    /// After `DECLARE … HANDLER`: its statement comes without a separator.
    Handler,
}

/// Where the reader of one statement stands in its body, if it has one.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    head: Head,
    frames: Vec<Frame>,
    /// Where the outermost frame was opened.
    opened_at: usize,
    last: Last,
    declare: Declare,
}

impl Body {
    /// At the start of a statement.
    pub(crate) fn new() -> Self {
        Self {
            head: Head::Start,
            frames: Vec::new(),
            opened_at: 0,
            last: Last::Other,
            declare: Declare::No,
        }
    }

    /// Where the body that is open was opened.
    pub(crate) fn open(&self) -> Option<usize> {
        (!self.frames.is_empty()).then_some(self.opened_at)
    }

    /// Whether the statement is a stored program.
    pub(crate) fn is_program(&self) -> bool {
        self.head.is_program()
    }

    /// Whether a dollar-quoted body may start here.
    pub(crate) fn dollar_quotes(&self) -> bool {
        self.last == Last::As
    }

    /// Takes the next lexeme, which starts at `at`.
    pub(crate) fn take(&mut self, lexeme: &Lexeme<'_>, at: usize) {
        if matches!(
            lexeme.kind,
            TokenKind::VersionOpen { .. } | TokenKind::VersionClose
        ) {
            return;
        }
        let before = self.head;
        self.head = before.next(lexeme);
        match (before, self.head) {
            (Head::Body, _) => self.in_body(lexeme, at),
            (Head::Trigger | Head::Event, Head::Body) => self.last = Last::Start,
            (_, Head::Body) => {
                self.last = Last::Start;
                self.in_body(lexeme, at);
            }
            (_, Head::Characteristics(_) | Head::Library) if lexeme.is("AS") => self.last = Last::As,
            _ => self.last = Last::Other,
        }
    }

    fn in_body(&mut self, lexeme: &Lexeme<'_>, at: usize) {
        let last = std::mem::replace(&mut self.last, Last::Other);
        match lexeme.kind {
            TokenKind::Symbol(b';') => self.separator(),
            TokenKind::Symbol(b':') if last == Last::MaybeLabel => self.last = Last::Start,
            TokenKind::Symbol(b'.' | b'@') => self.last = Last::Dot,
            TokenKind::Name | TokenKind::Word if last == Last::Order => self.last = Last::Start,
            TokenKind::Name if last == Last::Start => self.last = Last::MaybeLabel,
            TokenKind::Word if !matches!(last, Last::Dot | Last::End) => {
                self.last = self.word(lexeme, at, last);
            }
            TokenKind::Word
            | TokenKind::Name
            | TokenKind::Symbol(_)
            | TokenKind::Text
            | TokenKind::Blank
            | TokenKind::Comment
            | TokenKind::Delimiter
            | TokenKind::VersionOpen { .. }
            | TokenKind::VersionClose => {}
        }
    }

    fn separator(&mut self) {
        // A value never spans statements: whatever it left open is the server's to refuse.
        while self.frames.last() == Some(&Frame::CaseValue) {
            self.frames.pop();
        }
        self.last = if self.frames.is_empty() {
            Last::Other
        } else {
            Last::Start
        };
        self.declare = Declare::No;
    }

    fn word(&mut self, lexeme: &Lexeme<'_>, at: usize, last: Last) -> Last {
        let starts = last == Last::Start;
        let top = self.frames.last().copied();
        if lexeme.is("END") && closes(top, last) {
            self.frames.pop();
            return if top == Some(Frame::CaseValue) {
                Last::Other
            } else {
                Last::End
            };
        }
        if is_opener(lexeme) && (starts || self.declare == Declare::Handler) {
            self.declare = Declare::No;
            return self.open_frame(lexeme, at);
        }
        if lexeme.is("CASE") && top.is_some() {
            self.frames.push(Frame::CaseValue);
            return Last::WantsValue;
        }
        if lexeme.is_any(&["THEN", "ELSE"]) && matches!(top, Some(Frame::If | Frame::Case)) {
            return Last::Start;
        }
        if lexeme.is_any(&["THEN", "ELSE", "WHEN"]) {
            return Last::WantsValue;
        }
        if lexeme.is("DO") && !starts && top == Some(Frame::While) {
            return Last::Start;
        }
        self.simple(lexeme, starts)
    }

    /// A word that opens and closes nothing.
    fn simple(&mut self, lexeme: &Lexeme<'_>, starts: bool) -> Last {
        if self.declare == Declare::Handler && is_simple(lexeme) {
            self.declare = Declare::No;
        } else if self.declare == Declare::Begun && lexeme.is("HANDLER") {
            self.declare = Declare::Handler;
        }
        if !starts {
            return Last::Other;
        }
        if self.frames.is_empty() && lexeme.is_any(&["FOLLOWS", "PRECEDES"]) {
            return Last::Order;
        }
        if lexeme.is("DECLARE") {
            self.declare = Declare::Begun;
        } else if lexeme.is("UNTIL")
            && let Some(frame @ Frame::Repeat) = self.frames.last_mut()
        {
            *frame = Frame::Until;
        }
        Last::MaybeLabel
    }

    fn open_frame(&mut self, lexeme: &Lexeme<'_>, at: usize) -> Last {
        if self.frames.is_empty() {
            self.opened_at = at;
        }
        let (frame, last) = if lexeme.is("BEGIN") {
            (Frame::Begin, Last::Start)
        } else if lexeme.is("IF") {
            (Frame::If, Last::WantsValue)
        } else if lexeme.is("CASE") {
            (Frame::Case, Last::WantsValue)
        } else if lexeme.is("LOOP") {
            (Frame::Loop, Last::Start)
        } else if lexeme.is("WHILE") {
            (Frame::While, Last::WantsValue)
        } else {
            (Frame::Repeat, Last::Start)
        };
        self.frames.push(frame);
        last
    }
}

/// Whether an `END` closes what is open.
fn closes(top: Option<Frame>, last: Last) -> bool {
    match top {
        Some(Frame::CaseValue) => last != Last::WantsValue,
        Some(Frame::Until) => true,
        Some(Frame::Begin | Frame::If | Frame::Case | Frame::Loop | Frame::While | Frame::Repeat) => {
            last == Last::Start
        }
        None => false,
    }
}
