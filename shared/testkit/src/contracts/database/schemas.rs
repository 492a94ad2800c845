//! Snapshots.

use super::{held, ok, tidy};
use crate::scratch::{Administrator, Scratch};
use workflow::ports::database::{Databases, Locked, Scope, Snapshot, Step};

/// A schema with one of everything, and texts that look like what is left out of a snapshot.
pub const EVERYTHING: &str = "
CREATE TABLE b_parent (id BIGINT NOT NULL AUTO_INCREMENT COMMENT ' AUTO_INCREMENT=5 it''s', code VARCHAR(20) COLLATE utf8mb4_bin,
  PRIMARY KEY (id), UNIQUE KEY (code)) COMMENT=' AUTO_INCREMENT=5 DEFINER=`a`@`b` ; -- x';
CREATE TABLE a_child (id INT PRIMARY KEY, parent BIGINT, amount DECIMAL(10,2) DEFAULT '1.50',
  doubled DECIMAL(11,2) AS (amount * 2) STORED, initial CHAR(1) AS (LEFT(note, 1)) VIRTUAL, note TEXT,
  at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, data JSON, hidden INT INVISIBLE,
  CONSTRAINT positive CHECK (amount > 0), KEY by_half ((amount / 2)), KEY by_note (note(10) DESC),
  CONSTRAINT to_parent FOREIGN KEY (parent) REFERENCES b_parent (id) ON DELETE CASCADE);
CREATE TABLE c_self (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES c_self (id));
CREATE TABLE parted (id INT, y INT) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (2000) COMMENT = 'old; days',
  PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE `odd``name` (`a b` ENUM('x;y', 'it''s', 'back\\\\slash') NOT NULL DEFAULT 'x;y', s SET('ü', '☃'));
INSERT INTO b_parent (code) VALUES ('a'), ('b');
CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC NO SQL RETURN x + 1;
CREATE PROCEDURE pr(IN x INT, OUT y INT) COMMENT 'it''s; here' BEGIN IF x > 1 THEN SELECT COUNT(*) INTO y FROM a_child; END IF; SELECT ';;'; END;
CREATE VIEW z_base AS SELECT id, f(parent) AS p FROM a_child;
CREATE VIEW a_top AS SELECT z.id, b.code FROM z_base z JOIN b_parent b ON b.id = z.p;
CREATE VIEW elsewhere AS SELECT c.id, i.SCHEMA_NAME FROM c_self c JOIN information_schema.SCHEMATA i;
CREATE TRIGGER second BEFORE INSERT ON a_child FOR EACH ROW BEGIN SET NEW.note = 'second'; SET NEW.id = NEW.id + 1; END;
CREATE TRIGGER first BEFORE INSERT ON a_child FOR EACH ROW PRECEDES second SET NEW.note = 'first';
CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' COMMENT 'it''s; PRESERVE ENABLE' DO BEGIN DELETE FROM c_self; END;
SET sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES';
CREATE PROCEDURE ansi() SELECT \"id\" FROM c_self;
SET sql_mode = DEFAULT;
";

/// Fills a schema.
pub async fn fill(server: &impl Administrator, scratch: &Scratch) {
    server
        .run(&format!(
            "USE `{}`; {}",
            scratch.name(),
            EVERYTHING.trim().trim_end_matches(';')
        ))
        .await;
}

async fn rebuilt(session: &mut impl Locked, snapshot: &Snapshot) -> Snapshot {
    let look = Step {
        statement: "SET @looked = 1".to_owned(),
        scope: Some(Scope::Schema),
        fresh: false,
    };
    match session.rehearse(Some(&snapshot.text), &[look]).await {
        Ok(told) => assert_eq!(
            told.into_iter().flatten().next().map(|foretold| foretold.after),
            Some(snapshot.text.clone()),
            "the schema made of the text differs from the text:\n{}",
            snapshot.text
        ),
        Err(error) => panic!("{error:?}\n{}", snapshot.text),
    }
    ok(session.snapshot().await)
}

/// One small table is exactly what the server shows, and nothing else.
pub async fn a_table_is_what_the_server_shows<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    assert_eq!(ok(session.snapshot().await).text, "");
    let create = format!(
        "USE {}; CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255)); SHOW CREATE TABLE t2",
        scratch.name()
    );
    let rows = server.run(&create).await;
    let shown = rows.into_iter().flatten().flatten().nth(1).unwrap_or_default();
    assert_eq!(ok(session.snapshot().await).text, format!("{shown};\n"));
    tidy::<D>(session, server, scratch).await;
}

/// The text makes the same schema anew, everything in it included, and leaves the session where it was.
pub async fn a_snapshot_makes_the_schema_anew<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    fill(server, &scratch).await;
    let mut session = held(databases, server, &scratch).await;
    let snapshot = ok(session.snapshot().await);
    assert!(snapshot.text.ends_with(";\n"), "{}", snapshot.text);
    for kept in [
        " AUTO_INCREMENT=5 it''s",
        "COMMENT=' AUTO_INCREMENT=5 DEFINER=`a`@`b` ; -- x'",
        "PARTITION BY RANGE",
    ] {
        assert!(snapshot.text.contains(kept), "{kept} in {}", snapshot.text);
    }
    assert!(!snapshot.text.contains("AUTO_INCREMENT=3"), "{}", snapshot.text);
    for definer in ["DEFINER=`root`", "DEFINER=\"root\""] {
        assert!(!snapshot.text.contains(definer), "{}", snapshot.text);
    }
    assert!(!snapshot.text.contains(scratch.name()), "{}", snapshot.text);
    assert_eq!(rebuilt(&mut session, &snapshot).await, snapshot);
    tidy::<D>(session, server, scratch).await;
}

/// The same schema has the same text under another name, and however often it is asked for.
pub async fn a_snapshot_knows_no_schema_name<D: Databases>(databases: &D, server: &impl Administrator) {
    let mut texts = Vec::new();
    for _ in 0..2 {
        let scratch = Scratch::make(server).await;
        fill(server, &scratch).await;
        let mut session = held(databases, server, &scratch).await;
        for _ in 0..2 {
            texts.push(ok(session.snapshot().await));
        }
        tidy::<D>(session, server, scratch).await;
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:#?}");
}

/// Tables whose foreign keys go in a circle are made anew too.
pub async fn a_circle_of_tables_is_made_anew<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let circle = format!(
        "USE {}; CREATE TABLE a (id INT PRIMARY KEY, b INT); \
         CREATE TABLE b (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES a (id)); \
         ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id)",
        scratch.name()
    );
    server.run(&circle).await;
    let mut session = held(databases, server, &scratch).await;
    let snapshot = ok(session.snapshot().await);
    assert_eq!(rebuilt(&mut session, &snapshot).await, snapshot);
    tidy::<D>(session, server, scratch).await;
}
