//! `sluice sql`.

use crate::args::sql::SqlCommand;
use crate::exit::Stop;
use crate::output::{Output, Reader};
use crate::render::statement::{Line, row, table};
use crate::source;
use sql::{Limits, Problem, ReadError, SqlMode, Statements};
use std::io::Read;
use std::path::Path;

/// A file may be as long as it likes, for no more than a statement of it is kept. A statement that is longer than the
/// largest packet that Aurora takes by default could not be sent.
const LIMITS: Limits = Limits {
    text: usize::MAX,
    statement: 64 * 1024 * 1024,
    statements: u32::MAX,
};

/// What `sql_mode` may hold, from the manual's "Server SQL Modes"; also the modes of earlier versions, as dumps name them.
const MODES: [&str; 24] = [
    "ALLOW_INVALID_DATES",
    "ANSI",
    "ANSI_QUOTES",
    "ERROR_FOR_DIVISION_BY_ZERO",
    "HIGH_NOT_PRECEDENCE",
    "IGNORE_SPACE",
    "NO_AUTO_CREATE_USER",
    "NO_AUTO_VALUE_ON_ZERO",
    "NO_BACKSLASH_ESCAPES",
    "NO_DIR_IN_CREATE",
    "NO_ENGINE_SUBSTITUTION",
    "NO_FIELD_OPTIONS",
    "NO_KEY_OPTIONS",
    "NO_TABLE_OPTIONS",
    "NO_UNSIGNED_SUBTRACTION",
    "NO_ZERO_DATE",
    "NO_ZERO_IN_DATE",
    "ONLY_FULL_GROUP_BY",
    "PAD_CHAR_TO_FULL_LENGTH",
    "PIPES_AS_CONCAT",
    "REAL_AS_FLOAT",
    "STRICT_ALL_TABLES",
    "STRICT_TRANS_TABLES",
    "TIME_TRUNCATE_FRACTIONAL",
];

/// Does what can be done with SQL files.
pub(super) fn run(command: SqlCommand, output: &Output) -> Result<(), Stop> {
    let SqlCommand::Split {
        file,
        sql_mode,
        no_text,
        table,
    } = command;
    let mode = mode(&sql_mode)?;
    let statements = Statements::new(source::open(&file)?, mode, LIMITS);
    if table {
        rows(&file, statements, output)
    } else {
        let ended = lines(&file, statements, mode, !no_text, output);
        // What was read before the trouble comes before the words about it.
        output.flush().and(ended)
    }
}

fn lines<R: Read>(
    file: &Path,
    statements: Statements<R>,
    mode: SqlMode,
    with_text: bool,
    output: &Output,
) -> Result<(), Stop> {
    for statement in statements {
        let statement = statement.map_err(|error| unreadable(file, &error))?;
        if output.line(&Line::of(&statement, mode, with_text))? == Reader::Gone {
            break;
        }
    }
    Ok(())
}

fn rows<R: Read>(file: &Path, statements: Statements<R>, output: &Output) -> Result<(), Stop> {
    let mut rows = Vec::new();
    for statement in statements {
        rows.push(row(&statement.map_err(|error| unreadable(file, &error))?));
    }
    output.text(&table(rows))
}

fn mode(list: &str) -> Result<SqlMode, Stop> {
    let mut words = list.split(',').map(str::trim).filter(|word| !word.is_empty());
    match words.find(|word| !MODES.iter().any(|mode| mode.eq_ignore_ascii_case(word))) {
        None => Ok(SqlMode::parse(list)),
        Some(unknown) => Err(Stop::Usage(format!(
            "`{unknown}` is no SQL mode. Name modes as @@sql_mode shows them, with commas between: ANSI_QUOTES and \
             NO_BACKSLASH_ESCAPES change how a file is split."
        ))),
    }
}

fn unreadable(file: &Path, error: &ReadError) -> Stop {
    match error {
        ReadError::Io(error) => source::unreadable(file, error),
        ReadError::Sql(error) => {
            let code = match error.problem {
                Problem::Limit(_) => "too-large",
                Problem::NotUtf8 => "not-utf8",
                Problem::Unterminated(_)
                | Problem::VersionComment
                | Problem::Nul
                | Problem::NulInComment
                | Problem::DelimiterMissing
                | Problem::DelimiterTrailing => "sql-unreadable",
            };
            Stop::refused(code, format!("{}: {error}", source::name(file)))
        }
    }
}
