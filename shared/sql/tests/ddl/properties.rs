//! What holds for every text.

use proptest::prelude::*;
use sql::SqlMode;
use sql::ddl::{Definition, definition};
use std::time::Instant;

const STATEMENTS: &[&str] = &[
    "CREATE TABLE `t` (`id` int unsigned NOT NULL AUTO_INCREMENT, `g` point GENERATED ALWAYS AS (st_point(1,2)) STORED
     /*!80023 INVISIBLE */ SRID 4326, s SET('a','b') CHARACTER SET latin1 DEFAULT 'a', PRIMARY KEY (`id`),
     UNIQUE KEY u ((lower(s)) DESC) USING BTREE COMMENT 'x', CONSTRAINT f FOREIGN KEY (s) REFERENCES s.o (x) ON DELETE
     SET NULL, CONSTRAINT c CHECK ((id > 0)) NOT ENFORCED) ENGINE=InnoDB, CHARSET=utf8mb4 /*!50100 PARTITION BY RANGE
     (id) (PARTITION p VALUES LESS THAN (10) ENGINE = InnoDB, PARTITION q VALUES LESS THAN MAXVALUE) */",
    "CREATE TABLE t (a INT) IGNORE AS (SELECT 1) UNION SELECT 2",
    "ALTER TABLE s.t ADD COLUMN (a INT, b TEXT), MODIFY c DECIMAL(1,2) UNSIGNED DEFAULT -1.5e-3 AFTER d, DROP KEY k,
     RENAME TO u, ALGORITHM=INPLACE, ORDER BY a, b DESC PARTITION BY HASH (a) PARTITIONS 4",
    "ALTER TABLE t REORGANIZE PARTITION p INTO (PARTITION a VALUES IN (1) (SUBPARTITION s, SUBPARTITION u))",
    "CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v (a) AS SELECT 1 WITH CHECK OPTION",
    "CREATE DEFINER=a@127.0.0.1 PROCEDURE s.p(IN a INT, OUT b VARCHAR(3)) COMMENT 'x' BEGIN SELECT 1; END",
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW FOLLOWS h BEGIN END",
    "ALTER EVENT e ON SCHEDULE EVERY 1 DAY ON COMPLETION PRESERVE RENAME TO f DISABLE COMMENT 'x' DO SELECT 1",
    "CREATE UNIQUE INDEX i USING BTREE ON t (a(3) DESC) KEY_BLOCK_SIZE = 4 LOCK=NONE",
    "ALTER DATABASE d CHARSET = latin1 READ ONLY = DEFAULT",
];

/// The words, signs and quoted things of all statements.
fn parts() -> Vec<&'static str> {
    STATEMENTS
        .iter()
        .flat_map(|statement| statement.split_whitespace())
        .collect()
}

#[test]
fn every_beginning_of_a_statement_is_read_without_harm() {
    for statement in STATEMENTS {
        let whole = definition(statement, SqlMode::default());
        assert!(
            !matches!(whole, None | Some(Definition::Opaque(_))),
            "{statement}: {whole:?}"
        );
        for (end, _) in statement.char_indices() {
            let text = &statement[..end];
            if let Some(Definition::Opaque(opaque)) = definition(text, SqlMode::default()) {
                assert!(opaque.at <= text.len(), "{text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_parts_does_harm(
        first in proptest::sample::select(STATEMENTS),
        kept in 0_usize..40,
        parts in prop::collection::vec(proptest::sample::select(parts()), 0..20),
        ansi_quotes: bool,
    ) {
        let kept: Vec<&str> = first.split_whitespace().take(kept).collect();
        let text = format!("{} {}", kept.join(" "), parts.join(" "));
        let mode = SqlMode { ansi_quotes, ..SqlMode::default() };
        if let Some(Definition::Opaque(opaque)) = definition(&text, mode) {
            prop_assert!(opaque.at <= text.len());
            prop_assert!(text.is_char_boundary(opaque.at));
        }
        for found in sql::touched(&text, mode) {
            prop_assert!(found.at < text.len());
        }
    }

    #[test]
    fn no_text_does_harm(text in "(CREATE|ALTER|DROP) (TABLE|VIEW|EVENT)[ -~éß\\n]{0,60}") {
        let _ = definition(&text, SqlMode::default());
        let _ = sql::touched(&text, SqlMode::default());
    }
}

#[test]
fn long_texts_and_a_million_parentheses_are_read_in_one_pass() {
    let deep = |part: &str| part.repeat(1 << 20);
    let many = |part: &str| part.repeat((1 << 17) / part.len());
    let texts = [
        format!("CREATE TABLE t {}", deep("(")),
        format!("CREATE TABLE t (a INT DEFAULT {}1{})", many("("), many(")")),
        format!("CREATE TABLE t (a INT DEFAULT 1{})", many(".")),
        format!("CREATE TABLE t (a INT, CHECK ({}))", many("/**/a")),
        format!("CREATE TABLE t (a INT{})", many(", KEY ((a))")),
        format!("CREATE TABLE t (a INT {})", many(" NOT NULL")),
        format!("CREATE TABLE t (a INT) {}", many("COMMENT 'x' ")),
        format!("ALTER TABLE t {}", many("ADD a INT,")),
        format!("ALTER TABLE t ORDER BY a{}", many(", a")),
        format!("CREATE VIEW v AS {}SELECT 1", many("(")),
        format!("CREATE EVENT e ON SCHEDULE EVERY {}", many("1 ")),
        format!("SELECT * FROM {}", many("(a,")),
        format!("SELECT {}", many("a.b.c,")),
        format!("WITH {}", many("a AS (SELECT 1),")),
    ];
    let started = Instant::now();
    for text in &texts {
        let found = definition(text, SqlMode::default());
        assert!(found.is_some() || !text.starts_with("CREATE"));
        let _ = sql::touched(text, SqlMode::default());
    }
    // Something that looks back over such a text for each of its parts would take hours.
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}
