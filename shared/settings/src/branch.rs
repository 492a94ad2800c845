//! Branch filters: exact, or with `*` for any characters inside one segment and `**` for any; anchored.

/// What the names of the branches begin with on which write-back proposes the latest schema.
pub const OURS: &str = "sluice/write-back/";

/// Whether a full ref is a branch that the filter takes. Tags and our own branches never are.
pub fn branch_of<'r>(filter: &str, git_ref: &'r str) -> Option<&'r str> {
    let branch = git_ref.strip_prefix("refs/heads/")?;
    if branch.starts_with(OURS) {
        return None;
    }
    matches(filter, branch).then_some(branch)
}

/// Whether the filter names exactly one branch.
pub fn is_exact(filter: &str) -> bool {
    !filter.contains('*')
}

/// How every branch that the filter takes begins.
pub fn beginning(filter: &str) -> &str {
    filter.split('*').next().unwrap_or_default()
}

/// One piece of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// This byte.
    Byte(u8),
    /// Any bytes but `/`.
    Segment,
    /// Any bytes.
    Any,
}

fn pieces(filter: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = filter.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (piece, after) = match (first, after) {
            (b'*', [b'*', after @ ..]) => (Piece::Any, after),
            (b'*', after) => (Piece::Segment, after),
            (byte, after) => (Piece::Byte(*byte), after),
        };
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn matches(filter: &str, text: &str) -> bool {
    let text: Vec<Piece> = text.bytes().map(Piece::Byte).collect();
    meet(&pieces(filter), &text)
}

/// Whether one branch could match both filters.
pub(crate) fn could_meet(one: &str, other: &str) -> bool {
    meet(&pieces(one), &pieces(other))
}

/// Whether some text is taken by both. Every pair of places is looked at once, so that no name is slow.
fn meet(one: &[Piece], other: &[Piece]) -> bool {
    let takes = |piece: Piece, byte: u8| match piece {
        Piece::Byte(own) => own == byte,
        Piece::Segment => byte != b'/',
        Piece::Any => true,
    };
    let skips = |piece: Piece| match piece {
        Piece::Byte(_) => false,
        Piece::Segment | Piece::Any => true,
    };
    // Whether the rests from each place of `other` on meet the rest of `one` that is looked at.
    let mut below: Vec<bool> = Vec::new();
    for i in (0..=one.len()).rev() {
        let mut row = vec![false; other.len() + 1];
        for j in (0..=other.len()).rev() {
            let down = below.get(j).copied().unwrap_or(false);
            let right = row.get(j + 1).copied().unwrap_or(false);
            let both = below.get(j + 1).copied().unwrap_or(false);
            let met = match (one.get(i).copied(), other.get(j).copied()) {
                (None, None) => true,
                (Some(piece), None) => skips(piece) && down,
                (None, Some(piece)) => skips(piece) && right,
                (Some(Piece::Byte(byte)), Some(Piece::Byte(own))) => byte == own && both,
                (Some(piece), Some(Piece::Byte(byte))) => down || (takes(piece, byte) && right),
                (Some(Piece::Byte(byte)), Some(piece)) => right || (takes(piece, byte) && down),
                // Each may stand for nothing, and what the other takes from then on it may take itself or not.
                (Some(_), Some(_)) => down || right,
            };
            if let Some(cell) = row.get_mut(j) {
                *cell = met;
            }
        }
        below = row;
    }
    below.first().copied().unwrap_or(false)
}

/// What is wrong with a filter, and what to write instead.
pub(crate) fn fault(filter: &str) -> Option<String> {
    if filter.is_empty() {
        return Some("the branch is empty; write its name, for example `main`".to_owned());
    }
    if let Some(branch) = filter.strip_prefix("refs/heads/") {
        return Some(format!("write the branch alone: `{branch}`"));
    }
    if filter.starts_with("refs/") {
        return Some(
            "only branches are followed, never tags or other refs; write a branch's name".to_owned(),
        );
    }
    if filter.contains("***") {
        return Some("`***` means nothing; `*` is any text without `/`, `**` is any text".to_owned());
    }
    let forbidden = |c: char| c.is_control() || " ~^:?[\\".contains(c);
    if let Some(c) = filter.chars().find(|c| forbidden(*c)) {
        return Some(format!(
            "no branch can hold {c:?}; a filter is a name in which `*` is any text without `/`, and `**` any text"
        ));
    }
    let segments = || filter.split('/');
    let wrong = filter.contains("..")
        || filter.contains("@{")
        || filter.ends_with('.')
        || segments().any(|segment| {
            segment.is_empty() || segment.starts_with('.') || segment.strip_suffix(".lock").is_some()
        });
    wrong.then(|| "Git takes no branch of such a name, so that nothing would ever match".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
            ("**", "refs/heads/sluice/write-back/demo/main", None),
            ("**", "refs/heads/sluice/write-backs", Some("sluice/write-backs")),
        ] {
            assert_eq!(branch_of(filter, git_ref), expected, "{filter} on {git_ref}");
        }
    }

    #[test]
    fn filters_that_nothing_matches_are_named() {
        for (filter, expected) in [
            ("", Some("empty")),
            ("refs/heads/main", Some("write the branch alone: `main`")),
            ("refs/tags/v1", Some("never tags")),
            ("a b", Some("no branch can hold ' '")),
            ("***", Some("means nothing")),
            ("/main", Some("Git takes no branch of such a name")),
            ("main/", Some("Git takes no branch of such a name")),
            ("a..b", Some("Git takes no branch of such a name")),
            ("main", None),
            ("release/**", None),
            ("v*.x", None),
        ] {
            let found = fault(filter);
            assert_eq!(found.is_some(), expected.is_some(), "{filter}: {found:?}");
            assert!(
                found.unwrap_or_default().contains(expected.unwrap_or_default()),
                "{filter}"
            );
        }
    }

    #[test]
    fn filters_meet_where_one_branch_matches_both() {
        for (one, other, expected) in [
            ("main", "main", true),
            ("main", "mail", false),
            ("*", "main", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("release/*", "*/1", true),
            ("release/*", "*", false),
            ("release/*", "hotfix/*", false),
            ("release/**", "**/hotfix", true),
            ("*", "**", true),
        ] {
            assert_eq!(could_meet(one, other), expected, "{one} and {other}");
            assert_eq!(could_meet(other, one), expected, "{other} and {one}");
        }
    }

    #[test]
    fn a_name_made_to_be_slow_is_not() {
        let filter = "**a".repeat(60) + "b";
        assert_eq!(
            branch_of(&filter, &format!("refs/heads/{}", "a".repeat(4000))),
            None
        );
    }

    /// As the words say it, by trying every way.
    fn by_trying(filter: &[u8], text: &[u8]) -> bool {
        match filter {
            [] => text.is_empty(),
            [b'*', b'*', rest @ ..] => (0..=text.len()).any(|end| by_trying(rest, &text[end..])),
            [b'*', rest @ ..] => {
                let segment = text.iter().position(|byte| *byte == b'/').unwrap_or(text.len());
                (0..=segment).any(|end| by_trying(rest, &text[end..]))
            }
            [first, rest @ ..] => text.first() == Some(first) && by_trying(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn filters_take_what_their_words_say(filter in "[a/*]{0,6}", text in "[a/]{0,8}") {
            prop_assert_eq!(matches(&filter, &text), by_trying(filter.as_bytes(), text.as_bytes()));
        }

        #[test]
        fn filters_that_do_not_meet_have_no_branch_in_common(
            one in "[a/*]{0,5}",
            other in "[a/*]{0,5}",
            text in "[a/]{0,6}",
        ) {
            prop_assert!(!(matches(&one, &text) && matches(&other, &text)) || could_meet(&one, &other));
        }
    }

    #[test]
    fn every_branch_that_is_taken_begins_so() {
        for (filter, expected) in [
            ("main", "main"),
            ("release/*", "release/"),
            ("v*x", "v"),
            ("**", ""),
        ] {
            assert_eq!(beginning(filter), expected, "{filter}");
        }
    }
}
