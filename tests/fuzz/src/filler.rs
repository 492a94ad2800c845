//! What may stand between two tokens: blanks and comments of every kind, with everything that could mislead inside.

use crate::random::Random;

const BLANKS: &[&str] = &[
    " ", " ", " ", " ", "\n", "\t", "\r\n", "  ", "\u{b}", "\u{c}", "\n\n",
];

const INSIDE: &[&str] = &[
    ";",
    "'",
    "\"",
    "`",
    "\\",
    "--",
    "#",
    "//",
    "$$",
    "DELIMITER //",
    "\u{e9}",
    "\u{1F600}",
    "BEGIN",
    "END",
    "x",
    " ",
    "*",
    "/",
    "@",
    "(",
    "!",
    "0",
    "\t",
    "it's",
    "\\'",
    "''",
    ";;",
];

const VERSIONS: &[&str] = &[
    "", "0", "40101", "50003", "50700", "80000", "80013", "080000", "080400", "90000", "90704", "90705",
    "99999", "100000", "999999", "8000", "800000", "0800000", "5000", "500031",
];

/// Blanks, and now and then a comment.
pub(crate) fn filler(random: &mut Random) -> String {
    if random.chance(92) {
        return random.pick(BLANKS).to_owned();
    }
    let mut text = String::new();
    for _ in 0..=random.below(2) {
        text.push_str(&comment(random));
        if random.chance(30) {
            text.push_str(random.pick(BLANKS));
        }
    }
    text
}

/// One comment, closed as its kind wants it.
pub(crate) fn comment(random: &mut Random) -> String {
    match random.below(14) {
        0 => format!("-- {}\n", line(random)),
        1 => format!("--\t{}\n", line(random)),
        2 => format!("#{}\n", line(random)),
        3 => "--\n".to_owned(),
        4 => format!("--\u{1}{}\n", line(random)),
        5 => random
            .pick(&[
                "/**/",
                "/***/",
                "/*/ */",
                "/* * / */",
                "/*\n*/",
                "/* /* */",
                "/*!*/",
                "/*! */",
            ])
            .to_owned(),
        6 => format!("/*+ {}*/", block(random)),
        7 => format!("/*!{} */", random.pick(VERSIONS)),
        8 => format!("/*!{}/* {} */*/", random.pick(VERSIONS), block(random)),
        9 => format!("/*!{} /* {} */ */", random.pick(VERSIONS), block(random)),
        10 => format!("/*!99999 {}*/", block(random)),
        11 => format!("/*! /* {} */*/", block(random)),
        _ => format!("/*{}*/", block(random)),
    }
}

fn line(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(5) {
        text.push_str(random.pick(INSIDE));
        if random.chance(5) {
            text.push_str(random.pick(&["/*", "*/", "/*!", "\r"]));
        }
    }
    text
}

fn block(random: &mut Random) -> String {
    let mut text = " ".to_owned();
    for _ in 0..random.below(5) {
        let inside = random.pick(INSIDE);
        // What would close or open a comment comes from the fixed forms above.
        let closes = (text.ends_with('*') && inside.starts_with('/'))
            || (text.ends_with('/') && inside.starts_with('*'));
        text.push_str(if closes { " " } else { inside });
    }
    text.push(if random.chance(20) { '\n' } else { ' ' });
    text
}

/// A version comment around some tokens.
pub(crate) fn versioned(random: &mut Random, inside: &str) -> String {
    format!(
        "/*!{}{}{inside}{}*/",
        random.pick(VERSIONS),
        random.pick(&[" ", "", "\n"]),
        random.pick(&[" ", "", "\n"])
    )
}
