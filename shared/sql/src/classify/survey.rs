//! One pass over a statement that notes what the classifier asks about.

use crate::lexeme::Lexeme;
use crate::lexer::LexError;
use crate::mode::SqlMode;
use crate::reader::Reader;
use crate::token::TokenKind;

/// How many lexemes of a statement's start are kept.
const LEAD: usize = 40;
/// How many lexemes of a clause's start are kept.
const CLAUSE: usize = 14;

/// What one pass over a statement notes.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent answer about the text"
)]
pub(crate) struct Survey<'text> {
    /// The first lexemes.
    pub(crate) lead: Vec<Lexeme<'text>>,
    /// Of `ALTER` and `SET`: the first lexemes of each part between commas.
    pub(crate) clauses: Vec<Vec<Lexeme<'text>>>,
    /// Of `WITH`: the keyword that the statement is about.
    pub(crate) main_verb: Option<&'static str>,
    /// A `WHERE` of its own, which every server reads.
    pub(crate) has_where: bool,
    /// `INTO OUTFILE`, `INTO DUMPFILE`, `INTO S3`.
    pub(crate) into_file: bool,
    /// `:=`, or `INTO @x`.
    pub(crate) sets_variable: bool,
    /// `SONAME`: the function is in a library of the server.
    pub(crate) loadable: bool,
    /// A statement follows after a `;` that isn't in a body.
    pub(crate) several: bool,
    /// It is a stored program.
    pub(crate) program: bool,
    /// The user-level lock function that is called.
    pub(crate) lock_function: Option<String>,
    /// After a `;` that isn't in a body.
    separated: bool,
    /// The parentheses that are open.
    depth: u32,
    /// The lexeme before.
    previous: Option<Lexeme<'text>>,
}

impl<'text> Survey<'text> {
    /// Reads a statement.
    pub(crate) fn of(text: &'text str, mode: SqlMode) -> Result<Self, LexError> {
        let mut survey = Self::default();
        let mut reader = Reader::of_statement(text, mode);
        while let Some((_, lexeme)) = reader.next()? {
            let Some(lexeme) = lexeme else { continue };
            if matches!(
                lexeme.kind,
                TokenKind::VersionOpen { .. } | TokenKind::VersionClose
            ) {
                continue;
            }
            survey.several |= survey.separated && !lexeme.is_symbol(b';');
            survey.separated = lexeme.is_symbol(b';') && reader.between_statements();
            survey.note(lexeme);
        }
        survey.program = reader.is_program();
        Ok(survey)
    }

    fn note(&mut self, lexeme: Lexeme<'text>) {
        if self.lead.len() < LEAD {
            self.lead.push(lexeme);
        }
        match lexeme.kind {
            TokenKind::Symbol(b'(') => self.open(),
            TokenKind::Symbol(b')') => self.depth = self.depth.saturating_sub(1),
            TokenKind::Symbol(b'=') => self.sets_variable |= self.follows(b':'),
            TokenKind::Symbol(b'@') => {
                self.sets_variable |= self.previous.is_some_and(|previous| previous.is("INTO"));
            }
            TokenKind::Word if !self.follows(b'.') && !self.follows(b'@') => self.word(lexeme),
            TokenKind::Word
            | TokenKind::Symbol(_)
            | TokenKind::Name
            | TokenKind::Text
            | TokenKind::Blank
            | TokenKind::Comment
            | TokenKind::Delimiter
            | TokenKind::VersionOpen { .. }
            | TokenKind::VersionClose => {}
        }
        self.clause(lexeme);
        self.previous = Some(lexeme);
    }

    fn follows(&self, symbol: u8) -> bool {
        self.previous.is_some_and(|previous| previous.is_symbol(symbol))
    }

    fn open(&mut self) {
        self.depth = self.depth.saturating_add(1);
        let locks = ["GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS"];
        if let Some(name) = self.previous.filter(|previous| previous.is_any(&locks)) {
            self.lock_function.get_or_insert_with(|| name.upper());
        }
    }

    fn word(&mut self, lexeme: Lexeme<'text>) {
        if self.depth == 0 {
            self.has_where |= lexeme.is("WHERE") && !lexeme.maybe;
            self.loadable |= lexeme.is("SONAME");
            if self.main_verb.is_none() && self.lead.first().is_some_and(|first| first.is("WITH")) {
                let verbs = ["SELECT", "UPDATE", "DELETE", "TABLE", "VALUES"];
                self.main_verb = verbs.into_iter().find(|verb| lexeme.is(verb));
            }
        }
        self.into_file |= lexeme.is_any(&["OUTFILE", "DUMPFILE", "S3"])
            && self.previous.is_some_and(|previous| previous.is("INTO"));
    }

    /// Keeps the start of the parts of `ALTER` and `SET`.
    fn clause(&mut self, lexeme: Lexeme<'text>) {
        if !self
            .lead
            .first()
            .is_some_and(|first| first.is_any(&["ALTER", "SET"]))
        {
            return;
        }
        if (self.depth == 0 && lexeme.is_symbol(b',')) || self.clauses.is_empty() {
            self.clauses.push(Vec::new());
        }
        if let Some(clause) = self.clauses.last_mut()
            && clause.len() < CLAUSE
            && !(self.depth == 0 && lexeme.is_symbol(b','))
        {
            clause.push(lexeme);
        }
    }
}
