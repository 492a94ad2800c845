//! The command line.

pub(crate) mod apply;
pub(crate) mod audit;
pub(crate) mod connect;
pub(crate) mod explain;
pub(crate) mod schema;
pub(crate) mod sql;

use crate::exit::EXIT_CODES;
use crate::moment::{self, MomentError};
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use model::{Age, FilterError, IssueState, Target, Version};
use std::path::PathBuf;

/// Sluice: versioned SQL files pushed to GitHub, applied to Aurora MySQL
#[derive(Debug, Parser)]
#[command(name = "sluice", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Base URL of the API with its stage: the stack's output `ApiUrl`
    #[arg(long, global = true, env = "SLUICE_API_URL", value_name = "URL")]
    pub(crate) api_url: Option<String>,
    /// Region to sign for [default: the one in the API's host name, else that of the profile]
    #[arg(long, global = true, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Profile of the AWS configuration [default: the ordinary AWS credential chain]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Answer in JSON, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No colors
    #[arg(long, global = true, env = "NO_COLOR", value_parser = FalseyValueParser::new(), hide_env_values = true)]
    pub(crate) no_color: bool,
}

/// The nouns.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Connect Sluice to GitHub: make the App, install it, see that deliveries arrive
    #[command(subcommand, arg_required_else_help = true)]
    Connect(connect::ConnectCommand),
    /// Projects, environments, instances and members
    #[command(subcommand, arg_required_else_help = true)]
    Settings(SettingsCommand),
    /// What of a repository's history was applied before Sluice came
    #[command(subcommand, arg_required_else_help = true)]
    Baseline(BaselineCommand),
    /// Say how paths of a repository are read: where each change goes, or why it is refused or ignored
    Explain(explain::ExplainArguments),
    /// The numbered records of the database work of one push
    #[command(subcommand, arg_required_else_help = true)]
    Issue(IssueCommand),
    /// Keep everything from beginning in an environment for a while
    Freeze {
        /// The environment
        environment: String,
        /// Until when: `2026-12-27T08:00Z`, `2026-12-27T08:00[Europe/Amsterdam]`, or for how long from now: `8h`, `3d`
        #[arg(long, value_name = "TIME", value_parser = moment::parse)]
        until: Timestamp,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
    /// Lift a freeze before its time
    Unfreeze {
        /// The environment
        environment: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
    /// List what is frozen
    Freezes,
    /// One change to be applied to one database
    #[command(subcommand, arg_required_else_help = true)]
    Task(TaskCommand),
    /// What was applied to a database
    #[command(subcommand, arg_required_else_help = true)]
    Version(VersionCommand),
    /// Who decided and did what, in chains of hashes
    #[command(subcommand, arg_required_else_help = true)]
    Audit(audit::AuditCommand),
    /// Apply a folder of changes to a database, each statement once, without AWS
    #[command(after_help = apply::HELP, after_long_help = apply::HELP)]
    Apply(apply::ApplyArguments),
    /// SQL files, offline
    #[command(subcommand, arg_required_else_help = true)]
    Sql(sql::SqlCommand),
    /// Schemas in files and on servers, without AWS
    #[command(subcommand, arg_required_else_help = true)]
    Schema(schema::SchemaCommand),
}

/// What can be done with settings.
#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Check a settings file, then make it the settings
    Apply {
        /// TOML or JSON; `-` for stdin
        file: PathBuf,
        /// Refuse unless this is the version that is replaced [default: the current one]
        #[arg(long, value_name = "VERSION")]
        if_version: Option<u64>,
    },
    /// Print the settings as they were applied
    Show {
        /// As they were in this version [default: those in force]
        #[arg(long, value_name = "N")]
        version: Option<u64>,
    },
    /// List who applied which version, newest first
    History(Page<u64>),
    /// Show what a version changed
    Diff {
        /// The version
        version: u64,
        /// Another one to compare it with [default: the one before it]
        other: Option<u64>,
    },
    /// Check a settings file, offline
    Validate {
        /// TOML or JSON; `-` for stdin
        file: PathBuf,
    },
}

/// What can be done with baselines.
#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Say how far the history in the repository was applied; until somebody does, files wait
    Set {
        /// The project
        project: String,
        /// `all` that is there now, `none`, or everything up to this version
        #[arg(long, value_name = "VERSION|all|none")]
        up_to: String,
        /// Only this target, `instance/database`; also where it has a baseline [default: every one that has none]
        #[arg(long, value_name = "TARGET", value_parser = Target::parse)]
        target: Option<Target>,
    },
    /// Show the baseline of each target
    Show {
        /// The project
        project: String,
    },
}

/// A part of a long list, newest first.
#[derive(Debug, Clone, Args)]
pub(crate) struct Page<T: Clone + Send + Sync + std::str::FromStr + 'static>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    /// At most so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Only what comes before this one
    #[arg(long, value_name = "N")]
    pub(crate) before: Option<T>,
}

/// What can be done with issues.
#[derive(Debug, Subcommand)]
pub(crate) enum IssueCommand {
    /// List issues, newest first
    List {
        /// Which ones
        #[command(flatten)]
        filter: IssueFilterChoice,
        /// Which part of the list
        #[command(flatten)]
        page: Page<u64>,
    },
    /// Print where GitHub shows the commit of an issue; no browser is opened
    Open {
        /// Its number
        number: u64,
    },
    /// Show one issue: its stages, tasks, approvals and failures
    Show {
        /// Its number
        number: u64,
        /// Show each task's SQL
        #[arg(long)]
        sql: bool,
        /// Show how each finished task changed the schema
        #[arg(long)]
        diff: bool,
        /// Show what runs as it goes on, until nothing runs any more
        #[arg(long, conflicts_with_all = ["sql", "diff"])]
        watch: bool,
    },
    /// Approve a stage, exactly as shown
    Approve {
        /// The issue
        number: u64,
        /// The stage
        #[command(flatten)]
        stage: StageChoice,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: Option<String>,
    },
    /// Say no to a stage
    Reject {
        /// The issue
        number: u64,
        /// The stage
        #[command(flatten)]
        stage: StageChoice,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
    /// In an emergency: let a stage past approvals, freeze and window. It takes two administrators, and everybody sees it
    Bypass {
        /// The issue
        number: u64,
        /// The stage
        #[command(flatten)]
        stage: StageChoice,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
    /// Run failed tasks again
    Retry {
        /// The issue
        number: u64,
        /// Only this task [default: every failed one]
        #[arg(long, value_name = "POSITION")]
        task: Option<u32>,
    },
    /// Stop tasks before they start, and a running one where it is named: the server undoes the statement it is at
    Cancel {
        /// The issue
        number: u64,
        /// Only this task, also where it runs [default: every one that has not begun]
        #[arg(long, value_name = "POSITION")]
        task: Option<u32>,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
    /// Close an issue: whatever of it is not done is skipped, and what waited for it goes on
    Resolve {
        /// The issue
        number: u64,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
    /// Let an issue wait for another one to be done
    Depends {
        /// The issue that waits
        number: u64,
        /// The one that has to be done first
        #[arg(long, value_name = "N")]
        on: u64,
        /// It waits no longer
        #[arg(long)]
        no_longer: bool,
    },
    /// Let what was canceled or skipped wait again
    Reopen {
        /// The issue
        number: u64,
        /// Only this task [default: every one that was canceled or skipped]
        #[arg(long, value_name = "POSITION")]
        task: Option<u32>,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
}

/// What can be done with tasks.
#[derive(Debug, Subcommand)]
pub(crate) enum TaskCommand {
    /// Never run a task, and go on as if it had been: the version counts as passed
    Skip {
        /// The issue
        number: u64,
        /// The task
        #[arg(long, value_name = "POSITION")]
        task: u32,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
    /// Say when a task that waits may begin, once all else that it waits for is there
    Run {
        /// The issue
        number: u64,
        /// Only this task [default: every one that waits]
        #[arg(long, value_name = "POSITION")]
        task: Option<u32>,
        /// Not before: `2026-12-01T22:00Z`, `2026-12-01T22:00[Europe/Amsterdam]`, or how long from now: `8h`; `now` takes it back
        #[arg(long, value_name = "TIME", value_parser = at)]
        at: At,
    },
    /// Say whether the statement of an ambiguous task happened: nothing on the server tells, and a person has looked
    #[command(group = clap::ArgGroup::new("word").required(true).args(["applied", "not_applied"]))]
    Resolve {
        /// The issue
        number: u64,
        /// The task [default: the only ambiguous one]
        #[arg(long, value_name = "POSITION")]
        task: Option<u32>,
        /// It happened: go on after it
        #[arg(long)]
        applied: bool,
        /// It did not happen: run it
        #[arg(long)]
        not_applied: bool,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
}

/// Which issues are asked for.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct IssueFilterChoice {
    /// Where they stand: `open`, `waiting` (for approval), `rejected`, `running`, `failed`, `done` or `canceled`
    #[arg(long, value_name = "STATE", value_parser = IssueState::parse)]
    pub(crate) state: Option<IssueState>,
    /// About this environment
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// About this database: its name in settings, its schema, or `instance/schema`
    #[arg(long, value_name = "NAME")]
    pub(crate) database: Option<String>,
    /// Pushed by this login, or written by this name, e-mail address or member
    #[arg(long, value_name = "WHO")]
    pub(crate) author: Option<String>,
    /// Planned longer ago than this: `30m`, `2h`, `7d`, `3w`, `1d 12h`
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub(crate) older_than: Option<String>,
    /// Planned within this time
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub(crate) newer_than: Option<String>,
}

/// A time, or `now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At(pub(crate) Option<Timestamp>);

/// Reads a moment that comes, or `now`.
fn at(text: &str) -> Result<At, MomentError> {
    if text == "now" {
        return Ok(At(None));
    }
    moment::parse(text).map(|at| At(Some(at)))
}

/// An age as it was written: the API counts from its own clock.
fn age(text: &str) -> Result<String, FilterError> {
    Age::parse(text).map(|_| text.to_owned())
}

/// Which stage is decided on, and in which state.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct StageChoice {
    /// The stage [default: the only one that waits for approval]
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// What was read and is decided on [default: what this command fetches and shows]
    #[arg(long, value_name = "DIGEST")]
    pub(crate) digest: Option<String>,
}

/// What can be done with versions.
#[derive(Debug, Subcommand)]
pub(crate) enum VersionCommand {
    /// List what was applied to a database, newest first
    List {
        /// `instance/database`
        #[arg(value_parser = Target::parse)]
        target: Target,
        /// Which part of the list
        #[command(flatten)]
        page: Page<String>,
    },
    /// Show one applied change: its statements, its SQL and how the schema changed
    Show {
        /// `instance/database`
        #[arg(value_parser = Target::parse)]
        target: Target,
        /// As in the file name
        #[arg(value_parser = Version::parse)]
        version: Version,
        /// Show the whole schema after it, too
        #[arg(long)]
        schema: bool,
    },
    /// Print SQL that leads back to the schema before a version: a proposal, to be read and pushed as a new version
    #[command(after_help = schema::SERVERS)]
    Rollback {
        /// `instance/database`
        #[arg(value_parser = Target::parse)]
        target: Target,
        /// As in the file name
        #[arg(value_parser = Version::parse)]
        version: Version,
        /// A server on which schemas may be made and dropped, without a schema: `mysql://user:password@host:port`. The
        /// schema after the version is made there, the SQL is run, and what it leads to is compared with the schema
        /// before the version
        #[arg(long, value_name = "URL")]
        scratch: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_says_the_exit_codes() {
        let help = Cli::command().render_long_help().to_string();
        assert!(help.contains(EXIT_CODES), "{help}");
    }

    #[test]
    fn global_options_go_anywhere() {
        let cli = Cli::try_parse_from([
            "sluice",
            "issue",
            "show",
            "7",
            "--sql",
            "--json",
            "--api-url",
            "u",
        ])
        .unwrap();
        assert!(cli.global.json);
        assert_eq!(cli.global.api_url.as_deref(), Some("u"));
        let Command::Issue(IssueCommand::Show {
            number, sql, diff, ..
        }) = cli.command
        else {
            panic!("{:?}", cli.command);
        };
        assert_eq!((number, sql, diff), (7, true, false));
    }

    #[test]
    fn a_task_runs_at_a_moment_that_comes_or_now() {
        assert_eq!(at("now"), Ok(At(None)));
        assert!(matches!(at("8h"), Ok(At(Some(_)))));
        assert_eq!(at("2020-01-01T00:00Z"), Err(MomentError::Over));
    }

    #[test]
    fn a_decision_names_stage_digest_and_reason() {
        let line = "sluice issue reject 3 --environment prod --digest abc --because too_late";
        let cli = Cli::try_parse_from(line.split(' ')).unwrap();
        let Command::Issue(IssueCommand::Reject {
            number,
            stage,
            because,
        }) = cli.command
        else {
            panic!("{:?}", cli.command);
        };
        assert_eq!(number, 3);
        assert_eq!(stage.environment.as_deref(), Some("prod"));
        assert_eq!(stage.digest.as_deref(), Some("abc"));
        assert_eq!(because, "too_late");
    }
}
