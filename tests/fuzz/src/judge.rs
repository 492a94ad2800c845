//! A MySQL server as the judge of texts: its own parser, by `PREPARE`.
//!
//! `PREPARE` takes one statement. What it parses and then can't prepare (a missing table, a statement that prepared
//! statements can't hold) it refuses with another error than a syntax error; whether that error came after the whole
//! text was parsed is seen by asking again with something behind it that no statement ends with.

use model::Fault;
use mysql::admin::Admin;
use sql::SqlMode;
use testkit::scratch;
use workflow::ports::database::OpenError;

/// How many texts are judged in one packet.
const PACKET: usize = 400;
/// The schema in which texts are judged, with the tables that they name.
const SCHEMA: &str = "fuzzed";
/// The columns of its tables.
const COLUMNS: &str = "id INT, a INT, b TEXT, c INT, d INT, KEY i (a)";

/// The error of a version comment without an end.
const UNTERMINATED: u32 = 4164;

/// What the server's parser says of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is one statement; the error that came after the parser, or 0.
    Statement(u32),
    /// There is no statement in it.
    Empty,
    /// It isn't one statement: a syntax error.
    Refused,
    /// Refused before the parser had read all of it, for another reason than its syntax.
    Unknown(u32),
}

/// Why the server could not judge.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// No server is named.
    #[error(transparent)]
    NoServer(#[from] scratch::NoServer),
    /// It can't be reached.
    #[error("the server does not let us in: {0:?}")]
    Open(OpenError),
    /// It refused what must work.
    #[error("{}", .0.chain())]
    Fault(Fault),
    /// It answered something else than one verdict per text.
    #[error("the server answered {answered} verdicts for {asked} texts")]
    Lost {
        /// Texts sent.
        asked: usize,
        /// Verdicts read.
        answered: usize,
    },
}

/// A session in which texts are judged.
#[derive(Debug)]
pub struct Judge {
    admin: Admin,
    judged: usize,
}

impl Judge {
    /// Opens a session on the server of the environment and makes the procedures that judge, one per mode: a stored
    /// procedure keeps the `sql_mode` of its creation.
    pub async fn open() -> Result<Self, JudgeError> {
        let login = scratch::login()?;
        let mut admin = Admin::connect(&login).await.map_err(JudgeError::Open)?;
        let mut statements = vec![
            format!("CREATE DATABASE IF NOT EXISTS {SCHEMA}"),
            format!("USE {SCHEMA}"),
            format!("CREATE TABLE IF NOT EXISTS t ({COLUMNS})"),
            format!("CREATE TABLE IF NOT EXISTS u ({COLUMNS})"),
        ];
        for mode in MODES {
            statements.push(format!("SET sql_mode = '{}'", mode.name));
            statements.push(format!("DROP PROCEDURE IF EXISTS `{}`", mode.procedure));
            statements.push(procedure(mode.procedure));
        }
        let text = statements.join("; ");
        admin.run(&text).await.map_err(JudgeError::Fault)?;
        Ok(Self { admin, judged: 0 })
    }

    /// The verdicts of texts, in their order.
    pub async fn judge(&mut self, texts: &[(SqlMode, &str)]) -> Result<Vec<Verdict>, JudgeError> {
        let mut verdicts = Vec::with_capacity(texts.len());
        for chunk in texts.chunks(PACKET) {
            let calls = chunk.iter().map(|(mode, text)| {
                format!(
                    "CALL `{}`(_utf8mb4 X'{}')",
                    procedure_of(*mode),
                    hex::encode(text)
                )
            });
            let first = std::iter::once("SET @verdicts = ''".to_owned());
            let packet: Vec<String> = first
                .chain(calls)
                .chain(["SELECT @verdicts".to_owned()])
                .collect();
            let packet = packet.join("; ");
            let rows = self.admin.run(&packet).await.map_err(JudgeError::Fault)?;
            let answer = rows.into_iter().flatten().flatten().next().unwrap_or_default();
            verdicts.extend(answer.split_terminator(';').map(verdict));
            self.judged += chunk.len();
        }
        if verdicts.len() == texts.len() {
            return Ok(verdicts);
        }
        Err(JudgeError::Lost {
            asked: texts.len(),
            answered: verdicts.len(),
        })
    }

    /// How many texts were judged so far.
    pub fn judged(&self) -> usize {
        self.judged
    }

    /// Ends the session.
    pub async fn close(self) {
        self.admin.close().await;
    }
}

struct Mode {
    name: &'static str,
    procedure: &'static str,
}

const MODES: [Mode; 4] = [
    Mode {
        name: "",
        procedure: "judge",
    },
    Mode {
        name: "ANSI_QUOTES",
        procedure: "judge_ansi",
    },
    Mode {
        name: "NO_BACKSLASH_ESCAPES",
        procedure: "judge_plain",
    },
    Mode {
        name: "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
        procedure: "judge_ansi_plain",
    },
];

fn procedure_of(mode: SqlMode) -> &'static str {
    match (mode.ansi_quotes, mode.no_backslash_escapes) {
        (false, false) => "judge",
        (true, false) => "judge_ansi",
        (false, true) => "judge_plain",
        (true, true) => "judge_ansi_plain",
    }
}

/// Appends `code again empty;` to `@verdicts`: the error of the text, of the text with something no statement ends
/// with, and of the text behind a statement, which only nothing may follow.
fn procedure(name: &str) -> String {
    let attempt = |text: &str, into: &str| {
        format!(
            "BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION GET DIAGNOSTICS CONDITION 1 {into} = MYSQL_ERRNO; \
             SET @judged = {text}; PREPARE judged FROM @judged; END;"
        )
    };
    format!(
        "CREATE PROCEDURE `{name}`(p LONGTEXT CHARACTER SET utf8mb4) BEGIN \
         DECLARE code, again, follows INT DEFAULT 0; {} \
         IF code NOT IN (0, 1064, 1065) THEN {} END IF; \
         IF code = 1295 THEN {} END IF; \
         SET @verdicts = CONCAT(@verdicts, code, ' ', again, ' ', follows, ';'); END",
        attempt("p", "code"),
        attempt("CONCAT(p, '\n)(')", "again"),
        attempt("CONCAT('DO 1 AS x\n', p)", "follows"),
    )
}

fn verdict(answer: &str) -> Verdict {
    let mut codes = answer
        .split(' ')
        .map(|code| code.parse::<u32>().unwrap_or(u32::MAX));
    match (codes.next(), codes.next(), codes.next()) {
        (Some(1065), _, _) | (Some(1295), Some(1064), Some(0)) => Verdict::Empty,
        (Some(1064 | UNTERMINATED), _, _) => Verdict::Refused,
        (Some(0), _, _) => Verdict::Statement(0),
        (Some(code), Some(1064), _) => Verdict::Statement(code),
        (code, _, _) => Verdict::Unknown(code.unwrap_or(u32::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_after_the_parser_is_a_statement() {
        for (answer, expected) in [
            ("0 0 0", Verdict::Statement(0)),
            ("1146 1064 0", Verdict::Statement(1146)),
            ("1295 1064 1064", Verdict::Statement(1295)),
            ("1295 1064 0", Verdict::Empty),
            ("1065 0 0", Verdict::Empty),
            ("1064 0 0", Verdict::Refused),
            ("1308 1308 0", Verdict::Unknown(1308)),
        ] {
            assert_eq!(verdict(answer), expected, "{answer}");
        }
    }
}
