//! Values that may stand without parentheses around them (MySQL 8.0 reference manual, 11.1 and 13.6).

use super::cursor::Shape;
use super::parser::{Parser, Read, Stop};

impl Parser<'_> {
    /// What may follow `DEFAULT`, as written: a literal, `CURRENT_TIMESTAMP`, an expression in parentheses.
    pub(super) fn default_value(&mut self) -> Read<String> {
        let start = self.at;
        if self.is_symbol(b'(') {
            self.parenthesised()?;
        } else if !self.eat_now()? {
            self.literal()?;
        }
        Ok(self.since(start))
    }

    /// `CURRENT_TIMESTAMP`, `NOW(3)` and their synonyms, as written.
    pub(super) fn now(&mut self) -> Read<String> {
        let start = self.at;
        if self.eat_now()? {
            Ok(self.since(start))
        } else {
            Err(Stop)
        }
    }

    fn eat_now(&mut self) -> Read<bool> {
        let calls = self.symbol_at(1, b'(');
        if !(self
            .eat_any(&["CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"])
            .is_some()
            || (calls && self.eat("NOW")))
        {
            return Ok(false);
        }
        if self.eat_symbol(b'(') && !self.eat_symbol(b')') {
            self.number()?;
            self.expect_symbol(b')')?;
        }
        Ok(true)
    }

    /// A literal, with its sign where it has one.
    pub(super) fn literal(&mut self) -> Read<()> {
        if self.eat_symbol(b'-') || self.eat_symbol(b'+') {
            return self.decimal();
        }
        let item = *self.peek(0).ok_or(Stop)?;
        match item.shape {
            Shape::Text => self.texts(),
            Shape::Symbol(b'.') => self.decimal(),
            Shape::Word
                if item
                    .text
                    .starts_with(|first: char| first.is_ascii_digit() || first == '.') =>
            {
                self.decimal()
            }
            Shape::Word if item.is_any(&["NULL", "TRUE", "FALSE"]) => {
                self.at += 1;
                Ok(())
            }
            Shape::Word if item.is_any(&["DATE", "TIME", "TIMESTAMP"]) => {
                self.at += 1;
                self.text().map(|_| ())
            }
            Shape::Word if item.text.starts_with('_') || item.is_any(&["N", "X", "B"]) => {
                self.at += 1;
                self.introduced()
            }
            Shape::Word | Shape::Name | Shape::Symbol(_) => Err(Stop),
        }
    }

    /// What follows a character set's introducer: a string, or one in hexadecimal or binary digits.
    fn introduced(&mut self) -> Read<()> {
        if self.is_any(&["X", "B"]) {
            self.at += 1;
            return self.text().map(|_| ());
        }
        let digits = self.peek(0).is_some_and(|item| {
            item.shape == Shape::Word && (item.text.starts_with("0x") || item.text.starts_with("0b"))
        });
        if digits {
            self.at += 1;
            return Ok(());
        }
        self.texts()
    }

    /// Strings that stand side by side are one.
    fn texts(&mut self) -> Read<()> {
        self.text()?;
        while self.text().is_ok() {}
        Ok(())
    }

    /// `1`, `1.5`, `.5`, `1.`, `1e3`, `1.5e-3`, `0x1F`: its items stand side by side.
    fn decimal(&mut self) -> Read<()> {
        let mut end = self.peek(0).ok_or(Stop)?.start;
        let (mut digits, mut point, mut exponent) = (false, false, Exponent::No);
        while let Some(item) = self.peek(0).filter(|item| item.start == end) {
            match item.shape {
                Shape::Symbol(b'.') if !point && exponent == Exponent::No => point = true,
                Shape::Symbol(b'+' | b'-') if exponent == Exponent::Begun => exponent = Exponent::Signed,
                Shape::Word if is_numeric(item.text) && exponent != Exponent::Whole => {
                    exponent = exponent.after(item.text);
                    digits = true;
                }
                // A number that is one word needs nothing more.
                Shape::Word if !digits && !point && is_number(item.text) => {
                    (exponent, digits) = (Exponent::Whole, true);
                }
                Shape::Word | Shape::Symbol(_) | Shape::Name | Shape::Text => break,
            }
            end = item.end();
            self.at += 1;
        }
        let whole = matches!(exponent, Exponent::No | Exponent::Whole);
        if digits && whole { Ok(()) } else { Err(Stop) }
    }
}

/// How far the exponent of a number is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exponent {
    /// There is none so far.
    No,
    /// `e`: a sign or digits follow.
    Begun,
    /// Its sign: digits follow.
    Signed,
    /// It is complete, and so is the number.
    Whole,
}

impl Exponent {
    /// What it is after digits, which may bring it along.
    fn after(self, word: &str) -> Self {
        match self {
            Self::Begun | Self::Signed | Self::Whole => Self::Whole,
            Self::No if word.starts_with("0x") || word.starts_with("0b") => Self::Whole,
            Self::No if word.ends_with(['e', 'E']) => Self::Begun,
            Self::No if word.contains(['e', 'E']) => Self::Whole,
            Self::No => Self::No,
        }
    }
}

/// Whether a word is a whole number with a point or a signed exponent: `1.`, `.5`, `1.5e-3`.
fn is_number(word: &str) -> bool {
    let (base, exponent) = word.split_once(['e', 'E']).unwrap_or((word, "0"));
    let (before, after) = base.split_once('.').unwrap_or((base, ""));
    let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let all_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let lacks = power.is_empty() || (before.is_empty() && after.is_empty());
    !lacks && all_digits(before) && all_digits(after) && all_digits(power)
}

/// Whether a word is a number, or the part of one before or after its point or sign.
fn is_numeric(word: &str) -> bool {
    if let Some(digits) = word.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = word.strip_prefix("0b") {
        return !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0' | b'1'));
    }
    let mut parts = word.split(['e', 'E']);
    parts.all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) && word.matches(['e', 'E']).count() < 2
}
