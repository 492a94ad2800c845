//! Making, filling and reading a scratch schema on a session.

use super::name::ScratchName;
use super::reading::{self, Ready, Skipped};
use crate::dump::Definers;
use crate::errors::Failure;
use crate::snapshot::COLLATION;
use crate::wire::Wire;
use sql::SqlError;

/// How much of a text goes into one packet.
const PACKET: usize = 256 * 1024;

/// What a schema that makes no choice of its own gets: character set and collation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// The default character set.
    pub charset: String,
    /// The default collation.
    pub collation: String,
}

/// Why a text could not be loaded.
#[derive(Debug)]
pub(crate) enum LoadFailure {
    /// It can't be split into statements.
    Unreadable(SqlError),
    /// The statement that starts in this line does something outside of its schema.
    Outside(u32, String),
    /// The server refuses the statement that starts in this line, or the connection is gone.
    At(u32, Failure),
}

/// Statements of a text that is loaded asleep, and what to undo of that.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) asleep: Vec<String>,
    pub(crate) skipped: Vec<Skipped>,
}

/// A scratch schema is there, though it was dropped just before.
const ER_DB_CREATE_EXISTS: u16 = 1007;
/// How often it is dropped again.
const TRIES: u32 = 20;

/// Makes the schema anew, without what a dead session left of it, and stands in it. The server may still be about what
/// that session sent last, and make the schema between our two statements: then it is dropped again.
pub(crate) async fn enter(
    wire: &mut Wire,
    preamble: &str,
    name: &ScratchName,
    defaults: Option<&Defaults>,
) -> Result<(), Failure> {
    let text = format!("{preamble}{}", anew(name, defaults));
    for _ in 1..TRIES {
        match wire.ask(text.clone()).await {
            Err(Failure::Server(error)) if error.code == ER_DB_CREATE_EXISTS => {}
            other => return other.map(|_answers| ()),
        }
    }
    wire.ask(text).await.map(|_answers| ())
}

fn anew(name: &ScratchName, defaults: Option<&Defaults>) -> String {
    let name = name.quoted();
    let defaults = defaults.map_or_else(String::new, |defaults| {
        format!(
            " CHARACTER SET {} COLLATE {}",
            defaults.charset, defaults.collation
        )
    });
    format!("DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}{defaults}; USE {name}")
}

/// Loads a schema's text, under a mode that accepts whatever exists already.
pub(crate) async fn load(
    wire: &mut Wire,
    name: &ScratchName,
    text: &str,
    definers: Definers,
) -> Result<Loaded, LoadFailure> {
    let reading = reading::read(text, name.as_str(), definers)?;
    lenient(wire)
        .await
        .map_err(|failure| LoadFailure::At(1, failure))?;
    let mut packet: Vec<&Ready> = Vec::new();
    let mut size = 0;
    for ready in &reading.ready {
        if size + ready.text.len() > PACKET && !packet.is_empty() {
            send(wire, &packet).await?;
            packet.clear();
            size = 0;
        }
        size += ready.text.len();
        packet.push(ready);
    }
    send(wire, &packet).await?;
    let after = "SET NAMES utf8mb4, sql_mode = @@global.sql_mode, time_zone = @@global.time_zone, \
                 foreign_key_checks = @@global.foreign_key_checks, unique_checks = @@global.unique_checks";
    wire.ask(after.to_owned())
        .await
        .map_err(|failure| LoadFailure::At(1, failure))?;
    Ok(Loaded {
        asleep: reading
            .ready
            .into_iter()
            .filter_map(|ready| ready.asleep)
            .collect(),
        skipped: reading.skipped,
    })
}

/// What a server may ask of new tables, old ones need not have. A user without the right to change it has to live with
/// it.
async fn lenient(wire: &mut Wire) -> Result<(), Failure> {
    wire.ask(format!("SET NAMES utf8mb4 COLLATE {COLLATION}, sql_mode = ''"))
        .await?;
    for setting in [
        "sql_generate_invisible_primary_key = 0",
        "sql_require_primary_key = 0",
        "restrict_fk_on_non_standard_key = 0",
        "innodb_strict_mode = 0",
    ] {
        match wire.ask(format!("SET {setting}")).await {
            Ok(_) | Err(Failure::Server(_)) => {}
            Err(gone @ Failure::Gone(_)) => return Err(gone),
        }
    }
    Ok(())
}

/// Sends statements in one packet. The line's end ends a comment that a statement may end with.
pub(super) async fn send(wire: &mut Wire, packet: &[&Ready]) -> Result<(), LoadFailure> {
    let Some(first) = packet.first() else {
        return Ok(());
    };
    let texts: Vec<&str> = packet.iter().map(|ready| ready.text.as_str()).collect();
    let mut results = Vec::new();
    wire.run(&texts.join("\n;\n"), &mut results)
        .await
        .map_err(|failure| {
            let at = packet.get(results.len()).unwrap_or(first);
            LoadFailure::At(at.line, failure)
        })
}
