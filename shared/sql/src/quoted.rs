//! Where things that are opened end.

/// Where `what` next stands, from `at` on.
pub(crate) fn find(text: &str, at: usize, what: &str) -> Option<usize> {
    text.get(at..)?.find(what).map(|length| at + length)
}

/// The end of what the quote at `at` opens, after its closing quote. A doubled quote stands for itself, and
/// so does one after a backslash where `escapes`.
pub(crate) fn quoted_end(bytes: &[u8], at: usize, quote: u8, escapes: bool) -> Option<usize> {
    let mut at = at + 1;
    loop {
        let byte = *bytes.get(at)?;
        if byte == b'\\' && escapes {
            at += 2;
        } else if byte != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
}

/// The end of a version comment for a server that skips it: after its `*/`, where one level of comments
/// inside it is skipped as well.
pub(crate) fn skipped_end(text: &str, at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        let close = find(text, at, "*/")?;
        match text.get(at..close).and_then(|inside| inside.find("/*")) {
            // The `*/` found may lie within the opening: `/*/`.
            Some(length) => at = find(text, at + length + 2, "*/")? + 2,
            None => return Some(close + 2),
        }
    }
}

/// The `$$` or `$tag$` that starts at `at`.
pub(crate) fn dollar_tag(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let length = rest.strip_prefix('$')?.find('$')? + 2;
    let tag = rest.get(..length)?;
    let name = tag.trim_matches('$');
    name.chars()
        .all(|letter| letter.is_alphanumeric() || letter == '_')
        .then_some(tag)
}
