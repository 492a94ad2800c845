//! The rules: what must hold between the server's verdicts and our reading.

use crate::input::{Input, Shape};
use crate::judge::Verdict;
use crate::reading::{Panicked, read};
use serde::Serialize;
use sql::{PieceKind, Problem, SqlError, SqlMode, Statement};

/// A rule that can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Nothing panics on any text.
    NoPanic,
    /// The pieces of a text, joined, are the text.
    PiecesJoin,
    /// What the server takes for one statement is one statement.
    OneIsOne,
    /// What the server takes for one statement is readable.
    OneIsReadable,
    /// A statement cut out of what surrounds it is still that statement to the server.
    CutOutIsWhole,
    /// A text without a statement to the server has none.
    NothingIsNothing,
    /// Where the server ends a statement, we do.
    EndsWhereTheServerEnds,
    /// Where we end a statement, the server reads its end.
    OursAreEnds,
    /// Statements behind one another are found again.
    JoinedAreFound,
    /// So are they with a delimiter of their own.
    DelimitedAreFound,
}

/// A rule broken by an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// Which rule.
    pub rule: Rule,
    /// What was asked.
    pub input: Input,
    /// What each side says.
    pub detail: String,
}

/// What is asked of the server once we have read the text: the rule is broken where all verdicts are as named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The rule.
    pub rule: Rule,
    /// The texts to be judged.
    pub texts: Vec<String>,
    /// For each of them, whether the rule is broken by its being a statement or by its not being one.
    pub broken_by: Vec<bool>,
}

impl Question {
    /// Whether the verdicts break the rule.
    pub fn is_broken(&self, verdicts: &[Verdict]) -> bool {
        let mut both = self.broken_by.iter().zip(verdicts);
        both.all(|(statement, verdict)| match verdict {
            Verdict::Statement(_) => *statement,
            Verdict::Refused | Verdict::Empty => !*statement,
            Verdict::Unknown(_) => false,
        })
    }
}

/// What came of reading an input beside the server's first verdicts.
#[derive(Debug, Default)]
pub struct Compared {
    /// Rules already broken, with what each side says.
    pub broken: Vec<(Rule, String)>,
    /// What the server has to say first.
    pub questions: Vec<Question>,
    /// Whether we refuse on purpose what the server accepts.
    pub refused: bool,
}

/// Reads an input and holds it against the server's verdicts of its texts.
pub fn compare(input: &Input, verdicts: &[Verdict]) -> Compared {
    let mut compared = Compared::default();
    for (text, verdict) in input.texts().iter().zip(verdicts) {
        match read(text, input.mode) {
            Err(Panicked { what }) => compared.broken.push((Rule::NoPanic, what)),
            Ok(reading) => {
                if !reading.pieces_join {
                    compared
                        .broken
                        .push((Rule::PiecesJoin, "the pieces are not the text".to_owned()));
                }
                compared.text(text, input.mode, *verdict, &reading.statements);
            }
        }
    }
    if let Shape::Joined { parts, between } = &input.shape {
        compared.joined(input.mode, parts, between, verdicts);
    }
    compared
}

impl Compared {
    fn text(&mut self, text: &str, mode: SqlMode, verdict: Verdict, ours: &Result<Vec<Statement>, SqlError>) {
        match (verdict, ours) {
            (Verdict::Statement(_), Err(error)) if on_purpose(error) => self.refused = true,
            // The server stops reading at a NUL after `;`, whatever follows it.
            (Verdict::Statement(_), _) if text.contains(";\0") => self.refused = true,
            (Verdict::Statement(code), Err(error)) => {
                self.broken.push((
                    Rule::OneIsReadable,
                    format!("the server takes it ({code}); ours: {error}"),
                ));
            }
            (Verdict::Statement(code), Ok(statements)) => match statements.as_slice() {
                [only] => self.one(text, mode, only),
                several => {
                    let detail = format!("the server takes it ({code}); ours: {:?}", texts(several));
                    self.broken.push((Rule::OneIsOne, detail));
                }
            },
            // What is empty for the server may be a version comment that another one runs, or end at a NUL.
            (Verdict::Empty, Ok(statements))
                if !statements.is_empty() && !text.contains("/*!") && !text.contains('\0') =>
            {
                self.broken
                    .push((Rule::NothingIsNothing, format!("ours: {:?}", texts(statements))));
            }
            (Verdict::Refused, Ok(statements)) => self.ends(text, mode, statements),
            (Verdict::Empty | Verdict::Unknown(_), Ok(_))
            | (Verdict::Refused | Verdict::Empty | Verdict::Unknown(_), Err(_)) => {}
        }
    }

    /// One statement on both sides: it must stay one wherever it stands.
    fn one(&mut self, text: &str, mode: SqlMode, only: &Statement) {
        if only.text != text {
            self.questions.push(Question {
                rule: Rule::CutOutIsWhole,
                texts: vec![only.text.clone()],
                broken_by: vec![false],
            });
        }
        // A NUL at the end is the end to the server, and not one behind which something follows.
        if text.contains('\0') {
            return;
        }
        let expected = [only.text.as_str(), "SELECT 1"];
        self.found(
            Rule::JoinedAreFound,
            &format!("{text}\n;\nSELECT 1;"),
            mode,
            &expected,
        );
        if !only.text.contains("//") {
            let delimited = format!("DELIMITER //\n{text}\n//\nSELECT 1 //\nDELIMITER ;\n");
            self.found(Rule::DelimitedAreFound, &delimited, mode, &expected);
        }
    }

    fn found(&mut self, rule: Rule, text: &str, mode: SqlMode, expected: &[&str]) {
        match read(text, mode) {
            Err(Panicked { what }) => self.broken.push((Rule::NoPanic, what)),
            Ok(reading) => match reading.statements {
                Ok(statements) if texts(&statements) == expected => {}
                Ok(statements) => {
                    let detail = format!("expected {expected:?}; ours: {:?}", texts(&statements));
                    self.broken.push((rule, detail));
                }
                Err(error) if on_purpose(&error) => self.refused = true,
                Err(error) => self
                    .broken
                    .push((rule, format!("expected {expected:?}; ours: {error}"))),
            },
        }
    }

    /// Not one statement to the server: the ends that we see must be ends, and there must be no others.
    fn ends(&mut self, text: &str, mode: SqlMode, statements: &[Statement]) {
        let delimiters = delimiters(text, mode);
        for (statement, next) in statements.iter().zip(statements.iter().skip(1)) {
            let until = delimiters
                .iter()
                .find(|at| (statement.span.end..next.span.start).contains(*at));
            let Some(before) = until.and_then(|until| text.get(statement.span.start..*until)) else {
                continue;
            };
            self.questions.push(Question {
                rule: Rule::OursAreEnds,
                texts: vec![before.to_owned(), format!("{before})")],
                broken_by: vec![true, true],
            });
        }
        for statement in statements {
            for (at, _) in statement.text.match_indices(';').take(6) {
                let before = statement.text.get(..at).unwrap_or_default();
                self.questions.push(Question {
                    rule: Rule::EndsWhereTheServerEnds,
                    texts: vec![before.to_owned(), format!("{before})"), statement.text.clone()],
                    broken_by: vec![true, false, false],
                });
            }
        }
    }

    /// Those parts that are statements, behind one another.
    fn joined(&mut self, mode: SqlMode, parts: &[String], between: &[String], verdicts: &[Verdict]) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for ((part, between), verdict) in parts.iter().zip(between).zip(verdicts) {
            let alone = read(part, mode).ok().and_then(|reading| reading.statements.ok());
            if let (Verdict::Statement(_), Some([only])) = (verdict, alone.as_deref())
                && !part.contains('\0')
                // What follows is read under another mode than that in which the server judged it.
                && !part.to_ascii_lowercase().contains("sql_mode")
                // Alone it is nothing, but behind a statement it would be part of the next one.
                && !between.contains("/*!")
            {
                text.extend([part.as_str(), "\n;", between.as_str()]);
                expected.push(only.text.clone());
            }
        }
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        self.found(Rule::JoinedAreFound, &text, mode, &expected);
    }
}

/// Where the `;` between statements stand.
fn delimiters(text: &str, mode: SqlMode) -> Vec<usize> {
    let pieces = sql::pieces(text, mode).unwrap_or_default();
    let ends = pieces
        .iter()
        .filter(|piece| piece.kind == PieceKind::Delimiter && piece.text == ";");
    ends.map(|piece| piece.start).collect()
}

fn texts(statements: &[Statement]) -> Vec<&str> {
    statements
        .iter()
        .map(|statement| statement.text.as_str())
        .collect()
}

/// What we refuse although one server accepts it: another one, or a client, reads it otherwise.
fn on_purpose(error: &SqlError) -> bool {
    matches!(
        error.problem,
        Problem::VersionComment | Problem::NulInComment | Problem::Nul
    )
}
