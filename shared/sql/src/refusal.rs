//! Why a statement is refused in a change, and what to write instead.

use crate::banned::Banned;
use crate::classify::ALLOWED_SETTINGS;
use crate::statement::Statement;

/// A statement refused: a stable code, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable code, kebab-case.
    pub code: &'static str,
    /// What is refused, why, and what to write instead.
    pub message: String,
}

/// Whether a statement is refused in a change, and why.
pub fn refusal(statement: &Statement) -> Option<Refused> {
    let banned = statement.facts.banned.as_ref()?;
    let verb = &statement.facts.verb;
    Some(Refused {
        code: code(banned),
        message: message(banned, verb),
    })
}

fn code(banned: &Banned) -> &'static str {
    match banned {
        Banned::Use => "use",
        Banned::GlobalSetting(_) => "global-setting",
        Banned::SessionSetting(_) => "session-setting",
        Banned::Names(_) => "character-set",
        Banned::LockFunction(_) => "lock-function",
        Banned::LockTables => "lock-tables",
        Banned::Transaction => "transaction-control",
        Banned::Kill => "kill",
        Banned::Shutdown => "shutdown",
        Banned::Database => "database",
        Banned::Accounts => "accounts",
        Banned::Server => "server-administration",
        Banned::IntoFile => "into-file",
        Banned::LoadFile => "load-file",
        Banned::Prepared => "prepared-statement",
        Banned::VersionComment => "version-comment",
    }
}

fn message(banned: &Banned, verb: &str) -> String {
    match banned {
        Banned::Use => {
            "USE is refused: a change runs in the database that its path names; put statements for \
                        another database into a change of that database"
                .to_owned()
        }
        Banned::GlobalSetting(name) => {
            format!("setting {name} for the whole server is refused: set it in the cluster's parameter group")
        }
        Banned::SessionSetting(name) => session_setting(name),
        Banned::Names(name) => format!(
            "SET NAMES {name} is refused: a change is read as UTF-8; save the file as UTF-8 and remove the \
             statement"
        ),
        Banned::LockFunction(name) => format!(
            "{name}() is refused: Sluice holds its own lock on this session while the change runs, and no other \
             change of this database runs meanwhile; remove the call"
        ),
        Banned::LockTables => format!(
            "{verb} is refused: it would outlive the statement and block others; remove it, for no other change \
             of this database runs meanwhile"
        ),
        Banned::Transaction => format!(
            "{} is refused: each statement is a transaction of its own, recorded when it is done; remove it, \
             and write what must happen together as one statement or as a procedure that is called",
            if verb == "CREATE TABLE" {
                "START TRANSACTION in CREATE TABLE"
            } else {
                verb
            }
        ),
        Banned::Kill => "KILL is refused: it reaches sessions outside of the change; cancel a running task \
                         instead"
            .to_owned(),
        Banned::Shutdown => format!("{verb} is refused: restart the cluster with the tools of its platform"),
        Banned::Database => format!(
            "{verb} is refused: a change lives inside its database; create, alter and drop databases where the \
             target is set up"
        ),
        Banned::Accounts => format!(
            "{verb} is refused: users, roles and grants belong to the server, not to a database's versions; \
             manage them where the cluster is set up"
        ),
        Banned::Server => format!(
            "{verb} is refused: it administers the server, not the database; do it with the tools of its platform"
        ),
        Banned::IntoFile => {
            "INTO OUTFILE, INTO DUMPFILE and INTO OUTFILE S3 are refused: they write outside of \
                             the database; export rows with another tool"
                .to_owned()
        }
        Banned::LoadFile => {
            "loading a file of the client or the server is refused: write the rows as INSERT \
                             statements, or use LOAD DATA FROM S3"
                .to_owned()
        }
        Banned::Prepared => format!(
            "{verb} is refused: what would run can't be read and approved; write the statement itself, or a \
             procedure and CALL it"
        ),
        Banned::VersionComment => {
            "a part of the statement stands in a version comment that not every supported \
                                   server runs, so different servers would run different statements: write it \
                                   without the comment"
                .to_owned()
        }
    }
}

fn session_setting(name: &str) -> String {
    let instead = match name {
        "sql_mode" => {
            "Sluice sets the target's recorded sql_mode, and the server stores it with each routine"
        }
        "time_zone" => "write times with their offset, or CONVERT_TZ",
        "autocommit" | "transaction" | "transaction_isolation" => {
            "each statement is a transaction of its own"
        }
        _ => "remove it, or set it in the cluster's parameter group",
    };
    format!(
        "setting {name} is refused, for it changes how later statements or Sluice itself work: {instead}; a change \
         may set user variables and {}",
        ALLOWED_SETTINGS.join(", ").to_ascii_lowercase()
    )
}
