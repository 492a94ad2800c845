//! "Did you mean …?": near misses named in answers.

/// The candidate that differs from `text` by case, a plural `s`, or one edit, if there is one.
pub(crate) fn near_miss<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = text.to_lowercase();
    candidates.into_iter().find(|candidate| {
        let other = candidate.to_lowercase();
        lower == other || within_one_edit(&lower, &other)
    })
}

/// Whether one inserted, removed, replaced or swapped character leads from one to the other.
fn within_one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    if short.len() < long.len() {
        return short[start..] == long[start + 1..];
    }
    let rest = (&short[start..], &long[start..]);
    rest.0.len() < 2
        || rest.0[1..] == rest.1[1..]
        || (rest.0[0] == rest.1[1] && rest.0[1] == rest.1[0] && rest.0[2..] == rest.1[2..])
}

#[cfg(test)]
mod tests {
    use super::near_miss;

    #[test]
    fn one_edit_is_near_and_two_are_not() {
        let known = ["test", "prod"];
        for (text, expected) in [
            ("Test", Some("test")),
            ("tests", Some("test")),
            ("tset", Some("test")),
            ("tst", Some("test")),
            ("prad", Some("prod")),
            ("staging", None),
            ("", None),
        ] {
            assert_eq!(near_miss(text, known), expected, "{text}");
        }
    }
}
