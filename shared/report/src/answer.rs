//! Why a file is not taken: one sentence, with the marks of Markdown on the commit and without them in a terminal.

use crate::page::page;
use crate::text::{code_span, prose, visible};

/// How a text is put.
#[derive(Clone, Copy)]
pub(crate) struct Marks {
    prose: fn(&str) -> String,
    code: fn(&str) -> String,
}

/// For GitHub.
pub(crate) const MARKDOWN: Marks = Marks {
    prose,
    code: code_span,
};

/// For a terminal.
const PLAIN: Marks = Marks {
    prose: visible,
    code: quoted,
};

fn quoted(text: &str) -> String {
    format!("`{}`", visible(text))
}

/// Why a file is refused, and which page explains it.
pub(crate) fn refused(code: &str, reason: &str, marks: Marks) -> String {
    format!("{} ({})", (marks.prose)(reason), explained(code, marks))
}

/// Why a file is ignored.
pub(crate) fn ignored(reason: &str, marks: Marks) -> String {
    (marks.prose)(reason)
}

/// A code and the page that explains it.
pub(crate) fn explained(code: &str, marks: Marks) -> String {
    format!("{}, see {}", (marks.code)(code), (marks.code)(&page(code)))
}

/// Why a file is refused, word for word as its commit says it, for a terminal.
pub fn refused_in_words(code: &str, reason: &str) -> String {
    refused(code, reason, PLAIN)
}

/// Why a file is ignored, word for word as its commit says it, for a terminal.
pub fn ignored_in_words(reason: &str) -> String {
    ignored(reason, PLAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_and_a_commit_are_told_the_same() {
        let reason = "there is no environment `Test`; did you mean `test`?";
        let said = "there is no environment `Test`; did you mean `test`? (`environment-unknown`, see \
                    `docs/errors/environment-unknown.md`)";
        assert_eq!(refused_in_words("environment-unknown", reason), said);
        assert_eq!(refused("environment-unknown", reason, MARKDOWN), said);
        let reason = "the path does not match `{{DB_NAME}}.sql`";
        assert_eq!(ignored_in_words(reason), ignored(reason, MARKDOWN));
        assert_eq!(ignored_in_words("a\u{202e}b_c"), "a\\u{202e}b_c");
    }
}
