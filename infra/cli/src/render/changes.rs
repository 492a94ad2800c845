//! What changed in a schema, in words: a line each.

use super::plain;
use super::style::{Style, Tone};

/// A heading, and the changes below it; nothing where there are none.
pub(crate) fn part(heading: &str, changes: &[String], style: Style) -> String {
    if changes.is_empty() {
        return String::new();
    }
    format!("{}\n{}", style.paint(Tone::Heading, heading), list(changes))
}

/// The changes, a line each.
pub(crate) fn list(changes: &[String]) -> String {
    let mut text = String::new();
    for change in changes {
        text.push_str("  ");
        text.push_str(&plain::line(change));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_is_one_line_that_steers_nothing() {
        let changes = [
            "table `a\nb` added".to_owned(),
            "table `\u{1b}[2J` dropped".to_owned(),
        ];
        insta::assert_snapshot!(part("Changes", &changes, Style { colored: false }), @r"
        Changes
          table `a b` added
          table `\u{1b}[2J` dropped
        ");
        assert_eq!(part("Changes", &[], Style { colored: false }), "");
    }
}
