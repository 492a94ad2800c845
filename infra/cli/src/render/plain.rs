//! Text from elsewhere, made safe for a terminal: nothing in a commit, a file or an error message may move the
//! cursor, change colors or reorder what an approver reads.

/// One line: a line break is shown as a space.
pub(crate) fn line(text: &str) -> String {
    lines(text).replace(['\n', '\t'], " ")
}

/// Several lines: line breaks and tabs stay.
pub(crate) fn lines(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        if matches!(c, '\n' | '\t') || !(c.is_control() || reorders(c)) {
            safe.push(c);
        } else {
            safe.extend(c.escape_unicode());
        }
    }
    safe
}

/// At most so many characters, with a sign where some are missing.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let text = line(text);
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
        None => text,
    }
}

/// Unicode's embeddings, overrides and isolates of direction.
fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(lines("a\r\nb\tc\u{1b}[2J"), "a\nb\tc\\u{1b}[2J");
        assert_eq!(lines("DROP \u{202e}x"), "DROP \\u{202e}x");
        assert_eq!(line("a\nb\u{7}"), "a b\\u{7}");
    }

    #[test]
    fn a_long_title_ends_with_a_sign() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüx", 3), "äö…");
    }
}
