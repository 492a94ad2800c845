//! What the classifier asks about a statement, noted while its lexemes go by.

use crate::classify::clauses::Clauses;
use crate::classify::function::{Effect, effect};
use crate::classify::verb::{Row, rows};
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
    /// It reads a file of the server: `LOAD_FILE()`.
    pub(crate) loads_file: bool,
    /// How many arguments of calls start with a user variable.
    pub(crate) variable_arguments: u32,
    /// The user-level lock function that is called.
    pub(crate) lock_function: Option<&'static str>,
    /// Whether any lexeme stands in a version comment that a server may skip.
    pub(crate) maybe: bool,
    /// What the table says about statements that start with the first lexeme.
    pub(crate) rows: &'static [Row],
    /// Whether more of the first lexemes, or the parts between commas, are kept.
    keeps: Keeps,
    /// How many of the first lexemes are kept.
    most: usize,
    /// Whether it starts with `WITH`.
    is_with: bool,
    /// The parentheses that are open.
    depth: u32,
    /// The texts of the two lexemes before, the nearer one last. They are kept without their kinds: a quoted text has its
    /// quotes, and no word is a symbol.
    before: [&'text [u8]; 2],
    /// Whether the lexeme before can be the name of a function that is called here.
    callable: bool,
}

/// What is kept of a statement's lexemes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Keeps {
    /// Nothing more.
    Nothing,
    /// The first ones.
    #[default]
    Lead,
    /// The parts between commas, and the first ones.
    Clauses,
}

impl<'text> Survey<'text> {
    /// Starts over, with the memory that it has.
    pub(crate) fn clear(&mut self) {
        if self.lead.is_empty() {
            return;
        }
        self.lead.clear();
        self.clauses.clear();
        *self = Self {
            lead: std::mem::take(&mut self.lead),
            clauses: std::mem::take(&mut self.clauses),
            ..Self::default()
        };
    }

    /// Notes the next lexeme.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "once per token, and called at one place that matters"
    )]
    pub(crate) fn take(&mut self, lexeme: &Lexeme<'text>) {
        if lexeme.maybe {
            return self.perhaps(lexeme);
        }
        match lexeme.kind {
            TokenKind::Symbol(symbol) => self.symbol(symbol),
            TokenKind::Word => self.word(lexeme),
            TokenKind::VersionOpen { .. } | TokenKind::VersionClose => return,
            TokenKind::Name
            | TokenKind::Text
            | TokenKind::Blank
            | TokenKind::Comment
            | TokenKind::Delimiter => {}
        }
        if self.keeps != Keeps::Nothing {
            self.keep(lexeme);
        }
        self.before = [self.before[1], lexeme.text];
        self.callable = matches!(lexeme.kind, TokenKind::Word | TokenKind::Name) && !lexeme.stored;
    }

    /// Notes a lexeme that not every supported server reads: only the first keywords are known from it.
    #[cold]
    fn perhaps(&mut self, lexeme: &Lexeme<'text>) {
        if matches!(lexeme.kind, TokenKind::VersionOpen { .. }) {
            return;
        }
        self.maybe = true;
        if self.keeps != Keeps::Nothing {
            self.keep(lexeme);
        }
    }

    /// Whether a `HANDLER` statement reads rows.
    pub(crate) fn reads_handler(&self) -> bool {
        self.lead.iter().skip(2).any(|lexeme| lexeme.is("READ"))
    }

    fn follows(&self, symbol: u8) -> bool {
        self.before[1] == [symbol]
    }

    fn follows_word(&self, word: &str) -> bool {
        self.before[1].eq_ignore_ascii_case(word.as_bytes())
    }

    #[inline(never)]
    fn keep(&mut self, lexeme: &Lexeme<'text>) {
        if self.lead.is_empty() {
            self.begin(lexeme);
        }
        if self.lead.len() < self.most {
            self.lead.push(*lexeme);
        }
        if self.lead.len() >= self.most && self.keeps == Keeps::Lead {
            self.keeps = Keeps::Nothing;
        }
        if self.keeps == Keeps::Clauses {
            self.clause(lexeme);
        }
    }

    fn begin(&mut self, first: &Lexeme<'text>) {
        self.rows = rows(first.text);
        self.most = match self.rows {
            // Its first keyword says all.
            [row] if row.rest.is_empty() && !first.is("HANDLER") => {
                self.is_with = first.is("WITH");
                1
            }
            _ if first.is_any(&["CREATE", "ALTER", "LOAD"]) => LONG_LEAD,
            _ => LEAD,
        };
        self.keeps = if first.is_any(&["ALTER", "SET"]) {
            Keeps::Clauses
        } else {
            Keeps::Lead
        };
    }

    #[inline]
    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'(' => {
                self.depth = self.depth.saturating_add(1);
                self.called();
            }
            b')' => self.depth = self.depth.saturating_sub(1),
            b'=' => self.sets_variable |= self.follows(b':'),
            b'@' => self.variable(),
            _ => {}
        }
    }

    /// An `@`: of a user variable, or one of the two of a setting.
    fn variable(&mut self) {
        self.sets_variable |= self.follows_word("INTO");
        let starts_argument = |before: &[u8]| matches!(before, b"(" | b",");
        let [before, previous] = self.before;
        if starts_argument(previous) {
            self.variable_arguments = self.variable_arguments.saturating_add(1);
        } else if previous == b"@" && starts_argument(before) {
            self.variable_arguments = self.variable_arguments.saturating_sub(1);
        }
    }

    /// A `(`: the lexeme before is the name of a function, if it is a name.
    #[inline]
    fn called(&mut self) {
        let [before, name] = self.before;
        match self.callable.then(|| effect(name, before)).flatten() {
            Some(Effect::Lock(name)) => self.lock_function = self.lock_function.or(Some(name)),
            Some(Effect::Outside) => self.calls_outside = true,
            Some(Effect::File) => self.loads_file = true,
            None => {}
        }
    }

    /// A word, which its first letter and its length tell from most others.
    #[inline]
    fn word(&mut self, lexeme: &Lexeme<'text>) {
        let first = lexeme.text.first().map_or(0, |byte| byte | 0x20);
        if matches!(first, b'w' | b's' | b't' | b'o' | b'd') || self.is_with {
            self.telling_word(lexeme, first);
        }
    }

    #[inline(never)]
    fn telling_word(&mut self, lexeme: &Lexeme<'text>, first: u8) {
        match (first, lexeme.text.len()) {
            (b'w', 5) => self.has_where |= self.is_main(lexeme, "WHERE"),
            (b's', 6) => self.loadable |= self.is_main(lexeme, "SONAME"),
            (b't', 11) => {
                self.starts_transaction |= self.is_main(lexeme, "TRANSACTION") && self.follows_word("START");
            }
            (b'o', 7) | (b'd', 8) | (b's', 2) => {
                let files = ["OUTFILE", "DUMPFILE", "S3"];
                self.into_file |= !lexeme.stored && lexeme.is_any(&files) && self.follows_word("INTO");
            }
            _ => {}
        }
        if self.is_with && self.main_verb.is_none() {
            let verbs = ["SELECT", "UPDATE", "DELETE", "TABLE", "VALUES"];
            self.main_verb = verbs.into_iter().find(|verb| self.is_main(lexeme, verb));
        }
    }

    /// Whether it is this keyword, as one of the statement's own.
    fn is_main(&self, lexeme: &Lexeme<'text>, keyword: &str) -> bool {
        self.depth == 0 && lexeme.is(keyword) && !self.follows(b'.') && !self.follows(b'@')
    }

    /// Keeps the start of the parts of `ALTER` and `SET`.
    fn clause(&mut self, lexeme: &Lexeme<'text>) {
        if self.depth == 0 && lexeme.is_symbol(b',') {
            self.clauses.next();
        } else {
            self.clauses.push(*lexeme);
        }
    }
}
