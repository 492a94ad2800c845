//! Whether our statements are the server's: an oracle that does not look at how we split.
//!
//! For each statement of ours: the server reads it alone; it reads no shorter text that ends before a delimiter inside
//! it; and it does not read it together with what follows as one. A statement that the server's grammar refuses
//! must stay refused when what follows is added.

use crate::answers::{Answer, Judge};
use crate::archive::Source;
use crate::error::CorporaError;
use crate::verdicts::{FileVerdict, Read};
use sql::{Piece, PieceKind, SqlMode, pieces};

/// How many ends inside one statement are tried.
const CUTS: usize = 12;
/// How many following statements are added to a refused one.
const ADDED: usize = 3;
/// What no statement goes on with: tells whether the server read up to the end, or gave up before it.
const GARBAGE: &str = "\n)";
/// The same behind a delimiter. On the same line, because a delimiter in a comment is none.
const DELIMITED_GARBAGE: &str = ";)";
/// What comments alone may go on with.
const STATEMENT: &str = "\nSELECT 1";

/// What came of one source.
#[derive(Debug, Default)]
pub struct Findings {
    /// The verdicts on its files.
    pub verdicts: Vec<FileVerdict>,
    /// The statements that the server does not know, as `path:offset message`.
    pub refused: Vec<String>,
    /// Where the server reads differently.
    pub disagreements: Vec<Disagreement>,
}

/// A place where the server reads differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// `path:offset`.
    pub place: String,
    /// What the server does.
    pub what: String,
    /// The text in question.
    pub text: String,
}

/// A text to be asked about, beside the statements themselves.
struct Question<'text> {
    place: String,
    what: &'static str,
    text: &'text str,
    /// What makes no statement of it.
    garbage: &'static str,
}

/// Asks the server about every piece of a source.
pub async fn examine(judge: &mut Judge, source: &Source) -> Result<Findings, CorporaError> {
    let mut findings = Findings::default();
    let (mut questions, mut between) = (Vec::new(), Vec::new());
    for file in &source.files {
        let cut = match pieces(&file.text, SqlMode::default()) {
            Ok(cut) => cut,
            Err(error) => {
                findings.disagreements.push(Disagreement {
                    place: file.path.clone(),
                    what: format!("we can't split it: {error}"),
                    text: String::new(),
                });
                continue;
            }
        };
        let mut delimiter = ";".to_owned();
        let mut statements = Vec::new();
        let of_kind = |kind| cut.iter().filter(move |piece| piece.kind == kind);
        let texts: Vec<&str> = of_kind(PieceKind::Statement).map(|piece| piece.text).collect();
        let mut answers = judge.answers(&texts).await?.into_iter();
        for (index, piece) in cut.iter().enumerate() {
            let place = format!("{}:{}", file.path, piece.start);
            match piece.kind {
                PieceKind::Command => piece
                    .text
                    .split_whitespace()
                    .nth(1)
                    .unwrap_or(";")
                    .clone_into(&mut delimiter),
                PieceKind::Delimiter => {}
                PieceKind::Between if piece.text.trim().is_empty() => {}
                PieceKind::Between => between.push(Question {
                    place,
                    what: "reads more than comments here",
                    // `END; //`: what ends a body before the delimiter is no statement.
                    text: piece.text.trim_start().trim_start_matches(';'),
                    garbage: GARBAGE,
                }),
                PieceKind::Statement => {
                    let Some(answer) = answers.next() else { continue };
                    let end = piece.start + piece.text.len();
                    let code = if answer.is_statement() {
                        answer.code
                    } else {
                        Read::REFUSED
                    };
                    statements.push(Read(piece.start, end, code));
                    if !answer.is_statement() {
                        findings.refused.push(format!("{place} {}", answer.message));
                    }
                    questions.extend(shorter(&place, piece, &delimiter));
                    let added = if answer.is_statement() { 1 } else { ADDED };
                    questions.extend(longer(&place, &file.text, &cut, index, added));
                }
            }
        }
        findings.verdicts.push(FileVerdict {
            source: source.name.clone(),
            path: file.path.clone(),
            statements,
        });
    }
    findings.disagreements.extend(comments(judge, between).await?);
    findings.disagreements.extend(doubts(judge, questions).await?);
    Ok(findings)
}

/// What we hold for comments changes nothing in front of a statement.
async fn comments(judge: &mut Judge, comments: Vec<Question<'_>>) -> Result<Vec<Disagreement>, CorporaError> {
    let answers = with_each(judge, &comments, |_| STATEMENT).await?;
    Ok(comments
        .into_iter()
        .zip(answers)
        .filter(|(_, answer)| answer.code != 0)
        .map(|(question, answer)| question.disagreement(&answer))
        .collect())
}

/// The texts that end before a delimiter inside a statement.
fn shorter<'text>(place: &str, piece: &Piece<'text>, delimiter: &str) -> Vec<Question<'text>> {
    let text = piece.text;
    // The server itself ends statements at `;`, whatever the client's delimiter is.
    let own = text.match_indices(delimiter).filter(|_| delimiter != ";");
    let cuts: Vec<usize> = text.match_indices(';').chain(own).map(|(at, _)| at).collect();
    // The first ones, and as many spread over the rest.
    let step = cuts.len().saturating_sub(CUTS / 2).div_ceil(CUTS / 2).max(1);
    let first = cuts.iter().take(CUTS / 2);
    let rest = cuts.iter().skip(CUTS / 2).step_by(step);
    first
        .chain(rest)
        .filter_map(|at| text.get(..*at))
        .filter(|shorter| !shorter.trim().is_empty())
        .map(|shorter| Question {
            place: place.to_owned(),
            what: "reads a statement that ends before ours",
            text: shorter,
            garbage: DELIMITED_GARBAGE,
        })
        .collect()
}

/// The texts that go on after a statement.
fn longer<'text>(
    place: &str,
    text: &'text str,
    cut: &[Piece<'text>],
    index: usize,
    added: usize,
) -> Vec<Question<'text>> {
    let start = cut.get(index).map_or(0, |piece| piece.start);
    cut.iter()
        .skip(index + 1)
        .filter(|piece| piece.kind == PieceKind::Statement)
        .take(added)
        .filter_map(|piece| text.get(start..piece.start + piece.text.len()))
        .map(|text| Question {
            place: place.to_owned(),
            what: "reads one statement where we read several",
            text,
            garbage: GARBAGE,
        })
        .collect()
}

/// The questions to which the server says yes. Two yeses mean nothing: comments alone are no statement, and where the
/// server gave up before the end (an unknown collation, say), a text with garbage behind it gets the same answer.
async fn doubts(judge: &mut Judge, questions: Vec<Question<'_>>) -> Result<Vec<Disagreement>, CorporaError> {
    let texts: Vec<&str> = questions.iter().map(|question| question.text).collect();
    let answers = judge.answers(&texts).await?;
    let (questions, answers): (Vec<_>, Vec<Answer>) = questions
        .into_iter()
        .zip(answers)
        .filter(|(_, answer)| answer.is_statement())
        .unzip();
    let spoiled = with_each(judge, &questions, |question| question.garbage).await?;
    let led = with_each(judge, &questions, |_| STATEMENT).await?;
    let refused = |answer: &Answer| answer.code == Read::REFUSED;
    Ok(questions
        .iter()
        .zip(answers)
        .zip(spoiled.iter().zip(&led))
        .filter(|(_, (spoiled, led))| refused(spoiled) && refused(led))
        .map(|((question, answer), _)| question.disagreement(&answer))
        .collect())
}

async fn with_each(
    judge: &mut Judge,
    questions: &[Question<'_>],
    end: impl Fn(&Question<'_>) -> &'static str,
) -> Result<Vec<Answer>, CorporaError> {
    let texts: Vec<String> = questions
        .iter()
        .map(|question| format!("{}{}", question.text, end(question)))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    judge.answers(&texts).await
}

impl Question<'_> {
    fn disagreement(&self, answer: &Answer) -> Disagreement {
        Disagreement {
            place: self.place.clone(),
            what: format!("the server {} ({} {})", self.what, answer.code, answer.message),
            text: self.text.chars().take(400).collect(),
        }
    }
}
