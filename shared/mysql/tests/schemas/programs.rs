//! Views, stored programs, triggers, events.

pub(super) const SCHEMAS: super::Schemas = &[
    (
        "views over views",
        "CREATE TABLE t_b (a INT, b INT); CREATE VIEW t_z AS SELECT * FROM t_b; CREATE VIEW t_m AS SELECT a FROM t_z; CREATE VIEW t_a AS SELECT x.a, y.b FROM t_m x LEFT JOIN t_z y USING (a)",
    ),
    (
        "kinds of views",
        "CREATE TABLE t_b (a INT); CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW t_1 AS SELECT a FROM t_b WHERE a > 1 WITH CASCADED CHECK OPTION; CREATE ALGORITHM=TEMPTABLE VIEW t_2 (x, `y z`) AS SELECT a, COUNT(*) FROM t_b GROUP BY a; CREATE VIEW t_3 AS SELECT a FROM t_b WHERE a < 5 WITH LOCAL CHECK OPTION",
    ),
    (
        "views with texts",
        "CREATE VIEW t_v AS SELECT 'it''s ; -- x' AS `a;b`, \"DEFINER=`a`@`b` \" AS c, _latin1'x' AS d, X'41' AS e, '\\\\n\\n' AS f, 'é☃' AS g",
    ),
    (
        "views that reckon",
        "CREATE VIEW t_v AS WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n, ROW_NUMBER() OVER (ORDER BY n) AS w, CASE WHEN n > 1 THEN 'x' ELSE NULL END AS c FROM r; CREATE VIEW t_w AS SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a INT PATH '$')) j",
    ),
    (
        "views and functions that use each other",
        "CREATE TABLE t_b (a INT); CREATE VIEW t_v AS SELECT a FROM t_b; CREATE FUNCTION p_f() RETURNS INT READS SQL DATA RETURN (SELECT MAX(a) FROM t_v); CREATE VIEW t_a AS SELECT p_f() AS x FROM t_v",
    ),
    (
        "a view of another collation",
        "SET collation_connection = utf8mb4_general_ci; CREATE VIEW t_v AS SELECT 'a' = 'A' AS x, concat('a', 1) AS y; SET NAMES latin1; CREATE VIEW t_w AS SELECT 'a' AS z",
    ),
    (
        "views over other schemas",
        "CREATE TABLE t_b (a VARCHAR(64)); CREATE VIEW t_v AS SELECT b.a, s.SCHEMA_NAME FROM t_b b JOIN information_schema.SCHEMATA s ON s.SCHEMA_NAME = b.a",
    ),
    (
        "a view made in another mode",
        "SET sql_mode = 'PIPES_AS_CONCAT,ANSI_QUOTES,HIGH_NOT_PRECEDENCE'; CREATE VIEW t_v AS SELECT 'a' || 'b' AS \"x y\", NOT 1 BETWEEN 0 AND 2 AS z",
    ),
    (
        "routines",
        "CREATE FUNCTION p_f(x INT, y VARCHAR(9) CHARSET latin1) RETURNS VARCHAR(20) CHARSET utf8mb4 COLLATE utf8mb4_bin DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'it''s; -- \\\\ x' RETURN concat(x, y); CREATE PROCEDURE p_p(IN a INT, OUT b INT, INOUT `c d` DECIMAL(5,2)) MODIFIES SQL DATA BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END; SELECT 1 INTO b; l: LOOP LEAVE l; END LOOP l; END; CREATE PROCEDURE p_f() SELECT 1",
    ),
    (
        "bodies that look like delimiters",
        "CREATE PROCEDURE p_a() BEGIN SELECT ';;', '//', '$$', ';;;;'; /* ; DELIMITER ;; */ SELECT 1; -- ; //\n END; CREATE PROCEDURE p_b() SELECT ';'; CREATE PROCEDURE p_c()\nSELECT 1 # end",
    ),
    (
        "a body that ends in a comment",
        "CREATE PROCEDURE p_e() BEGIN SELECT 1; END -- end ; of it\n; CREATE FUNCTION p_g() RETURNS INT DETERMINISTIC RETURN 1 /* end; */",
    ),
    (
        "bodies with version comments",
        "CREATE PROCEDURE p_v() BEGIN /*!80000 SELECT 1; */ SELECT /*+ MAX_EXECUTION_TIME(1) */ 2; /* x; */ END",
    ),
    (
        "modes of programs",
        "SET sql_mode = 'ANSI_QUOTES'; CREATE PROCEDURE p_a() SELECT \"x;y\" FROM (SELECT 1 AS \"x;y\") t; SET sql_mode = 'NO_BACKSLASH_ESCAPES'; CREATE PROCEDURE p_b() SELECT '\\'; SET sql_mode = ''; CREATE PROCEDURE p_c() SELECT '\\';'; SET sql_mode = 'PIPES_AS_CONCAT,IGNORE_SPACE'; CREATE FUNCTION p_d() RETURNS CHAR(2) DETERMINISTIC RETURN 'a' || 'b'",
    ),
    (
        "collations of programs",
        "SET NAMES latin1 COLLATE latin1_german2_ci; CREATE PROCEDURE p_l() SELECT 'a'; SET NAMES utf8mb4 COLLATE utf8mb4_general_ci; CREATE PROCEDURE p_u() SELECT 'ü'; CREATE FUNCTION p_w() RETURNS TEXT DETERMINISTIC RETURN 'x'; SET NAMES utf8mb4; CREATE PROCEDURE p_z() SELECT 'ü'",
    ),
    (
        "schema default of programs",
        "CREATE PROCEDURE p_o(x VARCHAR(9)) SELECT x; ALTER DATABASE COLLATE latin1_bin; CREATE PROCEDURE p_n(x VARCHAR(9)) SELECT x; CREATE FUNCTION p_m() RETURNS VARCHAR(9) DETERMINISTIC RETURN 'x'; ALTER DATABASE COLLATE utf8mb4_0900_ai_ci",
    ),
    (
        "triggers in order",
        "CREATE TABLE t_t (a INT, b INT); CREATE TRIGGER p_z BEFORE INSERT ON t_t FOR EACH ROW SET NEW.a = 1; CREATE TRIGGER p_a BEFORE INSERT ON t_t FOR EACH ROW FOLLOWS p_z SET NEW.b = 2; CREATE TRIGGER p_m BEFORE INSERT ON t_t FOR EACH ROW PRECEDES p_z BEGIN SET NEW.a = 3; SET NEW.b = 4; END; CREATE TRIGGER p_u AFTER UPDATE ON t_t FOR EACH ROW SET @x = OLD.a; CREATE TRIGGER p_d AFTER DELETE ON t_t FOR EACH ROW SET @x = OLD.a",
    ),
    (
        "triggers on odd tables",
        "CREATE TABLE `t_``FOR EACH ROW` (`a b` INT); CREATE TRIGGER `p; ``x` BEFORE INSERT ON `t_``FOR EACH ROW` FOR EACH ROW SET NEW.`a b` = 1; SET sql_mode = 'ANSI_QUOTES'; CREATE TRIGGER \"p_q\" AFTER INSERT ON \"t_`FOR EACH ROW\" FOR EACH ROW SET @x = 'it''s;'",
    ),
    (
        "events",
        "CREATE EVENT p_1 ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ENDS '2040-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'it''s; ENABLE' DO SELECT 1; CREATE EVENT p_2 ON SCHEDULE AT '2037-01-01 00:00:00' DO BEGIN DELETE FROM x; SELECT ' PRESERVE DISABLE'; END; CREATE EVENT p_3 ON SCHEDULE EVERY '1:30' HOUR_MINUTE STARTS '2030-01-01 00:00:00' DISABLE ON REPLICA DO SELECT 1",
    ),
    (
        "zones of events",
        "SET time_zone = '+05:00'; CREATE EVENT p_1 ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO SELECT 1; SET time_zone = 'SYSTEM'; CREATE EVENT `p_2;` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO SELECT 2; SET time_zone = '+05:00'; CREATE TABLE t_z (a TIMESTAMP DEFAULT '2020-01-01 00:00:00')",
    ),
    (
        "definers",
        "CREATE TABLE t_d (a INT); CREATE DEFINER=`no``body`@`%` SQL SECURITY DEFINER VIEW t_v AS SELECT 1 AS a; CREATE DEFINER='x'@'y' PROCEDURE p_p() SELECT 1; CREATE DEFINER=x@localhost TRIGGER p_t BEFORE INSERT ON t_d FOR EACH ROW SET @x = 1; CREATE DEFINER=x@localhost EVENT p_e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO SELECT 1",
    ),
];
