//! Notes on the lines of a pull request.

use crate::page::page;
use crate::text::visible;
use model::{Answer, FileReview, PullRequestView, RehearsalOutcome, Weight};

/// The most characters of a note's title, as GitHub takes it.
const MOST_TITLE: usize = 255;
/// The most characters of a note: far below the 64 KB that GitHub takes.
const MOST_MESSAGE: usize = 4_000;

/// A note on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestNote {
    /// The whole path in the repository.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// How much it weighs.
    pub weight: Weight,
    /// One line.
    pub title: String,
    /// Plain text.
    pub message: String,
}

/// All notes: what was found without a server first, since it never changes while rehearsals are answered.
pub(super) fn notes(view: &PullRequestView) -> Vec<PullRequestNote> {
    let mut notes: Vec<PullRequestNote> = view.pull.files.iter().flat_map(of_file).collect();
    for rehearsal in &view.rehearsals {
        let RehearsalOutcome::Fails { path, failure } = &rehearsal.rehearsal.outcome else {
            continue;
        };
        let target = rehearsal.rehearsal.target.to_string();
        notes.push(note(
            path,
            failure.line.unwrap_or(1),
            Weight::Error,
            &failure.code,
            &format!("On {target}, {}", failure.message),
        ));
    }
    notes
}

fn of_file(file: &FileReview) -> Vec<PullRequestNote> {
    let mut notes: Vec<PullRequestNote> = file
        .noticed
        .iter()
        .map(|found| note(&file.path, found.line, found.weight, &found.rule, &found.message))
        .collect();
    match &file.answer {
        // Where a rule refuses it, its note says so already.
        Answer::Refused { code, .. } if file.noticed.iter().any(|found| &found.rule == code) => {}
        Answer::Refused { code, reason } => notes.push(note(&file.path, 1, Weight::Error, code, reason)),
        Answer::Taken { .. }
        | Answer::Known { .. }
        | Answer::Covered { .. }
        | Answer::Gone { .. }
        | Answer::Waiting { .. }
        | Answer::Ignored { .. } => {}
    }
    notes
}

/// GitHub shows notes as plain text; what can't be seen, or turns the order of reading round, is written out.
fn note(path: &str, line: u32, weight: Weight, code: &str, message: &str) -> PullRequestNote {
    PullRequestNote {
        path: path.to_owned(),
        line: line.max(1),
        weight,
        title: cut(&visible(code), MOST_TITLE),
        message: format!("{} (see {})", cut(&visible(message), MOST_MESSAGE), page(code)),
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most.saturating_sub(1)) {
        Some((end, _)) if text.chars().count() > most => {
            format!("{}…", text.get(..end).unwrap_or_default())
        }
        Some(_) | None => text.to_owned(),
    }
}
