//! A text that is read from a source gives what it gives at hand, within limits that have names.

use proptest::prelude::*;
use sql::{
    Exceeded, Limit, Limits, PieceKind, Pieces, Problem, ReadError, SqlError, SqlMode, Statement, Statements,
    pieces, split,
};
use std::io::{self, Read};

/// A source that gives so many bytes at a time.
struct Drops<'bytes> {
    rest: &'bytes [u8],
    size: usize,
}

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.size.min(buffer.len()).min(self.rest.len());
        let (given, rest) = self.rest.split_at(length);
        buffer[..length].copy_from_slice(given);
        self.rest = rest;
        Ok(length)
    }
}

/// Statements that repeat endlessly.
struct Endless {
    unit: Vec<u8>,
    at: usize,
    left: usize,
}

impl Endless {
    fn new(unit: &str, bytes: usize) -> Self {
        Self {
            unit: unit.as_bytes().to_vec(),
            at: 0,
            left: bytes,
        }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(self.left);
        for byte in &mut buffer[..length] {
            *byte = self.unit[self.at];
            self.at = (self.at + 1) % self.unit.len();
        }
        self.left -= length;
        Ok(length)
    }
}

type Read2<T> = (Vec<T>, Option<SqlError>);

fn streamed(bytes: &[u8], mode: SqlMode, limits: Limits, size: usize, window: usize) -> Read2<Statement> {
    let mut found = (Vec::new(), None);
    for next in Statements::new(Drops { rest: bytes, size }, mode, limits).window(window) {
        match next {
            Ok(statement) => found.0.push(statement),
            Err(ReadError::Sql(error)) => found.1 = Some(error),
            Err(ReadError::Io(error)) => panic!("{error}"),
        }
    }
    found
}

fn error_of(text: &str, limits: Limits) -> Option<SqlError> {
    streamed(text.as_bytes(), SqlMode::default(), limits, 7, 16).1
}

fn text() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        proptest::sample::select(vec![
            ";",
            "'",
            "\"",
            "`",
            "\\",
            "--",
            "-- ",
            "#",
            "/*",
            "*/",
            "/*!",
            "/*!50003",
            "/*!99999 ",
            "\n",
            " ",
            "$$",
            "$a$",
            "//",
            "DELIMITER ",
            "DELIMITER //\n",
            "delimiter $$\n",
            "DELIMITER go\n",
            "go",
            "delimiter ;\n",
            "BEGIN ",
            "END ",
            "IF ",
            "CASE ",
            "CREATE PROCEDURE p() ",
            "AS ",
            "é",
            "日本",
            "🎉",
            "\u{feff}",
            "\0",
            "SELECT 1;",
            "SET @a = 1;\n",
            "GET_LOCK(",
            ",",
            "WHERE ",
        ])
        .prop_map(str::to_owned),
        "[a-z0-9_ ]{0,40}",
    ];
    proptest::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_source_gives_what_the_text_gives(
        text in text(), ansi_quotes in any::<bool>(), size in 1..80_usize, window in 1..300_usize
    ) {
        let mode = SqlMode { ansi_quotes, no_backslash_escapes: false };
        let (statements, error) = streamed(text.as_bytes(), mode, Limits::default(), size, window);
        match split(&text, mode) {
            Ok(expected) => {
                prop_assert_eq!(statements, expected);
                prop_assert_eq!(error, None);
            }
            Err(expected) => prop_assert_eq!(error, Some(expected)),
        }
    }

    #[test]
    fn the_pieces_of_a_source_are_the_pieces_of_the_text(
        text in text(), size in 1..80_usize, window in 1..300_usize
    ) {
        let mode = SqlMode::default();
        if let Ok(expected) = pieces(&text, mode) {
            let found: Result<Vec<_>, _> =
                Pieces::new(Drops { rest: text.as_bytes(), size }, mode, Limits::default()).window(window).collect();
            let found = found.map_err(|error| TestCaseError::fail(error.to_string()))?;
            let found: Vec<_> = found.iter().map(|piece| (piece.kind, piece.start, piece.text.as_str())).collect();
            let expected: Vec<_> = expected.iter().map(|piece| (piece.kind, piece.start, piece.text)).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn limits_are_found_wherever_the_windows_end(
        text in text(), size in 1..80_usize, window in 1..300_usize, most in 1..60_usize
    ) {
        // Such a comment may be refused before it is known how long it is.
        prop_assume!(!text.contains("/*!99999"));
        let limits = Limits { text: usize::MAX, statement: most, statements: 3 };
        let one = streamed(text.as_bytes(), SqlMode::default(), limits, size, window);
        let other = streamed(text.as_bytes(), SqlMode::default(), limits, usize::MAX, 1 << 20);
        prop_assert_eq!(one, other);
    }
}

#[test]
fn bytes_that_are_no_text_are_an_error_at_their_place() {
    for (bytes, line, column) in [
        (&b"SELECT 1;\nSELECT '\xFF';"[..], 2, 9),
        (b"SELECT 1; SELECT '\xC3\xA4\xE6\x97", 1, 20),
        (b"\xEF\xBB\xBFSELECT 'a\xC0", 1, 10),
    ] {
        for size in [1, 2, 5, 100] {
            let (_, error) = streamed(bytes, SqlMode::default(), Limits::default(), size, 1);
            let place = error.map(|error| (error.line, error.column, error.problem));
            assert_eq!(place, Some((line, column, Problem::NotUtf8)), "{bytes:?}");
        }
    }
}

#[test]
fn a_statement_that_is_too_long_is_refused_at_its_start() {
    let limits = Limits {
        statement: 20,
        ..Limits::default()
    };
    let fits = "SELECT '45678901234'";
    assert_eq!(fits.len(), 20);
    assert_eq!(error_of(&format!("SELECT 1;\n{fits};"), limits), None);
    assert_eq!(error_of(&format!("SELECT 1;\n{fits}"), limits), None);
    let exceeded = Problem::Limit(Exceeded {
        limit: Limit::Statement,
        most: 20,
        statement: 2,
    });
    for text in [
        "SELECT 1;\n SELECT '456789012345';",
        "SELECT 1;\n SELECT 1, 2, 3, 4, 5, 6, 7;",
        "SELECT 1;\n SELECT 1                    ;",
        "SELECT 1;\n SELECT 'never closed, and long",
        "SELECT 1;\n /* a comment between statements */ SELECT 2",
        "SELECT 1;\n DELIMITER xxxxxxxxxxxxxxxxxxxxx",
    ] {
        let found = error_of(text, limits).map(|error| (error.line, error.column, error.problem));
        assert_eq!(found, Some((2, 2, exceeded.clone())), "{text}");
    }
}

#[test]
fn too_many_statements_and_too_large_texts_are_refused_with_the_limit_named() {
    let limits = Limits {
        text: 30,
        statement: 1000,
        statements: 2,
    };
    let message = |text: &str| error_of(text, limits).map(|error| error.to_string());
    assert_eq!(message("SELECT 1;\nSELECT 2; -- end"), None);
    assert_eq!(
        message("SELECT 1;\nSELECT 2;\nSELECT 3;").as_deref(),
        Some(
            "line 3, column 1: statement 3 is one more than the 2 statements that a text may hold (limit \
             `statements`): split it into several changes, or write INSERT statements of several rows"
        )
    );
    assert_eq!(
        message("SELECT 1;\nSELECT '34567890123456789'").as_deref(),
        Some(
            "line 2, column 21: the text is larger than 30 bytes (limit `text`): split it into several changes"
        )
    );
}

#[test]
fn a_large_statement_is_read_to_its_end() {
    let rows = "(1,'abcdefghijklmnopqrstuvwxyz; -- no comment'),".repeat(10 * 1024 * 1024 / 48);
    let text = format!("SELECT 1;\nINSERT INTO t VALUES {rows}(2,'b');\nSELECT 3");
    let (statements, error) = streamed(
        text.as_bytes(),
        SqlMode::default(),
        Limits::default(),
        usize::MAX,
        4096,
    );
    assert_eq!(error, None);
    let places: Vec<_> = statements
        .iter()
        .map(|each| (each.line, each.span.clone()))
        .collect();
    assert_eq!(
        places,
        [
            (1, 0..8),
            (2, 10..text.len() - 10),
            (3, text.len() - 8..text.len())
        ]
    );
    let error = streamed(
        format!("SELECT 1;\n SELECT '{}", "x".repeat(17 * 1024 * 1024)).as_bytes(),
        SqlMode::default(),
        Limits::default(),
        usize::MAX,
        4096,
    );
    assert_eq!(
        error.1.map(|error| error.to_string()).as_deref(),
        Some(
            "line 2, column 2: statement 2 is larger than 16 MiB with its comments (limit `statement`): write it as \
             several statements, such as one INSERT for every 1,000 rows"
        )
    );
}

#[test]
fn a_large_text_and_one_of_many_statements_are_read_to_their_end() {
    let count = |unit: &str, bytes: usize| {
        Statements::new(Endless::new(unit, bytes), SqlMode::default(), Limits::default())
            .try_fold(0, |count, next| next.map(|_| count + 1))
    };
    assert!(matches!(count("SELECT 1;\n", 1_000_000), Ok(100_000)));
    let line = format!("INSERT INTO t VALUES ('{}');\n", "x".repeat(1024 * 1024 - 27));
    assert_eq!(line.len(), 1024 * 1024);
    assert!(matches!(count(&line, 64 * 1024 * 1024), Ok(64)));
}

#[test]
fn nesting_of_any_depth_is_read() -> Result<(), SqlError> {
    let depth = 100_000;
    let deep = format!("SELECT {}1{}", "(".repeat(depth), ")".repeat(depth));
    let begins = format!(
        "CREATE PROCEDURE p() {}{}",
        "BEGIN ".repeat(depth),
        "END;".repeat(depth)
    );
    let cases = format!(
        "CREATE PROCEDURE p() BEGIN SELECT {}{}; END",
        "CASE WHEN ".repeat(depth),
        " 1 END".repeat(depth)
    );
    for text in [deep, begins, cases] {
        assert_eq!(split(&format!("{text};SELECT 1"), SqlMode::default())?.len(), 2);
    }
    Ok(())
}

#[test]
fn a_source_that_fails_ends_the_statements() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let source = io::Cursor::new("SELECT 1; SELECT 2").chain(Failing);
    let mut statements = Statements::new(source, SqlMode::default(), Limits::default());
    let error = statements
        .next()
        .and_then(Result::err)
        .map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("the text can't be read: gone"));
    assert!(statements.next().is_none());
}

#[test]
fn a_delimiter_holds_across_windows() {
    let text = format!("DELIMITER //\n{}", "SELECT 1; //\n".repeat(200));
    let found: Result<Vec<_>, _> = Pieces::new(text.as_bytes(), SqlMode::default(), Limits::default())
        .window(64)
        .collect();
    let statements = found.map(|pieces| {
        let kinds = pieces.iter().filter(|piece| piece.kind == PieceKind::Statement);
        kinds.count()
    });
    assert!(matches!(statements, Ok(200)));
}
