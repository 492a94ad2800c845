//! What a signal leaves behind.

use crate::run::{file, sluice};
use crate::server::{rows, url};
use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

/// So many tables are not made before the signal comes.
const TABLES: u32 = 4000;

/// The schema that holds a table of this name.
fn holding(table: &str) -> Option<String> {
    rows(&format!(
        "SELECT TABLE_SCHEMA FROM information_schema.TABLES WHERE TABLE_NAME = '{table}'"
    ))
    .into_iter()
    .next()
    .and_then(|row| row.into_iter().next().flatten())
}

#[test]
fn an_interrupted_command_drops_its_scratch_schema() {
    for (signal, code, words) in [("INT", 130, "interrupted: "), ("TERM", 143, "told to end: ")] {
        let folder = tempfile::tempdir().unwrap();
        let marker = format!("marker_{signal}_{}", std::process::id()).to_lowercase();
        let mut text = format!("CREATE TABLE {marker} (id INT);\n");
        for number in 0..TABLES {
            writeln!(text, "CREATE TABLE t{number} (id INT PRIMARY KEY);").unwrap();
        }
        let large = file(folder.path(), "large.sql", &text);
        let mut child = sluice(&["schema", "diff", &large, &large, "--scratch", &url("")])
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let schema = loop {
            if let Some(schema) = holding(&marker) {
                break schema;
            }
            assert_eq!(child.try_wait().unwrap(), None, "it ended before the signal came");
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "no scratch schema was made"
            );
        };
        let sent = Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let ended = child.wait_with_output().unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{err}");
        assert!(ended.stdout.is_empty());
        assert!(err.starts_with(words), "{err}");
        assert!(
            err.ends_with(" was dropped, and nothing is left behind.\n"),
            "{err}"
        );
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(schema.starts_with("_sluice_scratch_"), "{schema}");
        let left = rows(&format!(
            "SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{schema}'"
        ));
        assert!(left.is_empty(), "{schema} is left behind");
    }
}
