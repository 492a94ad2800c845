//! What is refused in a change, and what isn't.

use sql::{
    Banned, Exceeded, Limit, Limits, Open, Problem, ReadError, Refused, SqlMode, Statements, refusal, split,
};

fn refused(input: &str) -> Option<Refused> {
    split(input, SqlMode::default()).ok()?.first().and_then(refusal)
}

fn check(code: &str, says: &str, inputs: &[&str]) {
    for input in inputs {
        let found = refused(input);
        assert_eq!(found.as_ref().map(|refused| refused.code), Some(code), "{input}");
        let message = found.map(|refused| refused.message).unwrap_or_default();
        assert!(message.contains(says), "{input}: {message}");
    }
}

#[test]
fn what_reaches_beyond_the_database_is_refused() {
    check(
        "use",
        "in the database that its path names",
        &["USE other", "use `x`"],
    );
    check(
        "database",
        "where the target is set up",
        &[
            "CREATE DATABASE d",
            "DROP SCHEMA d",
            "ALTER DATABASE d CHARACTER SET utf8mb4",
        ],
    );
    check(
        "accounts",
        "belong to the server",
        &[
            "CREATE USER a",
            "GRANT ALL ON *.* TO a",
            "REVOKE ALL ON a FROM b",
            "SET PASSWORD = 'x'",
            "SET DEFAULT ROLE ALL TO a",
            "RENAME USER a TO b",
            "DROP ROLE r",
        ],
    );
    check(
        "server-administration",
        "administers the server",
        &[
            "FLUSH TABLES",
            "INSTALL PLUGIN p SONAME 'x'",
            "PURGE BINARY LOGS TO 'x'",
            "CREATE FUNCTION f RETURNS STRING SONAME 'f.so'",
            "START REPLICA",
            "CREATE TABLESPACE t ADD DATAFILE 'x'",
        ],
    );
    check("kill", "cancel a running task", &["KILL 5", "KILL QUERY 5"]);
    check("shutdown", "restart the cluster", &["SHUTDOWN", "RESTART"]);
    check(
        "into-file",
        "outside of the database",
        &[
            "SELECT 1 INTO OUTFILE '/tmp/x'",
            "SELECT a FROM t INTO DUMPFILE 'x'",
            "SELECT * FROM t INTO OUTFILE S3 's3://b/k'",
            "SELECT 1 /*!50000 INTO OUTFILE 'x' */",
            "SELECT 1 INTO /*!99999 x */ OUTFILE 'x'",
        ],
    );
    check(
        "load-file",
        "LOAD DATA FROM S3",
        &[
            "LOAD DATA LOCAL INFILE 'x' INTO TABLE t",
            "LOAD DATA INFILE 'x' INTO TABLE t",
            "SELECT LOAD_FILE('/etc/passwd')",
            "INSERT INTO t VALUES (`load_file`('x'))",
        ],
    );
}

#[test]
fn what_breaks_the_session_is_refused() {
    check(
        "global-setting",
        "parameter group",
        &[
            "SET GLOBAL max_connections = 1",
            "SET PERSIST a = 1",
            "SET @@global.a = 1",
            "SET @x = 1, @@persist.a = 2",
            "SET GLOBAL TRANSACTION READ ONLY",
            "SET @x = 1, GLOBAL y = 2",
            "SET PERSIST_ONLY a = 1",
            "SET @a=1+1 /*!99999 ( */, GLOBAL max_connections=152",
            "SET foreign_key_checks = 0, @@GLOBAL.a := 2",
            "/*!40101 SET GLOBAL a = 1 */",
        ],
    );
    check(
        "session-setting",
        "a change may set user variables",
        &[
            "SET sql_mode = ''",
            "SET SESSION sql_mode = ''",
            "SET @@sql_mode = ''",
            "SET @@session.`sql_mode` = ''",
            "SET @@session.sql_mode := ''",
            "SET @x = 1, sql_mode = ''",
            "SET LOCAL time_zone = '+00:00'",
            "SET sql_log_bin = 0",
            "SET gtid_next = 'AUTOMATIC'",
            "SET autocommit = 0",
            "SET TRANSACTION READ ONLY",
            "SET SESSION TRANSACTION READ ONLY",
            "SET foreign_key_checks = 0, lock_wait_timeout = 1",
            "/*!40101 SET SQL_MODE='x' */",
            "SET session = 1",
        ],
    );
    check(
        "character-set",
        "UTF-8",
        &[
            "SET NAMES latin1",
            "SET CHARACTER SET gbk",
            "SET @a = 1, NAMES 'sjis'",
        ],
    );
}

#[test]
fn what_holds_locks_or_transactions_is_refused() {
    check(
        "lock-function",
        "its own lock",
        &[
            "SELECT GET_LOCK('a', 1)",
            "DO release_lock('a')",
            "SET @a = GET_LOCK('x', 1)",
            "SELECT RELEASE_ALL_LOCKS ()",
            "SELECT `GET_LOCK`('a', 1)",
            "SELECT /*!50000 GET_LOCK*/('a', 1)",
            "SELECT /*!80028 GET_LOCK('a', 1), */ 1",
            "SELECT GET_LOCK/*!99999 x */('a', 1)",
            "CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1+GET_LOCK('rv',0) DAY DO SELECT 1",
            "ALTER EVENT e ON SCHEDULE EVERY GET_LOCK('rv',0) DAY DO SELECT 1",
            "CREATE TABLE t AS SELECT get_lock('a', 1)",
            "INSERT INTO t VALUES (GET_LOCK('a',1))",
        ],
    );
    check(
        "lock-tables",
        "outlive",
        &["LOCK TABLES t WRITE", "UNLOCK TABLES", "LOCK INSTANCE FOR BACKUP"],
    );
    check(
        "transaction-control",
        "a transaction of its own",
        &[
            "BEGIN",
            "BEGIN WORK",
            "START TRANSACTION READ ONLY",
            "COMMIT",
            "ROLLBACK TO s",
            "SAVEPOINT s",
            "RELEASE SAVEPOINT s",
            "XA START 'a'",
            "XA RECOVER",
            "CREATE TABLE t (a INT) START TRANSACTION",
            "CREATE TABLE t (a INT) /*!99999 ( */ START TRANSACTION",
        ],
    );
    check(
        "prepared-statement",
        "read and approved",
        &["PREPARE s FROM 'SELECT 1'", "EXECUTE s", "DEALLOCATE PREPARE s"],
    );
}

#[test]
fn what_may_be_another_statement_is_refused() {
    check(
        "version-comment",
        "without the comment",
        &[
            "/*!90500 SELECT 1 */",
            "/*!90500 DROP */ TABLE t",
            "LOAD /*!90500 x */ DATA LOCAL INFILE 'x' INTO TABLE t",
            "SET @a = 1, /*!80029 @b = */ @@sql_mode = ''",
            "DELETE FROM t WHERE a = 1 /*!90000 OR b */",
            "CREATE TABLE t (a INT /*!80400 INVISIBLE */)",
            "SELECT GET_LOCK/*!90500 x */('a', 1)",
            "CREATE PROCEDURE p() BEGIN SELECT 1 /*!90000 + 1 */; END",
            // Servers that read five digits run the sixth.
            "SELECT /*!080016 + */ 1",
            "SELECT /*!100100 + */ 1",
        ],
    );
}

#[test]
fn the_rest_is_not_refused() {
    for input in [
        "CREATE TABLE t (a INT)",
        "CREATE TEMPORARY TABLE t (a INT)",
        "SET @a = 1, @b := 2",
        "SET @`x` = 1",
        "SET foreign_key_checks = 0",
        "SET SESSION group_concat_max_len = 1000",
        "SET @@session.unique_checks = 0",
        "SET NAMES utf8mb4",
        "SELECT 'GET_LOCK(1)' AS get_lock",
        "SELECT `GET_LOCK` FROM t",
        "SELECT mysql.get_lock('a', 1)",
        "CREATE TABLE get_lock (a INT)",
        "INSERT INTO get_lock (a) VALUES (1)",
        "CREATE TABLE t (start INT, transaction INT)",
        "SELECT @get_lock",
        "SELECT 1 /*!99999 INTO OUTFILE 'x' */",
        "SELECT /*!999999 GET_LOCK('a', 1), */ 1",
        "SELECT 1 /*!90000 */",
        "CREATE TABLE t (a INT) /*!80016 COMMENT 'x' */",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT GET_LOCK('a', 1)",
        "CREATE PROCEDURE p() SELECT LOAD_FILE('x') INTO OUTFILE 'x'",
        "CREATE PROCEDURE p() BEGIN START TRANSACTION; SELECT GET_LOCK('a', 1); COMMIT; END",
        "CALL p()",
        "LOAD DATA FROM S3 's3://b/k' INTO TABLE t",
        "LOAD DATA LOW_PRIORITY FROM S3 PREFIX 's3://b/k' INTO TABLE t",
        "ANALYZE TABLE t",
        "OPTIMIZE TABLE t",
        "CREATE TABLE t (a INT /*!80023 INVISIBLE */)",
        "/*!40101 SET @saved = @@character_set_client */",
        "DROP TABLE use_me",
        "FROBNICATE t",
    ] {
        assert_eq!(refused(input), None, "{input}");
    }
}

/// One example of each variant: a new one has no place here, and so does not compile.
fn example(banned: &Banned) -> usize {
    match banned {
        Banned::Use => 0,
        Banned::GlobalSetting(_) => 1,
        Banned::SessionSetting(_) => 2,
        Banned::Names(_) => 3,
        Banned::LockFunction(_) => 4,
        Banned::LockTables => 5,
        Banned::Transaction => 6,
        Banned::Kill => 7,
        Banned::Shutdown => 8,
        Banned::Database => 9,
        Banned::Accounts => 10,
        Banned::Server => 11,
        Banned::IntoFile => 12,
        Banned::LoadFile => 13,
        Banned::Prepared => 14,
        Banned::VersionComment => 15,
    }
}

#[test]
fn each_refusal_says_where_why_and_what_to_write_instead() {
    for (number, (input, expected)) in REFUSED.iter().enumerate() {
        let text = format!("SELECT 1;\n  {input};\n");
        let statements = split(&text, SqlMode::default()).unwrap_or_default();
        let found = statements.get(1).and_then(|statement| {
            let refused = refusal(statement)?;
            let place = format!("line {}, column {}", statement.line, statement.column);
            Some((
                statement.facts.banned.as_ref().map(example),
                format!("{place}: {}: {}", refused.code, refused.message),
            ))
        });
        assert_eq!(
            found,
            Some((Some(number), format!("line 2, column 3: {expected}"))),
            "{input}"
        );
    }
    assert_eq!(REFUSED.len(), 16, "one example of each variant");
}

/// One example of each problem: a new one has no place here, and so does not compile.
fn problem(problem: &Problem) -> usize {
    match problem {
        Problem::Unterminated(open) => match open {
            Open::SingleQuote => 0,
            Open::DoubleQuote => 1,
            Open::Backtick => 2,
            Open::DollarQuote => 3,
            Open::Comment => 4,
            Open::VersionComment => 5,
            Open::Body => 6,
        },
        Problem::VersionComment => 7,
        Problem::NulInComment => 8,
        Problem::Nul => 9,
        Problem::DelimiterMissing => 10,
        Problem::DelimiterTrailing => 11,
        Problem::NotUtf8 => 12,
        Problem::Limit(Exceeded { limit, .. }) => match limit {
            Limit::Statement => 13,
            Limit::Statements => 14,
            Limit::Text => 15,
        },
    }
}

#[test]
fn each_text_that_is_not_read_says_where_why_and_what_to_write_instead() {
    let limits = Limits {
        text: 100,
        statement: 60,
        statements: 3,
    };
    for (number, (input, expected)) in UNREAD.iter().enumerate() {
        let text = [b"SELECT 1;\n  ", *input].concat();
        let error = Statements::new(text.as_slice(), SqlMode::default(), limits).find_map(Result::err);
        let found = match error {
            Some(ReadError::Sql(error)) => Some((problem(&error.problem), error.to_string())),
            Some(ReadError::Io(_)) | None => None,
        };
        assert_eq!(
            found,
            Some((number, (*expected).to_owned())),
            "{}",
            String::from_utf8_lossy(input)
        );
    }
    assert_eq!(UNREAD.len(), 16, "one example of each problem");
}

const REFUSED: &[(&str, &str)] = &[
    (
        "USE other",
        "use: USE is refused: a change runs in the database that its path names; put statements for another database into a change of that database",
    ),
    (
        "SET GLOBAL max_connections = 1",
        "global-setting: setting max_connections for the whole server is refused: set it in the cluster's parameter group",
    ),
    (
        "SET sql_mode = ''",
        "session-setting: setting sql_mode is refused, for it changes how later statements or Sluice itself work: Sluice sets the target's recorded sql_mode, and the server stores it with each routine; a change may set user variables and cte_max_recursion_depth, foreign_key_checks, group_concat_max_len, innodb_ddl_buffer_size, innodb_ddl_threads, innodb_parallel_read_threads, join_buffer_size, max_heap_table_size, optimizer_switch, sort_buffer_size, sql_safe_updates, tmp_table_size, unique_checks",
    ),
    (
        "SET NAMES latin1",
        "character-set: SET NAMES LATIN1 is refused: a change is read as UTF-8; save the file as UTF-8 and remove the statement",
    ),
    (
        "SELECT GET_LOCK('a', 1)",
        "lock-function: GET_LOCK() is refused: Sluice holds its own lock on this session while the change runs, and no other change of this database runs meanwhile; remove the call",
    ),
    (
        "LOCK TABLES t WRITE",
        "lock-tables: LOCK is refused: it would outlive the statement and block others; remove it, for no other change of this database runs meanwhile",
    ),
    (
        "START TRANSACTION",
        "transaction-control: START TRANSACTION is refused: each statement is a transaction of its own, recorded when it is done; remove it, and write what must happen together as one statement or as a procedure that is called",
    ),
    (
        "KILL 5",
        "kill: KILL is refused: it reaches sessions outside of the change; cancel a running task instead",
    ),
    (
        "SHUTDOWN",
        "shutdown: SHUTDOWN is refused: restart the cluster with the tools of its platform",
    ),
    (
        "DROP DATABASE d",
        "database: DROP DATABASE is refused: a change lives inside its database; create, alter and drop databases where the target is set up",
    ),
    (
        "GRANT ALL ON d.* TO a",
        "accounts: GRANT is refused: users, roles and grants belong to the server, not to a database's versions; manage them where the cluster is set up",
    ),
    (
        "INSTALL PLUGIN p SONAME 'x'",
        "server-administration: INSTALL is refused: it administers the server, not the database; do it with the tools of its platform",
    ),
    (
        "SELECT 1 INTO OUTFILE 'x'",
        "into-file: INTO OUTFILE, INTO DUMPFILE and INTO OUTFILE S3 are refused: they write outside of the database; export rows with another tool",
    ),
    (
        "LOAD DATA INFILE 'x' INTO TABLE t",
        "load-file: loading a file of the client or the server is refused: write the rows as INSERT statements, or use LOAD DATA FROM S3",
    ),
    (
        "PREPARE s FROM 'SELECT 1'",
        "prepared-statement: PREPARE is refused: what would run can't be read and approved; write the statement itself, or a procedure and CALL it",
    ),
    (
        "/*!90500 DROP */ TABLE t",
        "version-comment: a part of the statement stands in a version comment that not every supported server runs, so different servers would run different statements: write it without the comment",
    ),
];

const UNREAD: &[(&[u8], &str)] = &[
    (b"SELECT 'a", "line 2, column 10: the string that starts here is never closed: add the missing '"),
    (b"SELECT \"a", "line 2, column 10: the text that starts here is never closed: add the missing \""),
    (b"SELECT `a", "line 2, column 10: the name that starts here is never closed: add the missing `"),
    (b"CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $$ a", "line 2, column 43: the dollar-quoted text that starts here is never closed: repeat its $…$"),
    (b"SELECT 1 /* a", "line 2, column 12: the comment that starts here is never closed: add the missing */"),
    (b"SELECT 1 /*!80000 + 1", "line 2, column 12: the version comment that starts here is never closed: add the missing */"),
    (b"CREATE PROCEDURE p() BEGIN SELECT 1;", "line 2, column 24: the body that starts here is never closed: add the missing END"),
    (b"SELECT 1 /*!90000 ; */", "line 2, column 12: what this version comment holds ends at different places for servers that run it and servers that skip it: write no ; quote, comment, BEGIN or END inside it, or write the statement without it"),
    (b"-- a\0", "line 2, column 3: this comment holds a NUL byte, where the server would end it: remove the byte"),
    (b"SELECT \0", "line 2, column 10: a NUL byte stands here, where the server may stop reading: remove the byte"),
    (b"DELIMITER", "line 2, column 3: DELIMITER needs a delimiter of at most 16 bytes without a backslash on its line, such as DELIMITER //"),
    (b"DELIMITER // SELECT 2", "line 2, column 15: text after DELIMITER and its delimiter would be ignored: put the statement on its own line"),
    (b"SELECT '\xFF'", "line 2, column 11: the bytes here are not UTF-8: save the file as UTF-8"),
    (b"SELECT 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'", "line 2, column 3: statement 2 is larger than 60 bytes with its comments (limit `statement`): write it as several statements, such as one INSERT for every 1,000 rows"),
    (b"DO 2; DO 3; DO 4", "line 2, column 15: statement 4 is one more than the 3 statements that a text may hold (limit `statements`): split it into several changes, or write INSERT statements of several rows"),
    (b"SELECT 2; SELECT 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'; -- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "line 2, column 91: the text is larger than 100 bytes (limit `text`): split it into several changes"),
];
