//! What `sluice apply` answers: to programs at the end, to people as it happens.

use crate::folder::FileChange;
use crate::render::plain;
use crate::render::style::{Style, Tone};
use serde::Serialize;
use similar::TextDiff;
use std::time::Duration;
use workflow::ports::database::{Algorithm, Foretold};

/// The answer to programs.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// Where to, without a password.
    pub(super) target: String,
    /// How many changes were applied now.
    pub(super) applied: usize,
    /// How many were applied before.
    pub(super) already_applied: usize,
    /// How many are still to be applied: after `--dry-run`, or where something stopped.
    pub(super) pending: usize,
    /// Every file of the folder.
    pub(super) files: Vec<FileReport>,
}

/// What became of a file.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FileReport {
    /// Where it is, below the folder.
    pub(super) path: String,
    /// Its version, where its name has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// What became of it.
    pub(super) outcome: Outcome,
    /// Why, where there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// Its statements, as far as they were applied now or rehearsed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) statements: Vec<StatementReport>,
}

/// What became of a file, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// It was applied now.
    Applied,
    /// It was applied before.
    AlreadyApplied,
    /// It is taken for applied from now on.
    Baseline,
    /// It is to be applied.
    Pending,
    /// It can't be applied.
    Refused,
    /// It is no change of this database.
    Ignored,
}

/// One statement.
#[derive(Debug, Clone, Serialize)]
pub(super) struct StatementReport {
    /// Its number in the file, from 1.
    pub(super) index: u32,
    /// Its line.
    pub(super) line: u32,
    /// Its leading keywords.
    pub(super) verb: String,
    /// How long it took, where it was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) milliseconds: Option<u64>,
    /// How many rows it changed, where it was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<u64>,
    /// How the server alters the table, where it was rehearsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) algorithm: Option<&'static str>,
    /// Whether it was rehearsed only as far as the server reads it: it is about rows, or about other schemas.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) prepared_only: bool,
    /// How the schema changes, where it was rehearsed: a unified diff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) diff: Option<String>,
}

impl FileReport {
    /// Of a change.
    pub(super) fn of(change: &FileChange, outcome: Outcome) -> Self {
        Self {
            path: change.path.clone(),
            version: Some(change.version.to_string()),
            outcome,
            message: None,
            statements: Vec::new(),
        }
    }

    /// Of a file that is none.
    pub(super) fn other(path: &str, outcome: Outcome, why: &str) -> Self {
        Self {
            path: path.to_owned(),
            version: None,
            outcome,
            message: Some(why.to_owned()),
            statements: Vec::new(),
        }
    }
}

impl StatementReport {
    /// Of a statement of which nothing is known yet.
    pub(super) fn of(statement: &sql::Statement) -> Self {
        Self {
            index: statement.index,
            line: statement.line,
            verb: statement.facts.verb.to_string(),
            milliseconds: None,
            rows: None,
            algorithm: None,
            prepared_only: false,
            diff: None,
        }
    }

    /// With what a rehearsal told.
    pub(super) fn rehearsed(mut self, foretold: Option<&Foretold>) -> Self {
        self.prepared_only = foretold.is_none();
        if let Some(foretold) = foretold {
            self.algorithm = foretold.algorithm.map(algorithm);
            let diff = TextDiff::from_lines(&foretold.before, &foretold.after);
            self.diff =
                Some(diff.unified_diff().context_radius(2).to_string()).filter(|diff| !diff.is_empty());
        }
        self
    }
}

/// An algorithm, and what it means to others.
fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Instant => "INSTANT",
        Algorithm::Inplace => "INPLACE",
        Algorithm::InplaceBlocking => "INPLACE, blocks writes",
        Algorithm::Copy => "COPY, blocks writes",
    }
}

/// A file that was applied.
pub(super) fn applied(change: &FileChange, statements: usize, took: Duration, style: Style) -> String {
    format!(
        "{} {}  {}  {} in {:.2} s",
        style.paint(Tone::Good, "applied"),
        plain::line(change.version.as_str()),
        plain::shortened(&change.description, 60),
        counted(statements, "statement"),
        took.as_secs_f64(),
    )
}

/// A file that would be applied: each statement with what was foretold of it.
pub(super) fn planned(file: &FileReport, style: Style) -> String {
    let mut lines = vec![style.paint(Tone::Heading, &plain::line(&file.path))];
    for statement in &file.statements {
        let how = match statement.algorithm {
            Some(algorithm) => format!("  ({algorithm})"),
            None if statement.prepared_only => {
                "  (read by the server, and not run: only rows tell whether it fails)".to_owned()
            }
            None => String::new(),
        };
        let verb = plain::line(&statement.verb);
        lines.push(format!(
            "  {}. line {}: {verb}{how}",
            statement.index, statement.line
        ));
        if let Some(diff) = &statement.diff {
            let shown = style.diff(&plain::lines(diff));
            lines.extend(shown.lines().map(|line| format!("     {line}")));
        }
    }
    lines.join("\n")
}

/// A number of things, in words.
pub(super) fn counted(number: usize, thing: &str) -> String {
    if number == 1 {
        format!("1 {thing}")
    } else {
        format!("{number} {thing}s")
    }
}
