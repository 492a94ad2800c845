//! A MySQL server of our own, that can be killed and comes back on the same data and the same port.

use crate::process::tail;
use crate::trouble::{Trouble, until};
use model::Target;
use mysql::MySql;
use mysql::admin::Admin;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::Mutex as Turn;
use workflow::ports::database::{Databases, Lock, Locked, Login, Owner};

/// The variable that holds the program of the server and its arguments, as a JSON array.
const PROGRAM: &str = "SLUICE_GATE_MYSQLD";
/// The variable that names an initialised data folder, to be copied.
const DATA: &str = "SLUICE_GATE_MYSQL_DATA";
/// The password of `root`. It must not be found in any log.
pub(crate) const PASSWORD: &str = "only-the-secret-knows-this";
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a moment of a statement's text waits for: a row of these that somebody holds. Intent and outcome are written in
/// one text with the statement, so only the server itself can stop between them.
const MOMENTS: &str = "\
CREATE TABLE gate.moments (
  schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  moment VARCHAR(10) NOT NULL,
  PRIMARY KEY (schema_name, moment));
CREATE TABLE gate.again (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, digest CHAR(64) NOT NULL);
CREATE TRIGGER _sluice.before_intent BEFORE INSERT ON _sluice.journal FOR EACH ROW
BEGIN
  DECLARE held VARCHAR(10);
  IF NEW.statement_index = 2
    AND EXISTS (SELECT 1 FROM gate.moments WHERE schema_name = NEW.schema_name AND moment = 'intent') THEN
    SELECT moment INTO held FROM gate.moments
      WHERE schema_name = NEW.schema_name AND moment = 'intent' FOR UPDATE;
  END IF;
END";
/// A stored program ends its text, so this one stands alone.
const OUTCOME: &str = "\
CREATE TRIGGER _sluice.before_outcome BEFORE UPDATE ON _sluice.journal FOR EACH ROW
BEGIN
  DECLARE held VARCHAR(10);
  IF NEW.statement_index = 2 AND NEW.outcome = 'done'
    AND EXISTS (SELECT 1 FROM gate.moments WHERE schema_name = NEW.schema_name AND moment = 'outcome') THEN
    SELECT moment INTO held FROM gate.moments
      WHERE schema_name = NEW.schema_name AND moment = 'outcome' FOR UPDATE;
  END IF;
END";
/// Notes each intent that takes the place of one whose outcome was not known.
const AGAIN: &str = "\
CREATE TRIGGER _sluice.after_intent AFTER UPDATE ON _sluice.journal FOR EACH ROW
BEGIN
  IF OLD.outcome = 'unknown' AND NEW.outcome = 'unknown' AND NEW.intended_at <> OLD.intended_at THEN
    INSERT INTO gate.again (digest) VALUES (NEW.digest);
  END IF;
END";

/// A server.
#[derive(Debug)]
pub struct Server {
    program: Vec<String>,
    folder: TempDir,
    port: u16,
    running: Mutex<Option<Child>>,
}

impl Server {
    /// Starts a server on a copy of the data folder that the environment names, with the journal made.
    pub async fn start() -> Result<Self, Trouble> {
        let program: Vec<String> = serde_json::from_str(&variable(PROGRAM)?)?;
        let folder = tempfile::Builder::new().prefix("sluice-mysqld-").tempdir()?;
        let copied = Command::new("cp")
            .args(["-a", "--sparse=always"])
            .arg(variable(DATA)?)
            .arg(folder.path().join("data"))
            .status()?;
        if !copied.success() {
            return Err(Trouble::new(format!("the data folder can't be copied: {copied}")));
        }
        let port = free_port()?;
        let server = Self {
            program,
            folder,
            port,
            running: Mutex::default(),
        };
        let first = server.folder.path().join("first.sql");
        let statements = format!(
            "CREATE USER 'root'@'%' IDENTIFIED BY '{PASSWORD}';\nGRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;\n\
             CREATE DATABASE gate;\n"
        );
        std::fs::write(&first, statements)?;
        server.begin(Some(&first))?;
        server.ready().await?;
        server.make_journal().await?;
        Ok(server)
    }

    /// Kills it with SIGKILL.
    pub fn kill(&self) -> Result<(), Trouble> {
        if let Some(mut child) = self.running().take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Starts it again where it was, and waits until it recovered.
    pub async fn restart(&self) -> Result<(), Trouble> {
        self.begin(None)?;
        self.ready().await
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn login(&self) -> Login {
        login(self.port)
    }

    fn begin(&self, first: Option<&PathBuf>) -> Result<(), Trouble> {
        let (program, arguments) = self
            .program
            .split_first()
            .ok_or_else(|| Trouble::new(format!("{PROGRAM} names no program")))?;
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .arg(format!("--datadir={}", self.folder.path().join("data").display()))
            .arg(format!(
                "--socket={}",
                self.folder.path().join("socket").display()
            ))
            .arg(format!("--port={}", self.port))
            .args([
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--max-connections=400",
                "--innodb-buffer-pool-size=64M",
                // What is committed is there after a kill.
                "--innodb-flush-log-at-trx-commit=1",
            ]);
        command.args(first.map(|file| format!("--init-file={}", file.display())));
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        *self.running() = Some(child);
        Ok(())
    }

    /// Waits until somebody can log in.
    async fn ready(&self) -> Result<(), Trouble> {
        until("the server takes logins", PATIENCE, async || {
            if let Some(child) = self.running().as_mut()
                && let Some(status) = child.try_wait()?
            {
                let log = tail(&self.log());
                return Err(Trouble::new(format!("the server ended with {status}: {log}")));
            }
            match Admin::connect(&self.login()).await {
                Ok(admin) => {
                    admin.close().await;
                    Ok(Some(()))
                }
                Err(_not_yet) => Ok(None),
            }
        })
        .await
    }

    /// The journal is made as the product makes it; then it learns to wait.
    async fn make_journal(&self) -> Result<(), Trouble> {
        let target = Target::new("gate", "gate");
        let (databases, login) = (MySql::default(), self.login());
        let lock = databases.lock(&login, &target, Owner::Alone, Duration::from_secs(1));
        if let Lock::Held(locked) = lock.await? {
            locked.close().await;
        }
        let sessions = Sessions::to(self);
        sessions.run(MOMENTS).await?;
        sessions.run(OUTCOME).await?;
        sessions.run(AGAIN).await?;
        sessions.close().await;
        Ok(())
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn running(&self) -> MutexGuard<'_, Option<Child>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its folder goes with it.
        let _killed = self.kill();
    }
}

/// The login of a server's `root`.
pub(crate) fn login(port: u16) -> Login {
    Login {
        host: Ipv4Addr::LOCALHOST.to_string(),
        port,
        user: "root".to_owned(),
        password: SecretString::from(PASSWORD),
        tls: settings::Tls::Disabled,
        rehearsal: None,
    }
}

/// An administrator's session: one at a time, made anew where the last one was lost.
#[derive(Debug)]
pub(crate) struct Sessions {
    login: Login,
    kept: Turn<Option<Admin>>,
}

impl Sessions {
    pub(crate) fn to(server: &Server) -> Self {
        Self {
            login: server.login(),
            kept: Turn::default(),
        }
    }

    /// Runs statements, and answers the rows of all.
    pub(crate) async fn run(&self, text: &str) -> Result<Vec<Vec<String>>, Trouble> {
        let mut kept = self.kept.lock().await;
        let mut session = match kept.take() {
            Some(session) => session,
            None => Admin::connect(&self.login).await?,
        };
        match session.run(text).await {
            Ok(rows) => {
                *kept = Some(session);
                let row = |row: Vec<Option<String>>| row.into_iter().map(Option::unwrap_or_default).collect();
                Ok(rows.into_iter().map(row).collect())
            }
            Err(fault) => {
                session.close().await;
                Err(Trouble::new(format!("{} in: {text}", fault.chain())))
            }
        }
    }

    /// The one value of the one row.
    pub(crate) async fn value(&self, text: &str) -> Result<String, Trouble> {
        let rows = self.run(text).await?;
        Ok(rows.into_iter().flatten().next().unwrap_or_default())
    }

    /// Ends the session, and with it what it holds.
    pub(crate) async fn close(&self) {
        if let Some(session) = self.kept.lock().await.take() {
            session.close().await;
        }
    }
}

/// A port that nobody listens on, and that no other server of this process was given.
fn free_port() -> Result<u16, Trouble> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        if given.insert(port) {
            return Ok(port);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but the environment that `cargo xtask` makes"
)]
fn variable(name: &str) -> Result<String, Trouble> {
    std::env::var(name).map_err(|_missing| {
        Trouble::new(format!(
            "{name} is not set: run the gate by `cargo xtask gate`, or its tests by `cargo xtask test`"
        ))
    })
}
