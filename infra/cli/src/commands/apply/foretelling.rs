//! What will be: the rehearsal, what it tells of large tables, and the plan that is shown.

use super::Candidate;
use super::report::{self, FileReport, Outcome, Report, StatementReport};
use super::sending::failed;
use super::session::{Broken, Now, Place};
use crate::exit::Stop;
use crate::render::plain;
use mysql::Session;
use workflow::apply::{self, Rehearsal};
use workflow::ports::database::Foretold;

/// From what size on blocking a table is asked about.
const BLOCKING_OVER: u64 = 1 << 30;

impl Place<'_> {
    /// What each statement leads to, where it was rehearsed.
    pub(super) async fn rehearsed(
        &self,
        candidates: &[Candidate],
        starts: &[u32],
        session: &mut Session,
    ) -> Result<Vec<Vec<Option<Foretold>>>, Broken> {
        let nothing = || candidates.iter().map(|_| Vec::new()).collect();
        let left: Vec<_> = candidates
            .iter()
            .zip(starts)
            .map(|(candidate, next)| (&candidate.change, *next))
            .collect();
        if self.arguments.no_rehearsal || left.iter().all(|(change, next)| *next > change.count()) {
            return Ok(nothing());
        }
        match apply::rehearse(session, &left, &Now).await? {
            Rehearsal::Runs(foretold) => Ok(foretold),
            Rehearsal::Fails { change, failure } => {
                let file = candidates.get(change).map(|candidate| &candidate.file);
                let stands = starts.get(change).map_or(0, |next| next - 1);
                Err(Broken::Stop(file.map_or_else(
                    || Stop::Fault(failure.message.clone()),
                    |file| failed(file, &failure, stands),
                )))
            }
            Rehearsal::Impossible(why) => {
                self.output.note(&plain::line(&format!(
                    "not rehearsed, so that an error may be found half way: {why}"
                )))?;
                Ok(nothing())
            }
        }
    }

    /// What keeps others from writing to a large table is applied only where that is meant.
    pub(super) async fn blocking(
        &self,
        candidates: &[Candidate],
        foretold: &[Vec<Option<Foretold>>],
        session: &mut Session,
    ) -> Result<(), Broken> {
        let mut found = 0;
        if self.arguments.no_rehearsal {
            return Ok(());
        }
        for (candidate, foretold) in candidates.iter().zip(foretold) {
            for blocking in apply::blocking(session, &candidate.change, foretold, BLOCKING_OVER).await? {
                found += 1;
                self.output.note(&plain::line(&format!(
                    "blocks: {}: {blocking}",
                    candidate.file.path
                )))?;
            }
        }
        if found == 0 || self.arguments.allow_blocking || self.arguments.dry_run {
            return Ok(());
        }
        Err(Broken::Stop(Stop::refused(
            "blocks-writes",
            format!(
                "{} writes to a large table for long: nothing was applied. Do it at a quiet time with --allow-blocking, or \
                 write it so that the server need not copy the table.",
                if found == 1 {
                    "A statement blocks".to_owned()
                } else {
                    format!("{found} statements block")
                }
            ),
        )))
    }

    /// Shows what would be applied.
    pub(super) fn show(
        &self,
        candidates: &[Candidate],
        starts: &[u32],
        foretold: &[Vec<Option<Foretold>>],
        report: &mut Report,
    ) -> Result<(), Stop> {
        for ((candidate, next), foretold) in candidates.iter().zip(starts).zip(foretold) {
            let statements = candidate.change.statements().iter().enumerate();
            let file = FileReport {
                statements: statements
                    .filter(|(_, statement)| statement.index >= *next)
                    .map(|(at, statement)| {
                        let report = StatementReport::of(statement);
                        match foretold.get(at) {
                            Some(foretold) => report.rehearsed(foretold.as_ref()),
                            None => report,
                        }
                    })
                    .collect(),
                ..FileReport::of(&candidate.file, Outcome::Pending)
            };
            if !self.output.is_json() {
                self.output.show(&report::planned(&file, self.output.style()))?;
            }
            report.files.push(file);
        }
        report.pending = candidates.len();
        Ok(())
    }
}
