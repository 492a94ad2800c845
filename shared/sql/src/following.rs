//! The mode under which a text goes on: what it sets `sql_mode` to counts for the quotes that follow.
//!
//! A dump sets the mode around each stored program, and the client that runs it follows the server's word. We have only
//! the text: a literal is followed, and anything else (`DEFAULT`, a variable) is taken for the mode that was before.

use crate::lexeme::Lexeme;
use crate::lexer::Step;
use crate::mode::SqlMode;
use crate::reader::Reader;
use crate::token::TokenKind;

/// The mode after a statement that was read under `now`, in a text that began under `start`.
pub(crate) fn mode_after(statement: &str, now: SqlMode, start: SqlMode) -> SqlMode {
    if !may_set(statement) {
        return now;
    }
    match assigned(statement, now) {
        Some(Assigned::Literal(value)) => SqlMode::parse(&value),
        Some(Assigned::Unknown) => start,
        None => now,
    }
}

/// What `sql_mode` is set to.
enum Assigned {
    /// A literal, upper case.
    Literal(String),
    /// What only the server knows.
    Unknown,
}

/// Whether it can be a `SET` at all: almost none is.
fn may_set(statement: &str) -> bool {
    let bytes = statement.as_bytes();
    let set = bytes
        .get(..3)
        .is_some_and(|first| first.eq_ignore_ascii_case(b"SET"));
    let length = bytes.len().min(1024);
    let has_mode = |bytes: &[u8]| {
        bytes
            .windows(8)
            .any(|word| word.eq_ignore_ascii_case(b"sql_mode"))
    };
    (set || bytes.starts_with(b"/*!")) && bytes.get(..length).is_some_and(has_mode)
}

/// What the statement sets the session's `sql_mode` to, where it does.
fn assigned(statement: &str, mode: SqlMode) -> Option<Assigned> {
    let lexemes = lexemes(statement, mode);
    let (first, assignments) = lexemes.split_first()?;
    if !first.is("SET") {
        return None;
    }
    let parts = assignments.split(|lexeme| lexeme.is_symbol(b','));
    parts.filter_map(assignment).next_back()
}

fn lexemes(statement: &str, mode: SqlMode) -> Vec<Lexeme<'_>> {
    let mut reader = Reader::of_statement(statement, mode);
    let mut found = Vec::new();
    while let Step::Token(kind) = reader.step(true) {
        let means = matches!(
            kind,
            TokenKind::Word | TokenKind::Name | TokenKind::Text | TokenKind::Symbol(_)
        );
        if means {
            found.push(reader.lexeme(kind));
        }
    }
    found
}

/// One assignment: `[SESSION] sql_mode = …`, `@@[session.]sql_mode := …`.
fn assignment(part: &[Lexeme<'_>]) -> Option<Assigned> {
    let sign = part.iter().position(|lexeme| lexeme.is_symbol(b'='))?;
    let (target, value) = part.split_at(sign);
    let target = match target {
        [target @ .., colon] if colon.is_symbol(b':') => target,
        target => target,
    };
    let global = ["GLOBAL", "PERSIST", "PERSIST_ONLY"];
    let (name, before) = target.split_last()?;
    let user = before.len() == 1 && before.iter().all(|lexeme| lexeme.is_symbol(b'@'));
    if !name.is("sql_mode") || user || before.iter().any(|lexeme| lexeme.is_any(&global)) {
        return None;
    }
    Some(match value {
        [_, text] if text.kind == TokenKind::Text => Assigned::Literal(text.upper()),
        _ => Assigned::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_sets_counts_for_what_follows() {
        let start = SqlMode::default();
        let ansi = SqlMode::parse("ANSI_QUOTES");
        let plain = SqlMode::parse("NO_BACKSLASH_ESCAPES");
        for (statement, expected) in [
            ("SET sql_mode = 'ANSI_QUOTES'", ansi),
            (
                "set session SQL_MODE='STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'",
                plain,
            ),
            ("SET @@session.sql_mode := 'ansi'", ansi),
            ("SET @@sql_mode = 'ANSI_QUOTES'", ansi),
            ("/*!50003 SET sql_mode = 'NO_BACKSLASH_ESCAPES' */", plain),
            (
                "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='ANSI_QUOTES' */",
                ansi,
            ),
            ("SET sql_mode = ''", start),
            ("SET sql_mode = DEFAULT", start),
            ("SET sql_mode = @saved", start),
            ("SET @sql_mode = 'ANSI_QUOTES'", plain),
            ("SET GLOBAL sql_mode = 'ANSI_QUOTES'", plain),
            ("SET @x = 'sql_mode'", plain),
            ("SELECT 'SET sql_mode'", plain),
        ] {
            assert_eq!(mode_after(statement, plain, start), expected, "{statement}");
        }
    }

    #[test]
    fn a_dump_of_programs_in_odd_modes_is_read() {
        let text = "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nCREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET NEW.a = '\\';\n\
                    SET sql_mode = '';\nSELECT '\\'; --';\nSELECT 2;";
        let statements = crate::split(text, SqlMode::default()).unwrap();
        let texts: Vec<&str> = statements
            .iter()
            .map(|statement| statement.text.as_str())
            .collect();
        assert_eq!(
            texts,
            [
                "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
                "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET NEW.a = '\\'",
                "SET sql_mode = ''",
                "SELECT '\\'; --'",
                "SELECT 2",
            ]
        );
    }
}
