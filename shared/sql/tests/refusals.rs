//! What is refused in a change, and what isn't.

use sql::{Refused, SqlMode, refusal, split};

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
        ],
    );
    check(
        "load-file",
        "LOAD DATA FROM S3",
        &[
            "LOAD DATA LOCAL INFILE 'x' INTO TABLE t",
            "LOAD DATA INFILE 'x' INTO TABLE t",
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
    check(
        "lock-function",
        "its own lock",
        &[
            "SELECT GET_LOCK('a', 1)",
            "DO release_lock('a')",
            "SET @a = GET_LOCK('x', 1)",
            "SELECT RELEASE_ALL_LOCKS ()",
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
            "/*!99999 SELECT 1 */",
            "/*!90500 DROP */ TABLE t",
            "CREATE /*!90000 TEMPORARY */ TABLE t (a INT)",
        ],
    );
    check(
        "several-statements",
        "between two delimiters",
        &[
            "DELIMITER //\nSELECT 1; DROP TABLE t //",
            "/*! SELECT 1; DROP TABLE t */",
            "DELIMITER //\nCREATE PROCEDURE p() BEGIN END; DROP TABLE t //",
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
