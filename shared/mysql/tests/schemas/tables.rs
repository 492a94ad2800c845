//! Tables.

pub(super) const SCHEMAS: super::Schemas = &[
    (
        "numbers",
        "CREATE TABLE t_n (a TINYINT(1), b TINYINT UNSIGNED, c INT(5) ZEROFILL, d BIGINT UNSIGNED DEFAULT 18446744073709551615, e DECIMAL(65,30) DEFAULT '-1.5', f FLOAT, g DOUBLE(5,2), h BIT(3) DEFAULT b'101', i BOOLEAN NOT NULL DEFAULT TRUE)",
    ),
    (
        "texts",
        "CREATE TABLE t_x (a CHAR(0), b VARCHAR(9) DEFAULT 'it''s', c TINYTEXT, d LONGTEXT, e BINARY(3) DEFAULT 'a', f VARBINARY(9), g BLOB, h ENUM('a,b','(','it''s','\\\\') DEFAULT '(', i SET('x','y') DEFAULT 'x,y', j JSON, k NATIONAL CHAR(3))",
    ),
    (
        "times",
        "CREATE TABLE t_t (a DATE, b TIME(6), c DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), d TIMESTAMP DEFAULT CURRENT_TIMESTAMP, e YEAR NOT NULL, f TIMESTAMP NULL)",
    ),
    (
        "times in a zone",
        "SET time_zone = '+05:00'; CREATE TABLE t_z (a TIMESTAMP DEFAULT '2020-01-01 00:00:00', b TIMESTAMP NULL DEFAULT '2020-06-01 12:00:00'); CREATE TABLE t_y (a INT)",
    ),
    (
        "places",
        "CREATE TABLE t_g (a GEOMETRY, b POINT NOT NULL SRID 4326, c POLYGON NOT NULL SRID 0, d MULTILINESTRING, SPATIAL KEY (b))",
    ),
    ("a vector", "CREATE TABLE t_v (a VECTOR(3), b VECTOR NOT NULL)"),
    (
        "charsets of columns",
        "CREATE TABLE t_c (a CHAR(1), b CHAR(1) CHARACTER SET latin1, c CHAR(1) COLLATE latin1_bin, d CHAR(1) CHARACTER SET utf8mb3, e TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, f ENUM('u') CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL, g VARCHAR(5) CHARACTER SET binary) DEFAULT CHARSET=latin1 COLLATE=latin1_german1_ci",
    ),
    (
        "an inherited collation",
        "CREATE TABLE t_i (a VARCHAR(9), b TEXT) COLLATE utf8mb4_unicode_ci; ALTER TABLE t_i ADD c VARCHAR(3) COLLATE utf8mb4_unicode_ci, ADD d VARCHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci",
    ),
    (
        "a changed default charset",
        "CREATE TABLE t_d (a VARCHAR(9), b VARCHAR(9)) CHARSET=utf8mb4; ALTER TABLE t_d DEFAULT CHARACTER SET latin1; ALTER TABLE t_d ADD c CHAR(2)",
    ),
    (
        "every charset",
        "CREATE TABLE t_1 (a CHAR(1) CHARACTER SET big5, b CHAR(1) CHARACTER SET gbk, c CHAR(1) CHARACTER SET sjis, d CHAR(1) CHARACTER SET ujis, e CHAR(1) CHARACTER SET euckr, f CHAR(1) CHARACTER SET gb18030, g CHAR(1) CHARACTER SET tis620, h CHAR(1) CHARACTER SET swe7, i CHAR(1) CHARACTER SET hp8, j CHAR(1) CHARACTER SET dec8, k CHAR(1) CHARACTER SET utf16le, l CHAR(1) CHARACTER SET cp1251) CHARSET=hebrew; CREATE TABLE t_2 (a CHAR(1), b CHAR(1) COLLATE koi8r_bin) CHARSET=koi8r",
    ),
    (
        "no default at all",
        "CREATE TABLE t_nd (a INT, b YEAR, c VARCHAR(9), d TEXT, e TIMESTAMP NULL, f ENUM('x')); ALTER TABLE t_nd ALTER a DROP DEFAULT, ALTER b DROP DEFAULT, ALTER c DROP DEFAULT, ALTER d DROP DEFAULT, ALTER e DROP DEFAULT, ALTER f DROP DEFAULT",
    ),
    (
        "default expressions",
        "CREATE TABLE t_de (a INT DEFAULT (1 + 2), b VARCHAR(40) DEFAULT (uuid()), c JSON DEFAULT (json_object('a', 'it''s \\\\ \"x\"')), d DATETIME DEFAULT (now() + INTERVAL 1 DAY), e BLOB DEFAULT ('x'), f TEXT DEFAULT (concat('a', ',(', \"b\")))",
    ),
    (
        "generated columns",
        "CREATE TABLE t_ge (a INT, b INT AS (a * 2) STORED, c INT GENERATED ALWAYS AS (a + 1) VIRTUAL NOT NULL, d VARCHAR(20) AS (concat(a, ' DEFAULT ', 'x')) VIRTUAL COMMENT 'it''s', e JSON, f VARCHAR(9) AS (e->>'$.a') STORED INVISIBLE, KEY (c))",
    ),
    (
        "functional and odd indexes",
        "CREATE TABLE t_ix (a INT, b VARCHAR(90), c TEXT, j JSON, KEY k1 ((a + 1) DESC), UNIQUE KEY k2 ((lower(b))), KEY k3 (b(10), a DESC) COMMENT 'x; /* y */' INVISIBLE, FULLTEXT KEY k4 (c), FULLTEXT KEY k5 (b) WITH PARSER ngram, KEY k6 (a) USING BTREE KEY_BLOCK_SIZE=1024, KEY k7 ((cast(j->'$.x' as unsigned array))))",
    ),
    (
        "invisible columns",
        "CREATE TABLE t_iv (a INT INVISIBLE DEFAULT 3, b INT, c TIMESTAMP DEFAULT CURRENT_TIMESTAMP INVISIBLE COMMENT 'x')",
    ),
    (
        "a generated invisible key",
        "SET sql_generate_invisible_primary_key = 1; CREATE TABLE t_gi (a INT); SET sql_generate_invisible_primary_key = 0; CREATE TABLE t_gj (a INT)",
    ),
    (
        "a generated key that is not shown",
        "SET show_gipk_in_create_table_and_information_schema = 0, sql_generate_invisible_primary_key = 1; CREATE TABLE t_gk (a INT)",
    ),
    (
        "checks",
        "CREATE TABLE t_ch (a INT CHECK (a > 1) NOT ENFORCED, b INT, c VARCHAR(9) CHECK (c <> 'a\\\\b''c'), CONSTRAINT `b``c` CHECK (b IN (1, 2)), CONSTRAINT both_ CHECK (a <> b))",
    ),
    (
        "circle of keys",
        "CREATE TABLE t_a (id INT PRIMARY KEY, b INT); CREATE TABLE t_b (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES t_a (id)); ALTER TABLE t_a ADD CONSTRAINT back FOREIGN KEY (b) REFERENCES t_b (id) ON DELETE SET NULL ON UPDATE CASCADE",
    ),
    (
        "key to itself",
        "CREATE TABLE t_s (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES t_s (id) ON DELETE RESTRICT ON UPDATE NO ACTION)",
    ),
    (
        "keys to later tables",
        "CREATE TABLE t_z (id INT, x INT, PRIMARY KEY (id, x)); CREATE TABLE t_a (id INT, x INT, y INT, KEY (y, x, id), CONSTRAINT zz FOREIGN KEY (id, x) REFERENCES t_z (id, x), CONSTRAINT aa FOREIGN KEY (y, x) REFERENCES t_z (id, x))",
    ),
    (
        "key to nowhere",
        "SET foreign_key_checks = 0; CREATE TABLE t_kn (a INT, FOREIGN KEY (a) REFERENCES t_missing (id))",
    ),
    (
        "key to what is not unique",
        "SET restrict_fk_on_non_standard_key = 0; CREATE TABLE t_p (a INT, b INT, KEY (a)); CREATE TABLE t_q (a INT, FOREIGN KEY (a) REFERENCES t_p (a))",
    ),
    (
        "odd names",
        "CREATE TABLE `t_``x` (`a b` INT, `a.b` INT, `select` INT, `ü☃😀`  INT, `\\` INT, `'` INT, `\"` INT, `,` INT, `(` INT, `a\tb` INT); CREATE TABLE `table` (`key` INT, KEY `key` (`key`)); CREATE TABLE `a.b c` (a INT); CREATE TABLE `t_\\` (a INT); CREATE TABLE `ü☃` (a INT); CREATE TABLE `/*!50000 x */` (`-- a` INT, `# b` INT, `; c` INT)",
    ),
    (
        "keys to odd names",
        "CREATE TABLE `z ``.``; (` (`i(d` INT PRIMARY KEY); CREATE TABLE `a b` (x INT, CONSTRAINT `c``; REFERENCES` FOREIGN KEY (x) REFERENCES `z ``.``; (` (`i(d`))",
    ),
    (
        "comments",
        "CREATE TABLE t_co (a INT COMMENT 'it''s \\\\ \\n\\r\\t \\0 \"x\" ; -- y', b INT COMMENT '*/ /*!50000 x */ /* ', c INT COMMENT ' AUTO_INCREMENT=5 COLLATE x', d CHAR(1) COMMENT ', `e` int,') AUTO_INCREMENT=7 COMMENT='/*!50000 x */ ''; DELIMITER // \\n AUTO_INCREMENT=3 COLLATE=latin1_bin' CHARSET=latin1",
    ),
    (
        "storage of columns",
        "CREATE TABLE t_st (a INT STORAGE DISK, b INT COLUMN_FORMAT DYNAMIC, c INT STORAGE MEMORY COLUMN_FORMAT FIXED DEFAULT 4 COMMENT 'x')",
    ),
    (
        "options of tables",
        "CREATE TABLE t_o1 (a INT) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=4 STATS_PERSISTENT=1 STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=9; CREATE TABLE t_o2 (a INT) ROW_FORMAT=REDUNDANT ENCRYPTION='N' AUTOEXTEND_SIZE=4194304; CREATE TABLE t_o3 (a INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=100; CREATE TABLE t_o4 (a INT) TABLESPACE innodb_file_per_table; CREATE TABLE t_o5 (a INT) COMPRESSION='zlib'",
    ),
    (
        "other engines",
        "CREATE TABLE t_e1 (a INT NOT NULL) ENGINE=CSV; CREATE TABLE t_e2 (a INT, KEY USING HASH (a)) ENGINE=MEMORY; CREATE TABLE t_e3 (a INT, b INT, PRIMARY KEY (a, b), KEY (b)) ENGINE=MyISAM ROW_FORMAT=FIXED CHECKSUM=1 PACK_KEYS=1 DELAY_KEY_WRITE=1 MIN_ROWS=1 MAX_ROWS=10 AVG_ROW_LENGTH=4; CREATE TABLE t_e4 (a INT) ENGINE=BLACKHOLE; CREATE TABLE t_e5 (a INT) ENGINE=ARCHIVE; CREATE TABLE t_e6 (a INT) ENGINE=MERGE UNION=() INSERT_METHOD=LAST",
    ),
    (
        "partitions by range",
        "CREATE TABLE t_pr (id INT, d DATE) PARTITION BY RANGE (YEAR(d)) (PARTITION p0 VALUES LESS THAN (2000) COMMENT = 'it''s; */ x' MAX_ROWS = 5, PARTITION `p 1` VALUES LESS THAN MAXVALUE)",
    ),
    (
        "partitions by list",
        "CREATE TABLE t_pl (a INT, b VARCHAR(9)) PARTITION BY LIST COLUMNS (a, b) (PARTITION p0 VALUES IN ((1, 'x'), (NULL, 'it''s'))); CREATE TABLE t_pm (a INT) PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1, 2), PARTITION p1 VALUES IN (NULL))",
    ),
    (
        "partitions by key",
        "CREATE TABLE t_pk (a INT PRIMARY KEY) PARTITION BY LINEAR KEY ALGORITHM = 2 () PARTITIONS 4; CREATE TABLE t_ph (a INT) PARTITION BY LINEAR HASH (a + 1) PARTITIONS 3; CREATE TABLE t_pj (a INT, b INT) PARTITION BY KEY (b, a) PARTITIONS 2",
    ),
    (
        "old partitions by key",
        "CREATE TABLE t_po (a INT PRIMARY KEY) PARTITION BY KEY ALGORITHM = 1 (a) PARTITIONS 2",
    ),
    (
        "subpartitions",
        "CREATE TABLE t_ps (id INT, d DATE) PARTITION BY RANGE COLUMNS (d) SUBPARTITION BY HASH (TO_DAYS(d)) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN ('2000-01-01'), PARTITION p1 VALUES LESS THAN (MAXVALUE)); CREATE TABLE t_pt (id INT, d DATE) PARTITION BY RANGE (YEAR(d)) SUBPARTITION BY KEY (id) (PARTITION p0 VALUES LESS THAN (2000) (SUBPARTITION s0 COMMENT = 'x', SUBPARTITION s1), PARTITION p1 VALUES LESS THAN MAXVALUE (SUBPARTITION s2, SUBPARTITION s3))",
    ),
    (
        "a mode that reads quotes otherwise",
        "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; CREATE TABLE \"t_am\" (\"a\" INT COMMENT 'x\\y', b VARCHAR(9) DEFAULT '\\', c ENUM('\\n', '\"'), d VARCHAR(9) DEFAULT ('\\'), e VARCHAR(9) CHECK (e <> 'a\\'))",
    ),
    (
        "a wide table",
        "CREATE TABLE t_w (a INT, b INT, c INT, d INT, PRIMARY KEY (d, c), UNIQUE KEY z (a), UNIQUE KEY y (b), KEY (c), KEY b_2 (b DESC, a))",
    ),
    (
        "texts of another charset",
        "SET NAMES utf8mb4; CREATE TABLE t_u (a VARCHAR(9) DEFAULT 'é☃' COMMENT 'ü 😀', b ENUM('ä', 'ö') CHARACTER SET latin1 DEFAULT 'ä', c VARCHAR(9) AS (concat(b, 'ß')) STORED, d VARCHAR(9) CHECK (d <> _utf8mb4'ñ'))",
    ),
    (
        "unchecked zero dates",
        "SET sql_mode = ''; CREATE TABLE t_zd (a DATETIME DEFAULT '0000-00-00 00:00:00', b TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', c DATE NOT NULL DEFAULT '2020-00-00', d VARCHAR(3) NOT NULL DEFAULT '')",
    ),
];
