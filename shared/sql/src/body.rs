//! Follows the bodies of stored programs, so that the `;` inside them don't end the statement.
//!
//! It knows where a statement may start, for `IF`, `REPEAT`, `BEGIN` and `END` are also functions and names
//! elsewhere. What is open is kept in a list, so that no depth of nesting is too deep.

use crate::handler::Declare;
use crate::keyword::Keyword;
use crate::lexeme::Lexeme;
use crate::program::Head;
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
    /// `CASE` in an expression, at this depth of parentheses: ends with a bare `END`.
    CaseValue(u32),
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
    /// A name follows: `.`.
    Dot,
    /// `@`, which ends at this byte: a name that starts right there follows, or else the name is empty.
    At(usize),
    /// A value follows: an `END` there is a name.
    WantsValue,
    /// The name of a language follows.
    Language,
    /// After the name of a language, in which a library may be written.
    Written,
    /// A body may follow in dollar quotes.
    As,
    /// `END` of a compound statement: what follows says which, or is its label.
    End,
    /// `END` after `UNTIL`: of the `REPEAT` if that word follows, or else a name.
    EndOfRepeat,
    /// `FOLLOWS` or `PRECEDES` of a trigger: a name follows, and then the body.
    Order,
}

impl Last {
    /// Whether a word that starts at `at` is a name because of it.
    fn names(self, at: usize) -> bool {
        match self {
            Self::Dot => true,
            Self::At(end) => end == at,
            Self::Other
            | Self::Start
            | Self::MaybeLabel
            | Self::WantsValue
            | Self::Language
            | Self::Written
            | Self::As
            | Self::End
            | Self::EndOfRepeat
            | Self::Order => false,
        }
    }
}

/// Where the reader of one statement stands in its body, if it has one.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    head: Head,
    frames: Vec<Frame>,
    /// Where the outermost frame was opened.
    opened_at: usize,
    /// The parentheses that are open.
    depth: u32,
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
            depth: 0,
            last: Last::Other,
            declare: Declare::No,
        }
    }

    /// The statement is over; the next one starts.
    pub(crate) fn end_statement(&mut self) {
        self.head = Head::Start;
        self.frames.clear();
        self.depth = 0;
        self.last = Last::Other;
        self.declare = Declare::No;
    }

    /// Where the body that is open was opened.
    pub(crate) fn open(&self) -> Option<usize> {
        (!self.frames.is_empty()).then_some(self.opened_at)
    }

    /// Whether a dollar-quoted body may start here.
    pub(crate) fn dollar_quotes(&self) -> bool {
        self.last == Last::As
    }

    /// Whether the statement goes on as it does for a server that stands at `skipped` there. Where it hasn't started
    /// for that server, it only has to be over.
    pub(crate) fn alike(&self, skipped: &Self) -> bool {
        if skipped.head == Head::Start {
            return self.frames.is_empty();
        }
        if !self.follows() && !skipped.follows() {
            return true;
        }
        self.head == skipped.head
            && self.frames == skipped.frames
            && self.depth == skipped.depth
            && self.last == skipped.last
            && self.declare == skipped.declare
    }

    /// Whether it stands in the body.
    pub(crate) fn is_inside(&self) -> bool {
        matches!(self.head, Head::Body)
    }

    /// Whether anything of the statement has been read.
    pub(crate) fn has_started(&self) -> bool {
        !matches!(self.head, Head::Start)
    }

    /// Whether lexemes mean anything to it.
    pub(crate) fn follows(&self) -> bool {
        !matches!(self.head, Head::Plain)
    }

    /// Takes the next lexeme, which starts at `at`.
    pub(crate) fn take(&mut self, lexeme: Lexeme<'_>, at: usize) {
        let marks_version = matches!(
            lexeme.kind,
            TokenKind::VersionOpen { .. } | TokenKind::VersionClose
        );
        if marks_version {
            return;
        }
        if matches!(self.head, Head::Body) {
            self.in_body(&lexeme, at);
        } else {
            self.in_head(&lexeme, at);
        }
    }

    fn in_head(&mut self, lexeme: &Lexeme<'_>, at: usize) {
        let before = self.head;
        self.head = before.next(lexeme, self.last.names(at));
        match (before, self.head) {
            (Head::TriggerRow | Head::Event, Head::Body) => self.last = Last::Start,
            (_, Head::Body) => {
                self.last = Last::Start;
                self.in_body(lexeme, at);
            }
            (_, Head::Characteristics(_) | Head::Library) if lexeme.is("AS") => self.last = Last::As,
            _ if lexeme.is_symbol(b'.') => self.last = Last::Dot,
            _ if lexeme.is_symbol(b'@') => self.last = Last::At(at + 1),
            _ => self.last = Last::Other,
        }
    }

    fn in_body(&mut self, lexeme: &Lexeme<'_>, at: usize) {
        if lexeme.is_symbol(b';') {
            return self.separator();
        }
        if self.declare != Declare::No {
            self.declare = self.declare.next(lexeme);
            if self.declare != Declare::Statement {
                self.last = Last::Other;
                return;
            }
            self.declare = Declare::No;
            self.last = Last::Start;
        }
        let mut last = std::mem::replace(&mut self.last, Last::Other);
        if let Last::At(end) = last {
            last = if end == at { Last::Dot } else { Last::Other };
        }
        match lexeme.kind {
            TokenKind::Symbol(b'@') => self.last = Last::At(at + 1),
            TokenKind::Symbol(symbol) => self.last = self.symbol(symbol, last),
            TokenKind::Name | TokenKind::Word if last == Last::Order => self.last = Last::Start,
            TokenKind::Name if last == Last::Start => self.last = Last::MaybeLabel,
            TokenKind::Name | TokenKind::Word if last == Last::Language => self.last = Last::Written,
            TokenKind::Word if last == Last::Written && lexeme.is("AS") => self.last = Last::As,
            TokenKind::Word if last == Last::Written && lexeme.is("COMMENT") => self.last = Last::Written,
            TokenKind::Text if last == Last::Written => self.last = Last::Written,
            TokenKind::Word if !matches!(last, Last::Dot | Last::End) => {
                self.last = self.word(Keyword::of(lexeme.text), at, last);
            }
            TokenKind::Word
            | TokenKind::Name
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
        while matches!(self.frames.last(), Some(Frame::CaseValue(_))) {
            self.frames.pop();
        }
        self.last = if self.frames.is_empty() {
            Last::Other
        } else {
            Last::Start
        };
        self.depth = 0;
        self.declare = Declare::No;
    }

    fn symbol(&mut self, symbol: u8, last: Last) -> Last {
        match symbol {
            b':' if last == Last::MaybeLabel => return Last::Start,
            b'.' => return Last::Dot,
            b')' => {
                self.depth = self.depth.saturating_sub(1);
                return Last::Other;
            }
            b'}' | b'?' => return Last::Other,
            b'(' => self.depth = self.depth.saturating_add(1),
            _ => {}
        }
        Last::WantsValue
    }

    fn word(&mut self, word: Keyword, at: usize, last: Last) -> Last {
        let starts = last == Last::Start;
        let top = self.frames.last().copied();
        match word {
            Keyword::End => self.end(top, last),
            Keyword::Begin if starts => self.push(Frame::Begin, at, Last::Start),
            Keyword::If if starts => self.push(Frame::If, at, Last::WantsValue),
            Keyword::Case if starts => self.push(Frame::Case, at, Last::WantsValue),
            Keyword::Loop if starts => self.push(Frame::Loop, at, Last::Start),
            Keyword::While if starts => self.push(Frame::While, at, Last::WantsValue),
            Keyword::Repeat if starts => self.push(Frame::Repeat, at, Last::Start),
            Keyword::Repeat if last == Last::EndOfRepeat => {
                self.frames.pop();
                Last::End
            }
            Keyword::Case if top.is_some() => self.push(Frame::CaseValue(self.depth), at, Last::WantsValue),
            Keyword::Then if matches!(top, Some(Frame::If | Frame::Case)) => Last::Start,
            Keyword::Then | Keyword::When | Keyword::Operator => Last::WantsValue,
            Keyword::Do if top == Some(Frame::While) && !starts && last != Last::WantsValue => Last::Start,
            Keyword::Until if starts && top == Some(Frame::Repeat) => {
                self.frames.pop();
                self.push(Frame::Until, self.opened_at, Last::WantsValue)
            }
            Keyword::Order if starts && top.is_none() => Last::Order,
            Keyword::Language if !starts && last != Last::WantsValue => Last::Language,
            Keyword::Declare if starts => {
                self.declare = Declare::Begun;
                Last::Other
            }
            Keyword::Begin
            | Keyword::If
            | Keyword::Case
            | Keyword::Loop
            | Keyword::While
            | Keyword::Repeat
            | Keyword::Until
            | Keyword::Do
            | Keyword::Declare
            | Keyword::Order
            | Keyword::Language
            | Keyword::Other => {
                if starts {
                    Last::MaybeLabel
                } else {
                    Last::Other
                }
            }
        }
    }

    /// `END`, which is also a name.
    fn end(&mut self, top: Option<Frame>, last: Last) -> Last {
        match top {
            Some(Frame::CaseValue(depth)) if last != Last::WantsValue && depth == self.depth => {
                self.frames.pop();
                Last::Other
            }
            Some(Frame::Until) if last != Last::WantsValue => Last::EndOfRepeat,
            Some(Frame::Begin | Frame::If | Frame::Case | Frame::Loop | Frame::While | Frame::Repeat)
                if last == Last::Start =>
            {
                self.frames.pop();
                Last::End
            }
            Some(_) | None => Last::Other,
        }
    }

    fn push(&mut self, frame: Frame, at: usize, last: Last) -> Last {
        if self.frames.is_empty() {
            self.opened_at = at;
        }
        self.frames.push(frame);
        last
    }
}
