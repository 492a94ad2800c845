//! One private MySQL server per stack.

use super::{free_port, random, wait_until_ready};
use crate::context::Context;
use crate::fault::{At, Fault};
use crate::processes::Group;
use crate::tools::{Server, StackTools, Venv};
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::time::Duration;
use url::Url;

/// What Sluice's database user may do: what an operator would grant it on Aurora, and nothing more.
const GRANTS: &str = "ALTER, ALTER ROUTINE, CREATE, CREATE ROUTINE, CREATE TEMPORARY TABLES, CREATE VIEW, DELETE, DROP, \
                      EVENT, EXECUTE, INDEX, INSERT, LOCK TABLES, PROCESS, REFERENCES, SELECT, SHOW VIEW, TRIGGER, UPDATE";

/// A server and its users.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Mysql {
    /// Address with the user that may do everything.
    pub(crate) url: String,
    /// Host for settings.
    pub(crate) host: String,
    /// Port for settings.
    pub(crate) port: u16,
    /// The worker's user.
    pub(crate) user: String,
    /// Its password.
    pub(crate) password: String,
}

/// How firmly a server of ours keeps what is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A crash of the machine may lose the last second: what tests and stories need.
    Quick,
    /// A crash loses nothing, and there is a binary log, as in production.
    Full,
}

impl Durability {
    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Quick => &["--innodb-flush-log-at-trx-commit=2"],
            Self::Full => &[
                "--innodb-flush-log-at-trx-commit=1",
                "--log-bin=binlog",
                "--server-id=1",
                "--sync-binlog=1",
            ],
        }
    }
}

impl Mysql {
    /// Starts a server with the given schemas, or makes them in the server that was named.
    pub(crate) fn start(
        context: &Context,
        tools: &StackTools,
        schemas: &[&str],
    ) -> Result<(Self, Option<Group>), Fault> {
        match &tools.mysql {
            Server::Named(url) => Ok((Self::named(context, &tools.emulator, url, schemas)?, None)),
            Server::Ours { .. } => {
                let (mysql, group) = Self::ours(context, &tools.mysql, "mysql", schemas, Durability::Quick)?;
                Ok((mysql, Some(group)))
            }
        }
    }

    /// A server without schemas, beside those of the stack, for one task: its URL, and what to end if it is ours.
    pub(crate) fn alone(
        context: &Context,
        server: &Server,
        name: &str,
        durability: Durability,
    ) -> Result<(String, Option<Group>), Fault> {
        match server {
            Server::Named(url) => Ok((url.as_str().trim_end_matches('/').to_owned(), None)),
            Server::Ours { .. } => {
                let (mysql, group) = Self::ours(context, server, name, &[], durability)?;
                Ok((mysql.url, Some(group)))
            }
        }
    }

    fn ours(
        context: &Context,
        server: &Server,
        name: &str,
        schemas: &[&str],
        durability: Durability,
    ) -> Result<(Self, Group), Fault> {
        let Server::Ours { mysqld, template } = server else {
            return Err(Fault::told("a named MySQL server is not ours to start"));
        };
        let step = context.progress.step("Starting MySQL");
        let data = context.home().join(name);
        if data.exists() {
            std::fs::remove_dir_all(&data).at("remove", &data)?;
        }
        let mut copy = Command::new("cp");
        context.run(
            "Copying MySQL's data folder",
            "mysql-copy",
            copy.args(["-a", "--sparse=always"]).arg(template).arg(&data),
        )?;
        let port = free_port()?;
        let (root, password) = (random(12)?, random(12)?);
        let first = context.home().join(format!("{name}-first.sql"));
        std::fs::write(&first, first_statements(&root, &password, schemas)).at("write", &first)?;
        let mut command = mysqld.command(&data)?;
        command
            .arg(format!("--port={port}"))
            .arg("--bind-address=127.0.0.1");
        // A socket's path may have 107 bytes, which a checkout's may exceed.
        command.arg(format!(
            "--socket={}",
            std::env::temp_dir().join(format!("sluice-{port}.sock")).display()
        ));
        command.arg(format!("--init-file={}", first.display()));
        command
            .args(["--skip-name-resolve", "--max-connections=500"])
            .args(durability.options());
        let group = context.spawn(name, &mut command)?;
        wait_until_ready(context, &group, Duration::from_mins(1), || greeted(port))?;
        std::fs::remove_file(&first).at("remove", &first)?;
        let url = format!("mysql://root:{root}@127.0.0.1:{port}");
        step.done();
        Ok((
            Self {
                url,
                host: "127.0.0.1".to_owned(),
                port,
                user: "sluice".to_owned(),
                password,
            },
            group,
        ))
    }

    fn named(context: &Context, python: &Venv, url: &Url, schemas: &[&str]) -> Result<Self, Fault> {
        let host = url
            .host_str()
            .ok_or_else(|| Fault::told("--mysql-url names no host"))?
            .to_owned();
        let port = url.port().unwrap_or(3306);
        let password = random(12)?;
        let statements = grant(&password, schemas, true);
        let script = "import sys, pymysql, urllib.parse as u\n\
            url = u.urlparse(sys.argv[1])\n\
            server = pymysql.connect(host=url.hostname, port=url.port or 3306, user=u.unquote(url.username or 'root'), \
            password=u.unquote(url.password or ''), autocommit=True)\n\
            [server.cursor().execute(line) for line in sys.argv[2].splitlines()]";
        let mut command = Command::new(python.program("python"));
        command.args(["-c", script, url.as_str(), &statements]);
        context.run("Preparing the named MySQL server", "mysql", &mut command)?;
        Ok(Self {
            url: url.as_str().trim_end_matches('/').to_owned(),
            host,
            port,
            user: "sluice".to_owned(),
            password,
        })
    }
}

fn first_statements(root: &str, password: &str, schemas: &[&str]) -> String {
    format!(
        "ALTER USER 'root'@'localhost' IDENTIFIED BY '{root}';\n\
             CREATE USER 'root'@'%' IDENTIFIED BY '{root}';\n\
             GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;\n{}",
        grant(password, schemas, false)
    )
}

/// The worker's user and empty schemas, one statement per line.
fn grant(password: &str, schemas: &[&str], replace: bool) -> String {
    let mut lines = vec![
        format!("CREATE USER IF NOT EXISTS 'sluice'@'%' IDENTIFIED BY '{password}';"),
        format!("ALTER USER 'sluice'@'%' IDENTIFIED BY '{password}';"),
        format!("GRANT {GRANTS} ON *.* TO 'sluice'@'%';"),
    ];
    for schema in schemas {
        if replace {
            lines.push(format!("DROP DATABASE IF EXISTS `{schema}`;"));
        }
        lines.push(format!("CREATE DATABASE `{schema}`;"));
    }
    lines.join("\n") + "\n"
}

/// A MySQL server greets first; it does so only after its first statements ran.
fn greeted(port: u16) -> Result<(), String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|error| error.to_string())?;
    stream
        .set_read_timeout(Some(Duration::from_secs(1)))
        .map_err(|error| error.to_string())?;
    let mut greeting = [0; 5];
    stream
        .read_exact(&mut greeting)
        .map_err(|error| error.to_string())?;
    // The fifth byte is the protocol's version, or 0xff for an error.
    if greeting.last() == Some(&10) {
        Ok(())
    } else {
        Err(format!("greets with {greeting:?}"))
    }
}
