//! Exit codes, and the ways of not doing what was asked for.

use crate::interrupt::Signal;
use crate::output::Output;
use model::Refusal;
use std::io::Write as _;
use std::process::ExitCode;

/// Said in `sluice --help`, word for word.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0   done
  1   refused: the request was understood, and the answer is no (the reason is on stderr)
  2   fault: something broke on the way (network, credentials, the API, a database server)
  3   different: `schema diff --exit-code` found a difference
  64  usage: the command line is wrong
  130 interrupted (Ctrl-C), and 143 told to end: a scratch schema is dropped first";

const REFUSED: u8 = 1;
const FAULT: u8 = 2;
const DIFFERENT: u8 = 3;
const USAGE: u8 = 64;

/// How a command that did what it was asked for ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Well.
    Done,
    /// Well, and what was compared differs: said only where it is asked for.
    Different,
}

/// Why a command did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    /// The answer is no.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// Something broke. Says what happened, where, and what to do.
    #[error("{0}")]
    Fault(String),
    /// The command line is wrong.
    #[error("{0}")]
    Usage(String),
    /// A signal ended it. Says what became of the scratch schema.
    #[error("{1}")]
    Interrupted(Signal, String),
}

impl Stop {
    /// A refusal by this command itself.
    pub(crate) fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::Refused(Refusal::new(code, message))
    }

    /// What scripts look at.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => REFUSED,
            Self::Fault(_) => FAULT,
            Self::Usage(_) => USAGE,
            Self::Interrupted(signal, _) => signal.exit_code(),
        }
    }

    /// The stable word for programs.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.code,
            Self::Fault(_) => "fault",
            Self::Usage(_) => "usage",
            Self::Interrupted(..) => "interrupted",
        }
    }
}

/// An error with all its causes in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// Ends a command: its trouble goes to stderr, its kind into the exit code.
pub(crate) fn report(result: Result<End, Stop>, output: &Output) -> ExitCode {
    match result {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Different) => ExitCode::from(DIFFERENT),
        Err(stop) => {
            output.trouble(&stop);
            ExitCode::from(stop.exit_code())
        }
    }
}

/// Ends a command line that was not a command: help and version are what was asked for, anything else is not. What is
/// said of it shows no password that stands in it.
pub(crate) fn parsing(error: &clap::Error, line: impl Iterator<Item = String>) -> ExitCode {
    let words = error.render().to_string();
    let concealed = crate::server::concealed(&words, line);
    // A reader that is gone wants no help.
    let _ = if concealed == words {
        error.print()
    } else {
        std::io::stderr().write_all(concealed.as_bytes())
    };
    ExitCode::from(parsing_code(error))
}

fn parsing_code(error: &clap::Error) -> u8 {
    if error.use_stderr() { USAGE } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser as _;

    #[test]
    fn each_kind_has_its_code() {
        assert_eq!(Stop::refused("no", "no").exit_code(), 1);
        assert_eq!(Stop::Fault("broken".into()).exit_code(), 2);
        assert_eq!(Stop::Usage("wrong".into()).exit_code(), 64);
        assert_eq!(
            Stop::Interrupted(Signal::Interrupt, String::new()).exit_code(),
            130
        );
        assert_eq!(
            Stop::Interrupted(Signal::Terminate, String::new()).exit_code(),
            143
        );
    }

    #[test]
    fn help_is_no_mistake_and_nonsense_is() {
        for (line, expected) in [
            (&["sluice", "--help"][..], 0),
            (&["sluice", "--version"], 0),
            (&["sluice", "issue", "approve", "--help"], 0),
            (&["sluice"], 64),
            (&["sluice", "issue"], 64),
            (&["sluice", "issue", "show", "two"], 64),
            (&["sluice", "issue", "reject", "2"], 64),
            (&["sluice", "version", "list", "no-slash"], 64),
            (&["sluice", "sql", "split", "--help"], 0),
            (&["sluice", "sql", "split"], 64),
            (&["sluice", "sql", "split", "f", "--table", "--no-text"], 64),
            (&["sluice", "audit", "export", "--help"], 0),
            (&["sluice", "audit", "export", "--format", "xml"], 64),
            (&["sluice", "audit", "verify", "--issue", "1", "--file", "f"], 64),
            (&["sluice", "schema", "dump"], 64),
            (&["sluice", "schema", "diff", "a"], 64),
            (&["sluice", "schema", "diff", "a", "b", "--ddl", "--changes"], 64),
        ] {
            let error = Cli::try_parse_from(line).unwrap_err();
            assert_eq!(parsing_code(&error), expected, "{line:?}");
        }
    }
}
