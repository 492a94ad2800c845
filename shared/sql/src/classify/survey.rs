//! What the classifier asks about a statement, noted while its lexemes go by.

use crate::classify::clauses::Clauses;
use crate::classify::function::{Effect, effect};
use crate::lexeme::Lexeme;
use crate::token::TokenKind;

/// How many lexemes of a statement's start are kept.
const LEAD: usize = 6;
/// How many are kept where a definer and more may stand between the first two keywords.
const LONG_LEAD: usize = 40;

/// What is noted about a statement.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent answer about the text"
)]
pub(crate) struct Survey<'text> {
    /// The first lexemes.
    pub(crate) lead: Vec<Lexeme<'text>>,
    /// Of `ALTER` and `SET`: the parts between commas.
    pub(crate) clauses: Clauses<'text>,
    /// Of `WITH`: the keyword that the statement is about.
    pub(crate) main_verb: Option<&'static str>,
    /// `START TRANSACTION`, as an option of `CREATE TABLE`.
    pub(crate) starts_transaction: bool,
    /// A `WHERE` of its own, which every server reads.
    pub(crate) has_where: bool,
    /// `INTO OUTFILE`, `INTO DUMPFILE`, `INTO S3`.
    pub(crate) into_file: bool,
    /// `:=`, or `INTO @x`.
    pub(crate) sets_variable: bool,
    /// `SONAME`: the function is in a library of the server.
    pub(crate) loadable: bool,
    /// It calls a function that reaches beyond the database.
    pub(crate) calls_outside: bool,
    /// The user-level lock function that is called.
    pub(crate) lock_function: Option<&'static str>,
    /// Whether the parts between commas are kept.
    has_clauses: bool,
    /// How many of the first lexemes are kept.
    most: usize,
    /// Whether it starts with `WITH`.
    is_with: bool,
    /// The parentheses that are open.
    depth: u32,
    /// The lexeme before.
    previous: Option<Lexeme<'text>>,
    /// What the lexeme before does, if it is the name of a function.
    effect: Option<Effect>,
}

impl<'text> Survey<'text> {
    /// Starts over, with the memory that it has.
    pub(crate) fn clear(&mut self) {
        if self.lead.is_empty() {
            return;
        }
        self.lead.clear();
        self.clauses.clear();
        self.main_verb = None;
        self.starts_transaction = false;
        self.has_where = false;
        self.into_file = false;
        self.sets_variable = false;
        self.loadable = false;
        self.calls_outside = false;
        self.lock_function = None;
        self.has_clauses = false;
        self.most = 0;
        self.is_with = false;
        self.depth = 0;
        self.previous = None;
        self.effect = None;
    }

    /// Notes the next lexeme.
    #[inline]
    pub(crate) fn take(&mut self, lexeme: Lexeme<'text>) {
        if matches!(
            lexeme.kind,
            TokenKind::VersionOpen { .. } | TokenKind::VersionClose
        ) {
            return;
        }
        self.note(lexeme);
    }

    /// Whether a `HANDLER` statement reads rows.
    pub(crate) fn reads_handler(&self) -> bool {
        self.lead.iter().skip(2).any(|lexeme| lexeme.is("READ"))
    }

    #[inline]
    fn note(&mut self, lexeme: Lexeme<'text>) {
        if self.lead.len() < self.most.max(1) {
            self.begin(lexeme);
        }
        let called = self.effect.take();
        match lexeme.kind {
            TokenKind::Symbol(symbol) => self.symbol(symbol, called),
            TokenKind::Word => self.word(lexeme),
            TokenKind::Name => self.effect = effect(&lexeme, self.previous.as_ref()),
            TokenKind::Text
            | TokenKind::Blank
            | TokenKind::Comment
            | TokenKind::Delimiter
            | TokenKind::VersionOpen { .. }
            | TokenKind::VersionClose => {}
        }
        if self.has_clauses {
            self.clause(lexeme);
        }
        self.previous = Some(lexeme);
    }

    fn begin(&mut self, lexeme: Lexeme<'text>) {
        if self.lead.is_empty() {
            self.has_clauses = lexeme.is_any(&["ALTER", "SET"]);
            self.is_with = lexeme.is("WITH");
            let long = lexeme.is_any(&["CREATE", "ALTER", "LOAD"]);
            self.most = if long { LONG_LEAD } else { LEAD };
        }
        self.lead.push(lexeme);
    }

    fn follows(&self, symbol: u8) -> bool {
        self.previous.is_some_and(|previous| previous.is_symbol(symbol))
    }

    fn follows_word(&self, word: &str) -> bool {
        self.previous.is_some_and(|previous| previous.is(word))
    }

    #[inline]
    fn symbol(&mut self, symbol: u8, called: Option<Effect>) {
        match symbol {
            b'(' => {
                self.depth = self.depth.saturating_add(1);
                match called {
                    Some(Effect::Lock(name)) => self.lock_function = self.lock_function.or(Some(name)),
                    Some(Effect::Outside) => self.calls_outside = true,
                    None => {}
                }
            }
            b')' => self.depth = self.depth.saturating_sub(1),
            b'=' => self.sets_variable |= self.follows(b':'),
            b'@' => self.sets_variable |= self.follows_word("INTO"),
            _ => {}
        }
    }

    #[inline]
    fn word(&mut self, lexeme: Lexeme<'text>) {
        let first = lexeme.text.as_bytes().first().map_or(0, u8::to_ascii_lowercase);
        match first {
            b'w' | b'u' | b't' | b'v' if self.depth == 0 => self.main_word(lexeme),
            b's' | b'd' | b'o' => {
                self.effect = effect(&lexeme, self.previous.as_ref());
                self.main_word(lexeme);
                self.into_file |= lexeme.is_any(&["OUTFILE", "DUMPFILE", "S3"]) && self.follows_word("INTO");
            }
            b'g' | b'r' | b'l' => self.effect = effect(&lexeme, self.previous.as_ref()),
            _ => {}
        }
    }

    /// A word that may be one of the statement's own keywords.
    fn main_word(&mut self, lexeme: Lexeme<'text>) {
        if self.depth > 0 || self.follows(b'.') || self.follows(b'@') {
            return;
        }
        self.has_where |= lexeme.is("WHERE") && !lexeme.maybe;
        self.loadable |= lexeme.is("SONAME");
        self.starts_transaction |= lexeme.is("TRANSACTION") && self.follows_word("START");
        if self.is_with && self.main_verb.is_none() {
            let verbs = ["SELECT", "UPDATE", "DELETE", "TABLE", "VALUES"];
            self.main_verb = verbs.into_iter().find(|verb| lexeme.is(verb));
        }
    }

    /// Keeps the start of the parts of `ALTER` and `SET`.
    fn clause(&mut self, lexeme: Lexeme<'text>) {
        if self.depth == 0 && lexeme.is_symbol(b',') {
            self.clauses.next();
        } else {
            self.clauses.push(lexeme);
        }
    }
}
