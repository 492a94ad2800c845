//! The programs that are measured.

use super::Arguments;
use super::place::url;
use super::work::{self, Layout, Piece};
use crate::fault::BenchError;
use secrecy::ExposeSecret as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use workflow::ports::database::Login;

/// One of them.
#[derive(Debug, Clone)]
pub(crate) enum Rival {
    /// The plain client, which reads all statements from one pipe: nothing is faster that waits for each answer.
    Floor {
        /// The words that run it.
        words: Vec<String>,
    },
    /// Ours.
    Sluice {
        /// The program.
        program: PathBuf,
        /// Whether it rehearses first.
        rehearsal: bool,
    },
    /// dbmate.
    Dbmate(PathBuf),
    /// sqlx-cli.
    Sqlx(PathBuf),
}

/// Work that is written down in the form that each wants.
pub(crate) struct Written {
    text: String,
    folder: tempfile::TempDir,
    /// How many files.
    pub(crate) files: u32,
}

impl Written {
    /// Writes it.
    pub(crate) fn new(pieces: &[Piece]) -> Result<Self, BenchError> {
        let folder = tempfile::tempdir().map_err(|source| BenchError::Io {
            what: "a folder for the files".to_owned(),
            source,
        })?;
        for (name, layout) in [
            ("sluice", Layout::Sluice),
            ("dbmate", Layout::Dbmate),
            ("sqlx", Layout::Sqlx),
        ] {
            work::write(pieces, &folder.path().join(name), layout)?;
        }
        Ok(Self {
            text: work::joined(pieces),
            folder,
            files: u32::try_from(pieces.len()).unwrap_or(u32::MAX),
        })
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Rival {
    /// Those that can be had: the floor first, then ours.
    pub(crate) fn all(arguments: &Arguments) -> Vec<Self> {
        let mut rivals = vec![
            Self::floor(arguments),
            Self::ours(arguments, false),
            Self::ours(arguments, true),
        ];
        rivals.extend(arguments.dbmate.clone().map(Self::Dbmate));
        rivals.extend(arguments.sqlx.clone().map(Self::Sqlx));
        rivals
    }

    /// The floor.
    pub(crate) fn floor(arguments: &Arguments) -> Self {
        Self::Floor {
            words: arguments.client.clone(),
        }
    }

    /// Ours.
    pub(crate) fn ours(arguments: &Arguments, rehearsal: bool) -> Self {
        Self::Sluice {
            program: arguments.sluice.clone(),
            rehearsal,
        }
    }

    /// Its name in the table.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Floor { .. } => "floor: mysql, one pipe",
            Self::Sluice { rehearsal: false, .. } => "sluice apply --no-rehearsal",
            Self::Sluice { rehearsal: true, .. } => "sluice apply, rehearsed first",
            Self::Dbmate(_) => "dbmate",
            Self::Sqlx(_) => "sqlx migrate",
        }
    }

    /// Lets it apply the work to a database; how long that took, its start and its end included.
    pub(crate) fn apply(&self, login: &Login, schema: &str, work: &Written) -> Result<Duration, BenchError> {
        let (command, input) = match self {
            Self::Floor { words } => (client(words, login, schema)?, work.text.as_str()),
            Self::Sluice { program, rehearsal } => {
                let mut command = Command::new(program);
                command.arg("apply").arg(work.folder("sluice"));
                command.arg("--target").arg(format!(
                    "mysql://{}@{}:{}/{schema}",
                    login.user, login.host, login.port
                ));
                if !rehearsal {
                    command.arg("--no-rehearsal");
                }
                command.env("SLUICE_MYSQL_PASSWORD", login.password.expose_secret());
                (command, "")
            }
            Self::Dbmate(program) => {
                let mut command = Command::new(program);
                command.arg("--migrations-dir").arg(work.folder("dbmate"));
                command.args(["--no-dump-schema", "migrate"]);
                // Encrypted, as all the others are.
                command.env("DATABASE_URL", url(login, schema, Some("tls=skip-verify"))?);
                (command, "")
            }
            Self::Sqlx(program) => {
                let mut command = Command::new(program);
                command.args(["migrate", "run", "--no-dotenv", "--source"]);
                command.arg(work.folder("sqlx"));
                command.env("DATABASE_URL", url(login, schema, None)?);
                (command, "")
            }
        };
        timed(self.name(), command, input)
    }
}

/// How long the client takes to connect, and to go.
pub(crate) fn connect(arguments: &Arguments, login: &Login, schema: &str) -> Result<Duration, BenchError> {
    timed("mysql", client(&arguments.client, login, schema)?, "DO 0;\n")
}

/// The plain client; by TCP and encrypted, as all the others are.
fn client(words: &[String], login: &Login, schema: &str) -> Result<Command, BenchError> {
    let (program, rest) = words
        .split_first()
        .ok_or_else(|| BenchError::Told("mysql is not named: run `cargo xtask bench apply`".to_owned()))?;
    let mut command = Command::new(program);
    command.args(rest).args(["--no-defaults", "--protocol=TCP"]);
    command
        .arg(format!("--host={}", login.host))
        .arg(format!("--port={}", login.port))
        .arg(format!("--user={}", login.user))
        .arg(schema)
        .env("MYSQL_PWD", login.password.expose_secret());
    Ok(command)
}

/// Runs a program to its end.
fn timed(name: &str, mut command: Command, input: &str) -> Result<Duration, BenchError> {
    let fault = |source| BenchError::Io {
        what: name.to_owned(),
        source,
    };
    command
        .current_dir(Path::new("/"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let began = Instant::now();
    let mut child = command.spawn().map_err(fault)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(fault)?;
    }
    let output = child.wait_with_output().map_err(fault)?;
    let took = began.elapsed();
    if output.status.success() {
        return Ok(took);
    }
    Err(BenchError::Told(format!(
        "{name} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    )))
}
