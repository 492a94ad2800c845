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

#[cfg(test)]
mod tests {
    use super::matches;

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
