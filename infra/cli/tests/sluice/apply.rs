//! `sluice apply` with a real server.

use crate::run::{Ran, file, finished, run, sluice};
use crate::schema::json;
use crate::server::{Database, rows};
use std::process::Child;
use std::time::{Duration, Instant};

/// A folder of changes and the database they go to.
struct Ground {
    folder: tempfile::TempDir,
    database: Database,
}

impl Ground {
    fn new(files: &[(&str, &str)]) -> Self {
        let ground = Self {
            folder: tempfile::tempdir().unwrap(),
            database: Database::make(""),
        };
        for (name, text) in files {
            ground.write(name, text);
        }
        ground
    }

    fn write(&self, name: &str, text: &str) {
        file(self.folder.path(), name, text);
    }

    fn command(&self, more: &[&str]) -> std::process::Command {
        let target = self.database.url();
        let mut line = vec!["apply", "--target", &target, self.folder.path().to_str().unwrap()];
        line.extend(more);
        sluice(&line)
    }

    fn apply(&self, more: &[&str]) -> Ran {
        finished(self.command(more))
    }

    /// What a query on the database answers, as words.
    fn ask(&self, query: &str) -> String {
        let answer = rows(&format!("USE `{}`; {query}", self.database.name()));
        let words: Vec<String> = answer.into_iter().flatten().flatten().collect();
        words.join(" ")
    }

    /// The outcomes in the journal, by version and statement.
    fn outcomes(&self) -> String {
        self.ask(&format!(
            "SELECT GROUP_CONCAT(outcome ORDER BY version_key, statement_index) FROM _sluice.journal WHERE schema_name = '{}'",
            self.database.name()
        ))
    }

    fn revisions(&self) -> String {
        self.ask(&format!(
            "SELECT GROUP_CONCAT(version ORDER BY version_key) FROM _sluice.revisions WHERE schema_name = '{}'",
            self.database.name()
        ))
    }
}

#[test]
fn a_folder_is_applied_in_the_order_of_versions_and_once() {
    let ground = Ground::new(&[
        ("10##dml##again.sql", "UPDATE t SET n = n + 1 WHERE TRUE;"),
        (
            "9##ddl##make_t.sql",
            "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);\nINSERT INTO t VALUES (1, 0), (2, 0);",
        ),
        (
            "11##ddl##program.sql",
            "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;\nALTER TABLE t ADD COLUMN a INT;",
        ),
        ("README.md", "not SQL"),
        ("other_db##1##ddl##x.sql", "CREATE TABLE elsewhere (id INT);"),
    ]);
    let first = ground.apply(&[]);
    assert_eq!(first.code, 0, "{first:?}");
    let versions: Vec<&str> = first
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("applied "))
        .filter_map(|line| line.split("  ").next())
        .collect();
    assert_eq!(versions, ["9", "10", "11"]);
    assert!(first.out.ends_with(": 3 changes applied.\n"), "{}", first.out);
    assert!(
        first.err.contains("ignored README.md: no .sql file"),
        "{}",
        first.err
    );
    assert!(
        first
            .err
            .contains("other_db##1##ddl##x.sql: of the database `other_db`")
    );
    let again = json(&ground.apply(&["--json"]));
    assert_eq!(
        (&again["applied"], &again["already_applied"]),
        (&0.into(), &3.into())
    );
    assert_eq!(ground.ask("SELECT SUM(n), COUNT(*) FROM t"), "2 2");
    assert_eq!(ground.revisions(), "9,10,11");
    assert_eq!(ground.outcomes(), "done,done,done,done,done");
    ground.write("12##ddl##more.sql", "CREATE TABLE u (id INT);");
    let more = json(&ground.apply(&["--json", "--no-rehearsal"]));
    assert_eq!(
        (&more["applied"], &more["already_applied"]),
        (&1.into(), &3.into())
    );
    let applied = more["files"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["version"] == "12")
        .unwrap();
    assert_eq!(applied["statements"][0]["verb"], "CREATE TABLE");
}

#[test]
fn a_dry_run_shows_what_would_be_and_does_nothing() {
    let ground = Ground::new(&[
        ("1##ddl##a.sql", "CREATE TABLE t (id INT PRIMARY KEY, n INT);"),
        (
            "2##ddl##b.sql",
            "ALTER TABLE t ADD COLUMN a INT;\nALTER TABLE t MODIFY n BIGINT;\nUPDATE t SET n = 1 WHERE id = 1;",
        ),
    ]);
    let shown = ground.apply(&["--dry-run"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for part in [
        "ALTER TABLE  (INSTANT)",
        "ALTER TABLE  (COPY, blocks writes)",
        "+  `a` int DEFAULT NULL",
        "UPDATE  (read by the server, and not run",
        "2 changes to be applied",
    ] {
        assert!(shown.out.contains(part), "{part} in {}", shown.out);
    }
    let answer = json(&ground.apply(&["--dry-run", "--json"]));
    assert_eq!(answer["pending"], 2);
    assert_eq!(
        answer["files"][1]["statements"][1]["algorithm"],
        "COPY, blocks writes"
    );
    assert_eq!(ground.ask("SHOW TABLES"), "");
    assert_eq!(
        (ground.outcomes(), ground.revisions()),
        (String::new(), String::new())
    );
}

#[test]
fn what_fails_is_told_with_its_place_and_a_mended_file_goes_on_there() {
    let bad = "CREATE TABLE t (id INT, what VARCHAR(9));\nINSERT INTO t VALUES (1, 'a'), (2, 'a');\n\nALTER TABLE t\n  ADD UNIQUE KEY (what);\nCREATE TABLE u (id INT);";
    let ground = Ground::new(&[
        ("1##ddl##a.sql", bad),
        ("2##ddl##b.sql", "CREATE TABLE v (id INT);"),
    ]);
    for _ in 0..2 {
        let failed = ground.apply(&[]);
        assert_eq!(failed.code, 1, "{failed:?}");
        for part in [
            "1##ddl##a.sql:4: statement 3",
            "MySQL error 1062",
            "2 statements stand before it",
        ] {
            assert!(failed.err.contains(part), "{part} in {}", failed.err);
        }
    }
    assert_eq!(ground.ask("SELECT COUNT(*) FROM t"), "2");
    ground.write(
        "1##ddl##a.sql",
        &bad.replace("UNIQUE KEY", "KEY").replace("'a'", "'b'"),
    );
    let changed = ground.apply(&[]);
    assert!(
        changed.err.contains("statement 2 was applied with another text"),
        "{}",
        changed.err
    );
    ground.write("1##ddl##a.sql", &bad.replace("UNIQUE KEY", "KEY"));
    assert_eq!(ground.apply(&[]).code, 0);
    assert_eq!(ground.ask("SELECT COUNT(*) FROM t"), "2");
    assert_eq!(ground.revisions(), "1,2");
}

#[test]
fn a_rehearsal_finds_what_does_not_run_before_anything_is_applied() {
    let ground = Ground::new(&[
        ("1##ddl##a.sql", "CREATE TABLE t (id INT);"),
        (
            "2##ddl##b.sql",
            "ALTER TABLE t ADD COLUMN a INT;\nALTER TABLE t DROP COLUMN nowhere;",
        ),
    ]);
    let failed = ground.apply(&[]);
    assert_eq!(failed.code, 1);
    assert!(
        failed
            .err
            .contains("2##ddl##b.sql:2: statement 2: in a rehearsal"),
        "{}",
        failed.err
    );
    assert_eq!(ground.ask("SHOW TABLES"), "");
    let without = ground.apply(&["--no-rehearsal"]);
    assert_eq!(without.code, 1);
    assert_eq!(ground.ask("SHOW TABLES"), "t");
    assert_eq!(ground.outcomes(), "done,done,failed");
}

#[test]
fn what_can_not_be_right_is_refused_before_anything_is_applied() {
    for (files, options, words) in [
        (
            &[
                ("1.0##ddl##a.sql", "CREATE TABLE a (id INT);"),
                ("1.00##ddl##b.sql", "CREATE TABLE b (id INT);"),
            ][..],
            &[][..],
            "1.00##ddl##b.sql is of the same version",
        ),
        (
            &[("1##create.sql", "CREATE TABLE a (id INT);")],
            &[],
            "it has no type",
        ),
        (&[("1##ddl##a.sql", "USE mysql;")], &[], "1##ddl##a.sql:1:1:"),
        (&[("1##ddl##a.sql", "-- nothing")], &[], "nothing-to-run"),
        (
            &[("1##ddl##a.sql", "CREATE TABLE a (id INT);")],
            &["--environment", "prod"],
            "there is no folder",
        ),
        (
            &[("1##ddl##a.sql", "CREATE TABLE a (id INT);")],
            &["--resolve", "1:1=applied", "--because", "x"],
            "is known",
        ),
    ] {
        let ground = Ground::new(files);
        let refused = ground.apply(options);
        assert_ne!(refused.code, 0, "{files:?}");
        assert!(refused.err.contains(words), "{words} in {}", refused.err);
        assert_eq!(ground.ask("SHOW TABLES"), "", "{files:?}");
    }
}

#[test]
fn applied_files_are_history_and_late_versions_are_told() {
    let ground = Ground::new(&[("5##ddl##a.sql", "CREATE TABLE a (id INT);")]);
    assert_eq!(ground.apply(&[]).code, 0);
    ground.write("3##ddl##b.sql", "CREATE TABLE b (id INT);");
    let strict = ground.apply(&["--strict"]);
    assert_eq!(strict.code, 1);
    assert!(strict.err.contains("version 3 is lower than 5"), "{}", strict.err);
    let late = ground.apply(&[]);
    assert_eq!(late.code, 0);
    assert!(late.err.contains("version 3 comes late"), "{}", late.err);
    ground.write("5##ddl##a.sql", "CREATE TABLE a (id BIGINT);");
    let edited = ground.apply(&[]);
    assert_eq!(edited.code, 1);
    assert!(
        edited.err.contains("applied changes are history"),
        "{}",
        edited.err
    );
}

#[test]
fn a_baseline_takes_files_for_applied() {
    let ground = Ground::new(&[
        ("1##ddl##a.sql", "CREATE TABLE a (id INT);"),
        ("2##ddl##b.sql", "ALTER TABLE a ADD COLUMN b INT;"),
        ("3##ddl##c.sql", "ALTER TABLE a ADD COLUMN c INT;"),
    ]);
    ground.database.run("CREATE TABLE a (id INT, b INT)");
    let taken = ground.apply(&["--baseline", "2"]);
    assert_eq!(taken.code, 0, "{taken:?}");
    assert!(taken.out.contains("2 taken for applied"), "{}", taken.out);
    assert_eq!(ground.apply(&[]).code, 0);
    assert_eq!(ground.revisions(), "1,2,3");
    assert_eq!(ground.ask("SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"), "id,b,c");
}

#[test]
fn what_one_file_sets_in_its_session_is_not_the_next_ones() {
    let ground = Ground::new(&[
        (
            "1##ddl##a.sql",
            "SET foreign_key_checks = 0;\nCREATE TABLE c (id INT, p INT, FOREIGN KEY (p) REFERENCES par (id));\n\
             CREATE TABLE par (id INT PRIMARY KEY);",
        ),
        ("2##dml##b.sql", "INSERT INTO c VALUES (1, 999);"),
    ]);
    let refused = ground.apply(&[]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("MySQL error 1452"), "{}", refused.err);
    assert_eq!(ground.revisions(), "1");
}

#[test]
fn what_went_with_a_session_is_told_and_not_computed_anew() {
    let text = "INSERT INTO parent (what) VALUES ('p');\nINSERT INTO child (parent, what) VALUES (LAST_INSERT_ID(), NULL);";
    let ground = Ground::new(&[("1##dml##a.sql", text)]);
    ground.database.run(
        "CREATE TABLE parent (id INT PRIMARY KEY AUTO_INCREMENT, what CHAR(9)); \
         CREATE TABLE child (parent INT, what CHAR(9) NOT NULL)",
    );
    assert_eq!(ground.apply(&[]).code, 1);
    ground.write("1##dml##a.sql", &text.replace("NULL", "'ok'"));
    let stopped = ground.apply(&[]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert!(stopped.err.contains("LAST_INSERT_ID()"), "{}", stopped.err);
    assert_eq!(ground.ask("SELECT COUNT(*) FROM child"), "0");
}

#[test]
fn a_mended_file_is_rehearsed_with_what_its_session_has() {
    let text = "SET foreign_key_checks = 0;\nCREATE TABLE x (id INT);\nALTER TABLE x DROP COLUMN nowhere;\n\
                CREATE TABLE c (id INT, p INT, FOREIGN KEY (p) REFERENCES par (id));\nCREATE TABLE par (id INT PRIMARY KEY);";
    let ground = Ground::new(&[("1##ddl##a.sql", text)]);
    assert_eq!(ground.apply(&["--no-rehearsal"]).code, 1);
    ground.write(
        "1##ddl##a.sql",
        &text.replace("DROP COLUMN nowhere", "ADD COLUMN here INT"),
    );
    let mended = ground.apply(&[]);
    assert_eq!(mended.code, 0, "{mended:?}");
}

#[test]
fn a_schema_that_is_made_anew_begins_anew() {
    let ground = Ground::new(&[
        ("1##ddl##a.sql", "CREATE TABLE a (id INT);"),
        ("2##dml##b.sql", "INSERT INTO a VALUES (1);"),
    ]);
    assert_eq!(ground.apply(&[]).code, 0);
    let name = ground.database.name().to_owned();
    rows(&format!("DROP DATABASE `{name}`; CREATE DATABASE `{name}`"));
    let shown = ground.apply(&["--dry-run"]);
    assert!(shown.out.contains("2 changes to be applied"), "{shown:?}");
    assert_eq!(ground.revisions(), "1,2", "a dry run set something aside");
    let anew = ground.apply(&[]);
    assert_eq!(anew.code, 0, "{anew:?}");
    assert!(anew.err.contains("was dropped and made anew"), "{}", anew.err);
    assert!(anew.out.contains("2 changes applied"), "{}", anew.out);
    assert_eq!(ground.ask("SELECT id FROM a"), "1");
    // Emptied by its own changes it is not made anew.
    ground.write("3##ddl##c.sql", "DROP TABLE a;");
    assert_eq!(ground.apply(&[]).code, 0);
    let again = ground.apply(&[]);
    assert!(again.out.contains("3 applied already"), "{again:?}");
}

/// The server died between a procedure and its outcome: nothing tells, and a person does.
#[test]
fn what_nothing_tells_of_is_for_a_person() {
    let ground = Ground::new(&[(
        "1##dml##a.sql",
        "CREATE TABLE t (n INT);\nCREATE PROCEDURE p() INSERT INTO t VALUES (1);\nCALL p();\nINSERT INTO t VALUES (2);",
    )]);
    let unknown = || {
        ground.ask(&format!(
            "UPDATE _sluice.journal SET outcome = 'unknown' WHERE schema_name = '{0}' AND statement_index = 3; \
             DELETE FROM _sluice.journal WHERE schema_name = '{0}' AND statement_index = 4; \
             DELETE FROM _sluice.revisions WHERE schema_name = '{0}'; DELETE FROM t WHERE n = 2",
            ground.database.name()
        ))
    };
    assert_eq!(ground.apply(&[]).code, 0);
    for (word, rows) in [("applied", "1 2"), ("not-applied", "1 1 2")] {
        unknown();
        for _ in 0..2 {
            let stopped = ground.apply(&[]);
            assert_eq!(stopped.code, 1);
            for part in [
                "statement 3 (line 3)",
                "leaves no trace",
                "--resolve 1:3=applied --because",
            ] {
                assert!(stopped.err.contains(part), "{part} in {}", stopped.err);
            }
        }
        let resolution = format!("1:3={word}");
        let wrong = ground.apply(&["--resolve", "1:2=applied", "--because", "x"]);
        assert!(wrong.err.contains("it is statement 3"), "{}", wrong.err);
        let resolved = ground.apply(&["--resolve", &resolution, "--because", "I looked"]);
        assert_eq!(resolved.code, 0, "{resolved:?}");
        assert_eq!(ground.ask("SELECT n FROM t ORDER BY n"), rows);
    }
}

#[test]
fn a_lock_that_somebody_has_is_waited_for_and_told() {
    let ground = Ground::new(&[("1##dml##a.sql", "DO SLEEP(4);")]);
    let first = ground.command(&["--no-rehearsal"]).spawn().unwrap();
    let begun = Instant::now();
    let asleep = format!(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{}' AND STATE = 'User sleep'",
        ground.database.name()
    );
    while ground.ask(&asleep).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing sleeps");
    }
    let busy = ground.apply(&["--wait", "1"]);
    assert_eq!(busy.code, 1, "{busy:?}");
    assert!(
        busy.err.contains("has had the lock of this database for 1 s"),
        "{}",
        busy.err
    );
    let waited = ground.apply(&[]);
    assert_eq!(waited.code, 0, "{waited:?}");
    assert!(waited.out.contains("1 applied already"), "{}", waited.out);
    assert!(first.wait_with_output().unwrap().status.success());
}

/// Every effect counts how often it happened.
const TEN: &str = "CREATE TABLE a (id INT PRIMARY KEY, n INT NOT NULL DEFAULT 0, s VARCHAR(20));
INSERT INTO a (id) SELECT 1 UNION SELECT 2 UNION SELECT 3;
ALTER TABLE a ADD COLUMN i1 INT;
UPDATE a SET n = n + 1 WHERE TRUE;
ALTER TABLE a ADD INDEX by_n (n);
ALTER TABLE a MODIFY s VARCHAR(300);
CREATE TABLE b (id INT PRIMARY KEY);
TRUNCATE TABLE b;
RENAME TABLE b TO c;
CREATE TRIGGER g BEFORE INSERT ON c FOR EACH ROW SET NEW.id = NEW.id + 1;
";

/// Ends it after so long, unless it ends by itself. Answers whether it was killed.
fn killed(child: &mut Child, after: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < after {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    true
}

#[test]
fn killed_a_hundred_times_each_statement_is_applied_once() {
    let mut random: u64 = 0x5DEE_CE66_D1CE;
    let mut kills = 0;
    let mut rounds = 0;
    while kills < 100 {
        let ground = Ground::new(&[("1##ddl##ten.sql", TEN)]);
        for _ in 0..5 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let moment = Duration::from_millis((random >> 33) % 350);
            let options: &[&str] = if rounds % 2 == 0 { &["--no-rehearsal"] } else { &[] };
            let mut child = ground.command(options).spawn().unwrap();
            kills += u32::from(killed(&mut child, moment));
        }
        let last = ground.apply(&[]);
        assert_eq!(last.code, 0, "round {rounds}: {last:?}");
        assert_eq!(
            ground.ask("SELECT COUNT(*), SUM(n) FROM a"),
            "3 3",
            "round {rounds}"
        );
        assert_eq!(ground.outcomes(), ["done"; 10].join(","), "round {rounds}");
        assert_eq!(ground.revisions(), "1", "round {rounds}");
        rounds += 1;
    }
    println!("{kills} kills in {rounds} rounds; each statement was applied once");
}

#[test]
fn a_passwords_url_is_not_told() {
    let ground = Ground::new(&[("1##ddl##a.sql", "CREATE TABLE a (id INT);")]);
    let (_, password) = ground.database.url_and_password();
    let ran = ground.apply(&[]);
    assert!(!ran.out.contains(&password) && !ran.err.contains(&password));
    let nowhere = run(&["apply", "--target", &ground.database.url(), "/nowhere"]);
    assert_eq!(nowhere.code, 64);
    assert!(nowhere.err.contains("this is no folder"), "{}", nowhere.err);
}
