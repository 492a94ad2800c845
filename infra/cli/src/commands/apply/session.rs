//! Applying over one session, and over the next where it is lost.

use super::report::{self, FileReport, Outcome, Report, StatementReport, counted};
use super::standing::{Standing, standings};
use super::{Candidate, reviewed};
use crate::args::apply::{ApplyArguments, Resolution};
use crate::database;
use crate::exit::Stop;
use crate::folder::FileChange;
use crate::output::Output;
use crate::render::plain;
use crate::server::ServerUrl;
use jiff::Timestamp;
use model::{Failure, Fault};
use mysql::{Limits, MySql, Session};
use sql::SqlMode;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::unbounded_channel;
use workflow::apply::{self, Applier, Progress, Rehearsal, Start, Told};
use workflow::ports::clock::Clock;
use workflow::ports::database::{
    AppliedChange, Databases as _, Foretold, Lock, Locked as _, Login, OpenError, Outcome as Settled, Owner,
};

/// How long the lock is waited for before it is told who has it.
const QUIET: Duration = Duration::from_secs(1);
/// How long the lock is waited for at a time: no connection is silent for longer.
const ONCE: Duration = Duration::from_secs(30);
/// How often a statement that takes long is looked at over another connection.
const WATCHED: Duration = Duration::from_secs(30);
/// How long a server that is gone is left alone before it is asked again.
const AGAIN: Duration = Duration::from_millis(500);

/// From what size on blocking a table is asked about.
const BLOCKING_OVER: u64 = 1 << 30;

/// The machine's clock.
struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Where changes are applied, and how.
pub(super) struct Place<'a> {
    url: &'a ServerUrl,
    login: Login,
    target: model::Target,
    arguments: &'a ApplyArguments,
    output: &'a Output,
}

/// Why a round over one session ended before its end.
enum Broken {
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
struct Done {
    /// The versions that were applied now, with what became of their statements.
    files: Vec<FileReport>,
    /// Whether a person's word was written down.
    resolved: bool,
    /// Whether the findings of the review were told.
    reviewed: bool,
    /// Statements that were applied, to see whether a round came further than the one before.
    statements: usize,
}

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
        report.applied = done.files.len();
        report.files.append(&mut done.files);
        Ok(())
    }

    /// What is still to be applied.
    async fn pending(
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

    /// What each statement leads to, where it was rehearsed.
    async fn rehearsed(
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
    async fn blocking(
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

    /// Applies one change, from this statement on.
    async fn one(
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

    fn show(
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

    /// Remembers the files up to a version as applied, without running them.
    async fn take_for_applied(
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
            let statements = sql::split(&file.text, SqlMode::default()).unwrap_or_default();
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

    async fn resolve(
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

    fn applied_change(&self, file: &FileChange, change: &workflow::apply::Change) -> AppliedChange {
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

    fn by(&self) -> String {
        format!("sluice apply, as {}", self.login.user)
    }
}

fn applier<'a>(
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
fn servers() -> MySql {
    MySql::new(Limits {
        rehearsal: Duration::from_hours(1),
        ..Limits::default()
    })
}

/// A failure of a file, in words. So many of its statements are applied.
fn failed(file: &FileChange, failure: &Failure, stands: u32) -> Stop {
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
