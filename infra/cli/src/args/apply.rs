//! The command line of `sluice apply`.

use crate::exit::Stop;
use clap::Args;
use model::Version;
use std::path::PathBuf;
use std::str::FromStr;

/// What stands below `sluice apply --help`.
pub(crate) const HELP: &str = "\
Files:
  VERSION##TYPE##DESCRIPTION.sql, or DATABASE##VERSION##TYPE##DESCRIPTION.sql, TYPE being ddl or dml; with --environment
  also those in the folder of that name. They are applied in the order of their versions, each once.

What happens when:
  it is interrupted, killed, or loses the server   the statement that was sent goes on there; run the same command again,
                                                   and it goes on where it was. Nothing runs twice.
  a statement fails                                mend the file after what was applied, and run the same command again
  a file that was applied is changed               it is refused: write a new version";

/// What is applied, and how.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct ApplyArguments {
    /// The folder with the changes
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Where to: `mysql://user:password@host:port/schema`
    #[arg(long, value_name = "URL")]
    pub(crate) target: String,
    /// Show what would be applied, how each table would be altered and how the schema would change, and apply nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not run the changes on an empty copy first, in a schema of its own on the same server
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) no_rehearsal: bool,
    /// Take files of this database name [default: the schema's]
    #[arg(long, value_name = "NAME")]
    pub(crate) database: Option<String>,
    /// Take also what is in the folder of this environment: `ENVIRONMENT/DATABASE##…`
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// Refuse a version lower than one that is applied, instead of applying it late
    #[arg(long)]
    pub(crate) strict: bool,
    /// Apply also what keeps others from writing to a table of more than 1 GiB while it runs
    #[arg(long)]
    pub(crate) allow_blocking: bool,
    /// How many rows one statement may change, as the server estimates; 0 for any number
    #[arg(long, value_name = "N", default_value_t = settings::MAX_ROWS)]
    pub(crate) max_rows: u64,
    /// How many seconds to wait for a lock that somebody else has, and for a server that is gone
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) wait: u64,
    /// Take the files up to this version for applied, without running them: for a schema that is older than its files
    #[arg(long, value_name = "VERSION", value_parser = Version::parse, conflicts_with_all = ["dry_run", "resolve"])]
    pub(crate) baseline: Option<Version>,
    /// Say what became of a statement of which nothing tells: `VERSION:STATEMENT=applied`, or `…=not-applied`
    #[arg(long, value_name = "WHICH", value_parser = Resolution::from_str, requires = "because", conflicts_with = "dry_run")]
    pub(crate) resolve: Option<Resolution>,
    /// Why, for the record
    #[arg(long, value_name = "TEXT", requires = "resolve")]
    pub(crate) because: Option<String>,
}

/// A person's word on a statement of which nothing tells whether it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolution {
    /// Of which change.
    pub(crate) version: Version,
    /// Which statement, from 1.
    pub(crate) statement: u32,
    /// Whether it happened.
    pub(crate) applied: bool,
}

impl FromStr for Resolution {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("`{text}` is not VERSION:STATEMENT=applied or VERSION:STATEMENT=not-applied");
        let (which, what) = text.split_once('=').ok_or_else(form)?;
        let (version, statement) = which.rsplit_once(':').ok_or_else(form)?;
        Ok(Self {
            version: Version::parse(version).map_err(|error| error.to_string())?,
            statement: statement.parse().map_err(|_| form())?,
            applied: match what {
                "applied" => true,
                "not-applied" => false,
                _ => return Err(form()),
            },
        })
    }
}

impl ApplyArguments {
    /// Refuses what no folder of changes can be.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        if self.folder.is_dir() {
            return Ok(());
        }
        Err(Stop::Usage(format!(
            "{}: this is no folder: name the folder that holds the files.",
            self.folder.display()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_word_names_version_and_statement() {
        let resolution: Resolution = "2023.1:3=not-applied".parse().unwrap();
        assert_eq!(resolution.version.as_str(), "2023.1");
        assert_eq!((resolution.statement, resolution.applied), (3, false));
        for wrong in ["1=applied", "1:x=applied", "1:1=perhaps", "1:1", "::1=applied"] {
            let refused: Result<Resolution, String> = wrong.parse();
            assert!(refused.is_err(), "{wrong}");
        }
    }
}
