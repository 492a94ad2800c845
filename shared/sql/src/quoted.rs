//! Where things that are opened end.

/// Where `what` next stands, from `at` on.
pub(crate) fn find(text: &str, at: usize, what: &str) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    let length = match what.as_bytes() {
        [byte] => memchr::memchr(*byte, rest),
        what => memchr::memmem::find(rest, what),
    };
    length.map(|length| at + length)
}

/// Where the comment at `at` closes, which is looked for from `from` on: after its `*/`.
pub(crate) fn comment_end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += memchr::memchr(b'*', bytes.get(at..)?)? + 1;
        if bytes.get(at) == Some(&b'/') {
            return Some(at + 1);
        }
    }
}

/// Most quoted texts are shorter than this: looking at each byte is faster than what takes longer to start.
const SHORT: usize = 12;

/// The end of what the quote at `at` opens, after its closing quote. A doubled quote stands for itself, and
/// so does one after a backslash where `escapes`.
#[inline]
pub(crate) fn quoted_end(bytes: &[u8], at: usize, quote: u8, escapes: bool) -> Option<usize> {
    let escape = if escapes { b'\\' } else { quote };
    let from = at + 1;
    let rest = bytes.get(from..)?;
    let near = rest
        .iter()
        .take(SHORT)
        .position(|byte| *byte == quote || *byte == escape);
    match near {
        Some(length) => {
            let end = from + length;
            if rest.get(length) == Some(&quote) && rest.get(length + 1) != Some(&quote) {
                return Some(end + 1);
            }
            long_quoted_end(bytes, end, quote, escape)
        }
        None => long_quoted_end(bytes, from + SHORT.min(rest.len()), quote, escape),
    }
}

/// The same, where what comes before `at` is known to be inside.
#[inline(never)]
fn long_quoted_end(bytes: &[u8], at: usize, quote: u8, escape: u8) -> Option<usize> {
    let mut at = at;
    loop {
        at += memchr::memchr2(quote, escape, bytes.get(at..)?)?;
        let doubled = bytes.get(at + 1) == Some(&quote);
        if bytes.get(at) == Some(&quote) && !doubled {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The end of a version comment for a server that skips it: after its `*/`, where one level of comments
/// inside it is skipped as well.
pub(crate) fn skipped_end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let star = at + memchr::memchr(b'*', bytes.get(at..)?)?;
        if star > at && bytes.get(star - 1) == Some(&b'/') {
            at = comment_end(text, star + 1)?;
        } else if bytes.get(star + 1) == Some(&b'/') {
            return Some(star + 2);
        } else {
            at = star + 1;
        }
    }
}

/// The `$$` or `$tag$` that starts at `at`.
pub(crate) fn dollar_tag(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let name = rest.strip_prefix('$')?;
    let length =
        name.find(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric() && letter != '_')?;
    if !name.get(length..)?.starts_with('$') {
        return None;
    }
    rest.get(..length + 2)
}
