//! Telling GitHub, and whoever listens to events: the reporter works off the outbox.
//!
//! An item says what to tell, never what to say: that is rendered from the ledger at the time of telling. So items
//! may be delivered late, twice or together.

mod buttons;
pub(crate) mod events;
mod pull_request;
mod words;

use crate::pace::{Telling, is_too_fast};
use crate::ports::clock::{Clock, Ids};
use crate::ports::commits::{Commits, Proposals};
use crate::ports::events::Events;
use crate::ports::github::{Annotations, CheckRun, CheckRuns, CheckState, Comments, Paced, Repositories};
use crate::ports::ledger::{
    AuditLedger, ClickLedger, Commit, EventLedger, IssueLedger, OutboxLedger, PlanLedger, PullRequestLedger,
    RehearsalLedger, SettingsLedger, TargetLedger, TextLedger, WriteBackLedger,
};
use crate::show::Shower;
use crate::write_back::WritingBack;
use jiff::{SignedDuration, Timestamp};
use model::{CommitSha, Errand, Fault, OutboxItem, ProjectId, TaskKey};
use report::CheckWord;
use settings::Settings;
use std::time::Duration;

/// What telling needs of the world.
#[derive(Debug)]
pub struct Teller<'a, L, G, E, C> {
    /// The ledger.
    pub ledger: &'a L,
    /// GitHub.
    pub github: &'a G,
    /// Whoever listens to events.
    pub events: &'a E,
    /// Time.
    pub clock: &'a C,
    /// When no further errand is begun.
    pub until: Timestamp,
}

/// What a round of telling came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Items delivered.
    pub delivered: u32,
    /// Items put off, because GitHub or something else failed.
    pub postponed: u32,
    /// Items given up: they could not be delivered in two days, or never can be.
    pub given_up: u32,
    /// When the first of those may be told that were put off for GitHub was told enough for now.
    pub again_at: Option<Timestamp>,
}

/// The name of our check run.
const CHECK_NAME: &str = "Sluice";
/// How many items one round looks at.
const ROUND: u32 = 100;
/// After this many tries, about two days, an item is given up.
const MOST_ATTEMPTS: u32 = 60;
/// The longest wait between two tries.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

impl<L, G, E, C> Teller<'_, L, G, E, C>
where
    L: SettingsLedger
        + PlanLedger
        + IssueLedger
        + TargetLedger
        + TextLedger
        + PullRequestLedger
        + RehearsalLedger
        + WriteBackLedger
        + OutboxLedger
        + AuditLedger
        + EventLedger
        + ClickLedger
        + Commit,
    G: Repositories + CheckRuns + Annotations + Comments + Commits + Proposals + Paced,
    E: Events,
    C: Clock + Ids,
{
    /// Delivers whatever is due, each errand once however many items ask for it.
    pub async fn tell(&self) -> Result<Told, Fault> {
        let mut told = Told::default();
        let now = self.clock.now();
        let mut due: Vec<OutboxItem> = self.ledger.outbox(now, ROUND).await?;
        // People are told first; each in the order of writing.
        due.sort_by_key(|item| rank(&item.errand));
        while let Some(first) = due.first() {
            if self.clock.now() >= self.until {
                // What is left is due at once; the put wakes the next invocation.
                self.ledger
                    .postpone_outbox(&OutboxItem {
                        due_at: self.clock.now(),
                        ..first.clone()
                    })
                    .await?;
                break;
            }
            let errand = first.errand.clone();
            let write_backs = write_backs(&due);
            let (same, rest): (Vec<_>, Vec<_>) = due.into_iter().partition(|item| item.errand == errand);
            due = rest;
            let first_attempt = same.iter().map(|item| item.attempt).min().unwrap_or_default();
            match self.run(&errand, &write_backs).await {
                Ok(()) => {
                    for item in &same {
                        self.ledger.settle_outbox(&item.id).await?;
                        told.delivered += 1;
                    }
                }
                // Nothing failed: it was told of a moment ago, or GitHub was told enough for this minute.
                Err(fault) if is_too_fast(&fault) => {
                    for item in same {
                        let due_at = self.clock.now() + asked_wait(&fault);
                        let item = OutboxItem { due_at, ..item };
                        told.again_at = told
                            .again_at
                            .map_or(Some(item.due_at), |at| Some(at.min(item.due_at)));
                        self.ledger.postpone_outbox(&item).await?;
                        told.postponed += 1;
                    }
                }
                Err(fault) if hopeless(&errand, &fault, first_attempt) => {
                    tracing::error!(
                        event = "outbox_given_up",
                        error.class = fault.class(),
                        errand = ?errand,
                        "telling was given up: {}",
                        fault.chain()
                    );
                    if let Err(unparked) = self.give_up(&errand, &fault).await {
                        tracing::warn!(event = "write_back_not_parked", "{}", unparked.chain());
                    }
                    for item in &same {
                        self.ledger.settle_outbox(&item.id).await?;
                        told.given_up += 1;
                    }
                }
                Err(fault) => {
                    tracing::warn!(
                        event = "outbox_postponed",
                        error.class = fault.class(),
                        attempt = same.first().map(|item| item.attempt),
                        "telling failed: {}",
                        fault.chain()
                    );
                    for item in same {
                        self.ledger.postpone_outbox(&postponed(item, &fault, now)).await?;
                        told.postponed += 1;
                    }
                }
            }
        }
        Ok(told)
    }

    /// Runs one errand; `write_backs` are the versions whose write-back is due as well.
    async fn run(&self, errand: &Errand, write_backs: &[TaskKey]) -> Result<(), Fault> {
        let Some((_, settings)) = crate::settings_in_force(self.ledger).await? else {
            return Ok(());
        };
        if let Some(telling) = kind(errand) {
            let pace = self.github.pace();
            pace.room("what is due", telling, self.clock.now())?;
        }
        match errand {
            Errand::Events { issue } => self.events(&settings, *issue).await,
            Errand::CheckRun { project, commit } => self.check_run(&settings, project, commit).await,
            Errand::PullRequest { project, number } => self.pull_request(&settings, project, *number).await,
            Errand::WriteBack { task } => self.writing_back(&settings).write_back(task, write_backs).await,
        }
    }

    async fn check_run(
        &self,
        settings: &Settings,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> Result<(), Fault> {
        let Some(push) = self.ledger.push(project, commit).await? else {
            return Err(Fault::Bug(format!(
                "there is no push {commit} of project {project}"
            )));
        };
        let keys: Vec<TaskKey> = push
            .answers
            .iter()
            .flat_map(|file| file.answer.tasks())
            .cloned()
            .collect();
        let shower = Shower {
            ledger: self.ledger,
            settings,
            now: self.clock.now(),
        };
        let tasks = shower.task_views(&keys).await?;
        let offered = self.offered(settings, &push).await?;
        let clicks = report::Clicks {
            offer: offered.clone().map(|offered| (offered.offer, offered.changes)),
            refused: self.refused_click(&push).await?,
        };
        let text = report::check_run(&push, &tasks, &clicks);
        let check_run = CheckRun {
            external_id: crate::act::external_id(project, commit),
            name: CHECK_NAME.to_owned(),
            commit: commit.clone(),
            state: state(text.state),
            title: text.title,
            summary: text.summary,
            actions: offered.map_or_else(Vec::new, |offered| offered.actions),
        };
        let (pace, of) = (self.github.pace(), check_run.external_id.as_str());
        pace.room(of, telling(check_run.state), self.clock.now())?;
        let known = match self.ledger.check_run_id(project, commit).await? {
            Some(id) => Some(id),
            // It may have been made by somebody who died before noting it.
            None => {
                self.github
                    .find_check_run(&push.repository, commit, &check_run.external_id)
                    .await?
            }
        };
        if let Some(id) = known {
            self.github
                .update_check_run(&push.repository, id, &check_run)
                .await?;
            pace.told(of, self.clock.now());
            return self.ledger.keep_check_run_id(project, commit, id).await;
        }
        let id = self.github.create_check_run(&push.repository, &check_run).await?;
        pace.told(of, self.clock.now());
        self.ledger.keep_check_run_id(project, commit, id).await
    }

    fn writing_back<'s>(&'s self, settings: &'s Settings) -> WritingBack<'s, L, G, C> {
        WritingBack {
            ledger: self.ledger,
            github: self.github,
            clock: self.clock,
            settings,
            until: self.until,
        }
    }

    /// What an errand leaves behind that was given up.
    async fn give_up(&self, errand: &Errand, fault: &Fault) -> Result<(), Fault> {
        match errand {
            Errand::CheckRun { .. } | Errand::PullRequest { .. } | Errand::Events { .. } => Ok(()),
            Errand::WriteBack { task } => {
                let Some((_, settings)) = crate::settings_in_force(self.ledger).await? else {
                    return Ok(());
                };
                let reason = format!("{}; the next change tries again", fault.chain());
                self.writing_back(&settings).park(task, reason).await
            }
        }
    }
}

/// What GitHub is told by an errand at most; nothing where it is not GitHub that is told.
fn kind(errand: &Errand) -> Option<Telling> {
    match errand {
        Errand::CheckRun { .. } | Errand::PullRequest { .. } => Some(Telling::Conclusion),
        Errand::WriteBack { .. } => Some(Telling::Schema),
        Errand::Events { .. } => None,
    }
}

/// Whose turn it is: people, then programs, then repositories.
fn rank(errand: &Errand) -> u8 {
    match errand {
        Errand::CheckRun { .. } | Errand::PullRequest { .. } => 0,
        Errand::Events { .. } => 1,
        Errand::WriteBack { .. } => 2,
    }
}

/// The versions whose write-back is due.
fn write_backs(due: &[OutboxItem]) -> Vec<TaskKey> {
    due.iter()
        .filter_map(|item| match &item.errand {
            Errand::WriteBack { task } => Some(task.clone()),
            Errand::CheckRun { .. } | Errand::PullRequest { .. } | Errand::Events { .. } => None,
        })
        .collect()
}

/// Whether nothing is gained by trying again. The next change brings the same errand again; but an event that is missing is
/// never made up for by what comes later, so that is tried until it works.
fn hopeless(errand: &Errand, fault: &Fault, attempts: u32) -> bool {
    match (fault, errand) {
        (Fault::Bug(_), _) => true,
        (Fault::Retry { .. } | Fault::Operator { .. }, Errand::Events { .. }) => false,
        (
            Fault::Retry { .. } | Fault::Operator { .. },
            Errand::CheckRun { .. } | Errand::PullRequest { .. } | Errand::WriteBack { .. },
        ) => attempts >= MOST_ATTEMPTS,
    }
}

/// The item for its next try: twice the wait of the last, an hour at most, and what GitHub asks for at least.
fn postponed(item: OutboxItem, fault: &Fault, now: Timestamp) -> OutboxItem {
    let backoff = SignedDuration::from_secs(2_i64.saturating_pow(item.attempt.min(12) + 1)).min(LONGEST_WAIT);
    OutboxItem {
        attempt: item.attempt + 1,
        due_at: now + backoff.max(asked_wait(fault)),
        ..item
    }
}

/// How long a fault asks to wait.
fn asked_wait(fault: &Fault) -> SignedDuration {
    let asked = match fault {
        Fault::Retry { after, .. } => *after,
        Fault::Operator { .. } | Fault::Bug(_) => Duration::ZERO,
    };
    SignedDuration::try_from(asked).unwrap_or(LONGEST_WAIT)
}

/// What goes on will be told again; how it ended, or what a person has to do, must be told.
fn telling(state: CheckState) -> Telling {
    match state {
        CheckState::Queued | CheckState::InProgress => Telling::Progress,
        CheckState::ActionRequired | CheckState::Success | CheckState::Failure | CheckState::Neutral => {
            Telling::Conclusion
        }
    }
}

fn state(word: CheckWord) -> CheckState {
    match word {
        CheckWord::Queued => CheckState::Queued,
        CheckWord::InProgress => CheckState::InProgress,
        CheckWord::ActionRequired => CheckState::ActionRequired,
        CheckWord::Success => CheckState::Success,
        CheckWord::Failure => CheckState::Failure,
        CheckWord::Neutral => CheckState::Neutral,
    }
}
