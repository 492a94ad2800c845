//! `sluice apply`: the changes of a folder, applied to a database that remembers them itself. No AWS, no ledger.

mod foretelling;
mod report;
mod sending;
mod session;
mod standing;
mod word;

use crate::args::apply::ApplyArguments;
use crate::exit::{End, Stop};
use crate::folder::{FileChange, Folder};
use crate::interrupt::Signals;
use crate::output::Output;
use crate::render::plain;
use crate::server;
use report::{FileReport, Outcome, Report, counted};
use review::{Home, Severity, Surroundings};
use session::Place;
use sql::SqlMode;
use workflow::apply::Change;

/// A change that was read and reviewed.
pub(super) struct Candidate {
    pub(super) file: FileChange,
    pub(super) change: Change,
}

/// Applies what is to be applied, or shows it.
pub(super) async fn run(arguments: &ApplyArguments, output: &Output) -> Result<End, Stop> {
    arguments.check()?;
    let (url, schema) = server::parse_target(&arguments.target, "--target")?;
    let database = arguments.database.as_deref().unwrap_or(&schema);
    let folder = Folder::read(&arguments.folder, database, arguments.environment.as_deref())?;
    let mut report = Report {
        target: url.to_string(),
        ..Report::default()
    };
    for (path, why) in &folder.ignored {
        report.files.push(FileReport::other(path, Outcome::Ignored, why));
        output.note(&plain::line(&format!("ignored {path}: {why}")))?;
    }
    for (path, why) in &folder.refused {
        report.files.push(FileReport::other(path, Outcome::Refused, why));
        output.note(&plain::line(&format!("refused {path}: {why}")))?;
    }
    if !folder.refused.is_empty() {
        let refused = counted(folder.refused.len(), "file");
        return Err(refuse("file-refused", &format!("{refused} can't be a change")));
    }
    if folder.changes.is_empty() {
        output.answer(&report, |_| {
            Ok(format!(
                "There is no change of `{}` in {}.",
                plain::line(database),
                arguments.folder.display()
            ))
        })?;
        return Ok(End::Done);
    }
    let place = Place::new(&url, &schema, arguments, output)?;
    let mut signals = Signals::listen()?;
    let applied = tokio::select! {
        biased;
        applied = place.apply(folder.changes, &mut report) => applied,
        signal = signals.next() => Err(Stop::Interrupted(
            signal,
            format!(
                "{signal}: a statement that was sent goes on on the server, and is written down there. Run the same \
                 command again to go on."
            ),
        )),
    };
    applied?;
    output.answer(&report, |_| Ok(summary(&report)))?;
    Ok(End::Done)
}

/// Reviews the changes that are to be applied; one that must not run stops all of them.
pub(super) fn reviewed(
    files: Vec<FileChange>,
    schema: &str,
    mode: SqlMode,
    output: &Output,
    tell: bool,
) -> Result<Vec<Candidate>, Stop> {
    let surroundings = Surroundings {
        mode,
        homes: vec![Home {
            schema: schema.to_owned(),
            allowed: Vec::new(),
        }],
    };
    let mut candidates = Vec::with_capacity(files.len());
    let mut errors = 0;
    for file in files {
        let review = review::review(file.change_type, &file.text, &surroundings);
        for finding in &review.findings {
            let word = match finding.severity {
                Severity::Info => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            };
            errors += usize::from(finding.severity == Severity::Error);
            if !tell {
                continue;
            }
            output.note(&plain::line(&format!(
                "{word}: {}:{}:{}: {} ({})",
                file.path, finding.line, finding.column, finding.message, finding.rule
            )))?;
        }
        let change = Change::new(&file.version, review.statements, schema);
        candidates.push(Candidate { file, change });
    }
    if errors > 0 {
        let errors = counted(errors, "error");
        return Err(refuse(
            "review-failed",
            &format!("{errors} in what is to be applied"),
        ));
    }
    Ok(candidates)
}

fn refuse(code: &str, what: &str) -> Stop {
    Stop::refused(
        code,
        format!("{what}: nothing was applied. Mend that, and run the same command again."),
    )
}

fn summary(report: &Report) -> String {
    let mut parts = Vec::new();
    if report.applied > 0 || (report.pending == 0 && report.already_applied == 0) {
        parts.push(format!("{} applied", counted(report.applied, "change")));
    }
    if report.already_applied > 0 {
        parts.push(format!("{} applied already", report.already_applied));
    }
    if report.pending > 0 {
        parts.push(format!("{} to be applied", counted(report.pending, "change")));
    }
    let baseline = report
        .files
        .iter()
        .filter(|file| file.outcome == Outcome::Baseline)
        .count();
    if baseline > 0 {
        parts.push(format!("{baseline} taken for applied"));
    }
    format!("{}: {}.", report.target, parts.join(", "))
}
