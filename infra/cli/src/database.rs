//! What the commands ask of MySQL servers: the schema of a database, and what a server's refusal means here.

use crate::exit::{Stop, causes};
use crate::server::ServerUrl;
use model::Fault;
use mysql::{Definers, DumpOptions, ScratchError};
use workflow::ports::database::{OpenError, Snapshot};

/// Schemas that every server has, and that nobody may make.
const SERVERS_OWN: [&str; 4] = ["information_schema", "performance_schema", "mysql", "sys"];

/// The schema of a database.
pub(crate) async fn dump(url: &ServerUrl, schema: &str, definers: Definers) -> Result<Snapshot, Stop> {
    if SERVERS_OWN.iter().any(|own| own.eq_ignore_ascii_case(schema)) {
        return Err(Stop::refused(
            "schema-of-the-server",
            format!("{url}: `{schema}` is the server's own, and no schema of yours. Name another one."),
        ));
    }
    mysql::dump(&url.login()?, schema, DumpOptions { definers })
        .await
        .map_err(|error| unopened(url, error))
}

/// The views of a schema's text that are broken: there they are comments, for nothing could make them.
pub(crate) fn broken_views(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("-- The view "));
    lines
        .filter_map(|line| line.rsplit_once(" is broken: ").map(|(name, _)| name))
        .collect()
}

/// A session that could not be opened, with what to do on this command line.
pub(crate) fn unopened(url: &ServerUrl, error: OpenError) -> Stop {
    match error {
        OpenError::Login(fault) => Stop::refused(
            "login-refused",
            format!(
                "{url}: {}. Check the user, and the password in the URL or in SLUICE_MYSQL_PASSWORD.",
                reason(&fault)
            ),
        ),
        OpenError::NoSchema(schema) => Stop::refused(
            "no-schema",
            format!(
                "{url}: there is no schema `{schema}` on this server, or this user may not see it. Check its name."
            ),
        ),
        OpenError::Fault(fault) => broken(url, &fault),
    }
}

/// A fault without its remedy, which is about the settings of a stack.
fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Operator {
            operation, source, ..
        }
        | Fault::Retry {
            operation, source, ..
        } => format!("{operation} failed: {}", causes(source.as_ref())),
        Fault::Bug(_) => fault.to_string(),
    }
}

/// A fault of a server, with what to do on this command line.
pub(crate) fn broken(url: &ServerUrl, fault: &Fault) -> Stop {
    let remedy = match fault {
        Fault::Operator { .. } => "Check ssl-mode and ssl-ca of the URL, and the user's rights.",
        Fault::Retry { .. } => "Check the host, the port and the network, then try again.",
        Fault::Bug(_) => "Please report this.",
    };
    Stop::Fault(format!("{url}: {}. {remedy}", reason(fault)))
}

/// What a server, or the look at a text for it, says to something that was to be done on a scratch schema.
pub(crate) fn failed(url: &ServerUrl, what: &str, error: ScratchError) -> Stop {
    match error {
        ScratchError::Open(error) => unopened(url, error),
        ScratchError::Unreadable(error) => Stop::refused("sql-unreadable", format!("{what}: {error}")),
        ScratchError::Refused { code, .. } => {
            Stop::refused(&format!("mysql-{code}"), format!("{what}, on {url}: {error}"))
        }
        ScratchError::Outside { .. } => Stop::refused("not-of-the-schema", format!("{what}: {error}")),
        ScratchError::Fault(fault) => broken(url, &fault),
    }
}
