//! Where to go on: what the journal says, and what is decided where it does not.

use super::resume::{self, Resume};
use super::verdict::{self, Rehearsed, Verdict};
use super::{Applier, Start, evidence, position};
use crate::ports::clock::Clock;
use crate::ports::database::{Before, Foretold, JournalEntry, Locked, Outcome, RehearsalError};
use model::{Checksum, Fault};

impl<L: Locked, C: Clock> Applier<'_, L, C> {
    /// Reads the journal, and decides about a statement whose outcome nobody wrote down. `begun` says that this run
    /// began before, so that a failure in the journal is its own.
    pub async fn start(&mut self, begun: bool) -> Result<Start, Fault> {
        let journal = self.locked.journal(&self.change.key).await?;
        Ok(match resume::resume(&self.change.digests, &journal, begun) {
            Resume::At { next, base } => Start::At {
                next,
                base,
                adopted: false,
            },
            Resume::Changed { index } => {
                let message = format!(
                    "statement {index} was applied with another text; put back the statements that were applied as they \
                     were, and change only what follows"
                );
                Start::Broken(self.failure(None, "applied-part-changed", message))
            }
            Resume::Failed { index } => {
                let message =
                    format!("statement {index} failed, and its worker died before it could say why");
                Start::Broken(self.failure(Some(index), "statement-failed", message))
            }
            Resume::Unsettled(entry) => self.settle(&entry).await?,
        })
    }

    /// Writes the outcome of a statement, where it is not known, with the reason to believe it.
    pub async fn settle_open(&mut self, index: u32, outcome: Outcome, because: &str) -> Result<(), Fault> {
        let journal = self.locked.journal(&self.change.key).await?;
        let open = |entry: &JournalEntry| entry.intent.index == index && entry.outcome == Outcome::Unknown;
        if !journal.iter().any(open) {
            return Ok(());
        }
        self.locked
            .settle(&self.change.key, index, outcome, because)
            .await
    }

    /// Writes to a failed statement that another run was asked for: its failure is not that run's.
    pub async fn ask_again(&mut self, next: u32) -> Result<(), Fault> {
        let journal = self.locked.journal(&self.change.key).await?;
        let failed = |entry: &JournalEntry| entry.intent.index == next && entry.outcome == Outcome::Failed;
        if !journal.iter().any(failed) {
            return Ok(());
        }
        self.locked
            .settle(&self.change.key, next, Outcome::Failed, resume::ASKED_AGAIN)
            .await
    }

    /// Decides about a statement whose outcome nobody wrote down.
    async fn settle(&mut self, entry: &JournalEntry) -> Result<Start, Fault> {
        let intent = &entry.intent;
        let index = intent.index;
        let at = position(index);
        let found = self.change.statements.get(at).zip(self.change.sights.get(at));
        let same = self.change.digests.get(at) == Some(&intent.digest);
        let Some((statement, sight)) = found.filter(|_| same) else {
            return Ok(Start::Ambiguous {
                at: index,
                evidence: evidence::of_another_text(index),
            });
        };
        let now = match &sight.scope {
            None => None,
            Some(scope) => Some(self.locked.look(scope, sight.storage).await?),
        };
        let before = intent.before.as_ref();
        let mut verdict = verdict::verdict(statement, before, now.as_ref(), &Rehearsed::NotYet);
        let mut led = None;
        if verdict == Verdict::Rehearse {
            led = self.led(at, before).await?;
            let rehearsed = led.as_ref().map_or(Rehearsed::InVain, |foretold| {
                Rehearsed::Told(
                    Checksum::of(foretold.before.as_bytes()),
                    Checksum::of(foretold.after.as_bytes()),
                )
            });
            verdict = verdict::verdict(statement, before, now.as_ref(), &rehearsed);
        }
        let (next, adopted) = match verdict {
            Verdict::Run => (index, false),
            Verdict::Adopt => {
                let because = "the schema is as it is after the statement";
                self.locked
                    .settle(&self.change.key, index, Outcome::Done, because)
                    .await?;
                (index + 1, true)
            }
            Verdict::Ambiguous | Verdict::Rehearse => {
                return Ok(Start::Ambiguous {
                    at: index,
                    evidence: evidence::of(statement, entry, now.as_ref(), led.as_ref()),
                });
            }
        };
        Ok(Start::At {
            next,
            base: intent.base.clone(),
            adopted,
        })
    }

    /// What a statement leads to from what was there before it, on a copy; nothing where that can't be told.
    async fn led(&mut self, at: usize, before: Option<&Before>) -> Result<Option<Foretold>, Fault> {
        let (Some(step), Some(before)) = (self.change.steps.get(at), before) else {
            return Ok(None);
        };
        let told = self
            .locked
            .rehearse(Some(&before.definitions), std::slice::from_ref(step))
            .await;
        match told {
            Ok(told) => Ok(told.into_iter().next().flatten()),
            Err(RehearsalError::Refused { .. } | RehearsalError::Impossible(_)) => Ok(None),
            Err(RehearsalError::Fault(fault)) => Err(fault),
        }
    }
}
