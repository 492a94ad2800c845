//! Which operation of GitHub's API a request is.

/// An operation: the path with its names taken out, so that calls can be counted.
pub(crate) fn template(path: &str) -> String {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let (head, rest): (Vec<String>, &[&str]) = match segments.as_slice() {
        ["repos", _, _, rest @ ..] => (vec!["repos/{owner}/{repo}".to_owned()], rest),
        all => (Vec::new(), all),
    };
    let mut parts = head;
    let mut rest = rest.iter().copied().peekable();
    while let Some(segment) = rest.next() {
        let long = match segment {
            "contents" => "{path}",
            "ref" | "refs" | "matching-refs" => "{ref}",
            "compare" => "{basehead}",
            _ => "",
        };
        parts.push(named(segment));
        if !long.is_empty() && rest.peek().is_some() {
            parts.push(long.to_owned());
            break;
        }
    }
    format!("/{}", parts.join("/"))
}

fn named(segment: &str) -> String {
    let is_number = segment.bytes().all(|byte| byte.is_ascii_digit());
    let is_sha = segment.len() == 40 && segment.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_number {
        "{number}".to_owned()
    } else if is_sha {
        "{sha}".to_owned()
    } else {
        segment.to_owned()
    }
}

/// `owner/name` and what follows in the path of a repository's operation.
pub(crate) fn in_repository(path: &str) -> Option<(String, &str)> {
    let rest = path.strip_prefix("/repos/")?;
    let (owner, rest) = rest.split_once('/')?;
    let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
    Some((format!("{owner}/{name}"), rest))
}

/// A piece of a path as it is meant: with its escapes read.
pub(crate) fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let escaped = (*byte == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(read) = escaped {
            bytes.push(read);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a path is what a pattern says, where `*` is any run of characters.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(first) = pieces.next() else {
        return path.is_empty();
    };
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{in_repository, matches, template, unescaped};

    #[test]
    fn names_are_taken_out_of_paths() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        for (path, expected) in [
            (
                "/repos/o/r/contents/a/b%23.sql",
                "/repos/{owner}/{repo}/contents/{path}",
            ),
            (
                "/repos/o/r/git/ref/heads/main",
                "/repos/{owner}/{repo}/git/ref/{ref}",
            ),
            ("/repos/o/r/git/refs", "/repos/{owner}/{repo}/git/refs"),
            (
                "/app/installations/5001/access_tokens",
                "/app/installations/{number}/access_tokens",
            ),
        ] {
            assert_eq!(template(path), expected);
        }
        assert_eq!(
            template(&format!("/repos/o/r/commits/{sha}/check-runs")),
            "/repos/{owner}/{repo}/commits/{sha}/check-runs"
        );
    }

    #[test]
    fn patterns_are_anchored_at_both_ends() {
        assert!(matches("/repos/*/contents/*", "/repos/o/r/contents/a"));
        assert!(matches("*", "/anything"));
        assert!(!matches("/repos/*/contents", "/repos/o/r/contents/a"));
        assert!(!matches("/app", "/application"));
    }

    #[test]
    fn paths_are_read() {
        assert_eq!(
            in_repository("/repos/o/r/git/refs"),
            Some(("o/r".to_owned(), "git/refs"))
        );
        assert_eq!(unescaped("a%23%23b%"), "a##b%");
    }
}
