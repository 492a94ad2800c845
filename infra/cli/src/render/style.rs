//! Decoration: bold headings and colored statuses, where a terminal shows them.

/// How text is decorated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Whether there is any decoration.
    pub(crate) colored: bool,
}

/// What text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A heading.
    Heading,
    /// It went well, or was added.
    Good,
    /// It went wrong, or was removed.
    Bad,
    /// It waits for somebody.
    Pending,
    /// Nothing in particular.
    Neutral,
}

impl Style {
    /// Text in a tone.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Heading => "1",
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Pending => "33",
            Tone::Neutral => return text.to_owned(),
        };
        if self.colored {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// A unified diff, line by line.
    pub(crate) fn diff(self, text: &str) -> String {
        text.lines()
            .map(|line| self.paint(tone_of(line), line) + "\n")
            .collect()
    }
}

fn tone_of(line: &str) -> Tone {
    match line.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'@', b'@', ..] => Tone::Heading,
        [b'+', ..] => Tone::Good,
        [b'-', ..] => Tone::Bad,
        _ => Tone::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_is_colored_only_where_colors_show() {
        let diff = "@@ -1 +1 @@\n-a\n+b\n c\n";
        assert_eq!(Style { colored: false }.diff(diff), diff);
        insta::assert_snapshot!(Style { colored: true }.diff(diff).escape_debug(), @r"\u{1b}[1m@@ -1 +1 @@\u{1b}[0m\n\u{1b}[31m-a\u{1b}[0m\n\u{1b}[32m+b\u{1b}[0m\n c\n");
    }
}
