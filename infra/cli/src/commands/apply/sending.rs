//! Applying one change, and hearing of it while its statements run.

use super::Candidate;
use super::report::{self, FileReport, Outcome, StatementReport, counted};
use super::session::{Broken, Done, Place, applier, servers};
use crate::exit::Stop;
use crate::folder::FileChange;
use crate::render::plain;
use model::{Failure, Fault};
use mysql::Session;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::unbounded_channel;
use workflow::apply::{Progress, Told};
use workflow::ports::database::{Databases as _, Foretold, Locked as _};

/// How often a statement that takes long is looked at over another connection.
const WATCHED: Duration = Duration::from_secs(30);

/// What is heard of a statement.
enum Remark {
    Nothing,
    Applied(StatementReport),
    LockedOut(String),
}

impl Remark {
    fn of(told: &Told<'_>) -> Self {
        match told {
            Told::Sent(_) => Self::Nothing,
            Told::Applied(statement, executed) => Self::Applied(StatementReport {
                milliseconds: u64::try_from(executed.duration.as_millis()).ok(),
                rows: Some(executed.rows),
                ..StatementReport::of(statement)
            }),
            Told::LockedOut(statement, blockers) => {
                let who: Vec<String> = blockers
                    .iter()
                    .map(|blocker| format!("connection {} of {}", blocker.connection, blocker.user))
                    .collect();
                let who = if who.is_empty() {
                    "a lock".to_owned()
                } else {
                    who.join(", ")
                };
                Self::LockedOut(format!(
                    "statement {} waits for {who}; it is sent again",
                    statement.index
                ))
            }
        }
    }
}

impl Place<'_> {
    /// Applies one change, from this statement on.
    pub(super) async fn one(
        &self,
        candidate: &Candidate,
        next: u32,
        foretold: &[Option<Foretold>],
        done: &mut Done,
        session: &mut Session,
    ) -> Result<(), Broken> {
        let began = Instant::now();
        let mut statements = Vec::new();
        let completes = self.applied_change(&candidate.file, &candidate.change);
        let count = candidate.change.count();
        if next > count {
            session.remember(&completes).await?;
        } else {
            let mut applier = applier(session, candidate, self.arguments);
            let (tell, mut told) = unbounded_channel();
            // Who is told hears it while statements run; a remark that nobody reads stops nothing.
            let tell = move |what: Told<'_>| drop(tell.send(Remark::of(&what)));
            let mut run = Box::pin(applier.run(next, None, foretold, Some(&completes), tell));
            let mut alone = 0;
            let progress = loop {
                tokio::select! {
                    biased;
                    Some(remark) = told.recv() => self.hear(candidate, remark, done, &mut statements)?,
                    progress = &mut run => break progress,
                    () = tokio::time::sleep(WATCHED) => {
                        // Networks forget connections that are silent for long, and tell nobody.
                        let holder = servers().watch(&self.login, &self.target).await;
                        alone = if matches!(holder, Ok(None)) { alone + 1 } else { 0 };
                        if alone > 1 {
                            return Err(Broken::Lost(Fault::retry(
                                "wait for the server's answer",
                                "the server has no session of ours any more",
                            )));
                        }
                    }
                }
            };
            drop(run);
            while let Some(remark) = told.recv().await {
                self.hear(candidate, remark, done, &mut statements)?;
            }
            match progress? {
                Progress::All => {}
                Progress::Broke(failure) => {
                    let stands = failure
                        .statement
                        .map_or(0, |statement| statement.saturating_sub(1));
                    return Err(Broken::Stop(failed(&candidate.file, &failure, stands)));
                }
                Progress::TimeUp { .. } => {
                    return Err(Broken::Stop(Stop::Fault(
                        "The time is up, though none was set. Please report this.".to_owned(),
                    )));
                }
            }
        }
        if !self.output.is_json() {
            self.output.show(&report::applied(
                &candidate.file,
                candidate.change.statements().len(),
                began.elapsed(),
                self.output.style(),
            ))?;
        }
        done.files.push(FileReport {
            statements,
            ..FileReport::of(&candidate.file, Outcome::Applied)
        });
        Ok(())
    }

    fn hear(
        &self,
        candidate: &Candidate,
        remark: Remark,
        done: &mut Done,
        statements: &mut Vec<StatementReport>,
    ) -> Result<(), Stop> {
        match remark {
            Remark::Nothing => Ok(()),
            Remark::Applied(statement) => {
                done.statements += 1;
                statements.push(statement);
                Ok(())
            }
            Remark::LockedOut(words) => self
                .output
                .note(&plain::line(&format!("{}: {words}", candidate.file.path))),
        }
    }
}

/// A failure of a file, in words. So many of its statements are applied.
pub(super) fn failed(file: &FileChange, failure: &Failure, stands: u32) -> Stop {
    let line = failure.line.map_or_else(String::new, |line| format!(":{line}"));
    let statement = failure
        .statement
        .map_or_else(String::new, |statement| format!(" statement {statement}:"));
    let then = match (failure.code.as_str(), stands) {
        // Running again can't bring back what went with a session.
        ("session-lost", _) => String::new(),
        (_, 0) => " Mend the file, and run the same command again.".to_owned(),
        (_, stands) => format!(
            " {} before it: mend the file from there on, and run the same command again.",
            counted(usize::try_from(stands).unwrap_or_default(), "statement") + " stand"
        ),
    };
    Stop::refused(
        &failure.code,
        format!("{}{line}:{statement} {}.{then}", file.path, failure.message),
    )
}
