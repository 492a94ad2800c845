//! Words that the server reserves nowhere, where they name something: they hide no other database.

use sql::{SqlMode, foreign_schemas};

/// Words that say something about the names after them in some places and name something in all others.
const WORDS: &[&str] = &[
    "after",
    "begin",
    "cache",
    "columns",
    "data",
    "definer",
    "do",
    "event",
    "extended",
    "fields",
    "format",
    "handler",
    "histogram",
    "indexes",
    "library",
    "oj",
    "partitions",
    "prepare",
    "quick",
    "tables",
    "truncate",
    "view",
    "xml",
];

/// Statements that touch `far.x`, where `~` stands for one of the words.
const TOUCHING: &[&str] = &[
    "SELECT ~ FROM far.x",
    "SELECT a ~ FROM far.x",
    "SELECT a AS ~ FROM far.x",
    "SELECT ~, b FROM far.x",
    "SELECT begin ~ FROM far.x",
    "SELECT do ~ FROM far.x",
    "SELECT ~ ~, b FROM far.x",
    "SELECT t.~ FROM far.x",
    "SELECT DISTINCT ~ FROM far.x",
    "SELECT a, ~ + 1 FROM far.x",
    "SELECT CASE WHEN a THEN ~ END FROM far.x",
    "SELECT CASE WHEN a THEN 1 ELSE ~ END ~ FROM far.x",
    "SELECT (SELECT 1 ~) ~ FROM far.x",
    "SELECT * FROM ~, far.x",
    "SELECT * FROM ~ intersect, far.x",
    "SELECT * FROM ~ z, far.x",
    "SELECT * FROM ~ AS z, far.x",
    "SELECT * FROM t ~, far.x z",
    "SELECT * FROM t AS ~, far.x z",
    "SELECT * FROM (SELECT 1) ~, far.x z",
    "SELECT * FROM (t ~, far.x)",
    "SELECT * FROM ~ JOIN far.x",
    "SELECT * FROM t ~ JOIN far.x z ON z.a = ~.a",
    "SELECT * FROM t ~ LEFT JOIN u ON ~.a = 1, far.x",
    "SELECT * FROM t JOIN u ~ USING (a), far.x",
    "SELECT * FROM t JOIN u ON ~, far.x",
    "SELECT * FROM t JOIN u ON a = CASE WHEN b THEN ~ END, far.x",
    "SELECT * FROM t ~ STRAIGHT_JOIN far.x",
    "SELECT * FROM t ~ NATURAL JOIN far.x",
    "SELECT * FROM t PARTITION (p) ~, far.x",
    "SELECT * FROM t ~ USE INDEX (~), far.x",
    "SELECT * FROM t ~ FORCE INDEX FOR ORDER BY (~), far.x",
    "SELECT * FROM {OJ ~ LEFT JOIN far.x ON 1}",
    "SELECT * FROM JSON_TABLE('[]', '$' COLUMNS (~ INT PATH '$')) ~, far.x",
    "SELECT 1 ~ UNION SELECT ~ FROM far.x",
    "SELECT a FROM t WHERE ~ = 1 AND a IN (SELECT ~ FROM far.x)",
    "SELECT a FROM t ORDER BY ~ DESC, (SELECT 1 FROM far.x)",
    "SELECT a ~ INTO @v FROM far.x",
    "SELECT a FROM t ~ WHERE EXISTS (TABLE far.x)",
    "WITH ~ AS (SELECT 1) SELECT ~ FROM ~, far.x",
    "WITH c (~) AS (SELECT ~ FROM far.x) SELECT * FROM c",
    "TABLE far.x ORDER BY ~",
    "INSERT INTO ~ SELECT a ~ FROM far.x",
    "INSERT INTO u SELECT a ~, b FROM far.x WHERE a > 5",
    "INSERT INTO u (~, b) SELECT ~, b FROM far.x",
    "INSERT INTO u SET ~ = (SELECT 1 FROM far.x)",
    "INSERT INTO u SELECT 1 ON DUPLICATE KEY UPDATE ~ = (SELECT ~ FROM far.x)",
    "INSERT INTO far.x (~) VALUES (1)",
    "REPLACE INTO far.x (~) SELECT ~ FROM t ~",
    "UPDATE ~, far.x z SET z.b = 1",
    "UPDATE t ~, far.x z SET z.b = 1",
    "UPDATE ~ ~ JOIN far.x z SET z.b = ~.b",
    "UPDATE ~ z STRAIGHT_JOIN far.x SET z.~ = 1",
    "UPDATE t SET ~ = (SELECT b FROM far.x)",
    "UPDATE t JOIN u ON a = CASE WHEN b THEN ~ ELSE ~ END, far.x SET b = 1",
    "DELETE z FROM t ~, far.x z",
    "DELETE ~ FROM ~, far.x z",
    "DELETE FROM ~ USING t ~, far.x z",
    "DELETE FROM ~ USING (t JOIN far.x AS ~)",
    "DELETE FROM z USING u ~ JOIN t USING (~), far.x z",
    "DELETE FROM t WHERE ~ IN (SELECT ~ FROM far.x)",
    "CREATE VIEW v AS SELECT a ~ FROM far.x",
    "CREATE VIEW ~ (~) AS SELECT ~ FROM far.x",
    "CREATE DEFINER=~@localhost VIEW far.x AS SELECT 1",
    "CREATE DEFINER=~ SQL SECURITY INVOKER VIEW far.x AS SELECT 1",
    "CREATE DEFINER=~@localhost TRIGGER far.x BEFORE INSERT ON far.t FOR EACH ROW SET @a=1",
    "CREATE DEFINER=~@`%` PROCEDURE far.x() SELECT 1",
    "CREATE DEFINER=~ EVENT far.x ON SCHEDULE EVERY 1 DAY DO SELECT 1",
    "ALTER DEFINER=~@127.0.0.1 EVENT far.x DISABLE",
    "CREATE INDEX ~ ON far.x (~)",
    "DROP INDEX ~ ON far.x",
    "DROP TABLE ~, far.x",
    "DROP TABLES ~, far.x",
    "DROP VIEW ~, far.x",
    "RENAME TABLE ~ TO far.x",
    "RENAME TABLES t TO ~, u TO far.x",
    "ALTER TABLE t DROP COLUMN ~, RENAME far.x",
    "ALTER TABLE t DROP ~, RENAME TO far.x",
    "ALTER TABLE t ADD ~ INT, RENAME far.x",
    "ALTER TABLE t ADD INDEX ~ (~), RENAME = far.x",
    "ALTER TABLE t ADD a INT AFTER ~, RENAME AS far.x",
    "ALTER TABLE t RENAME COLUMN ~ TO a, RENAME far.x",
    "ALTER TABLE t MODIFY ~ INT, ADD FOREIGN KEY (~) REFERENCES far.x (~)",
    "ALTER TABLE ~ EXCHANGE PARTITION ~ WITH TABLE far.x",
    "CREATE TABLE t (~ INT REFERENCES far.x (~))",
    "CREATE TABLE ~ LIKE far.x",
    "CREATE TABLE t (~ INT) SELECT ~ FROM far.x",
    "CREATE TABLE t (~ INT) UNION=(~, far.x)",
    "CREATE TRIGGER ~ AFTER INSERT ON t FOR EACH ROW FOLLOWS ~ UPDATE far.x SET b = 5",
    "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW PRECEDES ~ DELETE FROM far.x",
    "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW FOLLOWS ~ INSERT far.x VALUES (1)",
    "CREATE TRIGGER ~ BEFORE UPDATE ON far.x FOR EACH ROW SET NEW.~ = 1",
    "CREATE PROCEDURE p(~ INT) BEGIN SET ~ = 1; SELECT ~ FROM far.x; END",
    "CREATE PROCEDURE p() BEGIN DECLARE ~ INT; SELECT a INTO ~ FROM far.x; END",
    "CREATE PROCEDURE p() ~: BEGIN UPDATE t ~, far.x z SET z.a = 1; LEAVE ~; END ~",
    "CREATE PROCEDURE p(~ INT) IF ~ THEN TRUNCATE far.x; END IF",
    "CREATE PROCEDURE p(~ INT) REPEAT TRUNCATE TABLE far.x; UNTIL ~ END REPEAT",
    "CREATE EVENT ~ ON SCHEDULE EVERY 1 DAY DO TRUNCATE far.x",
    "ALTER EVENT ~ DO DROP TABLE ~, far.x",
    "ALTER EVENT ~ DO RENAME TABLE ~ TO far.x",
    "ALTER EVENT ~ RENAME TO far.x",
    "LOCK TABLES ~ READ, far.x WRITE",
    "LOCK TABLES t AS ~ READ, far.x WRITE",
    "ANALYZE TABLES ~, far.x",
    "FLUSH TABLES ~, far.x",
    "EXPLAIN SELECT ~ FROM t ~, far.x",
    "EXPLAIN FORMAT=TREE UPDATE t ~, far.x z SET z.b = 1",
    "CALL far.x(~)",
    "GRANT SELECT (~), UPDATE ON far.x TO ~",
    "HANDLER far.x OPEN AS ~",
    "LOAD DATA INFILE 'f' INTO TABLE far.x (~)",
    "LOAD INDEX INTO CACHE ~, far.x",
    "CACHE INDEX ~, far.x IN ~",
];

/// Statements that touch no other database.
const AT_HOME: &[&str] = &[
    "SELECT * FROM t WHERE ~ = t.b",
    "SELECT t.a, t.b FROM t WHERE ~ = t.b OR ~ <> t.b",
    "SELECT ~, t.b FROM t ORDER BY ~, t.b",
    "SELECT CASE WHEN a THEN ~ ELSE t.b END, t.c FROM t",
    "SELECT a ~, t.b FROM t ~ JOIN u ON ~.a = u.a WHERE ~.a = u.b",
    "UPDATE t SET ~ = t.b WHERE t.a = 1",
    "UPDATE t SET t.~ = t.b, t.b = t.a",
    "UPDATE t ~ SET ~.a = ~.b, ~.b = 2",
    "INSERT INTO u (a, ~) SELECT x.a, x.b FROM t x ON DUPLICATE KEY UPDATE u.a = x.a, u.~ = x.b",
    "INSERT INTO u (a, b) SELECT x.a, x.b FROM t x JOIN y ON x.a = y.a ON DUPLICATE KEY UPDATE ~ = x.a, u.b = x.b",
    "DELETE ~ FROM t ~ JOIN u USING (~) WHERE ~.a = u.b",
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET ~ = NEW.b, NEW.b = OLD.a",
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN DECLARE ~ INT; SET ~ = NEW.b; SET NEW.~ = ~; END",
    "CREATE DEFINER=~@host.name TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
    "ALTER TABLE t DROP ~, ADD CHECK (t.a > 0)",
    "CREATE TABLE t (~ INT, KEY ~ (~), CHECK (t.~ > 0)) PARTITION BY LIST (~) (PARTITION ~ VALUES IN (1))",
    "SELECT @v.~ . 1, @@session.~ FROM t",
];

fn foreign(text: &str) -> Vec<String> {
    foreign_schemas(text, SqlMode::default(), "home")
        .iter()
        .map(|found| found.name.to_string())
        .collect()
}

#[test]
fn no_word_that_may_be_a_name_hides_another_database() {
    let mut missed = Vec::new();
    for template in TOUCHING {
        for word in WORDS {
            for word in [(*word).to_owned(), word.to_uppercase(), format!("`{word}`")] {
                let text = template.replace('~', &word);
                if !foreign(&text).contains(&"`far`.`x`".to_owned()) {
                    missed.push(text);
                }
            }
        }
    }
    assert!(missed.is_empty(), "{} missed: {missed:#?}", missed.len());
}

#[test]
fn no_word_that_may_be_a_name_makes_a_column_another_database() {
    let mut wrong = Vec::new();
    for template in AT_HOME {
        for word in WORDS {
            let text = template.replace('~', word);
            let found = foreign(&text);
            if !found.is_empty() {
                wrong.push((text, found));
            }
        }
    }
    assert!(wrong.is_empty(), "{} found: {wrong:#?}", wrong.len());
}
