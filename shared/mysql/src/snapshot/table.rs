//! A table's definition, the same text for the same table.
//!
//! The server writes what a table was given and leaves out what it was not, so that two equal tables may read
//! differently, and a table made of its own text may too. Brought into one form here:
//!
//! - version comments are opened: every server that Sluice knows (8.0.23 and up) reads what is inside;
//! - the counter of the next row goes (`AUTO_INCREMENT=n`);
//! - `utf8` is called `utf8mb3`, as the newer servers do;
//! - a column with the character set and collation of its table names neither, any other names both;
//! - a column that may be null but has no default, not even `NULL` (`ALTER COLUMN … DROP DEFAULT`), can't be written
//!   in a `CREATE TABLE`: the statement that makes it so follows.
//!
//! What a table reads in the time zone of its session is told, because its text then needs that zone
//! (manual 13.2.2, "The DATE, DATETIME, and TIMESTAMP Types").

use super::charset::{Charset, charset};
use super::scan::{Part, parts, quoted};
use crate::ident::name as quoted_name;
use sql::ddl::takes_expressions_only;

/// A table in its one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// Its statements, without the last `;`.
    pub(super) definition: String,
    /// Whether it holds a time that depends on the session's time zone.
    pub(super) zoned: bool,
    /// Whether a default is a date of zero, which a server takes only where its `sql_mode` lets it.
    pub(super) zero: bool,
}

/// Brings what `SHOW CREATE TABLE` answers into the one form.
pub(super) fn table(shown: &str, name: &str) -> Table {
    let opened = opened(shown);
    let Some(cut) = Cut::of(&opened) else {
        return Table {
            definition: opened,
            zoned: false,
            zero: false,
        };
    };
    let options = options(cut.options);
    let of_table = charset(&code(&options), "CHARSET=", "COLLATE=");
    let mut body = String::with_capacity(opened.len());
    let mut dropped = Vec::new();
    let (mut zoned, mut zero) = (false, false);
    for (at, item) in cut.items.iter().enumerate() {
        if at > 0 {
            body.push(',');
        }
        let Some(column) = Column::of(item) else {
            body.push_str(item);
            continue;
        };
        zoned |= column.is_zoned();
        zero |= column.is_zero();
        if column.has_no_default() {
            dropped.push(column.name);
        }
        body.push_str(&column.text(of_table.as_ref()));
    }
    let mut definition = format!("{}{body}{options}", cut.head);
    for column in dropped {
        let table = quoted_name(name);
        definition = format!("{definition};\nALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT");
    }
    Table {
        definition,
        zoned,
        zero,
    }
}

/// The text without the marks of its version comments.
fn opened(text: &str) -> String {
    let mut opened = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let special = rest
            .find(['`', '\'', '"', '/', '*', '\n', ','])
            .unwrap_or(rest.len());
        let (plain, after) = rest.split_at(special);
        opened.push_str(plain);
        rest = if let Some(inside) = after.strip_prefix("/*!") {
            let inside = inside.trim_start_matches(|c: char| c.is_ascii_digit());
            inside.strip_prefix(' ').unwrap_or(inside)
        } else if let Some(outside) = after.strip_prefix("*/") {
            opened.truncate(opened.trim_end_matches(' ').len());
            outside
        } else {
            let length = match after.as_bytes().first() {
                None => 0,
                Some(&quote @ (b'`' | b'\'' | b'"')) => quoted(after.as_bytes(), quote),
                Some(b'\n' | b',') => {
                    opened.truncate(opened.trim_end_matches(' ').len());
                    1
                }
                Some(_) => 1,
            };
            let (kept, after) = after.split_at(length);
            opened.push_str(kept);
            after
        };
    }
    opened.truncate(opened.trim_end_matches(' ').len());
    opened
}

/// A definition cut into its head up to the first parenthesis, the items inside, and what follows.
struct Cut<'text> {
    head: &'text str,
    items: Vec<&'text str>,
    options: &'text str,
}

impl<'text> Cut<'text> {
    fn of(text: &'text str) -> Option<Self> {
        let (mut at, mut depth, mut start) = (0, 0_usize, 0);
        let mut head = "";
        let mut items = Vec::new();
        for part in parts(text) {
            if let Part::Code(code) = part {
                for (offset, c) in code.char_indices() {
                    let here = at + offset;
                    match c {
                        '(' => {
                            if depth == 0 {
                                head = text.get(..=here)?;
                                start = here + 1;
                            }
                            depth += 1;
                        }
                        ')' if depth == 1 => {
                            items.push(text.get(start..here)?);
                            let options = text.get(here..)?;
                            return Some(Self { head, items, options });
                        }
                        ')' => depth = depth.saturating_sub(1),
                        ',' if depth == 1 => {
                            items.push(text.get(start..here)?);
                            start = here + 1;
                        }
                        _ => {}
                    }
                }
            }
            at += part.raw().len();
        }
        None
    }
}

/// What follows the columns and keys, without the counter.
fn options(text: &str) -> String {
    parts(text)
        .into_iter()
        .map(|part| match part {
            Part::Code(code) => modern(&without_counter(code)),
            Part::Name(raw) | Part::Text(raw) | Part::Comment(raw) => raw.to_owned(),
        })
        .collect()
}

/// Only what stands outside of quotes.
fn code(text: &str) -> String {
    let bare = parts(text).into_iter().filter_map(|part| match part {
        Part::Code(code) => Some(code),
        Part::Name(_) | Part::Text(_) | Part::Comment(_) => None,
    });
    bare.collect()
}

fn without_counter(code: &str) -> String {
    const OPTION: &str = " AUTO_INCREMENT=";
    let Some((before, after)) = code.split_once(OPTION) else {
        return code.to_owned();
    };
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}{rest}")
}

/// `utf8` by its newer name.
fn modern(code: &str) -> String {
    let mut text = code.to_owned();
    for word in ["CHARSET=", "COLLATE=", "CHARACTER SET ", "COLLATE "] {
        for end in ["_", " ", "\n"] {
            text = text.replace(&format!("{word}utf8{end}"), &format!("{word}utf8mb3{end}"));
        }
    }
    match text.strip_suffix("=utf8") {
        Some(before) => format!("{before}=utf8mb3"),
        None => text,
    }
}

/// One column.
struct Column<'text> {
    /// With its backticks.
    name: &'text str,
    /// Up to and with the name.
    lead: &'text str,
    /// All code outside of parentheses, and the rest of the column, in order.
    parts: Vec<Piece<'text>>,
}

/// A part of a column.
enum Piece<'text> {
    /// Outside of quotes and parentheses.
    Bare(&'text str),
    /// Inside.
    Other(&'text str),
}

impl<'text> Column<'text> {
    fn of(item: &'text str) -> Option<Self> {
        let all = parts(item);
        let (lead, name, rest) = match all.as_slice() {
            [Part::Code(blank), Part::Name(name), rest @ ..] if blank.trim().is_empty() => {
                (item.get(..blank.len() + name.len())?, name, rest)
            }
            _ => return None,
        };
        let mut pieces = Vec::new();
        let mut depth = 0_usize;
        for part in rest {
            match part {
                Part::Code(code) => bare(code, &mut depth, &mut pieces),
                Part::Name(raw) | Part::Text(raw) | Part::Comment(raw) => pieces.push(Piece::Other(raw)),
            }
        }
        Some(Self {
            name,
            lead,
            parts: pieces,
        })
    }

    /// The code outside of parentheses, joined.
    fn code(&self) -> String {
        let bare = self.parts.iter().filter_map(|piece| match piece {
            Piece::Bare(code) => Some(*code),
            Piece::Other(_) => None,
        });
        bare.collect()
    }

    fn data_type(&self) -> String {
        let code = self.code();
        let word = code
            .trim_start()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next();
        word.unwrap_or_default().to_owned()
    }

    fn is_zoned(&self) -> bool {
        self.data_type() == "timestamp"
            && self.parts.windows(2).any(|pair| {
                matches!(pair, [Piece::Bare(code), Piece::Other(text)]
                    if code.ends_with("DEFAULT ") && text.starts_with('\'') && !text.starts_with("'0000"))
            })
    }

    /// A default whose month or day is zero (manual 7.1.11, "Server SQL Modes": `NO_ZERO_DATE`, `NO_ZERO_IN_DATE`).
    fn is_zero(&self) -> bool {
        ["date", "datetime", "timestamp"].contains(&self.data_type().as_str())
            && self.parts.windows(2).any(|pair| {
                matches!(pair, [Piece::Bare(code), Piece::Other(text)]
                    if code.ends_with("DEFAULT ") && [text.get(6..8), text.get(9..11)].contains(&Some("00")))
            })
    }

    fn has_no_default(&self) -> bool {
        let code = format!("{} ", self.code());
        let says = ["NOT NULL", "DEFAULT ", "AUTO_INCREMENT", "GENERATED ALWAYS"];
        !takes_expressions_only(&self.data_type()) && !says.iter().any(|word| code.contains(word))
    }

    /// With both or neither of character set and collation.
    fn text(&self, of_table: Option<&Charset>) -> String {
        let mut text = self.lead.to_owned();
        let code = modern(&self.code());
        let own = charset(&code, "CHARACTER SET ", "COLLATE ");
        let mut named = false;
        for piece in &self.parts {
            match piece {
                Piece::Other(raw) => text.push_str(raw),
                Piece::Bare(bare) => {
                    let bare = modern(bare);
                    let (start, end) = span(&bare);
                    text.push_str(bare.get(..start).unwrap_or_default());
                    if let Some(own) = own
                        .as_ref()
                        .filter(|own| start < end && !named && Some(*own) != of_table)
                    {
                        text = format!("{text} CHARACTER SET {} COLLATE {}", own.name, own.collation);
                        named = true;
                    }
                    text.push_str(bare.get(end..).unwrap_or_default());
                }
            }
        }
        text
    }
}

/// Where a column's code names character set and collation, with the blank before.
fn span(code: &str) -> (usize, usize) {
    let starts = [" CHARACTER SET ", " COLLATE "];
    let Some(start) = starts.iter().filter_map(|word| code.find(word)).min() else {
        return (code.len(), code.len());
    };
    let mut end = start;
    for word in starts {
        if let Some(value) = code.get(end..).and_then(|rest| rest.strip_prefix(word)) {
            let length = value.find([' ', '\n']).unwrap_or(value.len());
            end += word.len() + length;
        }
    }
    (start, end)
}

/// Cuts code at its parentheses.
fn bare<'text>(code: &'text str, depth: &mut usize, pieces: &mut Vec<Piece<'text>>) {
    let mut start = 0;
    for (at, c) in code.char_indices() {
        let outside = *depth == 0;
        let (end, now) = match c {
            '(' => (at, *depth + 1),
            ')' => (at + 1, depth.saturating_sub(1)),
            _ => continue,
        };
        *depth = now;
        let piece = code.get(start..end).unwrap_or_default();
        pieces.push(if outside {
            Piece::Bare(piece)
        } else {
            Piece::Other(piece)
        });
        start = end;
    }
    let last = code.get(start..).unwrap_or_default();
    pieces.push(if *depth == 0 {
        Piece::Bare(last)
    } else {
        Piece::Other(last)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(columns: &str, expected: &str) {
        let around = |columns: &str| {
            format!("CREATE TABLE `t` (\n  {columns}\n) ENGINE=InnoDB DEFAULT CHARSET=latin1")
        };
        assert_eq!(
            table(&around(columns), "t").definition,
            around(expected),
            "{columns}"
        );
    }

    #[test]
    fn the_counter_goes_and_texts_that_look_like_it_stay() {
        let shown = "CREATE TABLE `t AUTO_INCREMENT=1` (\n  `id` int NOT NULL AUTO_INCREMENT COMMENT ' AUTO_INCREMENT=2',\n  \
                     PRIMARY KEY (`id`)\n) ENGINE=InnoDB AUTO_INCREMENT=34 DEFAULT CHARSET=utf8mb4 COMMENT=' AUTO_INCREMENT=5'";
        assert_eq!(
            table(shown, "t").definition,
            shown.replace(" AUTO_INCREMENT=34", "")
        );
    }

    #[test]
    fn a_column_names_both_of_charset_and_collation_or_neither() {
        for (shown, expected) in [
            (
                "`a` char(1) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL",
                "`a` char(1) NOT NULL",
            ),
            (
                "`a` char(1) COLLATE latin1_swedish_ci NOT NULL",
                "`a` char(1) NOT NULL",
            ),
            (
                "`a, b` enum('COLLATE x','(') COLLATE latin1_bin NOT NULL DEFAULT '('",
                "`a, b` enum('COLLATE x','(') CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT '('",
            ),
            (
                "`a` text CHARACTER SET utf8",
                "`a` text CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci",
            ),
            (
                "`a` text CHARACTER SET utf8mb3 COLLATE utf8_bin COMMENT ' COLLATE utf8_bin'",
                "`a` text CHARACTER SET utf8mb3 COLLATE utf8mb3_bin COMMENT ' COLLATE utf8_bin'",
            ),
        ] {
            check(shown, expected);
        }
    }

    #[test]
    fn version_comments_are_opened() {
        check(
            "`a` int /*!50606 STORAGE DISK */ /*!80023 INVISIBLE */ DEFAULT NULL COMMENT '/*!1 x */ , */',\n  KEY `k` (`a`) \
             /*!50100 WITH PARSER `ngram` */ ",
            "`a` int STORAGE DISK INVISIBLE DEFAULT NULL COMMENT '/*!1 x */ , */',\n  KEY `k` (`a`) WITH PARSER `ngram`",
        );
        let shown = "CREATE TABLE `t` (\n  `a` int NOT NULL\n)\n/*!50100 PARTITION BY HASH (`a`)\n(PARTITION p0 COMMENT = \
                     '*/ x' ENGINE = InnoDB) */";
        assert_eq!(
            table(shown, "t").definition,
            shown.replace("/*!50100 ", "").replace(") */", ")")
        );
    }

    #[test]
    fn a_column_without_any_default_is_made_so() {
        let shown =
            "CREATE TABLE `t` (\n  `y` int,\n  `t` text,\n  `g` int GENERATED ALWAYS AS (`y` + 1) VIRTUAL\n)";
        assert_eq!(
            table(shown, "t").definition,
            format!("{shown};\nALTER TABLE `t` ALTER COLUMN `y` DROP DEFAULT")
        );
    }

    #[test]
    fn a_time_that_depends_on_the_zone_is_told() {
        for (column, zoned) in [
            ("`a` timestamp NULL DEFAULT '2020-01-01 00:00:00'", true),
            ("`a` timestamp(3) NULL DEFAULT '2020-01-01 00:00:00.000'", true),
            ("`a` timestamp NULL DEFAULT '0000-00-00 00:00:00'", false),
            ("`a` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP", false),
            ("`a` datetime DEFAULT '2020-01-01 00:00:00'", false),
        ] {
            let shown = format!("CREATE TABLE `t` (\n  {column}\n)");
            assert_eq!(table(&shown, "t").zoned, zoned, "{column}");
        }
    }
}
