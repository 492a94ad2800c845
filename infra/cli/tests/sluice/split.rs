//! `sluice sql split`.

use crate::run::{Ran, file, run, run_with, sluice};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

fn lines(ran: &Ran) -> Vec<Value> {
    ran.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn each_statement_is_a_line_and_its_span_is_its_text() {
    let text =
        "-- ä\nUSE x;\nDELIMITER //\n  CREATE PROCEDURE p() BEGIN SELECT ';'; END//\nDELIMITER ;\nSELECT 'ä'";
    let ran = run_with(&["sql", "split", "-"], text.as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let lines = lines(&ran);
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, (index, place, kind)) in
        lines
            .iter()
            .zip([(1, (2, 1), "session"), (2, (4, 3), "ddl"), (3, (6, 1), "query")])
    {
        let range = |end: &str| usize::try_from(line["span"][end].as_u64().unwrap()).unwrap();
        assert_eq!(line["text"], text[range("start")..range("end")]);
        assert_eq!(
            (line["index"].as_u64(), &line["kind"]),
            (Some(index), &kind.into())
        );
        assert_eq!(
            (line["line"].as_u64(), line["column"].as_u64()),
            (Some(place.0), Some(place.1))
        );
    }
    assert_eq!(lines[0]["refused"]["code"], "use");
    assert!(lines[1]["definition"]["routine"].is_object(), "{}", lines[1]);
    assert_eq!(lines[1]["refused"], Value::Null);
    assert_eq!(lines[2]["definition"], Value::Null);
}

#[test]
fn the_text_can_be_left_out() {
    let ran = run_with(&["sql", "split", "--no-text", "-"], b"DROP TABLE t");
    let lines = lines(&ran);
    assert_eq!(lines[0]["text"], Value::Null);
    assert_eq!(lines[0]["facts"]["destructive"], true);
    assert_eq!(lines[0]["definition"]["drop-table"]["names"][0]["name"], "t");
}

#[test]
fn people_get_a_table() {
    let ran = run_with(&["sql", "split", "--table", "-"], b"SELECT 1;\nDROP TABLE t;\n");
    assert_eq!(
        ran.out,
        "STATEMENT  PLACE  KIND   VERB        NOTES          TEXT\n\
         1          1:1    query  SELECT                     SELECT 1\n\
         2          2:1    ddl    DROP TABLE  may lose data  DROP TABLE t\n"
    );
    assert_eq!(
        run_with(&["sql", "split", "--table", "-"], b"-- none\n").out,
        "No statements.\n"
    );
}

#[test]
fn the_mode_decides_what_quotes_are() {
    let text = br"SELECT 'a\'; DROP TABLE t; -- '";
    assert_eq!(lines(&run_with(&["sql", "split", "-"], text)).len(), 1);
    let modes = [
        "sql",
        "split",
        "-",
        "--sql-mode",
        "STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES",
    ];
    assert_eq!(lines(&run_with(&modes, text)).len(), 2);
    let ran = run_with(&["sql", "split", "-", "--sql-mode", "ANSI_QUOTE"], text);
    assert_eq!(ran.code, 64);
    assert!(ran.err.starts_with("`ANSI_QUOTE` is no SQL mode."), "{}", ran.err);
}

#[test]
fn what_can_not_be_split_is_told_with_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "open.sql", "SELECT 1;\n\n  SELECT 'x;\n");
    let ran = run(&["sql", "split", &path]);
    assert_eq!(ran.code, 1);
    assert_eq!(lines(&ran).len(), 1, "what was read before it is there");
    assert_eq!(
        ran.err,
        format!(
            "{path}: line 3, column 10: the string that starts here is never closed: add the missing '\n"
        )
    );
    let ran = run_with(&["--json", "sql", "split", "-"], b"SELECT 1; /* x");
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(error["code"], "sql-unreadable");
    assert_eq!(
        error["message"],
        "stdin: line 1, column 11: the comment that starts here is never closed: add the missing */"
    );
}

#[test]
fn files_that_are_none_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let missing = run(&["sql", "split", "/nowhere/x.sql"]);
    assert_eq!(missing.code, 64);
    assert_eq!(
        missing.err,
        "/nowhere/x.sql can't be read: No such file or directory (os error 2). Check its name.\n"
    );
    let directory = run(&["sql", "split", folder.path().to_str().unwrap()]);
    assert_eq!(directory.code, 64);
    assert!(
        directory
            .err
            .ends_with("can't be read: is a directory. Name a file in it.\n"),
        "{}",
        directory.err
    );
    let latin = run_with(&["sql", "split", "-"], b"SELECT 1;\nSELECT '\xe4'");
    assert_eq!(latin.code, 1);
    assert!(
        latin.err.starts_with("stdin: line 2, column 9: "),
        "{}",
        latin.err
    );
    assert!(latin.err.contains("UTF-8"), "{}", latin.err);
}

#[test]
fn a_reader_that_saw_enough_ends_it_well() {
    let mut child = sluice(&["sql", "split", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let statements = "SELECT 'some text to fill a buffer with';\n".repeat(1_000);
        while input.write_all(statements.as_bytes()).is_ok() {}
    });
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with("{\"index\":1,"), "{first}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    writer.join().unwrap();
}

/// Runs it with so much memory for data (in KiB) and not more.
fn bounded(kib: u32, path: &str, option: &str) -> std::process::Output {
    let script = format!("ulimit -d {kib}; ulimit -c 0; exec \"$0\" sql split \"$1\" \"$2\"");
    Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_sluice"), option, path])
        .output()
        .unwrap()
}

#[test]
fn a_long_file_takes_no_more_memory_than_a_short_one() {
    const KIB: u32 = 8 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let row = format!("INSERT INTO `t` (`a`) VALUES ('{}');\n", "text ".repeat(2_000));
    let statements = 16 * 1024 * 1024 / row.len();
    let path = file(folder.path(), "long.sql", &row.repeat(statements));
    let ran = bounded(KIB, &path, "--no-text");
    assert_eq!(
        (ran.status.code(), String::from_utf8_lossy(&ran.stderr).as_ref()),
        (Some(0), "")
    );
    assert_eq!(String::from_utf8_lossy(&ran.stdout).lines().count(), statements);
    // The bound holds what it should: a statement that is as long as the file does not fit.
    let one = file(
        folder.path(),
        "one.sql",
        &format!("SELECT '{}'", "text ".repeat(3_000_000)),
    );
    assert_ne!(bounded(KIB, &one, "--no-text").status.code(), Some(0));
}
