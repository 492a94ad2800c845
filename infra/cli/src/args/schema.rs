//! The command line of `sluice schema`. Servers are texts here, for what can't be read is echoed, and holds a password.

use clap::{Args, Subcommand};

/// Said wherever a server is named.
pub(crate) const SERVERS: &str = "\
Servers:
  mysql://USER:PASSWORD@HOST:PORT/SCHEMA[?ssl-mode=VERIFY_IDENTITY|VERIFY_CA|DISABLED][&ssl-ca=FILE]
  Without a password in the URL it is that of SLUICE_MYSQL_PASSWORD: other users of this machine can read command lines.
  Characters such as @ : / # ? % in names and passwords are written as %40 %3A %2F %23 %3F %25.
  ssl-mode is VERIFY_IDENTITY, and DISABLED for a server on this machine; ssl-ca is a PEM file with the authority to
  trust instead of that of Amazon RDS.";

/// What can be done with schemas, without AWS.
#[derive(Debug, Subcommand)]
pub(crate) enum SchemaCommand {
    /// Print the schema of a server's database: normalised, in a stable order, and loadable as it is
    #[command(after_help = SERVERS)]
    Dump {
        /// Which database
        #[command(flatten)]
        source: Source,
        /// List the objects with their fingerprints instead
        #[arg(long)]
        objects: bool,
        /// Keep the definers of views, routines, triggers and events
        #[arg(long)]
        keep_definer: bool,
    },
    /// Compare two schemas: what changed in words, the lines that differ, the statements that lead from A to B
    #[command(after_help = SERVERS)]
    Diff(Comparison),
}

/// A database: with the option, or without.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Source {
    /// `mysql://user:password@host:port/schema`
    #[arg(value_name = "URL")]
    pub(crate) url: Option<String>,
    /// The same, as an option
    #[arg(long, value_name = "URL")]
    pub(crate) target: Option<String>,
}

impl Source {
    /// What was named, and what it is called on the command line.
    pub(crate) fn named(&self) -> (&str, &'static str) {
        match (&self.target, &self.url) {
            (Some(target), _) => (target, "--target"),
            (None, url) => (url.as_deref().unwrap_or_default(), "URL"),
        }
    }
}

/// What is compared, and how it is told.
#[derive(Debug, Clone, Args)]
pub(crate) struct Comparison {
    /// The schema before: a file (`-` for stdin) or a server's database, `mysql://…/schema`
    #[arg(value_name = "A")]
    pub(crate) before: String,
    /// The schema after
    #[arg(value_name = "B")]
    pub(crate) after: String,
    /// Print the statements that lead from A to B, as a file of SQL, and nothing else
    #[arg(long, conflicts_with = "changes")]
    pub(crate) ddl: bool,
    /// Print the list of changes, and nothing else
    #[arg(long)]
    pub(crate) changes: bool,
    /// A server on which schemas may be made and dropped, without a schema: `mysql://user:password@host:port`. Files
    /// are loaded there first, so that they are read exactly; the statements are run there, and what they lead to is
    /// compared with B
    #[arg(long, value_name = "URL")]
    pub(crate) scratch: Option<String>,
    /// End with exit code 3 if the schemas differ
    #[arg(long)]
    pub(crate) exit_code: bool,
}
