//! What the leading keywords of a statement alone say: one row per statement of MySQL.

mod admin;
mod data;
mod schema;
mod session;

use crate::banned::Banned;
use crate::bytes::key;
use crate::facts::{Kind, Signal};

/// What leading keywords say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The keywords as shown, upper case.
    pub(crate) verb: &'static str,
    /// The keywords after the first, without the words between them that say nothing.
    pub(crate) rest: &'static [&'static str],
    /// The family.
    pub(crate) kind: Kind,
    /// Whether it commits (MySQL manual, "Statements That Cause an Implicit Commit").
    pub(crate) implicit_commit: bool,
    /// How its outcome can be known after a death.
    pub(crate) signal: Signal,
    /// Whether it may lose data.
    pub(crate) destructive: bool,
    /// Whether it changes the session alone.
    pub(crate) session_state: bool,
    /// Why it is refused in a change.
    pub(crate) banned: Option<&'static Banned>,
}

impl Row {
    const fn new(verb: &'static str, rest: &'static [&'static str], kind: Kind, signal: Signal) -> Self {
        Self {
            verb,
            rest,
            kind,
            implicit_commit: false,
            signal,
            destructive: false,
            session_state: false,
            banned: None,
        }
    }

    const fn commits(mut self) -> Self {
        self.implicit_commit = true;
        self
    }

    const fn destroys(mut self) -> Self {
        self.destructive = true;
        self
    }

    const fn in_session(mut self) -> Self {
        self.session_state = true;
        self
    }

    const fn refused(mut self, banned: &'static Banned) -> Self {
        self.banned = Some(banned);
        self
    }
}

/// What isn't known may do anything; the server is the judge.
pub(crate) static UNKNOWN: Row = Row::new("", &[], Kind::Admin, Signal::None).commits();

/// The rows of a first keyword. Of its rows the first whose words lead the statement counts, so longer rows stand before
/// shorter ones.
pub(crate) fn rows(first: &[u8]) -> &'static [Row] {
    let letter = first
        .first()
        .map_or(0, |byte| usize::from(byte.to_ascii_uppercase()));
    let (start, end) = STARTS.get(letter).copied().unwrap_or_default();
    let key = key(first);
    let keys = KEYS.get(start..end).unwrap_or_default();
    let heads = HEADS.get(start..end).unwrap_or_default();
    keys.iter()
        .zip(heads)
        .find(|(known, (head, _))| {
            **known == key && (key != 0 || first.eq_ignore_ascii_case(head.as_bytes()))
        })
        .map_or(&[], |(_, (_, rows))| *rows)
}

/// The key of each of [`HEADS`].
static KEYS: [u64; HEADS.len()] = keys();

const fn keys() -> [u64; HEADS.len()] {
    let mut keys = [0; HEADS.len()];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = key(HEADS[at].0.as_bytes());
        at += 1;
    }
    keys
}

/// Where the keywords of each first letter stand in [`HEADS`].
static STARTS: [(usize, usize); 128] = starts();

const fn starts() -> [(usize, usize); 128] {
    let mut starts = [(0, 0); 128];
    let mut at = 0;
    while at < HEADS.len() {
        let letter = HEADS[at].0.as_bytes()[0] as usize;
        if starts[letter].1 == 0 {
            starts[letter].0 = at;
        }
        assert!(
            starts[letter].1 == 0 || starts[letter].1 == at,
            "sorted by letter"
        );
        at += 1;
        starts[letter].1 = at;
    }
    starts
}

/// The first keywords, in order of their first letters; of each letter, those that most statements start with first.
const HEADS: &[(&str, &[Row])] = &[
    ("(", data::PARENTHESIS),
    ("ALTER", schema::ALTER),
    ("ANALYZE", admin::ANALYZE),
    ("BEGIN", session::BEGIN),
    ("BINLOG", admin::BINLOG),
    ("CREATE", schema::CREATE),
    ("CACHE", admin::CACHE),
    ("CALL", data::CALL),
    ("CHANGE", admin::CHANGE),
    ("CHECK", admin::CHECK),
    ("CHECKSUM", data::CHECKSUM),
    ("CLONE", admin::CLONE),
    ("COMMIT", session::COMMIT),
    ("DELETE", data::DELETE),
    ("DROP", schema::DROP),
    ("DEALLOCATE", session::DEALLOCATE),
    ("DESC", data::DESC),
    ("DESCRIBE", data::DESCRIBE),
    ("DO", data::DO),
    ("EXECUTE", session::EXECUTE),
    ("EXPLAIN", data::EXPLAIN),
    ("FLUSH", admin::FLUSH),
    ("GET", session::GET),
    ("GRANT", admin::GRANT),
    ("HANDLER", data::HANDLER),
    ("HELP", data::HELP),
    ("INSERT", data::INSERT),
    ("IMPORT", data::IMPORT),
    ("INSTALL", admin::INSTALL),
    ("KILL", admin::KILL),
    ("LOAD", data::LOAD),
    ("LOCK", session::LOCK),
    ("OPTIMIZE", admin::OPTIMIZE),
    ("PREPARE", session::PREPARE),
    ("PURGE", admin::PURGE),
    ("RELEASE", session::RELEASE),
    ("RENAME", data::RENAME),
    ("REPAIR", admin::REPAIR),
    ("REPLACE", data::REPLACE),
    ("RESET", admin::RESET),
    ("RESIGNAL", session::RESIGNAL),
    ("RESTART", admin::RESTART),
    ("REVOKE", admin::REVOKE),
    ("ROLLBACK", session::ROLLBACK),
    ("SELECT", data::SELECT),
    ("SET", session::SET),
    ("SAVEPOINT", session::SAVEPOINT),
    ("SHOW", data::SHOW),
    ("SHUTDOWN", admin::SHUTDOWN),
    ("SIGNAL", session::SIGNAL),
    ("START", session::START),
    ("STOP", admin::STOP),
    ("TABLE", data::TABLE),
    ("TRUNCATE", data::TRUNCATE),
    ("UPDATE", data::UPDATE),
    ("UNINSTALL", admin::UNINSTALL),
    ("UNLOCK", session::UNLOCK),
    ("USE", session::USE),
    ("VALUES", data::VALUES),
    ("WITH", data::WITH),
    ("XA", session::XA),
];
