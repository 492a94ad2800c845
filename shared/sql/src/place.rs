//! Lines and columns.

use crate::error::{Problem, SqlError};

/// A place in a text that only moves forward, so that all places of a text take one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Bytes from the start of the text.
    pub(crate) offset: usize,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The column in characters, from 1.
    pub(crate) column: u32,
}

impl Place {
    /// The start of a text.
    pub(crate) fn start() -> Self {
        Self {
            offset: 0,
            line: 1,
            column: 1,
        }
    }

    /// What is wrong here.
    pub(crate) fn error(self, problem: Problem) -> SqlError {
        SqlError {
            line: self.line,
            column: self.column,
            offset: self.offset,
            problem,
        }
    }

    /// The place after what comes next. A byte order mark at the start of a text takes no column.
    pub(crate) fn after(self, passed: &str) -> Self {
        let counted = if self.offset == 0 {
            passed.strip_prefix('\u{feff}').unwrap_or(passed)
        } else {
            passed
        };
        let offset = self.offset + passed.len();
        let passed = Passed::over(counted);
        match passed.last_newline {
            None => Self {
                offset,
                line: self.line,
                column: self.column.saturating_add(passed.characters_from(0)),
            },
            Some(last) => Self {
                offset,
                line: self.line.saturating_add(passed.newlines),
                column: passed.characters_from(last),
            },
        }
    }
}

/// Up to here, eight bytes at a time are faster than what looks at more at once and takes longer to start.
const SHORT: usize = 128;

/// What was passed on the way to a place.
struct Passed<'text> {
    text: &'text str,
    newlines: u32,
    last_newline: Option<usize>,
    /// Whether each byte is known to be a character.
    ascii: bool,
}

impl<'text> Passed<'text> {
    fn over(text: &'text str) -> Self {
        if text.len() > SHORT {
            return Self {
                text,
                newlines: newlines(text),
                last_newline: memchr::memrchr(b'\n', text.as_bytes()),
                ascii: false,
            };
        }
        let mut passed = Self {
            text,
            newlines: 0,
            last_newline: None,
            ascii: true,
        };
        let (eights, rest) = text.as_bytes().as_chunks::<8>();
        let mut at = 0;
        for eight in eights {
            passed.eight(u64::from_le_bytes(*eight), at);
            at += 8;
        }
        let rest = match text.as_bytes().last_chunk::<8>() {
            // What is left are the last bytes of it.
            Some(last) if !rest.is_empty() => u64::from_le_bytes(*last) >> (64 - 8 * rest.len()),
            Some(_) => 0,
            None => rest
                .iter()
                .rev()
                .fold(0, |eight, byte| eight << 8 | u64::from(*byte)),
        };
        passed.eight(rest, at);
        passed
    }

    /// Eight bytes that start at `at`, the first one lowest.
    fn eight(&mut self, eight: u64, at: usize) {
        const HIGH: u64 = 0x8080_8080_8080_8080;
        // A byte of `other` is zero where a newline is; the high bit of a byte of `found` is set exactly there.
        let other = eight ^ 0x0A0A_0A0A_0A0A_0A0A;
        let found = !(((other & !HIGH) + !HIGH) | other | !HIGH);
        if found != 0 {
            self.newlines += found.count_ones();
            self.last_newline = Some(at + (63 - found.leading_zeros() as usize) / 8);
        }
        self.ascii &= eight & HIGH == 0;
    }

    fn characters_from(&self, at: usize) -> u32 {
        if self.ascii {
            return u32::try_from(self.text.len() - at).unwrap_or(u32::MAX);
        }
        characters(self.text.get(at..).unwrap_or_default())
    }
}

fn newlines(text: &str) -> u32 {
    let count = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule, a character at a time.
    fn plain(passed: &str) -> (u32, u32) {
        passed
            .chars()
            .fold((1, 1), |(line, column), character| match character {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            })
    }

    #[test]
    fn a_place_is_the_same_however_long_the_way_to_it_is() {
        for part in [
            "abc\nd",
            "\n",
            "\n\n\u{8a}é\n",
            "größe 日本 😀",
            "x",
            "\t\u{b}\r\n\u{8d}",
        ] {
            for times in 0..70 {
                for after in ["", "a", "é", "abcdefg", "abcdefgh", "\nabcdefgh"] {
                    let passed = format!("{}{after}", part.repeat(times));
                    let place = Place::start().after(&passed);
                    assert_eq!((place.line, place.column), plain(&passed), "{passed:?}");
                    assert_eq!(place.offset, passed.len());
                }
            }
        }
    }
}
