//! Branch filters: exact, or with `*` for any characters inside one segment and `**` for any; anchored.

/// Whether a full ref is a branch that the filter takes. Tags never are.
pub fn branch_of<'r>(filter: &str, git_ref: &'r str) -> Option<&'r str> {
    let branch = git_ref.strip_prefix("refs/heads/")?;
    matches(filter.as_bytes(), branch.as_bytes()).then_some(branch)
}

/// Whether the filter names exactly one branch.
pub fn is_exact(filter: &str) -> bool {
    !filter.contains('*')
}

fn matches(filter: &[u8], text: &[u8]) -> bool {
    match filter {
        [] => text.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=text.len()).any(|end| matches(rest, &text[end..])),
        [b'*', rest @ ..] => {
            let segment = text.iter().position(|byte| *byte == b'/').unwrap_or(text.len());
            (0..=segment).any(|end| matches(rest, &text[end..]))
        }
        [first, rest @ ..] => text.first() == Some(first) && matches(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::branch_of;

    #[test]
    fn filters_are_anchored_and_take_branches_only() {
        for (filter, git_ref, expected) in [
            ("main", "refs/heads/main", Some("main")),
            ("main", "refs/heads/main2", None),
            ("main", "refs/heads/main ", None),
            ("main", "refs/heads/Main", None),
            ("main", "refs/tags/main", None),
            ("main", "main", None),
            ("release/*", "refs/heads/release/1", Some("release/1")),
            ("release/*", "refs/heads/release/1/2", None),
            ("release/**", "refs/heads/release/1/2", Some("release/1/2")),
            ("*", "refs/heads/a/b", None),
            ("v*x", "refs/heads/v12x", Some("v12x")),
        ] {
            assert_eq!(branch_of(filter, git_ref), expected, "{filter} on {git_ref}");
        }
    }
}
