//! The functions' processes, and ways to make their lives hard. The AWS emulator runs each function as a process of
//! its own on this machine, told apart by `AWS_LAMBDA_FUNCTION_NAME`.

use crate::{Driver, Patience, Trouble};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// What to do to a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End it at once: nothing is cleaned up.
    Kill,
    /// Let it stand still.
    Stop,
    /// Let it go on.
    Continue,
}

impl Driver {
    /// The running processes of one of our functions.
    pub fn processes(&self, function: &str) -> Result<Vec<u32>, Trouble> {
        let name = self
            .stack
            .functions
            .get(function)
            .ok_or_else(|| Trouble(format!("there is no function {function}")))?;
        // Another stack on this machine has functions of the same name, but not this table.
        let wanted = [
            format!("AWS_LAMBDA_FUNCTION_NAME={name}"),
            format!("SLUICE_TABLE={}", self.stack.table),
            format!("AWS_ENDPOINT_URL={}", self.stack.aws_endpoint_url),
        ];
        matching("environ", |environment| {
            wanted
                .iter()
                .all(|variable| environment.iter().any(|found| found == variable))
        })
    }

    /// The processor time that the running processes of one of our functions took so far.
    pub fn worked(&self, function: &str) -> Result<Duration, Trouble> {
        Ok(self.processes(function)?.into_iter().map(worked).sum())
    }

    /// The process of the GitHub emulator, which stands behind the address that everybody knows and was told it.
    pub fn github_process(&self) -> Result<u32, Trouble> {
        let url = &self.stack.github_api_url;
        let found = matching("cmdline", |words| {
            words.iter().any(|word| word.ends_with("emulate/dist/index.js"))
                && words.iter().any(|word| word == url)
        })?;
        match found.as_slice() {
            [one] => Ok(*one),
            found => Err(Trouble(format!("{} GitHub emulators behind {url}", found.len()))),
        }
    }

    /// Kills every process of a function; answers how many.
    pub fn kill(&self, function: &str) -> Result<usize, Trouble> {
        let processes = self.processes(function)?;
        for process in &processes {
            send(*process, Signal::Kill)?;
        }
        Ok(processes.len())
    }

    /// Runs `trigger`, and kills the first process of a function that is seen to work, once it has worked for `busy`
    /// of processor time since. A process that does nothing but wait is let alone, so a kill always hits work.
    pub fn kill_at_work<T: Send>(
        &self,
        function: &str,
        busy: Duration,
        patience: Patience,
        trigger: impl FnOnce() -> Result<T, Trouble> + Send,
    ) -> Result<T, Trouble> {
        let resting: BTreeMap<u32, Duration> = self
            .processes(function)?
            .into_iter()
            .map(|process| (process, worked(process)))
            .collect();
        std::thread::scope(|scope| {
            let hunter = scope.spawn(|| {
                patience.often(&format!("{function} works"), Duration::from_micros(300), || {
                    let prey = self.processes(function)?.into_iter().find(|process| {
                        let rested = resting.get(process).copied().unwrap_or_default();
                        worked(*process) > rested + busy
                    });
                    match prey {
                        Some(process) => send(process, Signal::Kill).map(Ok),
                        None => Ok(Err("no process of it did anything".to_owned())),
                    }
                })
            });
            let triggered = trigger();
            let killed = hunter
                .join()
                .map_err(|_panic| Trouble("the hunter panicked".to_owned()))?;
            killed.and(triggered)
        })
    }
}

/// Sends a signal to a process of this machine.
pub fn send(process: u32, signal: Signal) -> Result<(), Trouble> {
    let name = match signal {
        Signal::Kill => "KILL",
        Signal::Stop => "STOP",
        Signal::Continue => "CONT",
    };
    let status = Command::new("sh")
        .args(["-c", &format!("kill -s {name} {process}")])
        .status()
        .map_err(|error| Trouble(format!("no signal can be sent: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Trouble(format!("process {process} could not be sent {name}")))
}

/// The processor time that the threads of a process took.
fn worked(process: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    let nanoseconds = threads
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .sum();
    Duration::from_nanos(nanoseconds)
}

/// The processes whose list of words in `/proc/PID/{file}` is right.
fn matching(file: &str, right: impl Fn(&[String]) -> bool) -> Result<Vec<u32>, Trouble> {
    let processes = std::fs::read_dir(Path::new("/proc"))
        .map_err(|error| Trouble(format!("/proc can't be read: {error}")))?;
    Ok(processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|process: &u32| {
            let bytes = std::fs::read(format!("/proc/{process}/{file}")).unwrap_or_default();
            let words: Vec<String> = bytes
                .split(|byte| *byte == 0)
                .map(|word| String::from_utf8_lossy(word).into_owned())
                .collect();
            right(&words)
        })
        .collect())
}
