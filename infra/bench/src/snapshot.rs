//! Snapshots: how long one takes, beside `mysqldump --no-data` of the same schema on the same server.

use crate::fault::BenchError;
use crate::schema;
use crate::server;
use crate::timing::{median, yes};
use comfy_table::Table;
use mysql::admin::Admin;
use secrecy::ExposeSecret as _;
use std::process::Command;
use std::time::{Duration, Instant};
use workflow::ports::database::Login;

/// The target: this part of the time that mysqldump takes.
const TARGET: f64 = 0.5;
/// No new round is begun after this: mysqldump takes minutes for thousands of tables.
const PATIENCE: Duration = Duration::from_mins(2);
/// The schema that is made for it.
const SCHEMA: &str = "benched";

/// The table; whether every size reached the target.
pub(crate) fn table(sizes: &[usize], rounds: usize, dump: &[String]) -> Result<(Table, bool), BenchError> {
    let login = server::login()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| BenchError::Io {
            what: "an async runtime".to_owned(),
            source,
        })?;
    let mut table = Table::new();
    table.set_header([
        "tables",
        "rounds",
        "snapshot ms",
        "mysqldump ms",
        "snapshot : mysqldump",
        "at most 0.5",
    ]);
    let mut all = true;
    for size in sizes {
        runtime.block_on(make(&login, *size))?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let first = Instant::now();
        while ours.len() < rounds && (ours.is_empty() || first.elapsed() < PATIENCE) {
            let began = Instant::now();
            let text = runtime.block_on(take(&login))?;
            ours.push(began.elapsed());
            complete(&text, *size, "the snapshot")?;
            let began = Instant::now();
            let text = dumped(&login, dump)?;
            theirs.push(began.elapsed());
            complete(&text, *size, "mysqldump")?;
        }
        let taken = ours.len();
        let (ours, theirs) = (median(&mut ours), median(&mut theirs));
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64().max(1e-9);
        all &= ratio <= TARGET;
        table.add_row([
            size.to_string(),
            taken.to_string(),
            milliseconds(ours),
            milliseconds(theirs),
            format!("{ratio:.2}"),
            yes(ratio <= TARGET).to_owned(),
        ]);
    }
    runtime.block_on(drop_schema(&login))?;
    Ok((table, all))
}

fn milliseconds(time: Duration) -> String {
    time.as_millis().to_string()
}

/// Both must have told of every table, or their times say nothing.
fn complete(text: &str, tables: usize, who: &str) -> Result<(), BenchError> {
    let found = text.matches("CREATE TABLE `t_").count();
    if found == tables {
        return Ok(());
    }
    Err(BenchError::Told(format!(
        "{who} told of {found} tables of {tables}"
    )))
}

async fn admin(login: &Login) -> Result<Admin, BenchError> {
    Admin::connect(login)
        .await
        .map_err(|error| BenchError::Told(format!("the server does not let us in: {error:?}")))
}

async fn make(login: &Login, size: usize) -> Result<(), BenchError> {
    let mut admin = admin(login).await?;
    let first = format!("DROP DATABASE IF EXISTS {SCHEMA}; CREATE DATABASE {SCHEMA}; USE {SCHEMA}");
    for packet in std::iter::once(first).chain(schema::packets(size)) {
        admin
            .run(&packet)
            .await
            .map_err(|fault| BenchError::Told(fault.chain()))?;
    }
    admin.close().await;
    Ok(())
}

async fn drop_schema(login: &Login) -> Result<(), BenchError> {
    let mut admin = admin(login).await?;
    let dropped = admin.run(&format!("DROP DATABASE {SCHEMA}")).await;
    admin.close().await;
    dropped
        .map(|_| ())
        .map_err(|fault| BenchError::Told(fault.chain()))
}

/// Ours, from connecting to the text.
async fn take(login: &Login) -> Result<String, BenchError> {
    let dumped = mysql::dump(login, SCHEMA, mysql::DumpOptions::default()).await;
    dumped
        .map(|snapshot| snapshot.text)
        .map_err(|error| BenchError::Told(format!("no snapshot: {error:?}")))
}

/// mysqldump's, from connecting to the text.
fn dumped(login: &Login, dump: &[String]) -> Result<String, BenchError> {
    let (program, rest) = dump
        .split_first()
        .ok_or_else(|| BenchError::Told("mysqldump is not named: run `cargo xtask bench sql`".to_owned()))?;
    let mut command = Command::new(program);
    command.args(rest);
    command.arg("--no-defaults");
    command.args([
        "--no-data",
        "--routines",
        "--events",
        "--triggers",
        "--ssl-mode=DISABLED",
        "--get-server-public-key",
    ]);
    command
        .arg(format!("--host={}", login.host))
        .arg(format!("--port={}", login.port))
        .arg(format!("--user={}", login.user));
    command
        .arg(SCHEMA)
        .env("MYSQL_PWD", login.password.expose_secret());
    let output = command.output().map_err(|source| BenchError::Io {
        what: program.clone(),
        source,
    })?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(BenchError::Told(format!(
            "mysqldump ended with {}: {told}",
            output.status
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
