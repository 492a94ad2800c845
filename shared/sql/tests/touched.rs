//! The names that statements touch, and those of other databases.

use sql::{SqlMode, foreign_schemas, other_schemas, touched};

fn names(text: &str) -> String {
    let all: Vec<String> = touched(text, SqlMode::default())
        .iter()
        .map(|found| {
            let schema = found
                .name
                .schema
                .as_ref()
                .map(|schema| format!("{schema}."))
                .unwrap_or_default();
            format!("{:?}:{schema}{}", found.how, found.name.name)
        })
        .collect();
    all.join(" ")
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(&names(text), expected, "{text}");
    }
}

#[test]
fn queries_read_the_tables_in_their_lists() {
    check(&[
        (
            "SELECT * FROM a, s.b x JOIN (c, s.d) ON x.id = c.id, e",
            "Reads:a Reads:s.b Reads:c Reads:s.d Reads:e",
        ),
        (
            "SELECT a.b.c, f.g(1), t.x, d.e.* FROM DUAL",
            "Reads:a.b Calls:f.g Reads:d.e",
        ),
        (
            "SELECT 1 FROM (SELECT 2 FROM s.a) AS x (y), s.b",
            "Reads:s.a Reads:s.b",
        ),
        (
            "SELECT * FROM t PARTITION (p, q), s.u ORDER BY t.a, t.b",
            "Reads:t Reads:s.u",
        ),
        (
            "SELECT STRAIGHT_JOIN a.b FROM t FORCE INDEX FOR JOIN (i), u.v",
            "Reads:t Reads:u.v",
        ),
        (
            "SELECT 1 FROM {OJ a.b LEFT OUTER JOIN c.d ON a.b = c.d}",
            "Reads:a.b Reads:c.d",
        ),
        (
            "SELECT * FROM JSON_TABLE('[]', '$' COLUMNS (a INT PATH '$')) j, LATERAL (TABLE s.t) k",
            "Reads:s.t",
        ),
        (
            "SELECT 1 IN (TABLE s.t) FROM u WHERE x IN (SELECT y FROM s.v)",
            "Reads:s.t Reads:u Reads:s.v",
        ),
        ("(SELECT 1 FROM a) UNION (SELECT 2 FROM s.b)", "Reads:a Reads:s.b"),
        ("SELECT x INTO @a FROM s.t FOR UPDATE OF t", "Reads:s.t"),
        ("VALUES ROW(1, s.f(2))", "Calls:s.f"),
        ("SELECT /* FROM s.a */ 'FROM s.b' FROM `s`.`c`", "Reads:s.c"),
        ("SELECT 1 FROM a /*!80000 JOIN s.b */", "Reads:a Reads:s.b"),
    ]);
}

#[test]
fn a_from_in_a_function_is_no_list_of_tables() {
    check(&[(
        "SELECT TRIM(BOTH ' ' FROM a.b), EXTRACT(YEAR FROM c.d), SUBSTRING(e.f FROM 2), CONVERT(g.h USING utf8mb4) FROM t",
        "Reads:t",
    )]);
}

#[test]
fn queries_of_a_with_are_no_tables() {
    check(&[
        (
            "WITH RECURSIVE q (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q), r AS (SELECT * FROM s.t) SELECT * FROM q, R",
            "Reads:s.t",
        ),
        ("SELECT a, COUNT(*) FROM t GROUP BY a WITH ROLLUP", "Reads:t"),
    ]);
}

#[test]
fn rows_are_written() {
    check(&[
        (
            "INSERT INTO s.t (a) SELECT a FROM u ON DUPLICATE KEY UPDATE a = VALUES(a)",
            "Writes:s.t Reads:u",
        ),
        (
            "INSERT LOW_PRIORITY IGNORE t VALUES (INSERT('a', 1, 1, 'b'))",
            "Writes:t",
        ),
        ("INSERT s.t TABLE u", "Writes:s.t Reads:u"),
        ("REPLACE t SET a = REPLACE('a', 'b', 'c')", "Writes:t"),
        (
            "UPDATE s.t a, b SET a.x = b.y WHERE a.z IN (SELECT q FROM w)",
            "Writes:s.t Writes:b Reads:w",
        ),
        (
            "DELETE FROM s.t WHERE a = (SELECT MAX(b) FROM u)",
            "Writes:s.t Reads:u",
        ),
        (
            "DELETE a, s.b FROM a JOIN s.b USING (id)",
            "Writes:s.b Writes:a Writes:s.b",
        ),
        (
            "DELETE FROM t.*, s.u USING t JOIN s.u",
            "Writes:t Writes:s.u Writes:t Writes:s.u",
        ),
        (
            "LOAD DATA FROM S3 's3://x' REPLACE INTO TABLE s.t (a, b)",
            "Writes:s.t",
        ),
        ("TRUNCATE TABLE s.t", "Writes:s.t"),
        ("CALL s.p(t.f(1))", "Calls:s.p Calls:t.f"),
    ]);
}

#[test]
fn definitions_name_what_they_define_and_refer_to() {
    check(&[
        (
            "CREATE TABLE a.b (x INT REFERENCES c.d (y)) UNION=(e.f, g)",
            "Defines:a.b Reads:c.d Reads:e.f Reads:g",
        ),
        ("CREATE TABLE IF NOT EXISTS a (LIKE s.b)", "Defines:a Reads:s.b"),
        ("CREATE TABLE a SELECT b LIKE c.d FROM s.t", "Defines:a Reads:s.t"),
        (
            "ALTER TABLE a DROP b, ADD FOREIGN KEY (c) REFERENCES s.d (e), RENAME TO s.f",
            "Defines:a Reads:s.d Defines:s.f",
        ),
        (
            "ALTER TABLE a EXCHANGE PARTITION p WITH TABLE s.b",
            "Defines:a Defines:s.b",
        ),
        (
            "RENAME TABLE a TO s.b, s.c TO d",
            "Defines:a Defines:s.b Defines:s.c Defines:d",
        ),
        ("DROP TABLE IF EXISTS a, s.b", "Defines:a Defines:s.b"),
        ("CREATE INDEX i ON s.t (a)", "Defines:s.t"),
        ("DROP VIEW s.v, w", "Defines:s.v Defines:w"),
        ("CREATE VIEW v AS SELECT * FROM s.t", "Defines:v Reads:s.t"),
        ("DROP DATABASE IF EXISTS d", "Defines:d.*"),
        ("GRANT SELECT (a), UPDATE ON s.* TO u", "Defines:s.*"),
        ("GRANT EXECUTE ON PROCEDURE s.p TO u", "Defines:s.p"),
    ]);
}

#[test]
fn bodies_are_read_too() {
    check(&[
        (
            "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW INSERT INTO s.log VALUES (NEW.a)",
            "Defines:g Defines:t Writes:s.log",
        ),
        (
            "CREATE PROCEDURE p() BEGIN DECLARE c CURSOR FOR SELECT 1 FROM s.a; DECLARE EXIT HANDLER FOR NOT FOUND SET x = 1;
             FETCH NEXT FROM c INTO y; IF y LIKE n.m THEN DELETE FROM s.b; ELSE CALL s.q(); END IF; END",
            "Defines:p Reads:s.a Writes:s.b Calls:s.q",
        ),
        ("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM s.l WHERE a < NOW()", "Defines:e Writes:s.l"),
    ]);
}

#[test]
fn statements_about_tables_read_them() {
    check(&[
        ("SHOW CREATE TABLE s.t", "Reads:s.t"),
        ("SHOW COLUMNS FROM t FROM s", "Reads:t Reads:s.*"),
        ("SHOW TABLES IN s LIKE 'x'", "Reads:s.*"),
        ("DESC s.t a", "Reads:s.t"),
        ("EXPLAIN FORMAT=JSON SELECT * FROM s.t", "Reads:s.t"),
        ("EXPLAIN FOR SCHEMA s SELECT 1", "Reads:s.*"),
        ("ANALYZE TABLE s.t UPDATE HISTOGRAM ON a, b", "Reads:s.t"),
        ("LOCK TABLES s.t READ, u WRITE", "Reads:s.t Reads:u"),
        ("USE s", "Reads:s.*"),
    ]);
}

#[test]
fn positions_are_those_of_the_names() {
    let found = touched("SELECT 'é', 1\nFROM /* ö */ `s`.t,\n  u", SqlMode::default());
    let places: Vec<(usize, u32, u32)> = found.iter().map(|it| (it.at, it.line, it.column)).collect();
    assert_eq!(places, [(29, 2, 14), (38, 3, 3)]);
}

#[test]
fn other_databases_are_found_but_for_reads_of_information_schema() {
    let text = "INSERT INTO shop.a SELECT * FROM crm.b JOIN INFORMATION_SCHEMA.tables JOIN mysql.user JOIN c";
    let found: Vec<String> = foreign_schemas(text, SqlMode::default(), "shop")
        .iter()
        .map(|it| it.name.to_string())
        .collect();
    assert_eq!(found, ["`crm`.`b`", "`mysql`.`user`"]);
}

#[test]
fn names_in_other_databases_are_refused_unless_allowed() {
    let refused = |text: &str, allowed: &[&str]| -> Vec<(String, &'static str)> {
        let allowed: Vec<String> = allowed.iter().map(|it| (*it).to_owned()).collect();
        other_schemas(text, SqlMode::default(), "shop", &allowed)
            .into_iter()
            .map(|(_, refused)| (refused.message, refused.code))
            .collect()
    };
    let text = "UPDATE crm.people SET a = 1";
    let found = refused(text, &[]);
    assert_eq!(found.len(), 1);
    for (message, code) in found {
        assert_eq!(code, "other-schema");
        for part in [
            "writes `crm`.`people`",
            "remove `crm.`",
            "put the statement into a change of crm",
            "settings",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
    assert!(refused(text, &["crm"]).is_empty());
    assert!(refused("UPDATE shop.people SET a = 1", &[]).is_empty());
    assert!(refused("UPDATE people p SET p.a = 1", &[]).is_empty());
    assert_eq!(refused("DROP DATABASE crm", &[]).len(), 1);
}

#[test]
fn names_of_digits_are_names_after_a_point() {
    check(&[
        ("DROP TABLE s.123", "Defines:s.123"),
        ("CREATE TABLE s.99 (a INT)", "Defines:s.99"),
        ("RENAME TABLE u TO s.7", "Defines:u Defines:s.7"),
        ("INSERT INTO s.123 SELECT 1", "Writes:s.123"),
        ("TRUNCATE TABLE s.123", "Writes:s.123"),
        ("ALTER TABLE s.123 ADD z INT", "Defines:s.123"),
        (
            "SELECT s.1e1.a, `s`.5.a FROM t, s.1e1, `s`.5",
            "Reads:s.1e1 Reads:s.5 Reads:t Reads:s.1e1 Reads:s.5",
        ),
        ("DELETE s.1 FROM s.1, s.2", "Writes:s.1 Writes:s.1 Writes:s.2"),
        ("GRANT SELECT ON s.1 TO u", "Defines:s.1"),
    ]);
}

#[test]
fn numbers_and_variables_end_where_the_server_ends_them() {
    check(&[
        ("SELECT 1.FROM s.t", "Reads:s.t"),
        ("SELECT 1.5FROM s.t", "Reads:s.t"),
        ("SELECT .5FROM s.t", "Reads:s.t"),
        ("SELECT 1e1FROM s.t", "Reads:s.t"),
        ("SELECT 1.5e-3FROM s.t", "Reads:s.t"),
        ("SELECT 1. FROM s.t", "Reads:s.t"),
        ("SELECT @a. FROM s.t", "Reads:s.t"),
        ("SELECT @a.b.c, @.d, @$e.f FROM s.t", "Reads:s.t"),
        ("SELECT @@session.a.b, @@global.c FROM s.t", "Reads:s.t"),
        ("WITH c AS (SELECT 1e0FROM s.t) SELECT * FROM c", "Reads:s.t"),
        (
            "UPDATE t SET b = 1.WHERE a = (SELECT 2.FROM s.u)",
            "Writes:t Reads:s.u",
        ),
    ]);
}

#[test]
fn what_some_servers_skip_counts_as_written_and_as_left_out() {
    check(&[
        ("DROP TABLE /*!99998 x */ s.t", "Defines:x Defines:s.t"),
        ("SELECT * FROM t /*!99998 WHERE */, s.t x", "Reads:t Reads:s.t"),
        ("CALL /*!99998 x */ s.p", "Calls:x Calls:s.p"),
        (
            "UPDATE /*!90800 u x WHERE */ s.t SET b = 3",
            "Writes:u Writes:s.t",
        ),
        ("INSERT INTO /*!90800 u */ s.t SET a = 3", "Writes:u Writes:s.t"),
        (
            "SELECT * FROM t /*!80030 , */ /*!90100 WHERE */ s.x",
            "Reads:t Reads:s.x",
        ),
        (
            "DROP TABLE t /*!99999 ( */ , s.u /*!99999 ) */ /*!99999 , s.v */",
            "Defines:t Defines:s.u",
        ),
        ("DROP TABLE t /*!80028 , s.u */", "Defines:t Defines:s.u"),
    ]);
    // Of more versions than anybody needs, whatever might be a name of a table is one.
    let many = (0..40).fold(String::new(), |many, version| {
        many + &format!("/*!{} , */ ", 90_100 + version)
    });
    assert!(names(&format!("SELECT * FROM t {many} WHERE x = s.y")).contains("s.y"));
}

#[test]
fn deletes_name_their_tables_after_the_first_using() {
    check(&[
        (
            "DELETE FROM x USING (t JOIN s.u AS x)",
            "Writes:x Writes:t Writes:s.u",
        ),
        (
            "DELETE FROM x USING t JOIN u AS x USING (a), s.v",
            "Writes:x Writes:t Writes:u Writes:s.v",
        ),
        ("DELETE x FROM t x JOIN u USING (a, b.c)", "Writes:t Writes:u"),
    ]);
}

#[test]
fn programs_run_statements_of_every_kind() {
    check(&[
        ("CREATE PROCEDURE p() TRUNCATE s.t", "Defines:p Writes:s.t"),
        ("CREATE PROCEDURE p() DESC s.t", "Defines:p Reads:s.t"),
        (
            "CREATE PROCEDURE p() GRANT SELECT ON s.* TO u",
            "Defines:p Defines:s.*",
        ),
        (
            "ALTER EVENT e DO DROP TABLE a, s.t",
            "Defines:e Defines:a Defines:s.t",
        ),
        (
            "ALTER EVENT e DO RENAME TABLE a TO s.b",
            "Defines:e Defines:a Defines:s.b",
        ),
        (
            "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '42S02' TRUNCATE s.t; END",
            "Defines:p Writes:s.t",
        ),
    ]);
}
