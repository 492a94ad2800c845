//! The parts of `sql_mode` that change how text is read.

use serde::{Deserialize, Serialize};

/// How the server reads quotes. The default is the server's default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SqlMode {
    /// `ANSI_QUOTES`: `"x"` is a name, not a string.
    pub ansi_quotes: bool,
    /// `NO_BACKSLASH_ESCAPES`: `\` in a string is an ordinary character.
    pub no_backslash_escapes: bool,
}

impl SqlMode {
    /// Reads the value of `@@sql_mode`; the other modes don't change where statements end.
    pub fn parse(value: &str) -> Self {
        let mut mode = Self::default();
        for word in value.split(',').map(str::trim) {
            mode.ansi_quotes |= word.eq_ignore_ascii_case("ANSI_QUOTES") || word.eq_ignore_ascii_case("ANSI");
            mode.no_backslash_escapes |= word.eq_ignore_ascii_case("NO_BACKSLASH_ESCAPES");
        }
        mode
    }
}
