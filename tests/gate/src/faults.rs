//! What befalls the first worker in a cell, until the last one rests.

use crate::cells::{Cell, Fault, Point, Step};
use crate::kinds::{Kind, SECOND_CHANGE, first_change};
use crate::orders::{By, Call, Looks, Report, Seen, Side, Stroke};
use crate::process::WorkerProcess;
use crate::proxy::Proxy;
use crate::server::Sessions;
use crate::stage::{LEASE, Part, Stage};
use crate::trouble::Trouble;
use model::TaskKey;
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// A cell as it is played.
#[derive(Debug)]
pub(crate) struct Play<'a> {
    pub(crate) stage: &'a Stage<'a>,
    pub(crate) cell: Cell,
    pub(crate) tasks: Vec<TaskKey>,
    /// The connection that the first worker had the lock on when the fault struck.
    pub(crate) first: Option<String>,
    /// What the workers printed.
    pub(crate) printed: String,
    /// How many rows were put into `subject` by somebody else, after the statement happened and before anybody knew.
    pub(crate) visitors: u32,
    /// Where its rows were kept in the beginning.
    pub(crate) storage: String,
    /// How long it took from the fault to rest.
    pub(crate) recovery: Duration,
}

impl<'a> Play<'a> {
    /// Plays a cell until the last worker rests.
    pub(crate) async fn play(stage: &'a Stage<'a>, cell: Cell) -> Result<Self, Trouble> {
        let texts = [first_change(cell.kind), SECOND_CHANGE.to_owned()];
        let mut play = Self {
            stage,
            cell,
            tasks: stage.plan(&texts).await?,
            first: None,
            printed: String::new(),
            visitors: 0,
            storage: stage.storage().await?,
            recovery: Duration::ZERO,
        };
        match cell.fault {
            Fault::KilledBefore | Fault::KilledAfter => play.killed().await?,
            Fault::ReplyLost => play.reply_lost().await?,
            Fault::SecondWorker => play.second_worker().await?,
            Fault::ServerKilled => play.server_killed().await?,
            Fault::Stopped => play.stopped().await?,
        }
        Ok(play)
    }

    /// The first worker is dead.
    async fn killed(&mut self) -> Result<(), Trouble> {
        let (mut first, hold) = self.reach(None).await?;
        let began = Instant::now();
        match hold {
            None => first.died().await?,
            Some(hold) => {
                first.signal(Signal::KILL)?;
                first.died().await?;
                if self.cell.step == Step::Intent {
                    // Its statement is still on the server: whoever comes now leaves it alone.
                    let second = self.once(None).await?;
                    busy(&second)?;
                }
                if self.cell.gives_up() {
                    self.stage.deserted().await?;
                }
                hold.close().await;
                self.stage.deserted().await?;
            }
        }
        self.printed += &first.output();
        self.visit().await?;
        self.rest(began).await
    }

    /// What the first worker sent is done, and it does not hear of it.
    async fn reply_lost(&mut self) -> Result<(), Trouble> {
        let began = Instant::now();
        if let Point::Waiting(_) = self.cell.point() {
            let proxy = Proxy::to(self.stage.server.port())?;
            let (first, hold) = self.reach(Some(proxy.port())).await?;
            proxy.cut();
            let report = self.end(first).await?;
            faulty(&report)?;
            if let Some(hold) = hold {
                hold.close().await;
            }
            self.stage.deserted().await?;
        } else {
            let (first, _none) = self.reach(None).await?;
            let report = self.end(first).await?;
            faulty(&report)?;
        }
        self.visit().await?;
        self.rest(began).await
    }

    /// A second worker takes the lease and makes itself known to the server; from then on the first one sends nothing.
    async fn second_worker(&mut self) -> Result<(), Trouble> {
        let (first, hold) = self.reach(None).await?;
        let began = Instant::now();
        let mut second = self.stage.start(Part {
            stroke: Some(Stroke {
                call: Call::Lock,
                nth: 1,
                side: Side::After,
                by: By::Stop,
            }),
            ..Part::of(Looks::Once)
        })?;
        second.stopped().await?;
        match hold {
            Some(hold) => hold.close().await,
            None => first.signal(Signal::CONT)?,
        }
        self.end(first).await?;
        second.signal(Signal::CONT)?;
        self.end(second).await?;
        self.rest(began).await
    }

    /// The server dies, and comes back.
    async fn server_killed(&mut self) -> Result<(), Trouble> {
        let (first, hold) = self.reach(None).await?;
        let began = Instant::now();
        self.stage.admin.close().await;
        self.stage.server.kill()?;
        self.stage.server.restart().await?;
        self.visit().await?;
        match hold {
            // It went with the server.
            Some(_lost) => {}
            None => first.signal(Signal::CONT)?,
        }
        self.end(first).await?;
        self.rest(began).await
    }

    /// The first worker stands still for twice its lease; its session, which says nothing, is ended by the server.
    /// A second one does all there is to do; then the first goes on.
    async fn stopped(&mut self) -> Result<(), Trouble> {
        let (mut first, hold) = self.reach(None).await?;
        if hold.is_some() {
            first.signal(Signal::STOP)?;
            first.stopped().await?;
        }
        let began = Instant::now();
        if let Some(hold) = hold {
            hold.close().await;
            self.stage.quiet().await?;
        }
        self.visit().await?;
        tokio::time::sleep_until((began + LEASE * 2).into()).await;
        self.stage.end_sessions().await?;
        self.rest(began).await?;
        first.signal(Signal::CONT)?;
        self.end(first).await?;
        self.rest(Instant::now()).await
    }

    /// The first worker, where the fault strikes: at a call it strikes itself; on the server it waits for what is held.
    async fn reach(&mut self, port: Option<u16>) -> Result<(WorkerProcess, Option<Sessions>), Trouble> {
        let hold = match self.cell.point() {
            Point::At(..) => None,
            Point::Waiting(moment) => Some(self.stage.hold(moment, self.cell.kind).await?),
        };
        let stroke = self.cell.stroke();
        let mut first = self.stage.start(Part {
            stroke,
            port,
            gives_up: self.cell.gives_up(),
            looks: Looks::Once,
        })?;
        if hold.is_some() {
            self.stage.waits(&mut first).await?;
        } else if stroke.is_some_and(|stroke| stroke.by == By::Stop) {
            first.stopped().await?;
        }
        self.first = self.stage.holder().await?;
        Ok((first, hold))
    }

    /// Somebody else uses the emptied table as soon as it is empty: what they put there must not be lost to a second time
    /// of the statement.
    async fn visit(&mut self) -> Result<(), Trouble> {
        if self.cell.kind != Kind::Truncate || self.stage.storage().await? == self.storage {
            return Ok(());
        }
        let own = &self.stage.schema;
        let insert = format!("INSERT INTO `{own}`.subject (a, b) VALUES (1, 'visitor')");
        self.stage.admin.run(&insert).await?;
        self.visitors += 1;
        Ok(())
    }

    /// One worker, until it had the lease once.
    async fn once(&mut self, stroke: Option<Stroke>) -> Result<Report, Trouble> {
        let worker = self.stage.start(Part {
            stroke,
            ..Part::of(Looks::Once)
        })?;
        self.end(worker).await
    }

    /// One more worker, until nothing is due.
    async fn rest(&mut self, began: Instant) -> Result<(), Trouble> {
        let worker = self.stage.start(Part::of(Looks::Rest))?;
        let report = self.end(worker).await?;
        self.recovery = self.recovery.max(began.elapsed());
        match report.looks.last() {
            Some(Seen::Idle(_)) => Ok(()),
            Some(Seen::Later | Seen::Fault(_)) | None => {
                Err(Trouble::new(format!("the workers come to no rest: {report:?}")))
            }
        }
    }

    async fn end(&mut self, mut worker: WorkerProcess) -> Result<Report, Trouble> {
        let report = worker.reported().await?;
        self.printed += &worker.output();
        Ok(report)
    }
}

fn busy(report: &Report) -> Result<(), Trouble> {
    match report.looks.as_slice() {
        [Seen::Later] => Ok(()),
        _ => Err(Trouble::new(format!(
            "a statement runs on the server, but whoever comes does not leave it alone: {report:?}"
        ))),
    }
}

fn faulty(report: &Report) -> Result<(), Trouble> {
    match report.looks.as_slice() {
        [Seen::Fault(_)] => Ok(()),
        _ => Err(Trouble::new(format!(
            "the reply was lost, but nobody missed it: {report:?}"
        ))),
    }
}
