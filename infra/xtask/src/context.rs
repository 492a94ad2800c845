//! What every step needs: where things are, how to tell, and how to run commands that never outlive us unseen.

use crate::fault::{At, Fault, tail};
use crate::guard::Guard;
use crate::processes::Group;
use crate::progress::Progress;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Folders and tellers of one run.
pub(crate) struct Context {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Where installed tools are kept, outside `target/` so that `cargo clean` costs no download.
    pub(crate) cache: PathBuf,
    /// Tells what is being done.
    pub(crate) progress: Progress,
    /// Cleans up after us.
    pub(crate) guard: Guard,
}

impl Context {
    /// Everything that a running stack owns.
    pub(crate) fn home(&self) -> PathBuf {
        self.root.join("target/sluice")
    }

    /// Where services and commands log.
    pub(crate) fn logs(&self) -> PathBuf {
        self.home().join("logs")
    }

    /// Files of the local stack that belong to the repository.
    pub(crate) fn local(&self, file: &str) -> PathBuf {
        self.root.join("infra/local").join(file)
    }

    /// Runs a command to its end, its output going to a log; the end of the log is in the error.
    pub(crate) fn run(&self, what: &str, log: &str, command: &mut Command) -> Result<(), Fault> {
        let log = self.log_file(log)?;
        let file = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .at("open", &log)?;
        let errors = file.try_clone().at("open", &log)?;
        command.stdout(file).stderr(errors);
        self.finish(what, command, || tail(&log))
    }

    /// Runs a command to its end, its output going where ours goes.
    pub(crate) fn run_shown(&self, what: &str, command: &mut Command) -> Result<(), Fault> {
        command.stdout(std::io::stderr()).stderr(Stdio::inherit());
        self.progress.suspend(|| self.finish(what, command, String::new))
    }

    /// Starts a service in a group of its own, logging to `{name}.log`.
    pub(crate) fn spawn(&self, name: &str, command: &mut Command) -> Result<Group, Fault> {
        let log = self.log_file(name)?;
        let file = File::create(&log).at("create", &log)?;
        let errors = file.try_clone().at("open", &log)?;
        let shown = shown(command);
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(|source| Fault::Io {
                what: format!("cannot start `{shown}`"),
                source,
            })?;
        let group = Group::led_by(name, child.id());
        self.guard.add(&group)?;
        Ok(group)
    }

    /// The log of a service or step.
    pub(crate) fn log_file(&self, name: &str) -> Result<PathBuf, Fault> {
        let logs = self.logs();
        std::fs::create_dir_all(&logs).at("create", &logs)?;
        Ok(logs.join(format!("{name}.log")))
    }

    fn finish(&self, what: &str, command: &mut Command, tail: impl Fn() -> String) -> Result<(), Fault> {
        let shown = shown(command);
        let mut child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|source| Fault::Io {
                what: format!("cannot run `{shown}`"),
                source,
            })?;
        let group = Group::led_by(what, child.id());
        self.guard.add(&group)?;
        let status = child.wait().map_err(|source| Fault::Io {
            what: format!("cannot wait for `{shown}`"),
            source,
        })?;
        self.guard.remove(&group)?;
        if status.success() {
            return Ok(());
        }
        Err(Fault::Command {
            what: what.to_owned(),
            command: shown,
            status: status.to_string(),
            tail: tail(),
        })
    }
}

/// Runs a command to its end and returns what it printed.
pub(crate) fn output(what: &str, command: &mut Command) -> Result<String, Fault> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Fault::Io {
            what: format!("cannot run `{shown}`"),
            source,
        })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Fault::Command {
        what: what.to_owned(),
        command: shown,
        status: output.status.to_string(),
        tail: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Cargo, in the repository.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    command
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}
