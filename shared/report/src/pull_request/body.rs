//! The text of a check run or of a comment, never longer than GitHub takes it: what comes last is cut first, and says so.

use crate::page::page;
use crate::text::{code_span, fence, prose, visible};
use jiff::Timestamp;
use model::{
    Altered, Answer, ApprovalNeed, FileReview, NeededStep, PullRequest, PullRequestState, PullRequestView,
    RehearsalStatus, RehearsalView, Rehearsed, Target, Weight,
};

/// What is kept free for saying that something was cut, and for the ends of blocks.
const RESERVE: usize = 1_024;
/// The least room that is worth a diff.
const LEAST: usize = 256;

/// A text that grows up to a size.
pub(super) struct Body {
    text: String,
    most: usize,
}

impl Body {
    pub(super) fn new(head: String, most: usize) -> Self {
        Self { text: head, most }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Everything, with at most so many lines of diffs; `more` says where the rest of one is.
    pub(super) fn write(&mut self, view: &PullRequestView, now: Timestamp, lines: usize, more: &str) {
        self.text.push_str(&heading(&view.pull));
        if view.pull.files.is_empty() {
            return;
        }
        self.table(
            "\n| File | Target | When merged | What is said of it |\n|---|---|---|---|\n",
            view.pull
                .files
                .iter()
                .flat_map(|file| file_rows(file, view))
                .collect(),
        );
        self.table("\n", view.pull.files.iter().flat_map(findings).collect());
        self.table("\n", view.approvals.iter().map(approval).collect());
        for rehearsal in &view.rehearsals {
            self.rehearsal(rehearsal, view, now);
        }
        self.diffs(&view.rehearsals, lines, more);
    }

    fn room(&self) -> usize {
        self.most.saturating_sub(self.text.len() + RESERVE)
    }

    /// Lines as long as there is room, and how many are left out.
    fn table(&mut self, head: &str, lines: Vec<String>) {
        if lines.is_empty() || self.room() < head.len() {
            return;
        }
        self.text.push_str(head);
        let count = lines.len();
        for (shown, line) in lines.into_iter().enumerate() {
            if self.room() < line.len() {
                self.cut(&format!("\nand {} more\n", count - shown));
                return;
            }
            self.text.push_str(&line);
        }
    }

    fn say(&mut self, what: &str) {
        if what.len() <= self.room() {
            self.text.push_str(what);
        }
    }

    /// Says that something was cut, where even that has room.
    fn cut(&mut self, what: &str) {
        if self.text.len() + what.len() <= self.most {
            self.text.push_str(what);
        }
    }

    fn rehearsal(&mut self, view: &RehearsalView, of: &PullRequestView, now: Timestamp) {
        let target = &view.rehearsal.target;
        let place = place(target, of);
        let says = match view.rehearsal.status(now) {
            RehearsalStatus::Waiting => format!("\n**Rehearsal on {place}**: a worker is asked.\n"),
            RehearsalStatus::Silent => format!(
                "\n**Rehearsal on {place}**: it did not answer within {} minutes; what it finds later is shown here.\n",
                model::Rehearsal::PATIENCE.as_mins()
            ),
            RehearsalStatus::Impossible(why) => {
                format!(
                    "\n**Rehearsal on {place}**: it could not be done: {}\n",
                    prose(why)
                )
            }
            RehearsalStatus::Fails { path, failure } => {
                let at = failure
                    .line
                    .map_or_else(|| path.to_owned(), |line| format!("{path}:{line}"));
                format!(
                    "\n**Rehearsal on {place}**: {} fails: {} ({}, see {})\n",
                    code_span(&at),
                    code_span(&failure.message),
                    code_span(&failure.code),
                    code_span(&page(&failure.code)),
                )
            }
            RehearsalStatus::Runs(rehearsed) => {
                self.say(&format!("\n**Rehearsal on {place}**: every statement runs.\n"));
                self.ran(rehearsed);
                return;
            }
            RehearsalStatus::Dropped => return,
        };
        self.say(&says);
    }

    fn ran(&mut self, rehearsed: &Rehearsed) {
        self.table(
            "\n| Statement | Table | Size | Algorithm | Meanwhile |\n|---|---|---|---|---|\n",
            rehearsed.altered.iter().map(altered_row).collect(),
        );
        let notes = rehearsed.notes.iter().map(|note| format!("- {}\n", prose(note)));
        self.table("\n", notes.collect());
    }

    /// How schemas would change; those that change alike are shown once.
    fn diffs(&mut self, rehearsals: &[RehearsalView], mut lines: usize, more: &str) {
        let mut shown: Vec<(&str, Vec<&Target>)> = Vec::new();
        for rehearsal in rehearsals {
            let Some(diff) = rehearsal.diff.as_deref().filter(|diff| !diff.is_empty()) else {
                continue;
            };
            let target = &rehearsal.rehearsal.target;
            match shown.iter_mut().find(|(other, _)| *other == diff) {
                Some((_, targets)) => targets.push(target),
                None => shown.push((diff, vec![target])),
            }
        }
        for (diff, targets) in shown {
            let targets: Vec<String> = targets
                .iter()
                .map(|target| code_span(&target.to_string()))
                .collect();
            self.diff(&targets.join(", "), diff, &mut lines, more);
        }
    }

    fn diff(&mut self, of: &str, diff: &str, lines: &mut usize, more: &str) {
        let head = format!("\n<details open><summary>How the schema would change</summary>\n\nOn {of}:\n\n");
        let Some(room) = self.room().checked_sub(head.len() + LEAST) else {
            self.cut(&format!("\nThe diff of {of} is left out; {more}.\n"));
            return;
        };
        let (mut taken, mut size, mut ticks) = (Vec::new(), 0, 0);
        for line in diff.lines() {
            size += visible(line).len() + 1;
            // The fence is longer than the longest run of back-ticks in it.
            ticks = ticks.max(line.split(|c| c != '`').map(str::len).max().unwrap_or(0));
            if size + 2 * ticks > room || taken.len() >= *lines {
                break;
            }
            taken.push(line);
        }
        let left = diff.lines().count() - taken.len();
        *lines -= taken.len();
        self.text.push_str(&head);
        self.text.push_str(&fence("diff", &taken.join("\n")));
        self.text.push_str("\n</details>\n");
        if left > 0 {
            self.cut(&format!("\n{left} more lines; {more}.\n"));
        }
    }
}

fn heading(pull: &PullRequest) -> String {
    let head = code_span(pull.head.short());
    let base = code_span(&pull.base);
    let project = prose(pull.project.as_str());
    let of = match pull.state {
        PullRequestState::Elsewhere => {
            return format!("{base} is no branch that project {project} reads; nothing is said of {head}.\n");
        }
        PullRequestState::Open => {
            format!("What merging {head} into {base} will change for project {project}")
        }
        PullRequestState::Merged => format!(
            "{head} was merged into {base}: the check run there says what becomes of each file. This is what was foreseen \
             for project {project}"
        ),
        PullRequestState::Closed => format!(
            "{head} was closed without being merged into {base}. This is what merging it would have changed for project \
             {project}"
        ),
    };
    if pull.files.is_empty() {
        return format!("{of}: no file under the base directory changes.\n");
    }
    let fork = if pull.fork {
        " It comes from a fork, so that nothing of it is sent to a server: it is read, and not rehearsed."
    } else {
        ""
    };
    format!("{of}.{fork}\n")
}

fn place(target: &Target, view: &PullRequestView) -> String {
    let name = code_span(&target.to_string());
    let environment = view.environments.iter().find(|(known, _)| known == target);
    match environment {
        Some((_, environment)) => format!("{}, {name}", prose(environment.as_str())),
        None => name,
    }
}

fn file_rows(file: &FileReview, view: &PullRequestView) -> Vec<String> {
    let row = |target: &str, word: &str, what: &str| {
        format!("| {} | {target} | {word} | {what} |\n", code_span(&file.path))
    };
    match &file.answer {
        Answer::Taken {
            issue,
            tasks,
            replaced,
            warnings,
            ..
        } => tasks
            .iter()
            .map(|task| {
                let target = place(&task.target, view);
                // What rules found is told below, with its place.
                let told =
                    |warning: &&String| file.noticed.iter().any(|found| warning.contains(&found.message));
                let warned: Vec<String> = warnings
                    .iter()
                    .filter(|warning| !told(warning))
                    .map(|warning| format!(" Note: {}.", prose(warning)))
                    .collect();
                let warned = warned.concat();
                if *replaced {
                    let what = format!(
                        "The open task of issue {issue} takes this text; its approvals become stale."
                    );
                    row(&target, "New text", &what)
                } else {
                    let what = format!("It becomes a task of a new issue.{warned}");
                    row(&target, "To apply", &what)
                }
            })
            .collect(),
        Answer::Known { note, issue: _ } => vec![row("–", "Known", &prose(note))],
        Answer::Covered { note } => vec![row("–", "Covered", &prose(note))],
        Answer::Waiting { reason } => vec![row("–", "Waiting", &prose(reason))],
        Answer::Gone { note } => vec![row("–", "Gone", &prose(note))],
        Answer::Refused { code, reason } => {
            let what = format!(
                "{} ({}, see {})",
                prose(reason),
                code_span(code),
                code_span(&page(code))
            );
            vec![row("–", "Refused", &what)]
        }
        Answer::Ignored { reason } => vec![row("–", "Ignored", &prose(reason))],
    }
}

/// What rules found, but for what the answer says already.
fn findings(file: &FileReview) -> Vec<String> {
    let said = |rule: &str| match &file.answer {
        Answer::Refused { code, .. } => code == rule,
        Answer::Taken { .. }
        | Answer::Known { .. }
        | Answer::Covered { .. }
        | Answer::Gone { .. }
        | Answer::Waiting { .. }
        | Answer::Ignored { .. } => false,
    };
    file.noticed
        .iter()
        .filter(|found| !said(&found.rule))
        .map(|found| {
            let word = match found.weight {
                Weight::Info => "note",
                Weight::Warning => "warning",
                Weight::Error => "error",
            };
            format!(
                "- {word}, {}: {} ({}, see {})\n",
                code_span(&format!("{}:{}", file.path, found.line)),
                prose(&found.message),
                code_span(&found.rule),
                code_span(&page(&found.rule)),
            )
        })
        .collect()
}

fn approval(need: &ApprovalNeed) -> String {
    let environment = prose(need.environment.as_str());
    let blocking: Vec<String> = need
        .blocking
        .iter()
        .map(|(path, blocking)| format!("in {}, {}", code_span(path), prose(&blocking.to_string())))
        .collect();
    let blocking = if blocking.is_empty() {
        String::new()
    } else {
        format!(" It asks to be approved as such: {}.", blocking.join("; "))
    };
    if need.steps.is_empty() {
        return format!("- {environment} needs no approval.{blocking}\n");
    }
    let steps: Vec<String> = need.steps.iter().map(needed).collect();
    let order = if steps.len() > 1 {
        " one after the other:"
    } else {
        ""
    };
    format!(
        "- {environment} needs{order} {}, and not by whoever merges.{blocking}\n",
        steps.join("; then ")
    )
}

/// One step: `1 approval by dba (step security, because it changes orders)`.
fn needed(step: &NeededStep) -> String {
    let approvers: Vec<String> = step.approvers.iter().map(|name| code_span(name)).collect();
    let plural = if step.approvals == 1 { "" } else { "s" };
    let name = (!step.name.is_empty()).then(|| format!("step {}", code_span(&step.name)));
    let because = step.because.as_deref();
    let because = because.map(|because| format!("because {}", prose(because)));
    let why: Vec<String> = name.into_iter().chain(because).collect();
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(" ({})", why.join(", "))
    };
    format!(
        "{} approval{plural} by {}{why}",
        step.approvals,
        approvers.join(" or ")
    )
}

fn altered_row(altered: &Altered) -> String {
    let (algorithm, meanwhile) = match altered.how {
        Some(how) if how.blocks() => (how.word(), "**nobody can write to it**"),
        Some(how) => (how.word(), "others go on"),
        None => ("not known", "it may block those who write"),
    };
    let size = altered.bytes.map_or_else(|| "not there yet".to_owned(), size);
    format!(
        "| {} | {} | {size} | {algorithm} | {meanwhile} |\n",
        code_span(&format!("{}:{}", altered.path, altered.line)),
        code_span(&altered.table)
    )
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} bytes"),
    }
}
