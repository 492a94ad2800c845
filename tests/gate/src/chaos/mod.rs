//! Chaos: changes of all kinds of statements, one after the other, while the worker and its server are killed at random
//! times. Which changes and which times, a seed decides; where in a statement a kill hits, the machine does.

mod changes;
pub mod naive;

use crate::orders::{Looks, Report, Seen};
use crate::process::{Ended, WorkerProcess};
use crate::server::Server;
use crate::stage::{Part, Stage};
use crate::trouble::Trouble;
use changes::{Kill, Model, PREPARED, Victim};
use futures::future::try_join_all;
use fuzz::Random;
use model::{Checksum, TaskKey, TaskRun};
use std::path::Path;
use std::time::{Duration, Instant};
use workflow::ports::ledger::IssueLedger as _;

/// How many schemas are changed at once, each on a server of its own.
const LANES: u64 = 2;
/// How many changes the oracle sees undisturbed.
const CALM: u32 = 2;
/// How many changes the negative control may get right.
const LUCK: u32 = 40;
/// How often the negative control is started again for one change.
const STARTS: u32 = 8;
/// How often is looked whether a worker ended.
const PACE: Duration = Duration::from_millis(5);

/// What came of a run.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Changes that were applied.
    pub changes: u32,
    /// Their statements.
    pub statements: usize,
    /// Kills of the worker.
    pub worker_kills: u32,
    /// Kills of the server.
    pub server_kills: u32,
    /// Statements that were found to have happened.
    pub adopted: u32,
    /// Statements that were sent again, since they had not happened.
    pub again: u32,
    /// Statements of which that could not be told.
    pub ambiguous: u32,
    /// What is not as it should be.
    pub violations: Vec<String>,
}

/// Who applies the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runner {
    /// The product.
    Ours,
    /// The negative control.
    Naive,
    /// The same, and nobody is killed.
    Undisturbed,
}

/// Applies changes for so long, with this program as the worker. The first violation of a lane ends it.
pub async fn run(program: &Path, seed: u64, time: Duration) -> Result<Score, Trouble> {
    let until = Instant::now() + time;
    let lanes = (0..LANES).map(|lane| {
        let seed = seed.wrapping_mul(LANES).wrapping_add(lane);
        Box::pin(lane_of(program, Runner::Ours, seed, move |_changes| {
            Instant::now() < until
        }))
    });
    let mut all = Score::default();
    for score in try_join_all(lanes).await? {
        all.changes += score.changes;
        all.statements += score.statements;
        all.worker_kills += score.worker_kills;
        all.server_kills += score.server_kills;
        all.adopted += score.adopted;
        all.again += score.again;
        all.ambiguous += score.ambiguous;
        all.violations.extend(score.violations);
    }
    Ok(all)
}

/// The same changes and kills, applied without journal and lock until the oracle catches it. Before that, the oracle has
/// to find nothing where nobody is killed.
pub async fn control(program: &Path, seed: u64) -> Result<Score, Trouble> {
    let seed = seed.wrapping_mul(LANES);
    let calm = Box::pin(lane_of(program, Runner::Undisturbed, seed, |changes| {
        changes < CALM
    }))
    .await?;
    if let Some(violation) = calm.violations.first() {
        return Err(Trouble::new(format!(
            "the oracle complains where nobody was killed: {violation}"
        )));
    }
    Box::pin(lane_of(program, Runner::Naive, seed, |changes| changes < LUCK)).await
}

async fn lane_of(
    program: &Path,
    runner: Runner,
    seed: u64,
    goes_on: impl Fn(u32) -> bool,
) -> Result<Score, Trouble> {
    let server = Server::start().await?;
    let stage = Stage::make(&server, program, "chaos", PREPARED).await?;
    let mut lane = Lane {
        stage: &stage,
        runner,
        random: Random::new(seed),
        model: Model::default(),
        score: Score::default(),
    };
    while goes_on(lane.score.changes) && lane.score.violations.is_empty() {
        lane.change().await?;
    }
    let mut score = lane.score;
    let count = async |query: &str| {
        let value = stage.admin.value(query).await?;
        value
            .parse()
            .map_err(|_| Trouble::new(format!("no number: {value}")))
    };
    let adopted = "SELECT COUNT(*) FROM _sluice.journal WHERE settled_because LIKE 'the schema is%'";
    score.adopted = count(adopted).await?;
    score.again = count("SELECT COUNT(*) FROM gate.again").await?;
    stage.take_down().await?;
    Ok(score)
}

/// One schema on one server, changed again and again.
#[derive(Debug)]
struct Lane<'a> {
    stage: &'a Stage<'a>,
    runner: Runner,
    random: Random,
    model: Model,
    score: Score,
}

impl Lane<'_> {
    /// One change, from its plan to the oracle.
    async fn change(&mut self) -> Result<(), Trouble> {
        let statements = self.model.next(&mut self.random);
        let mut kills = changes::kills(&mut self.random);
        if self.runner == Runner::Undisturbed {
            kills.clear();
        }
        let ended = match self.runner {
            Runner::Ours => {
                let tasks = self.stage.plan(&[statements.join(";\n") + ";\n"]).await?;
                self.under_fire(&kills, |stage| stage.start(Part::of(Looks::Rest)))
                    .await?;
                self.is_done(&tasks, &statements).await?
            }
            Runner::Naive | Runner::Undisturbed => {
                let file = self.stage.write("naive.sql", &statements.join("\n"))?;
                let _forgotten = std::fs::remove_file(file.with_extension("progress"));
                let start = |stage: &Stage<'_>| stage.start_naive(&file);
                let mut report = self.under_fire(&kills, start).await?;
                for _ in 1..STARTS {
                    if matches!(report.looks.as_slice(), [Seen::Idle(_)]) {
                        break;
                    }
                    report = self.under_fire(&[], start).await?;
                }
                match report.looks.as_slice() {
                    [Seen::Idle(_)] => Vec::new(),
                    looks => vec![format!("it comes to no end: {looks:?}")],
                }
            }
        };
        self.score.changes += 1;
        self.score.statements += statements.len();
        let number = self.model.changes;
        let violations = ended.into_iter().chain(self.differences().await?);
        self.score
            .violations
            .extend(violations.map(|violation| format!("change {number}: {violation}")));
        self.stage.admin.close().await;
        Ok(())
    }

    /// Runs a worker until it ends by itself, and kills it and its server as planned meanwhile.
    async fn under_fire(
        &mut self,
        kills: &[Kill],
        start: impl Fn(&Stage<'_>) -> Result<WorkerProcess, Trouble>,
    ) -> Result<Report, Trouble> {
        let mut worker = start(self.stage)?;
        for kill in kills {
            if worker.ends_within(kill.after, PACE).await? {
                break;
            }
            match kill.victim {
                Victim::Worker => {
                    self.score.worker_kills += 1;
                    drop(worker);
                    worker = start(self.stage)?;
                }
                Victim::Server => {
                    self.score.server_kills += 1;
                    self.stage.server.kill()?;
                    self.stage.server.restart().await?;
                }
            }
        }
        match worker.ended().await? {
            Ended::Reported(report) => Ok(report),
            Ended::Killed => Err(Trouble::new("a worker was killed by somebody else")),
        }
    }

    /// What the ledger and the journal say of a change that is to be done.
    async fn is_done(&mut self, keys: &[TaskKey], statements: &[String]) -> Result<Vec<String>, Trouble> {
        let mut violations = Vec::new();
        for task in self.stage.ledger.tasks(keys).await? {
            match task.run {
                TaskRun::Done => {}
                TaskRun::Ambiguous { at, evidence } => {
                    self.score.ambiguous += 1;
                    violations.push(format!("ambiguous at {at}: {evidence}"));
                }
                other @ (TaskRun::Queued
                | TaskRun::Running { .. }
                | TaskRun::Following { .. }
                | TaskRun::Resolved(_)
                | TaskRun::Failed(_)) => violations.push(format!("it is not done but {other:?}")),
            }
            let query = format!(
                "SELECT digest, outcome FROM _sluice.journal WHERE version_key = '{}' ORDER BY statement_index",
                task.change.version.key().as_str()
            );
            let journal = self.stage.admin.run(&query).await?;
            let meant: Vec<Vec<String>> = statements
                .iter()
                .map(|statement| {
                    let digest = Checksum::of(statement.as_bytes());
                    vec![digest.as_str().to_owned(), "done".to_owned()]
                })
                .collect();
            if journal != meant {
                violations.push(format!("the journal says {journal:?}, not {meant:?}"));
            }
        }
        Ok(violations)
    }

    /// What the schema is and should not be.
    async fn differences(&self) -> Result<Vec<String>, Trouble> {
        let mut differences = Vec::new();
        for (query, meant) in self.model.expected(&self.stage.schema) {
            // A table may be missing.
            let found = match self.stage.admin.value(&query).await {
                Ok(found) => found,
                Err(trouble) => trouble.to_string(),
            };
            if found != meant {
                differences.push(format!("{found} instead of {meant}: {query}"));
            }
        }
        Ok(differences)
    }
}
