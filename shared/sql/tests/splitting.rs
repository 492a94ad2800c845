//! Where statements start and end.

use sql::{Open, Problem, SqlMode, split};

fn texts(input: &str, mode: SqlMode) -> Result<Vec<String>, Problem> {
    split(input, mode)
        .map(|statements| statements.into_iter().map(|statement| statement.text).collect())
        .map_err(|error| error.problem)
}

fn check(input: &str, expect: &[&str]) {
    let expected: Vec<String> = expect.iter().map(|text| (*text).to_owned()).collect();
    assert_eq!(texts(input, SqlMode::default()), Ok(expected), "{input}");
}

/// The input is one statement, whatever separators it holds.
fn whole(input: &str) {
    check(&format!("{input};"), &[input]);
    check(
        &format!("SELECT 0; {input}; SELECT 1"),
        &["SELECT 0", input, "SELECT 1"],
    );
    check(
        &format!("DELIMITER //\n{input}//\nDELIMITER ;\nSELECT 1;"),
        &[input, "SELECT 1"],
    );
    check(
        &format!("DELIMITER $$\n{input}; $$\nSELECT 1 $$"),
        &[input, "SELECT 1"],
    );
}

fn check_error(input: &str, line: u32, column: u32, problem: &Problem) {
    match split(input, SqlMode::default()) {
        Ok(statements) => assert_eq!(statements, [], "no error: {input}"),
        Err(error) => assert_eq!(
            (error.line, error.column, &error.problem),
            (line, column, problem),
            "{input}"
        ),
    }
}

#[test]
fn semicolons_end_statements() {
    check("", &[]);
    check(" \n\t ; ;; ", &[]);
    check("SELECT 1", &["SELECT 1"]);
    check("SELECT 1;", &["SELECT 1"]);
    check(
        "SELECT 1;SELECT 2 ; \n SELECT 3",
        &["SELECT 1", "SELECT 2", "SELECT 3"],
    );
    check("\u{feff}SELECT 1;", &["SELECT 1"]);
    check(
        "SELECT 'ä;ö' AS `ü;` ; SELECT 2",
        &["SELECT 'ä;ö' AS `ü;`", "SELECT 2"],
    );
}

#[test]
fn literals_hide_semicolons() {
    for literal in [
        "'a;b'",
        "'it''s;'",
        r"'\';'",
        r"'\\'",
        r#"";""#,
        r#""a"";""#,
        r#""\";""#,
        "`;`",
        "`a``;`",
        "N'n;'",
        "n';'",
        "x'3B'",
        "X'3b'",
        "b'01'",
        "0x3B",
        "_utf8mb4'a;b'",
        "_binary ';'",
        r"'\\\';'",
        "'a' ';'",
        "'\n;\n'",
    ] {
        let statement = format!("SELECT {literal}");
        check(&format!("{statement};SELECT 2"), &[&statement, "SELECT 2"]);
    }
}

#[test]
fn the_mode_decides_about_quotes() {
    let ansi = SqlMode {
        ansi_quotes: true,
        no_backslash_escapes: false,
    };
    let plain = SqlMode {
        ansi_quotes: false,
        no_backslash_escapes: true,
    };
    let two = |one: &str, two: &str| Ok(vec![one.to_owned(), two.to_owned()]);
    assert_eq!(
        texts(r#"SELECT "\"; SELECT 2"#, ansi),
        two(r#"SELECT "\""#, "SELECT 2")
    );
    assert_eq!(
        texts(r"SELECT '\'; SELECT 2", plain),
        two(r"SELECT '\'", "SELECT 2")
    );
    assert_eq!(
        texts(r"SELECT '\'; SELECT 2", ansi),
        Err(Problem::Unterminated(Open::SingleQuote))
    );
    assert_eq!(SqlMode::parse("STRICT_TRANS_TABLES,ansi_quotes"), ansi);
    assert_eq!(SqlMode::parse("NO_BACKSLASH_ESCAPES"), plain);
    assert_eq!(SqlMode::parse(""), SqlMode::default());
}

#[test]
fn comments_hide_semicolons() {
    check(
        "-- one; two\nSELECT 1; # three;\n/* four; ' */ SELECT 2 /* five */;",
        &["SELECT 1", "SELECT 2"],
    );
    check("SELECT 1 -- it's\n + 1;", &["SELECT 1 -- it's\n + 1"]);
    check("SELECT 1--1; SELECT 2", &["SELECT 1--1", "SELECT 2"]);
    check("SELECT 1 --\n; SELECT 2", &["SELECT 1", "SELECT 2"]);
    check("--\tx;\nSELECT 1; --\u{1};\n", &["SELECT 1"]);
    check("SELECT 1 --", &["SELECT 1"]);
    check("SELECT /*/ ; */ 1", &["SELECT /*/ ; */ 1"]);
    check("/**/SELECT 1/***/;", &["SELECT 1"]);
    check(
        "SELECT /*+ MAX_EXECUTION_TIME(1) ; */ 1",
        &["SELECT /*+ MAX_EXECUTION_TIME(1) ; */ 1"],
    );
    check("-- only a comment", &[]);
}

#[test]
fn version_comments_are_part_of_statements() {
    check(
        "/*!40101 SET @a = 1 */; SELECT 2",
        &["/*!40101 SET @a = 1 */", "SELECT 2"],
    );
    check("/* c */ /*! SELECT 1 */ ;", &["/*! SELECT 1 */"]);
    check(
        "CREATE TABLE t (a INT /*!80023 INVISIBLE */);",
        &["CREATE TABLE t (a INT /*!80023 INVISIBLE */)"],
    );
    check("/*! */; /*!50003 /* nothing */ */; SELECT 1", &["SELECT 1"]);
    check(
        "/*!50003 SELECT 1 /* in; */ */; SELECT 2",
        &["/*!50003 SELECT 1 /* in; */ */", "SELECT 2"],
    );
    check("SELECT 1 */ 2; SELECT 3", &["SELECT 1 */ 2", "SELECT 3"]);
    // Every supported server runs these, so where one that skips them would go on doesn't matter.
    check(
        "SELECT 1;\n /*!50003 SELECT '*/ ; ' */; SELECT 2",
        &["SELECT 1", "/*!50003 SELECT '*/ ; ' */", "SELECT 2"],
    );
    check("/*! SELECT 1 -- */\n */", &["/*! SELECT 1 -- */\n */"]);
    check_error(
        "SELECT 1;\n /*!90500 SELECT '*/ ; '; */",
        2,
        2,
        &Problem::VersionComment,
    );
    check_error("/*!90500 SELECT 1 -- */\n */", 1, 1, &Problem::VersionComment);
    check_error(
        "/*!90500 /*/ SELECT 1 */ /* */",
        1,
        1,
        &Problem::Unterminated(Open::VersionComment),
    );
    check_error("/*! SELECT /*! 1 */ */", 1, 12, &Problem::VersionComment);
    // Where the comment is run, the statement ends at the `;`.
    check_error("/*! SELECT 1; DROP TABLE t */", 1, 1, &Problem::VersionComment);
    check_error("SELECT 1 /*!90500 ` */", 1, 10, &Problem::VersionComment);
    check_error(
        "ALTER EVENT e DO /*!90500 BEGIN*/ DROP TABLE t; END",
        1,
        18,
        &Problem::VersionComment,
    );
    check_error(
        "CREATE PROCEDURE p() BEGIN l/*!90500 0*;\n*/: BEGIN END; END",
        1,
        29,
        &Problem::VersionComment,
    );
    check(
        "/*!90200 CREATE PROCEDURE p() BEGIN SELECT 1; END */; SELECT 1",
        &["/*!90200 CREATE PROCEDURE p() BEGIN SELECT 1; END */", "SELECT 1"],
    );
}

#[test]
fn version_comments_that_every_supported_server_runs_are_code() {
    whole("CREATE PROCEDURE p() BEGIN REPEAT SELECT 1; UNTIL 1 /*!80013 END*/ REPEAT; END");
    whole("CREATE PROCEDURE p() BEGIN /*!80028 IF*/ a THEN SELECT 1; END /*!80023 IF*/; END");
    whole("CREATE /*!80016 PROCEDURE */ p() BEGIN SELECT 1; END");
}

#[test]
fn version_comments_that_no_server_runs_are_comments() {
    for comment in [
        "/*!99999 x*/",
        "/*!99999$*/",
        "/*!99999é0*/",
        "/*!999999 '' */",
        "/*!99999 ''DELIMITER // */",
        "/*!99999 ` */",
        "/*!99999 ; BEGIN */",
        "/*!99999 ( -- */",
        "/*!99999/* x */ ; */",
        "/*!99999 /*/ ; */ */",
        "/*!99999*/",
    ] {
        check(&format!("{comment};"), &[]);
        check(
            &format!("{comment} SELECT 1; SELECT 2"),
            &["SELECT 1", "SELECT 2"],
        );
        for statement in [
            "CREATE~EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; END",
            "ALTER~EVENT e DO~IF a THEN SELECT 1; END IF",
            "CREATE~DEFINER=root EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; END",
            "CREATE PROCEDURE p() BEGIN l~: BEGIN LEAVE~l; END~l; END",
            "CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS~$a$;$a$",
        ] {
            check(
                &format!("{};SELECT 1", statement.replace('~', comment)),
                &[&statement.replace('~', comment), "SELECT 1"],
            );
        }
    }
    check_error(
        "SELECT 1 /*!99999 /* x */",
        1,
        10,
        &Problem::Unterminated(Open::VersionComment),
    );
}

#[test]
fn version_comments_that_some_servers_run_change_nothing_of_a_program() {
    for statement in [
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO/*!90704`end`*/:BEGIN SELECT 1; END",
        "ALTER EVENT e DO /*!90000 outer_*/: BEGIN SELECT 1; END",
        "CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT NO SQL/*!080400 AS*/$js$;$js$",
        "CREATE PROCEDURE p() BEGIN SELECT /*!90000 ( */ 1; END",
        "CREATE /*!90000 TABLE */ PROCEDURE p() BEGIN SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN l /*!90000 0 */ : BEGIN SELECT 1; END; END",
    ] {
        let column = statement
            .find("/*!")
            .map_or(0, |at| u32::try_from(at).unwrap_or_default() + 1);
        check_error(statement, 1, column, &Problem::VersionComment);
    }
    whole("CREATE PROCEDURE p() BEGIN SELECT 1 /*!90000 + 1 */; END");
}

#[test]
fn numbers_end_where_the_server_ends_them() {
    whole("CREATE PROCEDURE p() BEGIN WHILE x > 1.5DO IF a THEN SELECT 1; END IF; END WHILE; END");
    whole("CREATE PROCEDURE p() BEGIN IF x=1.0THEN CASE a WHEN 1 THEN SELECT 1; END CASE; END IF; END");
    whole("CREATE PROCEDURE p() BEGIN WHILE x > 1e1DO SELECT 1; END WHILE; END");
    whole("CREATE PROCEDURE p() BEGIN WHILE x > .5e-3DO SELECT 1; END WHILE; END");
    whole("CREATE PROCEDURE p() BEGIN WHILE x > 1.DO SELECT 1; END WHILE; END");
    whole("CREATE PROCEDURE p() BEGIN WHILE a.1do DO SELECT 1; END WHILE; END");
    whole("CREATE PROCEDURE p() BEGIN WHILE @a. DO SELECT 1; END WHILE; END");
    whole("CREATE PROCEDURE p() BEGIN REPEAT SELECT 1; UNTIL @a.1 END REPEAT; END");
    whole("CREATE PROCEDURE p() BEGIN REPEAT SELECT 1; UNTIL 1. END REPEAT; END");
    check("DELIMITER .\nSELECT 1.SELECT 2.", &["SELECT 1", "SELECT 2"]);
    check(
        "DELIMITER $$\nSELECT 1$$SELECT 1.5$$",
        &["SELECT 1", "SELECT 1.5"],
    );
}

#[test]
fn what_a_delimiter_or_a_version_ends_with_is_part_of_no_name() {
    check("DELIMITER @\nSELECT 1@a.b@", &["SELECT 1", "a.b"]);
    check("\u{feff}.0WHERE", &[".0WHERE"]);
    whole("CREATE PROCEDURE p() BEGIN WHILE x > /*!80000.5DO*/ SELECT 1; END WHILE; END");
}

#[test]
fn a_name_after_an_at_may_be_empty() {
    whole("CREATE DEFINER=u@ EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; END");
    whole("CREATE DEFINER=``/*!@*/EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; END");
    whole("CREATE DEFINER=u@event.1.do EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; END");
    whole("CREATE PROCEDURE p() BEGIN REPEAT SELECT 1; UNTIL @ END REPEAT; END");
    whole("CREATE PROCEDURE p() BEGIN WHILE @ DO SELECT @end; END WHILE; END");
}

#[test]
fn braces_and_parameters_end_values() {
    whole("CREATE PROCEDURE p() BEGIN REPEAT SELECT 1; UNTIL{d '2020-01-01'}END REPEAT; END");
    whole("CREATE PROCEDURE p() BEGIN WHILE{d ''}DO SELECT 1; END WHILE; END");
    whole("CREATE PROCEDURE p() BEGIN WHILE? DO SELECT 1; END WHILE; END");
    whole("CREATE PROCEDURE p() BEGIN REPEAT SELECT 1; UNTIL ? END REPEAT; END");
}

#[test]
fn libraries_are_created_in_bodies_as_well() {
    check(
        "CREATE PROCEDURE p() CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $a$;$a$; SELECT 1",
        &[
            "CREATE PROCEDURE p() CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $a$;$a$",
            "SELECT 1",
        ],
    );
    whole(
        "CREATE PROCEDURE p() BEGIN CREATE LIBRARY l LANGUAGE `JAVASCRIPT` COMMENT 'x' AS $a$ END; $a$; SELECT 1; END",
    );
    whole("CREATE PROCEDURE p() BEGIN SELECT language AS $a; SELECT language a; END");
    // Where a value is wanted it is a name, and what follows isn't that of a language.
    whole("CREATE PROCEDURE p() BEGIN REPEAT SELECT 1; UNTIL language END REPEAT; END");
    whole("CREATE PROCEDURE p() BEGIN SELECT CASE 1 WHEN 1 THEN 2 ELSE language END; SELECT 1; END");
}

#[test]
fn the_delimiter_command_is_the_clients() {
    check(
        "DELIMITER //\nSELECT 1; //\nSELECT 2//\ndelimiter ;\nSELECT 3;",
        &["SELECT 1", "SELECT 2", "SELECT 3"],
    );
    check(
        "delimiter $$\nSELECT 1$$ SELECT a$b$$",
        &["SELECT 1", "SELECT a$b"],
    );
    check("DELIMITER ;;\nSELECT 1;;", &["SELECT 1"]);
    // The client sends what stands between two delimiters at once, and the server splits it.
    check(
        "DELIMITER //\nDROP PROCEDURE IF EXISTS p; CREATE PROCEDURE p() BEGIN SELECT 1; END; SELECT 2; //",
        &[
            "DROP PROCEDURE IF EXISTS p",
            "CREATE PROCEDURE p() BEGIN SELECT 1; END",
            "SELECT 2",
        ],
    );
    check("DELIMITER '//' -- why\r\nSELECT 1//", &["SELECT 1"]);
    check(
        "DELIMITER go\nSELECT category FROM algo go\nSELECT 2 go",
        &["SELECT category FROM algo", "SELECT 2"],
    );
    check("DELIMITER //\nSELECT '//' //", &["SELECT '//'"]);
    check("SELECT delimiter FROM t;", &["SELECT delimiter FROM t"]);
    check_error("DELIMITER\nSELECT 1;", 1, 1, &Problem::DelimiterMissing);
    check_error("SELECT 1;\nDELIMITER \\;\n", 2, 1, &Problem::DelimiterMissing);
    check_error("DELIMITER 12345678901234567\n", 1, 1, &Problem::DelimiterMissing);
    check_error("DELIMITER ; DROP TABLE t;", 1, 12, &Problem::DelimiterTrailing);
}

#[test]
fn bodies_are_whole_with_and_without_delimiter() {
    whole("CREATE PROCEDURE p() BEGIN END");
    whole("CREATE PROCEDURE p() BEGIN SELECT 1; END");
    whole(
        "create procedure p(IN a INT, OUT b DECIMAL(10,2)) comment 'x;' sql security invoker begin select 1; end",
    );
    whole("CREATE PROCEDURE p() l: BEGIN SELECT 1; BEGIN SELECT 2; END; END l");
    whole("CREATE PROCEDURE p() IF a THEN SELECT 1; ELSEIF b THEN SELECT 2; ELSE SELECT 3; END IF");
    whole("CREATE PROCEDURE p() BEGIN IF IF(a, b, c) THEN SELECT IF(a, 1, 2); END IF; END");
    whole("CREATE PROCEDURE p() BEGIN CASE x WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE; SELECT 2; END");
    whole(
        "CREATE PROCEDURE p() BEGIN SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END ELSE 3 END; SELECT 2; END",
    );
    whole("CREATE PROCEDURE p() BEGIN IF CASE WHEN a THEN 1 ELSE 0 END THEN SELECT 1; END IF; END");
    whole("CREATE PROCEDURE p() BEGIN l: LOOP LEAVE l; END LOOP l; END");
    whole("CREATE PROCEDURE p() BEGIN `l;`: WHILE i < 3 DO SET i = i + 1; DO SLEEP(0); END WHILE `l;`; END");
    whole("CREATE PROCEDURE p() BEGIN REPEAT SET i = REPEAT('a', 2); UNTIL i > 3 END REPEAT; SELECT 1; END");
    whole(
        "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SET d = IF(a, 1, 0); SELECT 1; END",
    );
    whole(
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '23000', 1062 BEGIN ROLLBACK; END; SELECT 1; END",
    );
    whole(
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION IF a THEN SELECT 1; END IF; SELECT 1; END",
    );
    whole(
        "CREATE PROCEDURE p() BEGIN SELECT t.end, @begin, t.`if` FROM t; DROP TABLE IF EXISTS t; SELECT 1; END",
    );
    whole("CREATE PROCEDURE p() BEGIN /* END; */ SELECT 'END;'; -- END;\n END");
    whole("CREATE PROCEDURE p() DROP TABLE IF EXISTS t");
    whole("CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN IF(1, CASE WHEN 1 THEN 2 END, 3)");
    whole("CREATE FUNCTION f(a INT) RETURNS VARCHAR(9) CHARACTER SET utf8mb4 NO SQL BEGIN RETURN 'a'; END");
    whole("CREATE FUNCTION f() RETURNS SET('a','b') BEGIN RETURN 'a'; END");
    whole("CREATE FUNCTION f RETURNS STRING SONAME 'f.so'");
    whole("CREATE DEFINER=`a`@`%` TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET NEW.a = 1; END");
    whole("CREATE TRIGGER t AFTER UPDATE ON x FOR EACH ROW SET NEW.a = IF(NEW.b, 1, 2)");
    whole("CREATE TRIGGER t AFTER UPDATE ON x FOR EACH ROW FOLLOWS `u` BEGIN SELECT 1; END");
    whole("CREATE TRIGGER t AFTER UPDATE ON x FOR EACH ROW PRECEDES u SET NEW.a = IF(NEW.b, 1, 2)");
    whole("CREATE TRIGGER t AFTER UPDATE ON x FOR EACH ROW IF NEW.a THEN SET NEW.b = 1; END IF");
    whole("CREATE EVENT IF NOT EXISTS e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; SELECT 1; END");
    whole("ALTER EVENT e ON SCHEDULE EVERY IF(1, 2, 3) HOUR DO BEGIN DELETE FROM t; END");
    whole("CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP DO UPDATE t SET a = 1");
    whole(
        "/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`l`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET @a = 1; END */",
    );
    whole("CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $js$ let a = 'x'; return 1; $js$");
    whole("CREATE OR REPLACE VIEW v AS SELECT CASE WHEN a THEN b END AS `end` FROM t");
}

#[test]
fn keywords_that_are_names_open_and_close_nothing() {
    whole("CREATE EVENT do ON SCHEDULE EVERY 1 DAY ENDS @do DO BEGIN SELECT 1; END");
    whole(
        "CREATE EVENT IF NOT EXISTS do.do ON SCHEDULE AT NOW() ON COMPLETION NOT PRESERVE COMMENT 'DO' DO DO 1",
    );
    whole("ALTER EVENT do RENAME TO do DO BEGIN SELECT 1; END");
    whole("CREATE PROCEDURE begin(end INT, do INT) BEGIN SELECT end, do; END");
    whole("CREATE DEFINER=event@trigger PROCEDURE p() BEGIN SELECT 1; END");
    whole("CREATE DEFINER=u@10.0.0.1 EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; END");
    whole("CREATE DEFINER=CURRENT_USER() TRIGGER t AFTER INSERT ON s.row FOR EACH ROW BEGIN SELECT 1; END");
    whole("CREATE FUNCTION IF NOT EXISTS f() RETURNS INT l: BEGIN RETURN CASE WHEN 1 THEN 2 END; END l");
    whole("CREATE PROCEDURE p() (SELECT IF(1, 2, 3))");
    whole("CREATE PROCEDURE p() open: BEGIN LEAVE open; END open");
    whole(
        "CREATE PROCEDURE p() BEGIN DECLARE begin, end, do INT; SET begin = end; SELECT CASE WHEN end = end THEN end ELSE (SELECT a end FROM t) END; END",
    );
    whole(
        "CREATE PROCEDURE p() BEGIN REPEAT SELECT 1; UNTIL end END REPEAT; REPEAT SELECT 1; UNTIL 1. END REPEAT; END",
    );
    whole("CREATE PROCEDURE p() BEGIN WHILE do < 3 DO SET do = do + 1; END WHILE; END");
    whole(
        "CREATE PROCEDURE p() BEGIN DECLARE handler INT; DECLARE CONTINUE HANDLER FOR SQLSTATE VALUE '23000', NOT FOUND, begin l: BEGIN END; SELECT 1; END",
    );
    whole(
        "CREATE PROCEDURE p() BEGIN DECLARE c CONDITION FOR SQLSTATE '23000'; DECLARE k CURSOR FOR SELECT 1; DECLARE UNDO HANDLER FOR c SET a = 1; END",
    );
    whole(
        "CREATE PROCEDURE p() BEGIN IF EXISTS (SELECT 1) THEN DROP TABLE IF EXISTS t; ELSE CREATE TABLE IF NOT EXISTS t (a INT); END IF; END",
    );
    whole("CREATE PROCEDURE p() BEGIN XA BEGIN 'x'; START TRANSACTION; COMMIT; END");
    whole(
        "CREATE PROCEDURE p() BEGIN CASE CASE a WHEN 1 THEN 2 END WHEN 2 THEN IF a THEN SELECT 1; END IF; END CASE; END",
    );
    whole("CREATE PROCEDURE p() LANGUAGE JAVASCRIPT USING (lib AS l, d.lib2) AS $a😀$ if (a) { b; } $a😀$");
    whole("CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $l$ export function f() { return 1; } $l$");
}

#[test]
fn words_outside_of_bodies_open_nothing() {
    check("BEGIN; SELECT 1; COMMIT;", &["BEGIN", "SELECT 1", "COMMIT"]);
    check(
        "DROP TABLE IF EXISTS a; SELECT 1",
        &["DROP TABLE IF EXISTS a", "SELECT 1"],
    );
    check(
        "CREATE TABLE `event` (a INT); SELECT 1",
        &["CREATE TABLE `event` (a INT)", "SELECT 1"],
    );
    check(
        "CREATE VIEW v AS SELECT 1; SELECT 1",
        &["CREATE VIEW v AS SELECT 1", "SELECT 1"],
    );
    check(
        "SELECT CASE 1 WHEN 1 THEN 2; SELECT 1",
        &["SELECT CASE 1 WHEN 1 THEN 2", "SELECT 1"],
    );
    check(
        "ALTER PROCEDURE p COMMENT 'x'; SELECT 1",
        &["ALTER PROCEDURE p COMMENT 'x'", "SELECT 1"],
    );
}

#[test]
fn what_is_left_open_is_an_error_at_its_place() {
    check_error(
        "SELECT 1;\nSELECT 'abc;",
        2,
        8,
        &Problem::Unterminated(Open::SingleQuote),
    );
    check_error(
        "SELECT 'ä', \"abc;",
        1,
        13,
        &Problem::Unterminated(Open::DoubleQuote),
    );
    check_error("\n\n  `abc", 3, 3, &Problem::Unterminated(Open::Backtick));
    check_error("SELECT /* 1", 1, 8, &Problem::Unterminated(Open::Comment));
    check_error("/*/", 1, 1, &Problem::Unterminated(Open::Comment));
    check_error(
        "SELECT 1 /*!80000 + 1",
        1,
        10,
        &Problem::Unterminated(Open::VersionComment),
    );
    check_error(
        "CREATE PROCEDURE p()\nBEGIN\n SELECT 1;",
        2,
        1,
        &Problem::Unterminated(Open::Body),
    );
    check_error("# a\0b\nSELECT 1", 1, 1, &Problem::NulInComment);
    check_error("SELECT 1;\0 SELECT 2", 1, 10, &Problem::Nul);
    check("SELECT '\0' /* \0 */", &["SELECT '\0'"]);
}

#[test]
fn statements_know_where_they_stand() -> Result<(), sql::SqlError> {
    let text = "-- head\nSELECT 'ü'; SELECT 2;\n\n  /*!80000 SELECT 3 */ ;";
    let statements = split(text, SqlMode::default())?;
    let places: Vec<_> = statements
        .iter()
        .map(|each| (each.index, each.line, each.column))
        .collect();
    assert_eq!(places, [(1, 2, 1), (2, 2, 13), (3, 4, 3)]);
    for statement in &statements {
        assert_eq!(text.get(statement.span.clone()), Some(statement.text.as_str()));
    }
    Ok(())
}

#[test]
fn errors_say_what_to_do() {
    let error = split("SELECT\n  'a", SqlMode::default()).map_err(|error| error.to_string());
    let expected = "line 2, column 3: the string that starts here is never closed: add the missing '";
    assert_eq!(error, Err(expected.to_owned()));
}

#[test]
fn a_version_comment_that_ends_only_for_a_server_that_runs_it_is_told_as_such() {
    for text in [
        "SELECT 1 /*!080400\n`;;/*%x`\n*/",
        "SELECT 1; SELECT /*!90000 '/*' */",
    ] {
        let error = split(text, SqlMode::default()).unwrap_err();
        assert_eq!(error.problem, Problem::VersionComment, "{text}");
    }
    let open = split("SELECT 1 /*!90000 x", SqlMode::default()).unwrap_err();
    assert_eq!(open.problem, Problem::Unterminated(Open::VersionComment));
}
