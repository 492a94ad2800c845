//! Running the command.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

/// The command, without what the machine's owner has set.
pub(crate) fn sluice(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
    command
        .args(arguments)
        .env_remove("SLUICE_MYSQL_PASSWORD")
        .env_remove("SLUICE_API_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs it.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    finished(sluice(arguments))
}

/// Runs it with something on stdin.
pub(crate) fn run_with(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = sluice(arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    read(child.wait_with_output().unwrap())
}

/// Runs a prepared command.
pub(crate) fn finished(mut command: Command) -> Ran {
    read(command.output().unwrap())
}

/// A file with this text.
pub(crate) fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn read(output: std::process::Output) -> Ran {
    Ran {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}
