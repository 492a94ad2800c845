//! Sending the statements, one by one.

use super::reach::finds_rows;
use super::scope::Sight;
use super::{Applier, Progress, Told, passing, position};
use crate::ports::clock::Clock;
use crate::ports::database::{
    AppliedChange, Before, ExecuteError, Executed, Execution, Foretold, Intent, Locked, Passing,
};
use model::{Checksum, Failure, Fault};
use sql::{Signal, Statement};
use std::time::Duration;

/// How often a statement that the server refuses for now only is sent, and how long the first pause between two times is; each further
/// one is twice as long.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_secs(1);

impl<L: Locked, C: Clock> Applier<'_, L, C> {
    /// Applies the statements from this one on. What was foretold of each is kept with its intent; `completes` is
    /// remembered with the last one's outcome.
    pub async fn run(
        &mut self,
        next: u32,
        base: Option<&Checksum>,
        foretold: &[Option<Foretold>],
        completes: Option<&AppliedChange>,
        mut tell: impl FnMut(Told<'_>) + Send,
    ) -> Result<Progress, Fault> {
        if let Some(failure) = self.restore_session(next).await? {
            return Ok(Progress::Broke(failure));
        }
        let count = self.change.statements.len();
        for at in position(next)..count {
            let Some(statement) = self.change.statements.get(at) else {
                break;
            };
            if self.clock.now() >= self.until {
                return Ok(Progress::TimeUp {
                    next: statement.index,
                });
            }
            let foretold = foretold.get(at).and_then(Option::as_ref);
            let completes = completes.filter(|_| at + 1 == count);
            tell(Told::Sent(statement));
            match self.one(at, base, foretold, completes, &mut tell).await? {
                Ok(executed) => tell(Told::Applied(statement, executed)),
                Err(failure) => return Ok(Progress::Broke(failure)),
            }
        }
        Ok(Progress::All)
    }

    /// Sends one statement, again where the server refuses it for now only.
    async fn one(
        &mut self,
        at: usize,
        base: Option<&Checksum>,
        foretold: Option<&Foretold>,
        completes: Option<&AppliedChange>,
        tell: &mut (impl FnMut(Told<'_>) + Send),
    ) -> Result<Result<Executed, Failure>, Fault> {
        let (Some(statement), Some(digest), Some(sight)) = (
            self.change.statements.get(at),
            self.change.digests.get(at),
            self.change.sights.get(at),
        ) else {
            return Err(Fault::Bug(format!("a change has no statement {}", at + 1)));
        };
        if let Some(failure) = self.too_large(statement, sight).await? {
            return Ok(Err(failure));
        }
        let before = match &sight.scope {
            None => None,
            Some(scope) => {
                let seen = self.locked.look(scope, sight.storage).await?;
                Some(Before {
                    definitions: seen.definitions.text,
                    storage: seen.storage,
                    foretold: foretold.map(|foretold| Checksum::of(foretold.after.as_bytes())),
                })
            }
        };
        let intent = Intent {
            index: statement.index,
            digest: digest.clone(),
            before,
            base: base.cloned(),
            completes: completes.cloned(),
        };
        let mut pause = PAUSE;
        let mut tries = 1;
        loop {
            let sent = self
                .locked
                .execute(&self.change.key, &intent, &statement.text, sight.execution)
                .await;
            let error = match sent {
                Ok(executed) => return Ok(Ok(executed)),
                Err(ExecuteError::Stale(fault) | ExecuteError::Lost(fault)) => return Err(fault),
                Err(error @ ExecuteError::Refused { .. }) => error,
            };
            let blockers = match passing(&error) {
                None => return Ok(Err(self.refused(statement, &error, &[]))),
                Some(Passing::Held) => self.locked.blockers(&self.change.tables(at)).await?,
                Some(Passing::Short) => Vec::new(),
            };
            if !leaves_nothing(statement) || tries == TRIES || self.clock.now() >= self.until {
                return Ok(Err(self.refused(statement, &error, &blockers)));
            }
            tell(Told::LockedOut(statement, &blockers));
            self.locked.pause(pause).await?;
            pause *= 2;
            tries += 1;
        }
    }

    /// Refuses a statement that changes more rows than may be: its transaction would hold locks, and undo, for long.
    async fn too_large(&mut self, statement: &Statement, sight: &Sight) -> Result<Option<Failure>, Fault> {
        let changes = finds_rows(statement) && sight.execution == Execution::WithOutcome;
        let Some(most) = self.max_rows.filter(|_| changes) else {
            return Ok(None);
        };
        let rows = self.locked.estimate(&statement.text).await?.map(|told| told.rows);
        let Some(rows) = rows.filter(|rows| *rows > most) else {
            return Ok(None);
        };
        let message = format!(
            "the server estimates that it looks at {rows} rows, and one statement may change {most}: it would be one \
             transaction, with all its locks, and as long to undo. Write it as several statements over ranges of the key \
             (WHERE id >= 1 AND id < 500001; …), or have the limit raised (`max_rows` of the environment in settings, \
             `--max-rows` of sluice apply)"
        );
        Ok(Some(self.failure(
            Some(statement.index),
            "too-many-rows",
            message,
        )))
    }
}

/// Whether nothing is left of the statement where the server refuses it. A procedure may have committed something before
/// it was refused something else: only a person sends it again.
fn leaves_nothing(statement: &Statement) -> bool {
    statement.facts.signal != Signal::None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_procedure_is_not_sent_again_for_it_may_have_done_half() {
        for (text, expected) in [
            ("CALL p()", false),
            ("UPDATE t SET a = 1", true),
            ("ALTER TABLE t ADD a INT", true),
            ("TRUNCATE t", true),
        ] {
            let statements = sql::split(text, sql::SqlMode::default()).unwrap();
            assert_eq!(leaves_nothing(&statements[0]), expected, "{text}");
        }
    }
}
