//! Tokens in any order: what no grammar would say.

use crate::filler::comment;
use crate::lexical;
use crate::random::Random;
use sql::SqlMode;

const PIECES: &[&str] = &[
    ";",
    ";",
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
    "/*!50003 ",
    "/*!99999 ",
    "/*!080000",
    "/*+",
    "/*/",
    "\n",
    "\r",
    " ",
    "\t",
    "\u{b}",
    "\u{0}",
    "\u{1}",
    "\u{1a}",
    "\u{7f}",
    "\u{a0}",
    "\u{3000}",
    "\u{feff}",
    "\u{e9}",
    "\u{1F600}",
    "$$",
    "$a$",
    "$",
    "//",
    "@",
    "@@",
    ":=",
    ":",
    ".",
    ",",
    "(",
    ")",
    "=",
    "{",
    "}",
    "[",
    "?",
    "!",
    "SELECT ",
    "SELECT 1",
    "select 1;",
    "DO 1",
    "BEGIN",
    "END",
    "IF",
    "CASE",
    "WHEN",
    "LOOP",
    "REPEAT",
    "UNTIL",
    "WHILE",
    "DO ",
    "THEN",
    "ELSE",
    "CREATE ",
    "PROCEDURE p()",
    "FUNCTION f() RETURNS INT ",
    "TRIGGER g BEFORE INSERT ON t FOR EACH ROW ",
    "EVENT e ON SCHEDULE EVERY 1 DAY DO ",
    "DECLARE ",
    "HANDLER ",
    "AS ",
    "SET ",
    "ALTER TABLE t ",
    "WITH ",
    "WHERE ",
    "FROM t ",
    "INSERT INTO t VALUES ",
    "(1,2)",
    "DEFINER=root ",
    "LIBRARY l ",
    "LANGUAGE JAVASCRIPT ",
    "DELIMITER ",
    "DELIMITER //\n",
    "delimiter ;\n",
    "EXPLAIN ",
    "0x",
    "0b1",
    "x'4",
    "x'41'",
    "b'1'",
    "N'a'",
    "_utf8mb4",
    "1e",
    "1.",
    ".5",
    "1",
    "a",
    "t",
    "t.",
    "`a`",
    "'a'",
    "\"a\"",
    "'a''b'",
    "'\\''",
    "\"\\\"\"",
    "''",
    "\"\"",
    "``",
    "NULL",
    "->",
    "->>",
    "||",
    "&&",
    "<=>",
    "--1",
    "- -",
    "*",
    "/",
    "%",
    "\\N",
    "\\g",
    "\\G",
];

/// Up to forty pieces in a row.
pub(crate) fn soup(random: &mut Random, mode: SqlMode) -> String {
    let mut text = random
        .pick(&["", "SELECT ", "SELECT 1", "CREATE ", "SELECT 1;", "BEGIN"])
        .to_owned();
    let most = if random.chance(70) { 8 } else { 40 };
    for _ in 0..random.below(most) {
        match random.below(20) {
            0 => text.push_str(&comment(random)),
            1 => text.push_str(&lexical::string(random, mode)),
            2 => text.push_str(&lexical::name(random, mode)),
            3 => text.push_str(&lexical::number(random)),
            4 => text.push_str(&lexical::variable(random, mode)),
            _ => text.push_str(random.pick(PIECES)),
        }
        if random.chance(40) {
            text.push(' ');
        }
    }
    text
}

/// Any characters at all.
pub(crate) fn noise(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(60) {
        let code = match random.below(8) {
            0 => random.below(0x11_0000),
            1 => random.below(0x800),
            _ => random.below(0x80),
        };
        text.extend(u32::try_from(code).ok().and_then(char::from_u32));
    }
    text
}

/// One piece, to be put into another text.
pub(crate) fn piece(random: &mut Random) -> &'static str {
    random.pick(PIECES)
}
