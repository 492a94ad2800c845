//! What went with a session that is gone: set again, or the end of the run.

use super::{Applier, position, resume};
use crate::ports::clock::Clock;
use crate::ports::database::{ExecuteError, Locked};
use model::{Failure, Fault};
use sql::Statement;

impl<L: Locked, C: Clock> Applier<'_, L, C> {
    /// What earlier statements left in their session alone is gone with it. A variable that was set to a literal is set
    /// again; anything else (a temporary table, a value that was read) would not be what it was, so nothing goes on.
    pub(super) async fn restore_session(&mut self, next: u32) -> Result<Option<Failure>, Fault> {
        if next > self.change.count() {
            return Ok(None);
        }
        if let Some(failure) = self.insert_id_lost(next) {
            return Ok(Some(failure));
        }
        let earlier = self.change.statements.iter();
        for statement in earlier.filter(|s| s.index < next && s.facts.session_state) {
            if !resume::sets_a_literal(&statement.text) {
                let message = format!(
                    "statements 1 to {} are applied, but what statement {} left in its session (a temporary table, a \
                     variable) went with its connection. Take this change out of the way (cancel its task, or remove its \
                     file), and write a new version with what is left",
                    next - 1,
                    statement.index
                );
                return Ok(Some(self.failure(Some(next), "session-lost", message)));
            }
            match self.locked.restore(&statement.text).await {
                Ok(()) => {}
                Err(ExecuteError::Lost(fault) | ExecuteError::Stale(fault)) => return Err(fault),
                Err(error @ ExecuteError::Refused { .. }) => {
                    return Ok(Some(self.refused(statement, &error, &[])));
                }
            }
        }
        Ok(None)
    }

    /// A statement that reads the last id given to an INSERT of a session that is gone would read another.
    fn insert_id_lost(&self, next: u32) -> Option<Failure> {
        let (applied, left) = self.change.statements.split_at_checked(position(next))?;
        let inserts = |statement: &Statement| {
            ["INSERT", "REPLACE"]
                .iter()
                .any(|verb| statement.facts.verb.starts_with(verb))
        };
        let given = applied.iter().any(inserts);
        // One that follows an INSERT of this session reads that one's.
        let reader = left
            .iter()
            .take_while(|statement| !inserts(statement) || resume::reads_insert_id(&statement.text))
            .find(|statement| resume::reads_insert_id(&statement.text))?;
        given.then(|| {
            let message = format!(
                "statements 1 to {} are applied, but the id that statement {} reads (LAST_INSERT_ID()) went with their \
                 connection. Take this change out of the way (cancel its task, or remove its file), and write a new version \
                 with what is left, naming the id",
                next - 1,
                reader.index
            );
            self.failure(Some(next), "session-lost", message)
        })
    }
}
