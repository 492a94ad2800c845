//! Applying over one session, and over the next where it is lost.

use super::report::{FileReport, Outcome, Report};
use super::sending::failed;
use super::standing::{Standing, standings};
use super::{Candidate, reviewed};
use crate::args::apply::ApplyArguments;
use crate::database;
use crate::exit::Stop;
use crate::folder::FileChange;
use crate::output::Output;
use crate::render::plain;
use crate::server::ServerUrl;
use jiff::Timestamp;
use model::Fault;
use mysql::{Limits, MySql, Session};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use workflow::apply::{Applier, Start};
use workflow::ports::clock::Clock;
use workflow::ports::database::{AppliedChange, Databases as _, Lock, Locked as _, Login, OpenError, Owner};

/// How long the lock is waited for before it is told who has it.
const QUIET: Duration = Duration::from_secs(1);
/// How long the lock is waited for at a time: no connection is silent for longer.
const ONCE: Duration = Duration::from_secs(30);
/// How long a server that is gone is left alone before it is asked again.
const AGAIN: Duration = Duration::from_millis(500);

/// The machine's clock.
pub(super) struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Where changes are applied, and how.
pub(super) struct Place<'a> {
    pub(super) url: &'a ServerUrl,
    pub(super) login: Login,
    pub(super) target: model::Target,
    pub(super) arguments: &'a ApplyArguments,
    pub(super) output: &'a Output,
}

/// Why a round over one session ended before its end.
pub(super) enum Broken {
    /// The connection, or the server, is gone for now.
    Lost(Fault),
    /// The session holds what a change set in it; the next change begins with another.
    Worn,
    /// Anything else.
    Stop(Stop),
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self::Lost(fault)
    }
}

impl From<Stop> for Broken {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// How far the rounds have come.
#[derive(Default)]
pub(super) struct Done {
    /// The versions that were applied now, with what became of their statements.
    pub(super) files: Vec<FileReport>,
    /// Whether a person's word was written down.
    pub(super) resolved: bool,
    /// Whether the findings of the review were told.
    pub(super) reviewed: bool,
    /// Statements that were applied, to see whether a round came further than the one before.
    pub(super) statements: usize,
}

impl<'a> Place<'a> {
    pub(super) fn new(
        url: &'a ServerUrl,
        schema: &str,
        arguments: &'a ApplyArguments,
        output: &'a Output,
    ) -> Result<Self, Stop> {
        Ok(Self {
            url,
            login: url.login()?,
            target: model::Target::new("target", schema),
            arguments,
            output,
        })
    }

    /// Applies the files, in rounds: a session that is lost is followed by another, which looks before it acts.
    pub(super) async fn apply(&self, files: Vec<FileChange>, report: &mut Report) -> Result<(), Stop> {
        let mut done = Done::default();
        let mut lost_since: Option<(Instant, usize)> = None;
        let mut told = String::new();
        loop {
            let fault = match self.round(&files, &mut done, report).await {
                Ok(()) => return Ok(()),
                Err(Broken::Worn) => continue,
                Err(Broken::Stop(stop)) => return Err(stop),
                Err(Broken::Lost(fault @ Fault::Retry { .. })) => fault,
                Err(Broken::Lost(fault @ (Fault::Operator { .. } | Fault::Bug(_)))) => {
                    return Err(database::broken(self.url, &fault));
                }
            };
            let (since, then) = *lost_since.get_or_insert((Instant::now(), done.statements));
            if then != done.statements {
                lost_since = Some((Instant::now(), done.statements));
            } else if since.elapsed() >= Duration::from_secs(self.arguments.wait) {
                return Err(database::broken(self.url, &fault));
            }
            let words = plain::line(&format!("{}. Looking again at what happened.", fault.chain()));
            if words != told {
                self.output.note(&words)?;
                told = words;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn round(&self, files: &[FileChange], done: &mut Done, report: &mut Report) -> Result<(), Broken> {
        let mut session = self.locked().await?;
        let applied = self.under_lock(files, done, report, &mut session).await;
        session.close().await;
        applied
    }

    /// A session that holds the target's lock.
    async fn locked(&self) -> Result<Session, Broken> {
        let databases = servers();
        let wait = Duration::from_secs(self.arguments.wait);
        let began = Instant::now();
        let mut told = false;
        loop {
            let left = wait.saturating_sub(began.elapsed());
            let patience = if told { ONCE.min(left) } else { QUIET.min(left) };
            let lock = databases
                .lock(&self.login, &self.target, Owner::Alone, patience)
                .await;
            let connection = match lock {
                Ok(Lock::Held(session)) => return Ok(session),
                Ok(Lock::Busy { connection }) => connection,
                Err(OpenError::Fault(fault @ Fault::Retry { .. })) => return Err(Broken::Lost(fault)),
                Err(error) => return Err(Broken::Stop(database::unopened(self.url, error))),
            };
            let holder = connection.map_or_else(
                || "somebody".to_owned(),
                |connection| format!("connection {connection}"),
            );
            if began.elapsed() >= wait {
                return Err(Broken::Stop(Stop::refused(
                    "target-busy",
                    format!(
                        "{}: {holder} has had the lock of this database for {} s: another run of Sluice, or a statement of \
                         one that was ended, which goes on. Nothing was done. Try again later, or wait longer with --wait.",
                        self.url,
                        wait.as_secs()
                    ),
                )));
            }
            if !told {
                self.output.note(&plain::line(&format!(
                    "{holder} has the lock of this database (another run, or a statement that goes on); waiting for up to {} s",
                    wait.as_secs()
                )))?;
                told = true;
            }
        }
    }

    async fn under_lock(
        &self,
        files: &[FileChange],
        done: &mut Done,
        report: &mut Report,
        session: &mut Session,
    ) -> Result<(), Broken> {
        let anew = session.is_made_anew().await?;
        if anew {
            self.output.note(&plain::line(&format!(
                "{} holds nothing, and did when its newest change was applied: it was dropped and made anew, so what was \
                 remembered of it is set aside",
                self.url
            )))?;
            if !self.arguments.dry_run {
                session.set_aside().await?;
            }
        }
        if let Some(baseline) = &self.arguments.baseline {
            return self.take_for_applied(files, baseline, report, session).await;
        }
        let pending = if anew {
            files.to_vec()
        } else {
            self.pending(files, done, report, session).await?
        };
        let schema = self.target.database.as_str();
        let told = std::mem::replace(&mut done.reviewed, true);
        let candidates = reviewed(pending, schema, session.mode(), self.output, !told)?;
        if let Some(resolution) = &self.arguments.resolve
            && !done.resolved
        {
            self.resolve(&candidates, resolution, session).await?;
            done.resolved = true;
        }
        let mut starts = Vec::with_capacity(candidates.len());
        let versions: Vec<_> = candidates
            .iter()
            .map(|candidate| candidate.file.version.key().clone())
            .collect();
        let begun = if anew {
            BTreeSet::new()
        } else {
            session.begun(&versions).await?
        };
        for (candidate, version) in candidates.iter().zip(&versions) {
            // Most were not: their journals need not be read one by one.
            starts.push(if begun.contains(version) {
                self.start(candidate, session).await?
            } else {
                1
            });
        }
        let foretold = self.rehearsed(&candidates, &starts, session).await?;
        self.blocking(&candidates, &foretold, session).await?;
        if self.arguments.dry_run {
            self.show(&candidates, &starts, &foretold, report)?;
            return Ok(());
        }
        for (at, (candidate, foretold)) in candidates.iter().zip(foretold).enumerate() {
            let next = starts.get(at).copied().unwrap_or(1);
            self.one(candidate, next, &foretold, done, session).await?;
            if candidate.change.leaves_its_session() && at + 1 < candidates.len() {
                return Err(Broken::Worn);
            }
        }
        if let Some(last) = candidates.last() {
            // What the schema holds in the end tells later whether it was made anew.
            let last = self.applied_change(&last.file, &last.change);
            session.remember(&last).await?;
        }
        report.applied = done.files.len();
        report.files.append(&mut done.files);
        Ok(())
    }

    /// What is still to be applied.
    pub(super) async fn pending(
        &self,
        files: &[FileChange],
        done: &Done,
        report: &mut Report,
        session: &mut Session,
    ) -> Result<Vec<FileChange>, Broken> {
        let versions: Vec<_> = files.iter().map(|file| file.version.key().clone()).collect();
        let applied = session.applied(&versions).await?;
        report
            .files
            .retain(|file| file.outcome != Outcome::AlreadyApplied);
        let mut pending = Vec::new();
        for (file, standing) in files.iter().zip(standings(files, &applied)) {
            let mine = done.files.iter().any(|done| done.path == file.path);
            match standing {
                Standing::Applied if mine => {}
                Standing::Applied => report.files.push(FileReport::of(file, Outcome::AlreadyApplied)),
                Standing::Changed => {
                    return Err(Broken::Stop(Stop::refused(
                        "applied-change-edited",
                        format!(
                            "{}: version {} is applied to {}, with another text: applied changes are history. Put its text \
                             back, and write a new version. Nothing was applied.",
                            file.path, file.version, self.url
                        ),
                    )));
                }
                Standing::Pending { late: Some(newest) } if self.arguments.strict => {
                    return Err(Broken::Stop(Stop::refused(
                        "version-late",
                        format!(
                            "{}: version {} is lower than {newest}, which is applied, and --strict takes versions in order \
                             only: give it a higher one. Nothing was applied.",
                            file.path, file.version
                        ),
                    )));
                }
                Standing::Pending { late } => {
                    if let Some(newest) = late.filter(|_| done.files.is_empty()) {
                        self.output.note(&plain::line(&format!(
                            "warning: {}: version {} comes late: {newest} is applied already",
                            file.path, file.version
                        )))?;
                    }
                    pending.push(file.clone());
                }
            }
        }
        report.already_applied = report
            .files
            .iter()
            .filter(|file| file.outcome == Outcome::AlreadyApplied)
            .count();
        Ok(pending)
    }

    /// Where a change goes on.
    async fn start(&self, candidate: &Candidate, session: &mut Session) -> Result<u32, Broken> {
        let mut applier = applier(session, candidate, self.arguments);
        match applier.start(false).await? {
            Start::At { next, adopted, .. } => {
                if adopted {
                    self.output.note(&plain::line(&format!(
                        "{}: statement {} had happened, although nobody came back to say so",
                        candidate.file.path,
                        next - 1
                    )))?;
                }
                Ok(next)
            }
            Start::Broken(failure) => Err(Broken::Stop(failed(&candidate.file, &failure, 0))),
            Start::Ambiguous { at, evidence } => {
                let version = candidate.file.version.as_str();
                Err(Broken::Stop(Stop::refused(
                    "ambiguous",
                    format!(
                        "{}: {evidence}: `--resolve {version}:{at}=applied --because …`, or `--resolve \
                         {version}:{at}=not-applied --because …`",
                        candidate.file.path
                    ),
                )))
            }
        }
    }

    pub(super) fn applied_change(
        &self,
        file: &FileChange,
        change: &workflow::apply::Change,
    ) -> AppliedChange {
        AppliedChange {
            version: file.version.clone(),
            change_type: file.change_type,
            description: file.description.clone(),
            checksum: file.checksum.clone(),
            statements: change.count(),
            applied_by: self.by(),
            revision: None,
        }
    }

    pub(super) fn by(&self) -> String {
        format!("sluice apply, as {}", self.login.user)
    }
}

pub(super) fn applier<'a>(
    session: &'a mut Session,
    candidate: &'a Candidate,
    arguments: &ApplyArguments,
) -> Applier<'a, Session, Now> {
    Applier {
        locked: session,
        change: &candidate.change,
        clock: &Now,
        until: Timestamp::MAX,
        max_rows: Some(arguments.max_rows).filter(|rows| *rows > 0),
    }
}

/// Servers, with all the time that a rehearsal takes: no function waits for it.
pub(super) fn servers() -> MySql {
    MySql::new(Limits {
        rehearsal: Duration::from_hours(1),
        ..Limits::default()
    })
}
