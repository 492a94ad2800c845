//! What is known about statements.

use sql::{Facts, Kind, Signal, SqlMode, split};

fn facts(input: &str) -> Option<Facts> {
    split(input, SqlMode::default())
        .ok()?
        .into_iter()
        .next()
        .map(|statement| statement.facts)
}

fn check(input: &str, verb: &str, kind: Kind, implicit_commit: bool, signal: Signal) {
    let found = facts(input).map(|facts| {
        (
            facts.verb.into_owned(),
            facts.kind,
            facts.implicit_commit,
            facts.signal,
        )
    });
    assert_eq!(
        found,
        Some((verb.to_owned(), kind, implicit_commit, signal)),
        "{input}"
    );
}

#[test]
fn schema_statements_commit_and_show_in_the_fingerprint() {
    for (input, verb) in [
        ("CREATE TABLE t (a INT)", "CREATE TABLE"),
        ("create table if not exists t like u", "CREATE TABLE"),
        ("CREATE TABLE t AS SELECT 1", "CREATE TABLE"),
        ("/*!50003 CREATE TABLE t (a INT) */", "CREATE TABLE"),
        ("ALTER TABLE t ADD COLUMN a INT", "ALTER TABLE"),
        ("ALTER TABLE t ENGINE=InnoDB COMMENT='x'", "ALTER TABLE"),
        ("ALTER TABLE t ADD INDEX (a), FORCE", "ALTER TABLE"),
        ("CREATE UNIQUE INDEX i ON t (a)", "CREATE INDEX"),
        ("DROP INDEX i ON t", "DROP INDEX"),
        (
            "CREATE OR REPLACE ALGORITHM = MERGE DEFINER = 'a'@'b' SQL SECURITY INVOKER VIEW v AS SELECT 1",
            "CREATE VIEW",
        ),
        (
            "CREATE DEFINER=user@a.example.com PROCEDURE p() SELECT 1",
            "CREATE PROCEDURE",
        ),
        (
            "CREATE DEFINER=CURRENT_USER() FUNCTION f() RETURNS INT RETURN 1",
            "CREATE FUNCTION",
        ),
        (
            "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET NEW.a = 1",
            "CREATE TRIGGER",
        ),
        (
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
            "CREATE EVENT",
        ),
        ("RENAME TABLE a TO b", "RENAME TABLE"),
        ("DROP VIEW v", "DROP VIEW"),
    ] {
        check(input, verb, Kind::Ddl, true, Signal::Schema);
    }
}

#[test]
fn what_empties_or_rebuilds_a_table_is_told_by_where_its_rows_are() {
    for (input, verb) in [
        ("TRUNCATE t", "TRUNCATE"),
        ("TRUNCATE TABLE t", "TRUNCATE TABLE"),
        ("ALTER TABLE s.t ENGINE=InnoDB", "ALTER TABLE"),
        ("ALTER TABLE t FORCE, ALGORITHM=INPLACE, LOCK=NONE", "ALTER TABLE"),
        ("ALTER TABLE t TRUNCATE PARTITION p0", "ALTER TABLE"),
        ("ALTER TABLE t TRUNCATE PARTITION p0, p1", "ALTER TABLE"),
        ("ALTER TABLE t REBUILD PARTITION p0, p1", "ALTER TABLE"),
        ("ALTER TABLE t OPTIMIZE PARTITION p0, `p1`", "ALTER TABLE"),
        ("ALTER TABLE t ORDER BY a, b DESC", "ALTER TABLE"),
        (
            "ALTER TABLE t ALGORITHM=INPLACE, REBUILD PARTITION p0, p1",
            "ALTER TABLE",
        ),
        (
            "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u WITHOUT VALIDATION",
            "ALTER TABLE",
        ),
    ] {
        check(input, verb, Kind::Ddl, true, Signal::Storage);
    }
    check(
        "OPTIMIZE LOCAL TABLE t",
        "OPTIMIZE TABLE",
        Kind::Admin,
        true,
        Signal::Storage,
    );
}

#[test]
fn what_nothing_shows_has_no_signal() {
    check(
        "ALTER TABLE t DISCARD PARTITION p0, p1 TABLESPACE",
        "ALTER TABLE",
        Kind::Ddl,
        true,
        Signal::None,
    );
    check("CALL p()", "CALL", Kind::Dml, true, Signal::None);
    check(
        "LOAD DATA FROM S3 's3://b/k' INTO TABLE t",
        "LOAD DATA FROM S3",
        Kind::Dml,
        false,
        Signal::None,
    );
    check("FROBNICATE t", "FROBNICATE", Kind::Admin, true, Signal::None);
}

#[test]
fn what_may_run_again_is_idempotent() {
    check(
        "ANALYZE TABLE t",
        "ANALYZE TABLE",
        Kind::Admin,
        true,
        Signal::Idempotent,
    );
    check(
        "GRANT SELECT ON a.* TO b",
        "GRANT",
        Kind::Admin,
        true,
        Signal::Idempotent,
    );
    check(
        "ALTER TABLE t AUTO_INCREMENT = 5",
        "ALTER TABLE",
        Kind::Ddl,
        true,
        Signal::Idempotent,
    );
    check(
        "ALTER TABLE t ANALYZE PARTITION p0, p1",
        "ALTER TABLE",
        Kind::Ddl,
        true,
        Signal::Idempotent,
    );
    check(
        "ALTER TABLE t DISABLE KEYS",
        "ALTER TABLE",
        Kind::Ddl,
        true,
        Signal::Idempotent,
    );
    check("SHOW TABLES", "SHOW", Kind::Query, false, Signal::Idempotent);
    check("SET @a = 1", "SET", Kind::Session, false, Signal::Idempotent);
    check(
        "CREATE TEMPORARY TABLE t (a INT)",
        "CREATE TEMPORARY TABLE",
        Kind::Ddl,
        false,
        Signal::Idempotent,
    );
}

#[test]
fn rows_change_in_a_transaction() {
    for (input, verb) in [
        ("INSERT INTO t VALUES (1)", "INSERT"),
        ("REPLACE INTO t VALUES (1)", "REPLACE"),
        ("UPDATE t SET a = 1 WHERE b", "UPDATE"),
        ("DELETE FROM t WHERE a", "DELETE"),
        ("WITH c AS (SELECT 1) DELETE FROM t WHERE a", "WITH DELETE"),
        (
            "WITH RECURSIVE c (n) AS (SELECT 1), d AS (SELECT 2) UPDATE t SET a = 1 WHERE b",
            "WITH UPDATE",
        ),
    ] {
        check(input, verb, Kind::Dml, false, Signal::Transactional);
    }
    check("SELECT 1", "SELECT", Kind::Query, false, Signal::Transactional);
    check(
        "(SELECT 1) UNION (SELECT 2)",
        "(",
        Kind::Query,
        false,
        Signal::Transactional,
    );
    check(
        "WITH c AS (SELECT 1) SELECT * FROM c",
        "WITH SELECT",
        Kind::Query,
        false,
        Signal::Transactional,
    );
}

#[test]
fn losing_data_is_destructive() {
    let destructive = |input: &str| facts(input).map(|facts| facts.destructive);
    for input in [
        "DROP TABLE t",
        "DROP DATABASE d",
        "TRUNCATE t",
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t ADD a INT, DROP b",
        "ALTER TABLE `s`.`t` DROP `b`, ADD c INT",
        "ALTER TABLE t DROP PARTITION p0",
        "ALTER TABLE t TRUNCATE PARTITION p0",
        "ALTER TABLE t TRUNCATE PARTITION p0, p1",
        "ALTER TABLE t DISCARD PARTITION p0, p1 TABLESPACE",
        "ALTER TABLE t DROP a, FROBNICATE",
        "/*!50003 DROP TABLE t */",
    ] {
        assert_eq!(destructive(input), Some(true), "{input}");
    }
    for input in [
        "ALTER TABLE t DROP INDEX i, DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP CHECK c",
        "ALTER TABLE t ALTER COLUMN a DROP DEFAULT",
        "DROP TEMPORARY TABLE t",
        "DROP INDEX i ON t",
        "CREATE TABLE t (a INT)",
    ] {
        assert_eq!(destructive(input), Some(false), "{input}");
    }
}

#[test]
fn only_a_where_of_its_own_counts() {
    let without = |input: &str| facts(input).map(|facts| (facts.without_where, facts.destructive));
    for input in [
        "DELETE FROM t",
        "DELETE FROM t LIMIT 5",
        "UPDATE t SET a = (SELECT 1 FROM u WHERE b)",
        "UPDATE t SET `where` = 1",
        "DELETE FROM t -- WHERE a = 1",
        "DELETE FROM t /*!99999 WHERE a = 1 */",
        "WITH c AS (SELECT 1 FROM u WHERE x) DELETE FROM t",
        "UPDATE t SET b = t.1WHERE",
        "UPDATE t SET b = @1.5WHERE",
    ] {
        assert_eq!(without(input), Some((true, true)), "{input}");
    }
    for input in [
        "DELETE FROM t WHERE a = 1",
        "UPDATE t SET a = 1 where b",
        "UPDATE t SET b = 1.WHERE a = 5",
        "UPDATE t SET b = 1.5WHERE a = 5",
        "UPDATE t SET b = .5WHERE a = 5",
        "UPDATE t SET b = 1e1WHERE a = 5",
        "UPDATE t SET b = 1.e-1WHERE a = 5",
        "UPDATE t SET b = @a. WHERE a = 5",
        "UPDATE t /*!99999 ( */ SET b = 1 WHERE a = 5",
        "DELETE FROM t /*!50000 WHERE a */",
    ] {
        assert_eq!(without(input), Some((false, false)), "{input}");
    }
}

#[test]
fn what_only_the_session_holds_is_known() {
    let state = |input: &str| facts(input).map(|facts| facts.session_state);
    for input in [
        "SET @a = 1",
        "SET foreign_key_checks = 0",
        "CREATE TEMPORARY TABLE t (a INT)",
        "SELECT @a := 1",
        "SELECT 1 INTO @a",
        "CALL p(@a)",
        "CALL p(1, @`a`, 2)",
    ] {
        assert_eq!(state(input), Some(true), "{input}");
    }
    for input in [
        "SELECT 1",
        "CREATE TABLE t (a INT)",
        "INSERT INTO t VALUES (1)",
        "INSERT INTO t VALUES (@a)",
        "CALL p()",
        "CALL p(1, @@sql_mode, 'a@b')",
    ] {
        assert_eq!(state(input), Some(false), "{input}");
    }
}
