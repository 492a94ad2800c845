//! MySQL text in parts: where a word is code and where it only stands in quotes or a comment.

/// One part of a text; joined, the parts are the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'text> {
    /// Anything outside of the others.
    Code(&'text str),
    /// A name with its backticks.
    Name(&'text str),
    /// A string with its quotes.
    Text(&'text str),
    /// A comment; a version comment too.
    Comment(&'text str),
}

impl<'text> Part<'text> {
    /// As written.
    pub(crate) fn raw(self) -> &'text str {
        match self {
            Self::Code(raw) | Self::Name(raw) | Self::Text(raw) | Self::Comment(raw) => raw,
        }
    }
}

/// The parts of a text.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let start = opening(rest);
        let (code, after) = rest.split_at(start);
        if !code.is_empty() {
            parts.push(Part::Code(code));
        }
        let (part, after) = after.split_at(length(after));
        match part.as_bytes().first() {
            None => {}
            Some(b'`') => parts.push(Part::Name(part)),
            Some(b'\'' | b'"') => parts.push(Part::Text(part)),
            Some(_) => parts.push(Part::Comment(part)),
        }
        rest = after;
    }
    parts
}

/// Whether the text holds the name as a qualifier: `name.`, with or without quotes.
pub(crate) fn qualifies(text: &str, name: &str) -> bool {
    let parts: Vec<Part<'_>> = parts(text)
        .into_iter()
        .filter(|part| !matches!(part, Part::Comment(_)))
        .collect();
    parts.iter().enumerate().any(|(at, part)| match part {
        Part::Code(code) => code_qualifies(code, name),
        Part::Name(raw) | Part::Text(raw) => {
            let dot = parts
                .get(at + 1)
                .is_some_and(|next| matches!(next, Part::Code(code) if code.trim_start().starts_with('.')));
            dot && unquoted(raw).eq_ignore_ascii_case(name)
        }
        Part::Comment(_) => false,
    })
}

/// A quoted name without its quotes.
fn unquoted(raw: &str) -> String {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    inner.replace("``", "`")
}

fn code_qualifies(code: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut rest = code;
    while let Some(dot) = rest.find('.') {
        let before = rest.get(..dot).unwrap_or_default().trim_end();
        let start = before.rfind(|c: char| !word(c)).map_or(0, |at| {
            at + before
                .get(at..)
                .and_then(|tail| tail.chars().next())
                .map_or(1, char::len_utf8)
        });
        if before
            .get(start..)
            .is_some_and(|last| last.eq_ignore_ascii_case(name))
        {
            return true;
        }
        rest = rest.get(dot + 1..).unwrap_or_default();
    }
    false
}

/// Where the next quote or comment opens.
fn opening(text: &str) -> usize {
    let bytes = text.as_bytes();
    (0..bytes.len())
        .find(|&at| match bytes.get(at) {
            Some(b'`' | b'\'' | b'"') => true,
            Some(b'#' | b'/' | b'-') => text.get(at..).and_then(comment).is_some(),
            Some(_) | None => false,
        })
        .unwrap_or(bytes.len())
}

/// How long the quote or comment is with which the text starts.
fn length(text: &str) -> usize {
    match text.as_bytes().first() {
        None => 0,
        Some(&quote @ (b'`' | b'\'' | b'"')) => quoted(text.as_bytes(), quote),
        Some(_) => comment(text).unwrap_or(text.len()),
    }
}

/// How long the comment is with which the text starts, if one does. One that is never closed reaches the end.
pub(crate) fn comment(text: &str) -> Option<usize> {
    let dashes = text
        .strip_prefix("--")
        .is_some_and(|after| after.bytes().next().is_none_or(|byte| byte.is_ascii_whitespace()));
    let (opening, close) = if text.starts_with("/*") {
        (2, "*/")
    } else if text.starts_with('#') || dashes {
        (1, "\n")
    } else {
        return None;
    };
    let closed = text.get(opening..)?.find(close);
    Some(closed.map_or(text.len(), |at| opening + at + close.len()))
}

/// A doubled quote and, in strings, one after a backslash does not close.
pub(crate) fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        let escape = byte == b'\\' && quote != b'`';
        let doubled = byte == quote && bytes.get(at + 1) == Some(&quote);
        if escape || doubled {
            at += 2;
        } else if byte == quote {
            return at + 1;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_parts_are_the_text() {
        let text = "a `b``c` 'd''e\\'f' /* g ` */ -- h '\n # i\n \"j\" é -1--1";
        let parts = parts(text);
        assert_eq!(parts.iter().map(|part| part.raw()).collect::<String>(), text);
        assert!(parts.contains(&Part::Name("`b``c`")));
        assert!(parts.contains(&Part::Text("'d''e\\'f'")));
        assert!(parts.contains(&Part::Comment("-- h '\n")));
    }

    #[test]
    fn a_comment_is_not_closed_by_the_star_that_opens_it() {
        assert_eq!(parts("/*/ ` */"), [Part::Comment("/*/ ` */")]);
    }

    #[test]
    fn an_open_quote_reaches_the_end() {
        assert_eq!(parts("'a\\"), [Part::Text("'a\\")]);
    }

    #[test]
    fn a_qualifier_is_seen_in_code_and_in_quotes_only_before_a_dot() {
        for text in [
            "ALTER TABLE shop.t",
            "ALTER TABLE `Shop` . t",
            "x SHOP .`t`",
            "é.shop.t",
        ] {
            assert!(qualifies(text, "shop"), "{text}");
        }
        for text in [
            "CREATE TABLE shop (a INT)",
            "x 'shop.t'",
            "-- shop.t",
            "ALTER TABLE workshop.t",
            "SELECT 1.5",
        ] {
            assert!(!qualifies(text, "shop"), "{text}");
        }
    }
}
