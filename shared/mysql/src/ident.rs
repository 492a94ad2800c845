//! Names and texts written into SQL so that they can't be anything else.

/// A name in backticks.
pub(crate) fn name(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A text as a literal that reads the same in every `sql_mode`: plain where it is plain, else by its bytes.
pub(crate) fn text(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-!,:+ ".contains(c);
    if text.chars().all(plain) {
        format!("'{text}'")
    } else {
        format!("_utf8mb4 X'{}'", hex::encode(text))
    }
}

/// A text as a literal in quotes, where that reads the same in every `sql_mode` and character set of a session: ASCII
/// without backslashes.
pub(crate) fn quoted(text: &str) -> Option<String> {
    let same = text.is_ascii() && !text.contains('\\');
    same.then(|| format!("'{}'", text.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reads_the_same_everywhere_is_quoted() {
        assert_eq!(quoted("SET @a = 'x;'").unwrap(), "'SET @a = ''x;'''");
        assert_eq!(quoted(r"SET @a = 'x\'"), None);
        assert_eq!(quoted("SET @a = 'ä'"), None);
    }

    #[test]
    fn nothing_breaks_out_of_its_quotes() {
        assert_eq!(name("t`; DROP TABLE x; --"), "`t``; DROP TABLE x; --`");
        assert_eq!(text("t001d!"), "'t001d!'");
        assert_eq!(text(r"a\'b"), "_utf8mb4 X'615c2762'");
    }
}
