//! What people say instead of running something: a baseline, and what became of a statement of which nothing tells.

use super::Candidate;
use super::report::{FileReport, Outcome, Report};
use super::session::{Broken, Done, Place, applier};
use crate::args::apply::Resolution;
use crate::exit::Stop;
use crate::folder::FileChange;
use mysql::Session;
use workflow::apply::Start;
use workflow::ports::database::{Locked as _, Outcome as Settled};

impl Place<'_> {
    /// Remembers the files up to a version as applied, without running them.
    pub(super) async fn take_for_applied(
        &self,
        files: &[FileChange],
        baseline: &model::Version,
        report: &mut Report,
        session: &mut Session,
    ) -> Result<(), Broken> {
        let done = Done::default();
        for file in self.pending(files, &done, report, session).await? {
            if file.version.key() > baseline.key() {
                report.pending += 1;
                report.files.push(FileReport::of(&file, Outcome::Pending));
                continue;
            }
            // It ran long ago, by other means: what we can't read is remembered all the same, as no statement of ours.
            let statements = sql::split(&file.text, session.mode()).unwrap_or_default();
            let change = workflow::apply::Change::new(&file.version, statements, "");
            let begun = session.journal(change.key()).await?;
            if !begun.is_empty() {
                return Err(Broken::Stop(Stop::refused(
                    "change-begun",
                    format!(
                        "{}: statements of version {} were sent to {} by Sluice: it is not older than its files. Run the \
                         command without --baseline, and it goes on where it was.",
                        file.path, file.version, self.url
                    ),
                )));
            }
            session.remember(&self.applied_change(&file, &change)).await?;
            report.files.push(FileReport::of(&file, Outcome::Baseline));
        }
        Ok(())
    }

    /// Writes a person's word on a statement down.
    pub(super) async fn resolve(
        &self,
        candidates: &[Candidate],
        resolution: &Resolution,
        session: &mut Session,
    ) -> Result<(), Broken> {
        let refused = |why: String| {
            Broken::Stop(Stop::refused(
                "nothing-to-resolve",
                format!("{why}. Run the command without --resolve."),
            ))
        };
        let Some(candidate) = candidates
            .iter()
            .find(|candidate| candidate.file.version.key() == resolution.version.key())
        else {
            return Err(refused(format!(
                "version {} is applied, or not in the folder",
                resolution.version
            )));
        };
        let at = match applier(session, candidate, self.arguments).start(false).await? {
            Start::Ambiguous { at, .. } if at == resolution.statement => at,
            Start::Ambiguous { at, .. } => {
                return Err(refused(format!(
                    "of version {} it is statement {at} of which nothing tells",
                    resolution.version
                )));
            }
            Start::At { .. } | Start::Broken(_) => {
                return Err(refused(format!(
                    "what became of version {} is known",
                    resolution.version
                )));
            }
        };
        let outcome = if resolution.applied {
            Settled::Done
        } else {
            Settled::Failed
        };
        let because = self.arguments.because.as_deref().unwrap_or_default();
        let word = format!("the word of {}: {because}", self.by());
        session.settle(candidate.change.key(), at, outcome, &word).await?;
        Ok(())
    }
}
