//! What holds for every text.

use proptest::prelude::*;
use sql::{PieceKind, SqlMode, pieces, refusal, split};

/// Fragments that mean something to the lexer, in any order.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
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
            "/*!99999",
            "/*!90500",
            "/*!080400 ",
            "1.5",
            "1e",
            "}",
            "?",
            "LANGUAGE l AS ",
            "/*+",
            "\n",
            " ",
            "$$",
            "$a$",
            "//",
            "DELIMITER ",
            "DELIMITER //\n",
            "delimiter $$\n",
            "delimiter ;\n",
            "BEGIN",
            "END",
            "IF",
            "CASE",
            "LOOP",
            "REPEAT",
            "UNTIL",
            "WHILE",
            "DO",
            "THEN",
            "ELSE",
            "CREATE ",
            "PROCEDURE p()",
            "FUNCTION f() RETURNS INT ",
            "TRIGGER t FOR EACH ROW ",
            "EVENT e DO ",
            "DECLARE",
            "HANDLER",
            "AS ",
            ":",
            "@",
            ".",
            "SET ",
            "ALTER TABLE t ",
            "WITH ",
            "WHERE",
            "é",
            "\u{feff}",
            "\0",
            "\u{3000}",
            "GET_LOCK(",
            ",",
            "(",
            ")",
            "DEFINER=",
            "LOAD DATA ",
        ])
        .prop_map(str::to_owned),
        "[a-z0-9_]{0,4}",
        any::<char>().prop_map(String::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(fragment(), 0..40).prop_map(|fragments| fragments.concat())
}

fn mode() -> impl Strategy<Value = SqlMode> {
    (any::<bool>(), any::<bool>()).prop_map(|(ansi_quotes, no_backslash_escapes)| SqlMode {
        ansi_quotes,
        no_backslash_escapes,
    })
}

/// Something that hides separators, in the default mode.
fn hiding() -> impl Strategy<Value = String> {
    ("[a-z;/$é]{0,8}", 0..8_usize).prop_map(|(inside, form)| match form {
        0 => format!("'{inside}'"),
        1 => format!("\"{inside}\""),
        2 => format!("`x{inside}`"),
        3 => format!("/* {inside} */"),
        4 => format!("-- {inside}\n"),
        5 => format!("# {inside}\n"),
        6 => format!("'{inside}\\';'"),
        _ => format!("'{inside}'';'"),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_join_to_the_text(text in text(), mode in mode()) {
        if let Ok(pieces) = pieces(&text, mode) {
            let joined: String = pieces.iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&joined, &text);
            for piece in pieces {
                prop_assert_eq!(text.get(piece.start..piece.start + piece.text.len()), Some(piece.text));
            }
        }
    }

    #[test]
    fn every_text_gives_statements_or_an_error_inside_it(text in text(), mode in mode()) {
        match split(&text, mode) {
            Ok(statements) => for statement in statements {
                prop_assert_eq!(text.get(statement.span.clone()), Some(statement.text.as_str()));
                let _ = refusal(&statement);
            },
            Err(error) => prop_assert!(error.offset <= text.len()),
        }
    }

    #[test]
    fn arbitrary_text_is_read_without_panic(text in any::<String>(), mode in mode()) {
        let _ = split(&text, mode);
    }

    #[test]
    fn a_statement_alone_is_the_same_statement(text in text(), mode in mode()) {
        if let Ok(statements) = split(&text, mode) {
            // A byte order mark means nothing at the start of a text only, and `--` at its end is a comment.
            let alike = statements
                .iter()
                .filter(|statement| !statement.text.starts_with('\u{feff}') && !statement.text.ends_with("--"));
            for statement in alike.filter(|statement| refusal(statement).is_none()) {
                if let Ok(again) = split(&statement.text, mode) {
                    let [only] = again.as_slice() else {
                        return Err(TestCaseError::fail(format!("{:?} became {again:?}", statement.text)));
                    };
                    prop_assert_eq!(&only.text, &statement.text);
                    prop_assert_eq!(&only.facts, &statement.facts);
                }
            }
        }
    }

    #[test]
    fn literals_and_comments_are_never_split(parts in proptest::collection::vec(hiding(), 1..6)) {
        let statement = format!("SELECT {} 1", parts.join(" "));
        let text = format!("{statement};SELECT 2");
        let found = pieces(&text, SqlMode::default())
            .map(|pieces| pieces.iter().filter(|piece| piece.kind == PieceKind::Statement).count());
        prop_assert_eq!(found, Ok(2), "{}", text);
    }
}
