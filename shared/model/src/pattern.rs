//! Patterns of names, in which `*` stands for any run of characters.

/// Whether a text is one that the pattern means, letter by letter.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

/// Whether there is any text that both patterns mean.
pub fn meet(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // `row[j]`: what is left of `one` and the last `j` of `other` mean a text in common.
    let tail = |text: &[char], left: usize| text.len().checked_sub(left).and_then(|at| text.get(at).copied());
    let stars = |text: &[char], left: usize| (1..=left).all(|back| tail(text, back) == Some('*'));
    let mut row: Vec<bool> = (0..=other.len()).map(|left| stars(&other, left)).collect();
    for left in 1..=one.len() {
        let first = tail(&one, left);
        let mut next = vec![stars(&one, left)];
        for right in 1..=other.len() {
            let second = tail(&other, right);
            let before = |row: &[bool], at: usize| row.get(at).copied().unwrap_or_default();
            next.push(if first == Some('*') || second == Some('*') {
                before(&row, right) || before(&next, right - 1)
            } else {
                first == second && before(&row, right - 1)
            });
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{matches, meet};

    #[test]
    fn two_patterns_meet_where_a_text_fits_both() {
        for (one, other, fits) in [
            ("", "", true),
            ("", "a", false),
            ("", "**", true),
            ("ada", "ada", true),
            ("ada", "bob", false),
            ("ada@*", "*@example.com", true),
            ("ada@*", "bob@*", false),
            ("a*b", "a*c", false),
            ("a*b*", "*c", true),
            ("*a", "b*", true),
            ("ab*", "a", false),
            ("*x*", "abc", false),
        ] {
            assert_eq!(meet(one, other), fits, "{one} {other}");
            assert_eq!(meet(other, one), fits, "{other} {one}");
        }
    }

    #[test]
    fn a_star_is_any_run_of_characters() {
        for (pattern, text, fits) in [
            ("orders", "orders", true),
            ("orders", "orders2", false),
            ("orders", "order", false),
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "anything", true),
            ("billing_*", "billing_", true),
            ("billing_*", "billing", false),
            ("*_log", "audit_log", true),
            ("*_log", "audit_logs", false),
            ("a*b*c", "abc", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("**", "x", true),
            ("ä*", "äö", true),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
