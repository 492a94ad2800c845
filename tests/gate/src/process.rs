//! Worker processes, as whoever kills them sees them.

use crate::orders::{Orders, Report};
use crate::trouble::{Trouble, until};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a worker may take to whatever it is waited for.
const PATIENCE: Duration = Duration::from_secs(90);

/// A worker that runs, or ran. It is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct WorkerProcess {
    child: Child,
    report: PathBuf,
    log: PathBuf,
}

/// How a worker ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// By SIGKILL.
    Killed,
    /// By itself.
    Reported(Report),
}

impl WorkerProcess {
    /// Starts the program in this role, its output going to a file beside its report.
    pub(crate) fn start(program: &Path, role: &str, orders: &Orders) -> Result<Self, Trouble> {
        let log = orders.report.with_extension("log");
        let output = File::create(&log)?;
        let child = Command::new(program)
            .args([role, &serde_json::to_string(orders)?])
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        Ok(Self {
            child,
            report: orders.report.clone(),
            log,
        })
    }

    /// Waits until it stopped itself.
    pub(crate) async fn stopped(&mut self) -> Result<(), Trouble> {
        let (id, log, child) = (self.child.id(), &self.log, &mut self.child);
        until(
            "the worker reaches its point and stops",
            PATIENCE,
            async || match child.try_wait()? {
                Some(status) => Err(Trouble::new(format!(
                    "the worker never reached its point; it ended with {status}: {}",
                    tail(log)
                ))),
                None => Ok((state(id) == Some('T')).then_some(())),
            },
        )
        .await
    }

    /// Fails where it ended already.
    pub(crate) fn must_run(&mut self) -> Result<(), Trouble> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(Trouble::new(format!(
                "the worker ended too early, with {status}: {}",
                tail(&self.log)
            ))),
        }
    }

    /// Waits for so long at most, and answers whether it ended.
    pub(crate) async fn ends_within(&mut self, time: Duration, pace: Duration) -> Result<bool, Trouble> {
        let began = Instant::now();
        while began.elapsed() < time {
            if self.child.try_wait()?.is_some() {
                return Ok(true);
            }
            tokio::time::sleep(pace).await;
        }
        Ok(false)
    }

    /// Waits until it ended.
    pub(crate) async fn ended(&mut self) -> Result<Ended, Trouble> {
        let child = &mut self.child;
        let status: ExitStatus = until("the worker ends", PATIENCE, async || Ok(child.try_wait()?)).await?;
        if status.signal() == Some(9) {
            return Ok(Ended::Killed);
        }
        match std::fs::read_to_string(&self.report) {
            Ok(report) => Ok(Ended::Reported(serde_json::from_str(&report)?)),
            Err(_missing) => Err(Trouble::new(format!(
                "the worker ended with {status} and without a report: {}",
                tail(&self.log)
            ))),
        }
    }

    /// Waits until it ended by itself, and answers its report.
    pub(crate) async fn reported(&mut self) -> Result<Report, Trouble> {
        match self.ended().await? {
            Ended::Reported(report) => Ok(report),
            Ended::Killed => Err(Trouble::new("the worker was killed where it was to live")),
        }
    }

    /// Waits until it was killed.
    pub(crate) async fn died(&mut self) -> Result<(), Trouble> {
        match self.ended().await? {
            Ended::Killed => Ok(()),
            Ended::Reported(report) => Err(Trouble::new(format!(
                "the worker was to be killed, but came to its end: {report:?}"
            ))),
        }
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) -> Result<(), Trouble> {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let id = id.ok_or_else(|| Trouble::new("the worker has no process id"))?;
        kill_process(id, signal)
            .map_err(|error| Trouble::new(format!("the worker can't be reached: {error}")))
    }

    /// What it printed.
    pub(crate) fn output(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        // One that ended is only waited for.
        let _dead = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// The state of a process, as `/proc` has it: `T` for stopped.
fn state(id: u32) -> Option<char> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    text.rsplit_once(") ")?.1.chars().next()
}

/// The end of a file.
pub(crate) fn tail(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}
