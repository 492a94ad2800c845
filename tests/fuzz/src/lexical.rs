//! Tokens whose inside matters: strings, names, numbers, variables.

use crate::random::Random;
use sql::SqlMode;

const PARTS: &[&str] = &[
    ";",
    "a",
    "b",
    " ",
    "--",
    "-- ",
    "#",
    "/*",
    "*/",
    "/*!",
    "//",
    "$$",
    "BEGIN",
    "END",
    "\n",
    "\r",
    "\u{e9}",
    "\u{4e2d}",
    "\u{1F600}",
    "%",
    "_",
    "@",
    ":",
    "DELIMITER ;",
    ";;",
    "\t",
    "(",
    ")",
    "\u{a0}",
    "\u{0}",
    "0",
    "\u{1a}",
];
const ESCAPES: &[&str] = &[
    "\\'", "\\\"", "\\\\", "\\n", "\\0", "\\Z", "\\%", "\\_", "\\x", "\\;", "\\`", "\\\n", "\\\u{e9}",
];
const PLAIN_NAMES: &[&str] = &[
    "t",
    "u",
    "a",
    "b",
    "c",
    "d",
    "v",
    "x1",
    "_x",
    "$x",
    "x$y",
    "\u{e9}t\u{e9}",
    "end",
    "begin",
    "comment",
    "name",
    "status",
    "action",
    "delimiter",
    "event",
    "value",
    "repeat_",
    "iff",
    "End",
    "language",
    "returns",
    "handler",
    "row",
    "do_",
    "x\u{a0}y",
    "at",
    "names",
    "text",
    "date",
    "\u{4e2d}\u{6587}",
    "1x",
    "9e",
    "0xg",
    "a$$b",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "42",
    "-1",
    "1.5",
    ".5",
    "1.",
    "1e3",
    "1E-3",
    "0x41",
    "0b01",
    "x'41'",
    "X'4142'",
    "b'01'",
    "B'1'",
    "18446744073709551615",
    "00",
    "0x",
    "1.e1",
    "- - 1",
    "--1",
    "+1",
    "1e+3",
];
const INTRODUCERS: &[&str] = &[
    "",
    "",
    "",
    "",
    "",
    "_utf8mb4",
    "_utf8mb4 ",
    "N",
    "n",
    "_latin1",
    "_binary",
    "_ascii ",
];

/// Whether `"` opens a string.
fn double_quoted_strings(mode: SqlMode) -> bool {
    !mode.ansi_quotes
}

/// A string.
pub(crate) fn string(random: &mut Random, mode: SqlMode) -> String {
    let introducer = random.pick(INTRODUCERS);
    let quote = if double_quoted_strings(mode) && !introducer.eq_ignore_ascii_case("n") && random.chance(30) {
        '"'
    } else {
        '\''
    };
    let mut text = format!(
        "{introducer}{quote}{}{quote}",
        inside(random, quote, !mode.no_backslash_escapes)
    );
    if random.chance(5) {
        text.push(' ');
        text.push(quote);
        text.push_str(&inside(random, quote, !mode.no_backslash_escapes));
        text.push(quote);
    }
    text
}

fn inside(random: &mut Random, quote: char, escapes: bool) -> String {
    let mut text = String::new();
    for _ in 0..random.below(5) {
        match random.below(10) {
            0 => text.extend([quote, quote]),
            1 => text.push_str(match quote {
                '\'' => random.pick(&["\"", "`"]),
                '"' => random.pick(&["'", "`"]),
                _ => random.pick(&["'", "\""]),
            }),
            2 | 3 if escapes => text.push_str(random.pick(ESCAPES)),
            2 if quote != '`' => text.push('\\'),
            _ => text.push_str(random.pick(PARTS)),
        }
    }
    text
}

/// A name, quoted or not.
pub(crate) fn name(random: &mut Random, mode: SqlMode) -> String {
    if random.chance(80) {
        return random.pick(PLAIN_NAMES).to_owned();
    }
    if random.chance(60) {
        return format!("`{}`", random.pick(PLAIN_NAMES));
    }
    let quote = if mode.ansi_quotes && random.chance(50) {
        '"'
    } else {
        '`'
    };
    let text = inside(random, quote, false).replace('\0', "0");
    format!("{quote}{}x{quote}", text.trim_start())
}

/// A number, also in hexadecimal and in bits.
pub(crate) fn number(random: &mut Random) -> String {
    random.pick(NUMBERS).to_owned()
}

/// A user or system variable.
pub(crate) fn variable(random: &mut Random, mode: SqlMode) -> String {
    match random.below(8) {
        0 => "@`a b;c`".to_owned(),
        1 => "@'x;y'".to_owned(),
        2 if mode.ansi_quotes => "@\"q\"".to_owned(),
        3 => random
            .pick(&[
                "@@sql_mode",
                "@@session.sql_mode",
                "@@global.autocommit",
                "@@SESSION.time_zone",
            ])
            .to_owned(),
        4 => "@a.b$c".to_owned(),
        5 => "@end".to_owned(),
        _ => random.pick(&["@a", "@b", "@_", "@\u{e9}", "@1"]).to_owned(),
    }
}
