//! Which issues somebody asks for.

use crate::issue::Issue;
use crate::status::{ApprovalStatus, IssueStatus, StageStatus, TaskStatus};
use crate::task::Task;
use crate::view::{IssueView, StageView};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use std::fmt;

/// What an issue may be asked for by: the words of people for where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IssueState {
    /// Something is left to be done.
    Open,
    /// A stage waits for approval.
    Waiting,
    /// Somebody said no to a stage.
    Rejected,
    /// A statement is under way.
    Running,
    /// Something failed, or needs a person's decision.
    Failed,
    /// Every task is done or skipped.
    Done,
    /// Every task that is not done was canceled.
    Canceled,
}

/// A part of a filter that can't be read. Says what is accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// No such state.
    #[error(
        "`{0}` is no state of an issue; write `open`, `waiting` (for approval), `rejected`, `running`, `failed`, \
         `done` or `canceled`"
    )]
    State(String),
    /// No age.
    #[error(
        "`{0}` is no age; write a number and a unit: `30m`, `2h`, `7d` or `3w`, or several, as in `1d 12h`. A day has \
         24 hours; months and years differ in length and are not taken"
    )]
    Age(String),
}

impl IssueState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Waiting,
        Self::Rejected,
        Self::Running,
        Self::Failed,
        Self::Done,
        Self::Canceled,
    ];

    /// The word for people and programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Rejected => "rejected",
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Done => "done",
            Self::Canceled => "canceled",
        }
    }

    /// Reads a word.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Self::ALL
            .into_iter()
            .find(|state| state.word() == text)
            .ok_or_else(|| FilterError::State(text.to_owned()))
    }

    /// Whether only an issue that is not settled can be in it.
    pub fn is_open(self) -> bool {
        match self {
            Self::Open | Self::Waiting | Self::Rejected | Self::Running | Self::Failed => true,
            Self::Done | Self::Canceled => false,
        }
    }

    /// Whether an issue that stands there can be in it.
    pub fn is_of(self, status: IssueStatus) -> bool {
        match self {
            Self::Open | Self::Waiting | Self::Rejected | Self::Running | Self::Failed => {
                status == IssueStatus::Open
            }
            Self::Done => status == IssueStatus::Done,
            Self::Canceled => status == IssueStatus::Canceled,
        }
    }

    /// Whether an issue is in it.
    pub fn holds(self, view: &IssueView) -> bool {
        let stage = |holds: fn(&StageView) -> bool| view.stages.iter().any(holds);
        match self {
            Self::Open | Self::Done | Self::Canceled => self.is_of(view.status),
            Self::Failed => stage(|stage| stage.status == StageStatus::Failed),
            Self::Waiting => stage(|stage| {
                stage.status == StageStatus::Open && matches!(stage.approval, ApprovalStatus::Waiting { .. })
            }),
            Self::Rejected => stage(|stage| {
                stage.status == StageStatus::Open && matches!(stage.approval, ApprovalStatus::Rejected { .. })
            }),
            Self::Running => stage(|stage| {
                stage.tasks.iter().any(|task| {
                    matches!(
                        task.status,
                        TaskStatus::Running { .. } | TaskStatus::Following { .. } | TaskStatus::Ending { .. }
                    )
                })
            }),
        }
    }
}

impl fmt::Display for IssueState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How old something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age(SignedDuration);

impl Age {
    /// Reads `7d`, `2h`, `1d 12h`, and what else jiff reads as a span, in units of a fixed length.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        text.parse::<Span>()
            .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
            .ok()
            .filter(|duration| !duration.is_negative())
            .map(Self)
            .ok_or_else(|| FilterError::Age(text.to_owned()))
    }

    /// How long that is.
    pub fn duration(self) -> SignedDuration {
        self.0
    }

    /// What has this age now began then.
    pub fn before(self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.0).unwrap_or(Timestamp::MIN)
    }
}

/// Which issues somebody asks for; all of them where nothing is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueFilter {
    /// Where they stand.
    pub state: Option<IssueState>,
    /// An environment that they are about.
    pub environment: Option<String>,
    /// A database that they are about: by its name in settings, by its schema, or as `instance/schema`.
    pub database: Option<String>,
    /// Somebody whose push is in them, by login, or who wrote them, by name, e-mail address or member.
    pub author: Option<String>,
    /// Planned then or earlier.
    pub until: Option<Timestamp>,
    /// Planned then or later.
    pub since: Option<Timestamp>,
}

impl IssueFilter {
    /// Whether every issue suits.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }

    /// Whether an issue may suit, as far as its own facts say.
    pub fn allows(&self, issue: &Issue) -> bool {
        let about = |wanted: &String| issue.environments.iter().any(|it| it.as_str() == wanted);
        self.environment.as_ref().is_none_or(about)
            && self.author.as_ref().is_none_or(|wanted| is_author(issue, wanted))
            && self.until.is_none_or(|until| issue.created_at <= until)
            && self.since.is_none_or(|since| issue.created_at >= since)
    }

    /// Whether an issue with these tasks may suit, as far as they say.
    pub fn allows_tasks(&self, tasks: &[Task]) -> bool {
        self.database.as_ref().is_none_or(|wanted| {
            tasks.iter().any(|task| {
                task.database.as_str() == wanted
                    || task.target.database.as_str() == wanted
                    || &task.target.to_string() == wanted
            })
        })
    }

    /// Whether an issue that stands there may suit.
    pub fn allows_status(&self, status: IssueStatus) -> bool {
        self.state.is_none_or(|state| state.is_of(status))
    }

    /// Whether an issue stands where it is wanted.
    pub fn allows_state(&self, view: &IssueView) -> bool {
        self.state.is_none_or(|state| state.holds(view))
    }
}

fn is_author(issue: &Issue, wanted: &str) -> bool {
    let creator = &issue.creator;
    let names = [&creator.name, &creator.email];
    std::iter::once(&issue.pusher)
        .chain(&issue.pushers)
        .map(|pusher| &pusher.login)
        .chain(names)
        .chain(&creator.member)
        .any(|name| name.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_by_its_word_and_a_wrong_one_names_them_all() {
        for state in IssueState::ALL {
            assert_eq!(IssueState::parse(state.word()), Ok(state));
        }
        let wrong = IssueState::parse("opne").unwrap_err().to_string();
        for state in IssueState::ALL {
            assert!(wrong.contains(state.word()), "{wrong}");
        }
    }

    #[test]
    fn an_age_has_units_of_a_fixed_length() {
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        for (text, then) in [
            ("7d", "2026-03-03T12:00:00Z"),
            ("2h", "2026-03-10T10:00:00Z"),
            ("90s", "2026-03-10T11:58:30Z"),
            ("30m", "2026-03-10T11:30:00Z"),
            ("1w", "2026-03-03T12:00:00Z"),
            ("1d 12h", "2026-03-09T00:00:00Z"),
            ("P1DT12H", "2026-03-09T00:00:00Z"),
            ("0s", "2026-03-10T12:00:00Z"),
        ] {
            let age = Age::parse(text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(age.before(now), then.parse().unwrap(), "{text}");
        }
        for text in ["", "7", "d", "1mo", "1y", "-2h", "2h ago", "yesterday"] {
            let error = Age::parse(text).unwrap_err().to_string();
            assert!(error.contains("`7d`"), "{error}");
        }
    }
}
