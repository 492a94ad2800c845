//! Texts that somebody else wrote, made harmless in Markdown.
//!
//! Three places: [`code_span`] (names, identifiers, statements in a line), [`fence`] (blocks), [`prose`] (sentences).
//! All three are safe inside a table's cell but for [`fence`], which is no inline text.

use std::fmt::Write as _;

/// The longest inline text; what is longer is cut.
const LONGEST: usize = 1_000;

/// The text as code inside a line or a table's cell.
pub fn code_span(text: &str) -> String {
    let text = cut(&visible(text));
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    if text.contains('|') {
        // A code span can't hold a pipe inside a table in a way that all renderers agree on.
        return format!("<code>{}</code>", entities(&text));
    }
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// The text as a block of code.
pub fn fence(language: &str, text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    let text = lines.join("\n");
    let ticks = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{ticks}{language}\n{text}\n{ticks}\n")
}

/// The text as a sentence: no mark-up, no mention, no reference, no link. Pairs of back-ticks stay code.
pub fn prose(text: &str) -> String {
    let text = cut(&visible(text));
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let mut safe = String::with_capacity(text.len() + 16);
    for (index, part) in parts.iter().enumerate() {
        if paired && index % 2 == 1 {
            safe.push_str(&code_span(part));
        } else {
            if !paired && index > 0 {
                safe.push_str("&#96;");
            }
            safe.push_str(&neutral(part));
        }
    }
    safe
}

/// The text in one line, with what can't be seen, or changes the order of reading, written out.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => seen.push(' '),
            '\r' => {}
            '\t' => seen.push_str("    "),
            c if c.is_control() || is_invisible(c) => {
                // Writing to a string can't fail.
                let _ = write!(seen, "\\u{{{:x}}}", u32::from(c));
            }
            c => seen.push(c),
        }
    }
    seen
}

/// Characters that reorder, join, hide or tag text.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// No mark-up: what begins any is an entity. No mention, reference or link: a zero-width space breaks it.
fn neutral(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '\\' | '*' | '_' | '~' | '[' | ']' | '!' => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            '@' => safe.push_str("@\u{200b}"),
            '#' => safe.push_str("#\u{200b}"),
            ':' if rest.peek() == Some(&'/') => safe.push_str(":\u{200b}"),
            '.' if safe.to_ascii_lowercase().ends_with("www") => safe.push_str("\u{200b}."),
            '-' if safe.to_ascii_lowercase().ends_with("gh") => safe.push_str("\u{200b}-"),
            c => safe.push(c),
        }
    }
    safe
}

/// Every ASCII character that Markdown or HTML could see something in, as an entity.
fn entities(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, ',' | ';' | '/' | '.') {
            let _ = write!(safe, "&#{};", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`');
    runs.map(str::len).max().unwrap_or(0)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn code_stays_code() {
        for (text, expected) in [
            ("a.sql", "`a.sql`"),
            ("db##1##ddl##x.sql", "`db##1##ddl##x.sql`"),
            ("a`b", "``a`b``"),
            ("a```b", "````a```b````"),
            ("`a`", "`` `a` ``"),
            (" a", "`  a `"),
            ("", "(empty)"),
            (" \t\n", "(empty)"),
            ("a\nb", "`a b`"),
            ("a|b", "<code>a&#124;b</code>"),
            ("a\\|`<b", "<code>a&#92;&#124;&#96;&#60;b</code>"),
            ("a\u{202e}lqs.b", "`a\\u{202e}lqs.b`"),
            ("a\0\u{1b}[31m", "`a\\u{0}\\u{1b}[31m`"),
        ] {
            assert_eq!(code_span(text), expected, "{text:?}");
        }
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        assert_eq!(
            fence("sql", "SELECT 1;\r\n\tx"),
            "```sql\nSELECT 1;\n    x\n```\n"
        );
        assert_eq!(fence("", "a\n````\nb"), "`````\na\n````\nb\n`````\n");
        assert_eq!(fence("diff", "+\u{202e}a"), "```diff\n+\\u{202e}a\n```\n");
    }

    #[test]
    fn sentences_are_only_sentences() {
        for (text, expected) in [
            ("Did you mean `test`?", "Did you mean `test`?"),
            ("one ` alone", "one &#96; alone"),
            ("`a|b` and `c`", "<code>a&#124;b</code> and `c`"),
            ("ask @dee about #12", "ask @\u{200b}dee about #\u{200b}12"),
            ("GH-12 and a/b#1", "GH\u{200b}-12 and a/b#\u{200b}1"),
            ("<!-- x --><script>", "&lt;&#33;-- x --&gt;&lt;script&gt;"),
            (
                "[x](javascript:1) ![y](z)",
                "&#91;x&#93;(javascript:1) &#33;&#91;y&#93;(z)",
            ),
            ("**b** _i_ ~s~", "&#42;&#42;b&#42;&#42; &#95;i&#95; &#126;s&#126;"),
            (
                "https://evil.example www.evil.example",
                "https:\u{200b}//evil.example www\u{200b}.evil.example",
            ),
            ("a | b \\| c", "a &#124; b &#92;&#124; c"),
            ("line\nbreak &amp;", "line break &amp;amp;"),
        ] {
            assert_eq!(prose(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let text = code_span(&"ä".repeat(5_000));
        assert_eq!(text.chars().count(), LONGEST + 3);
        assert!(text.ends_with("…`"));
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_a_line_or_a_cell(text in "[a`|\\\\<>@# \n\r\t!\\[\\](){}\u{202e}\u{0}*_~]{0,40}") {
            for safe in [code_span(&text), prose(&text)] {
                prop_assert!(!safe.contains(['\n', '\r', '|', '\u{202e}', '\0']), "{safe:?}");
                prop_assert!(!safe.contains("<!--"), "{safe:?}");
            }
        }

        #[test]
        fn a_code_span_closes_where_it_ends(text in "[a` ]{1,20}") {
            let span = code_span(&text);
            let ticks = span.len() - span.trim_start_matches('`').len();
            if ticks > 0 {
                let inside = &span[ticks..span.len() - ticks];
                prop_assert!(longest_run(inside) < ticks, "{span:?}");
                prop_assert!(!inside.starts_with('`') && !inside.ends_with('`'), "{span:?}");
            }
        }

        #[test]
        fn any_text_is_safe(text in "\\PC*") {
            prop_assert!(!prose(&text).contains('|'));
            prop_assert!(!code_span(&text).contains('\n'));
            prop_assert!(fence("", &text).ends_with("`\n"));
        }
    }
}
