//! The most memory that reading takes: each case in a process of its own, which tells its high-water mark.

use crate::fault::BenchError;
use crate::texts::Kind;
use comfy_table::Table;
use sql::{Limits, SqlMode, Statements};
use std::io::Read;
use std::process::Command;

/// What is read as a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Case {
    /// Nothing: what the program itself takes.
    Nothing,
    /// A dump of 64 MiB.
    Dump,
    /// One statement of 10 MiB.
    OneStatement,
    /// 100,000 statements.
    ManyStatements,
    /// One statement of 20 MiB: more than the limit.
    TooLong,
}

impl Case {
    const ALL: [Self; 5] = [
        Self::Nothing,
        Self::Dump,
        Self::OneStatement,
        Self::ManyStatements,
        Self::TooLong,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing (the program itself)",
            Self::Dump => "a dump of 64 MiB",
            Self::OneStatement => "one statement of 10 MiB",
            Self::ManyStatements => "100,000 statements",
            Self::TooLong => "one statement of 20 MiB",
        }
    }

    fn source(self) -> Repeated {
        const MIB: usize = 1 << 20;
        match self {
            Self::Nothing => Repeated::new("", String::new(), "", 0),
            Self::Dump => {
                let part = Kind::Dump.text(1);
                let times = (64 * MIB).div_ceil(part.len());
                Repeated::new("", part, "", times)
            }
            Self::OneStatement => {
                Repeated::new("INSERT INTO t VALUES (0)", ",(1,'x;y')".to_owned(), ";\n", MIB)
            }
            Self::ManyStatements => {
                Repeated::new("", "UPDATE t SET a = 'x;' WHERE b = 1;\n".to_owned(), "", 100_000)
            }
            Self::TooLong => Repeated::new(
                "INSERT INTO t VALUES (0)",
                ",(1,'x;y')".to_owned(),
                ";\n",
                2 * MIB,
            ),
        }
    }
}

/// A text that is made while it is read.
struct Repeated {
    before: Vec<u8>,
    part: Vec<u8>,
    after: Vec<u8>,
    times: usize,
    at: usize,
}

impl Repeated {
    fn new(before: &str, part: String, after: &str, times: usize) -> Self {
        Self {
            before: before.into(),
            part: part.into_bytes(),
            after: after.into(),
            times,
            at: 0,
        }
    }

    /// What comes next, and as much of it as there is in one piece.
    fn rest(&self) -> &[u8] {
        let (start, middle) = (self.before.len(), self.part.len() * self.times);
        if self.at < start {
            self.before.get(self.at..).unwrap_or_default()
        } else if self.at < start + middle {
            self.part
                .get((self.at - start) % self.part.len()..)
                .unwrap_or_default()
        } else {
            self.after.get(self.at - start - middle..).unwrap_or_default()
        }
    }
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let rest = self.rest();
            if rest.is_empty() {
                break;
            }
            let length = rest.len().min(buffer.len() - filled);
            for (to, from) in buffer.iter_mut().skip(filled).zip(rest.iter().take(length)) {
                *to = *from;
            }
            filled += length;
            self.at += length;
        }
        Ok(filled)
    }
}

/// In a process of its own: reads the case and prints what came of it and the high-water mark.
pub(crate) fn read(case: Case) -> Result<String, BenchError> {
    let mut statements = 0_usize;
    let mut told = String::new();
    for statement in Statements::new(case.source(), SqlMode::default(), Limits::default()) {
        match statement {
            Ok(_) => statements += 1,
            Err(error) => told = format!("{error}"),
        }
    }
    if told.is_empty() {
        told = format!("{statements} statements");
    }
    Ok(format!("{}\t{told}\n", high_water()?))
}

/// The most memory that this process had, in kB.
fn high_water() -> Result<u64, BenchError> {
    let path = "/proc/self/status";
    let status = std::fs::read_to_string(path).map_err(|source| BenchError::Io {
        what: path.to_owned(),
        source,
    })?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok())
        .ok_or_else(|| BenchError::Told(format!("{path} tells no VmHWM")))
}

/// The table.
pub(crate) fn table() -> Result<Table, BenchError> {
    let mut table = Table::new();
    table.set_header([
        "read as a stream",
        "came of it",
        "peak MiB",
        "peak over nothing, MiB",
    ]);
    let mut nothing = 0;
    for case in Case::ALL {
        let (peak, told) = measured(case)?;
        if case == Case::Nothing {
            nothing = peak;
        }
        table.add_row([
            case.name().to_owned(),
            told,
            mib(peak),
            mib(peak.saturating_sub(nothing)),
        ]);
    }
    Ok(table)
}

fn measured(case: Case) -> Result<(u64, String), BenchError> {
    let fault = |source| BenchError::Io {
        what: "this program, once more".to_owned(),
        source,
    };
    let program = std::env::current_exe().map_err(fault)?;
    let name = clap::ValueEnum::to_possible_value(&case)
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default();
    let output = Command::new(program)
        .args(["sql".to_owned(), format!("--memory={name}")])
        .output()
        .map_err(fault)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let unread = || {
        BenchError::Told(format!(
            "reading {} answered {text:?} and {}",
            case.name(),
            output.status
        ))
    };
    let (peak, told) = text.trim_end().split_once('\t').ok_or_else(unread)?;
    Ok((peak.parse().map_err(|_| unread())?, told.to_owned()))
}

fn mib(kib: u64) -> String {
    format!("{}.{}", kib / 1024, kib % 1024 * 10 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_text_is_what_it_says() {
        let mut text = String::new();
        let mut source = Repeated::new("a", "bc".to_owned(), "d", 3);
        source.read_to_string(&mut text).unwrap();
        assert_eq!(text, "abcbcbcd");
    }
}
