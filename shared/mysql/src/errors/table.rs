//! What each error of the server means, in one place: everything else asks here.
//!
//! Numbers and names are those of the "Server Error Message Reference" of the manual. A number that is not here is told
//! to the user: the server says no, and what to do about it only they can know.

use Class::{
    AbsentObject, AskTheJournal, DidNotHappen, Login, NotPrepared, NotThisWay, RightsMissing, TellTheUser,
};
use Then::{Reconnect, Stop, TryAgain, Wait};

/// What an error means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// For certain nothing happened, and not because of what was asked for.
    DidNotHappen(Then),
    /// The connection is lost, or what came of a commit is not told: it may have happened, or may yet.
    AskTheJournal,
    /// The user has no right to it.
    RightsMissing,
    /// The server does not let the user in.
    Login,
    /// What it names is not there. A user's statement is wrong; a look of ours came too late, and is taken again.
    AbsentObject,
    /// The server runs it, but does not prepare it, or would, were there room.
    NotPrepared,
    /// The server can't alter the table in the way that was asked for.
    NotThisWay,
    /// The server's own words say it.
    TellTheUser,
}

/// What to do about a statement that did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// Others hold what it waits for: the same again, on the same session, a little later.
    Wait,
    /// The server is short of something: likewise.
    TryAgain,
    /// The server is no writer: give the session up and look at the target again over a new connection, for which the
    /// writer's name is resolved anew.
    Reconnect,
    /// Somebody or some limit stopped it: the user decides.
    Stop,
}

/// A number of the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) number: u16,
    pub(crate) name: &'static str,
    pub(crate) class: Class,
    pub(crate) reason: &'static str,
}

/// To an intent: a newer owner is known. See [`crate::journal::intend`].
pub(crate) const BAD_NULL: u16 = 1048;
/// There is no such schema.
pub(crate) const BAD_DB: u16 = 1049;
/// A text that can't be read.
pub(crate) const PARSE_ERROR: u16 = 1064;
/// To `KILL`: the session ended by itself.
pub(crate) const NO_SUCH_THREAD: u16 = 1094;
/// A missing right, as we say it ourselves where the server hides something without a word.
pub(crate) const TABLE_ACCESS_DENIED: u16 = 1142;
/// A view that uses what is not there, or not for its definer.
pub(crate) const VIEW_INVALID: u16 = 1356;
/// The connection is not secured.
pub(crate) const SECURE_TRANSPORT_REQUIRED: u16 = 3159;

/// All that we know, by number.
#[rustfmt::skip]
pub(crate) const TABLE: &[Known] = &[
    known(1015, "ER_CANT_LOCK", DidNotHappen(Reconnect), "no table is locked where InnoDB is read-only: a failover made the server a reader"),
    known(1040, "ER_CON_COUNT_ERROR", DidNotHappen(TryAgain), "the server has no connection free"),
    known(1041, "ER_OUT_OF_RESOURCES", DidNotHappen(TryAgain), "the server is out of memory for now"),
    known(1044, "ER_DBACCESS_DENIED_ERROR", RightsMissing, "no right to the schema"),
    known(1045, "ER_ACCESS_DENIED_ERROR", Login, "wrong user or password; it may have been rotated"),
    known(BAD_NULL, "ER_BAD_NULL_ERROR", TellTheUser, "NULL for a column that takes none"),
    known(BAD_DB, "ER_BAD_DB_ERROR", TellTheUser, "there is no such schema"),
    known(1053, "ER_SERVER_SHUTDOWN", AskTheJournal, "the server is shutting down, and ends the session"),
    known(PARSE_ERROR, "ER_PARSE_ERROR", TellTheUser, "the server can't read it"),
    known(NO_SUCH_THREAD, "ER_NO_SUCH_THREAD", TellTheUser, "there is no such session"),
    known(1129, "ER_HOST_IS_BLOCKED", TellTheUser, "too many broken connections from this host: TRUNCATE performance_schema.host_cache lets it in again"),
    known(1130, "ER_HOST_NOT_PRIVILEGED", Login, "the user may not come from this host"),
    known(1135, "ER_CANT_CREATE_THREAD", DidNotHappen(TryAgain), "the server can't start a thread for the session"),
    known(TABLE_ACCESS_DENIED, "ER_TABLEACCESS_DENIED_ERROR", RightsMissing, "no right to the table"),
    known(1143, "ER_COLUMNACCESS_DENIED_ERROR", RightsMissing, "no right to the column"),
    known(1146, "ER_NO_SUCH_TABLE", AbsentObject, "there is no such table"),
    known(1152, "ER_ABORTING_CONNECTION", AskTheJournal, "the server ended the session"),
    known(1158, "ER_NET_READ_ERROR", AskTheJournal, "the server could not read what was sent"),
    known(1159, "ER_NET_READ_INTERRUPTED", AskTheJournal, "the server waited too long for what was sent"),
    known(1160, "ER_NET_ERROR_ON_WRITE", AskTheJournal, "the server could not send its answer"),
    known(1161, "ER_NET_WRITE_INTERRUPTED", AskTheJournal, "the server waited too long to send its answer"),
    known(1180, "ER_ERROR_DURING_COMMIT", AskTheJournal, "the commit broke half way"),
    known(1203, "ER_TOO_MANY_USER_CONNECTIONS", DidNotHappen(TryAgain), "the user has no connection free"),
    known(1205, "ER_LOCK_WAIT_TIMEOUT", DidNotHappen(Wait), "others hold the table or its rows"),
    known(1206, "ER_LOCK_TABLE_FULL", DidNotHappen(Stop), "more row locks than there is memory for: change fewer rows at a time"),
    known(1213, "ER_LOCK_DEADLOCK", DidNotHappen(Wait), "of two that waited for each other, this one was undone"),
    known(1221, "ER_WRONG_USAGE", NotThisWay, "two clauses that do not go together, such as ALGORITHM=INSTANT and LOCK"),
    known(1226, "ER_USER_LIMIT_REACHED", DidNotHappen(TryAgain), "the user's limit of connections or queries is used up"),
    known(1227, "ER_SPECIFIC_ACCESS_DENIED_ERROR", RightsMissing, "a right to the whole server is missing"),
    known(1290, "ER_OPTION_PREVENTS_STATEMENT", DidNotHappen(Reconnect), "the server runs with --read-only: a failover made it a reader"),
    known(1295, "ER_UNSUPPORTED_PS", NotPrepared, "a statement that the server runs, but does not prepare"),
    known(1305, "ER_SP_DOES_NOT_EXIST", AbsentObject, "there is no such procedure or function"),
    known(1317, "ER_QUERY_INTERRUPTED", DidNotHappen(Stop), "somebody ended it (KILL QUERY)"),
    known(1347, "ER_WRONG_OBJECT", AbsentObject, "the name is that of another kind of object"),
    known(VIEW_INVALID, "ER_VIEW_INVALID", RightsMissing, "a view uses what is not there, or what its definer has no right to"),
    known(1360, "ER_TRG_DOES_NOT_EXIST", AbsentObject, "there is no such trigger"),
    known(1370, "ER_PROCACCESS_DENIED_ERROR", RightsMissing, "no right to the procedure or function"),
    known(1412, "ER_TABLE_DEF_CHANGED", DidNotHappen(TryAgain), "the table was altered meanwhile"),
    known(1419, "ER_BINLOG_CREATE_ROUTINE_NEED_SUPER", RightsMissing, "with a binary log, functions and triggers need log_bin_trust_function_creators = 1"),
    known(1449, "ER_NO_SUCH_USER", RightsMissing, "the definer is no user of this server"),
    known(1461, "ER_MAX_PREPARED_STMT_COUNT_REACHED", NotPrepared, "the server has no room for another prepared statement"),
    known(1539, "ER_EVENT_DOES_NOT_EXIST", AbsentObject, "there is no such event"),
    known(1615, "ER_NEED_REPREPARE", NotPrepared, "what it names changed while it was prepared"),
    known(1637, "ER_TOO_MANY_CONCURRENT_TRXS", DidNotHappen(TryAgain), "too many transactions at once"),
    known(1698, "ER_ACCESS_DENIED_NO_PASSWORD_ERROR", Login, "the user logs in in another way than by password"),
    known(1792, "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION", DidNotHappen(Reconnect), "transactions only read on this server: a failover made it a reader"),
    known(1820, "ER_MUST_CHANGE_PASSWORD", Login, "the password is past its time"),
    known(1836, "ER_READ_ONLY_MODE", DidNotHappen(Reconnect), "InnoDB is read-only: a failover made the server a reader"),
    known(1845, "ER_ALTER_OPERATION_NOT_SUPPORTED", NotThisWay, "no such ALGORITHM or LOCK for this change"),
    known(1846, "ER_ALTER_OPERATION_NOT_SUPPORTED_REASON", NotThisWay, "no such ALGORITHM or LOCK for this change"),
    known(1862, "ER_MUST_CHANGE_PASSWORD_LOGIN", Login, "the password is past its time"),
    known(1874, "ER_INNODB_READ_ONLY", DidNotHappen(Reconnect), "InnoDB is read-only: a failover made the server a reader"),
    known(1927, "ER_CONNECTION_KILLED", AskTheJournal, "somebody ended the session (KILL)"),
    known(2003, "CR_CONN_HOST_ERROR", AskTheJournal, "nobody answers; a paused cluster takes 15 to 30 s to wake, and we wait for 30 of the worker's 60 s"),
    known(2006, "CR_SERVER_GONE_ERROR", AskTheJournal, "the connection was closed before"),
    known(2013, "CR_SERVER_LOST", AskTheJournal, "the connection broke under the statement"),
    known(3024, "ER_QUERY_TIMEOUT", DidNotHappen(Stop), "longer than max_execution_time allows"),
    known(3118, "ER_ACCOUNT_HAS_BEEN_LOCKED", Login, "the user is locked"),
    known(SECURE_TRANSPORT_REQUIRED, "ER_SECURE_TRANSPORT_REQUIRED", TellTheUser, "the server takes only connections with TLS"),
    known(3169, "ER_SESSION_WAS_KILLED", AskTheJournal, "somebody ended the session (KILL)"),
    known(3572, "ER_LOCK_NOWAIT", DidNotHappen(Wait), "others hold it, and NOWAIT does not wait"),
    known(3955, "ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK", Login, "the user is locked after too many wrong passwords"),
    known(4031, "ER_CLIENT_INTERACTION_TIMEOUT", AskTheJournal, "the session was idle for longer than wait_timeout"),
];

const fn known(number: u16, name: &'static str, class: Class, reason: &'static str) -> Known {
    Known {
        number,
        name,
        class,
        reason,
    }
}

/// What is known of a number.
pub(crate) fn look_up(number: u16) -> Option<&'static Known> {
    let at = TABLE.binary_search_by_key(&number, |known| known.number);
    TABLE.get(at.ok()?)
}

/// What a number means.
pub(crate) fn class(number: u16) -> Class {
    look_up(number).map_or(TellTheUser, |known| known.class)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../../../docs/errors/mysql.md");

    fn words(class: Class) -> &'static str {
        match class {
            DidNotHappen(Wait) => "did not happen: waits for its turn, and is sent again",
            DidNotHappen(TryAgain) => "did not happen: sent again soon",
            DidNotHappen(Reconnect) => "did not happen: the target is looked at again over a new connection",
            DidNotHappen(Stop) => "did not happen: you decide",
            AskTheJournal => "may have happened: the journal is asked",
            RightsMissing => "did not happen: the worker's user has no right to it",
            Login => "did not happen: the login is refused",
            AbsentObject | NotPrepared | NotThisWay | TellTheUser => "did not happen: you are told",
        }
    }

    #[test]
    fn each_number_is_there_once_and_in_order() {
        assert!(TABLE.is_sorted_by(|a, b| a.number < b.number));
        assert_eq!(
            look_up(1205).map(|known| known.name),
            Some("ER_LOCK_WAIT_TIMEOUT")
        );
        assert_eq!(class(1062), TellTheUser);
    }

    #[test]
    fn the_page_of_errors_says_what_the_table_says() {
        let rows: Vec<String> = TABLE
            .iter()
            .map(|known| {
                let Known {
                    number,
                    name,
                    class,
                    reason,
                } = known;
                format!("| {number} | `{name}` | {} | {reason} |", words(*class))
            })
            .collect();
        let written: Vec<&str> = PAGE
            .lines()
            .filter(|line| line.starts_with("| ") && line.contains("R_"))
            .collect();
        assert_eq!(
            written,
            rows,
            "docs/errors/mysql.md should have:\n{}",
            rows.join("\n")
        );
    }
}
