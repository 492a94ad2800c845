//! What a definition says that is not of the schema: counters, definers, the schema's own name.

use super::scan::{Part, parts};
use crate::ident::name;

/// A table without the counter of its next row.
pub(super) fn table(definition: &str) -> String {
    parts(definition)
        .into_iter()
        .map(|part| match part {
            Part::Code(code) => without_counter(code),
            Part::Name(raw) | Part::Text(raw) | Part::Comment(raw) => raw.to_owned(),
        })
        .collect()
}

/// A view without definer and without its own schema's name.
pub(super) fn view(definition: &str, schema: &str) -> String {
    without_schema(&without_definer(definition), schema)
}

/// A stored program without definer; its body is as its author wrote it, but for a last `;`: the server keeps one where
/// the program came in a text of several statements.
pub(super) fn program(definition: &str) -> String {
    let ends = |c: char| c == ';' || c.is_whitespace();
    without_definer(definition).trim_end_matches(ends).to_owned()
}

/// The option `AUTO_INCREMENT=n` of a table. As an attribute of a column the word has no `=`.
fn without_counter(code: &str) -> String {
    const OPTION: &str = " AUTO_INCREMENT=";
    let Some((before, after)) = code.split_once(OPTION) else {
        return code.to_owned();
    };
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}{rest}")
}

/// ``DEFINER=`user`@`host` ``, which the server writes right after `CREATE`, before any name; in double quotes where the
/// program was made under `ANSI_QUOTES`.
fn without_definer(definition: &str) -> String {
    const OPTION: &str = "DEFINER=";
    let parts = parts(definition);
    let [
        Part::Code(head),
        Part::Name(_) | Part::Text(_),
        Part::Code("@"),
        Part::Name(_) | Part::Text(_),
        Part::Code(tail),
        rest @ ..,
    ] = parts.as_slice()
    else {
        return definition.to_owned();
    };
    let (Some(head), Some(tail)) = (head.strip_suffix(OPTION), tail.strip_prefix(' ')) else {
        return definition.to_owned();
    };
    let rest: String = rest.iter().map(|part| part.raw()).collect();
    format!("{head}{tail}{rest}")
}

/// The server leaves the schema out of names of the schema in which the session stands, but not always in views that
/// read other schemas too. Left as it is where the name is also that of a table or alias: then it may mean that.
fn without_schema(view: &str, schema: &str) -> String {
    let quoted = name(schema);
    let parts = parts(view);
    let dot = |at: usize| matches!(parts.get(at), Some(Part::Code(code)) if code.starts_with('.'));
    let own = |at: usize| parts.get(at).is_some_and(|part| part.raw() == quoted);
    if (0..parts.len()).any(|at| own(at) && !dot(at + 1)) {
        return view.to_owned();
    }
    let mut text = String::with_capacity(view.len());
    let mut skip_dot = false;
    for (at, part) in parts.iter().enumerate() {
        let after_dot = at
            .checked_sub(1)
            .is_some_and(|before| matches!(parts.get(before), Some(Part::Code(code)) if code.ends_with('.')));
        if own(at) && !after_dot {
            skip_dot = true;
        } else {
            let raw = part.raw();
            text.push_str(if skip_dot {
                raw.strip_prefix('.').unwrap_or(raw)
            } else {
                raw
            });
            skip_dot = false;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_goes_and_texts_that_look_like_it_stay() {
        let shown = "CREATE TABLE `t AUTO_INCREMENT=1` (\n  `id` int NOT NULL AUTO_INCREMENT COMMENT ' AUTO_INCREMENT=2',\n  \
                     PRIMARY KEY (`id`)\n) ENGINE=InnoDB AUTO_INCREMENT=34 DEFAULT CHARSET=utf8mb4 COMMENT=' AUTO_INCREMENT=5'";
        assert_eq!(table(shown), shown.replace(" AUTO_INCREMENT=34", ""));
    }

    #[test]
    fn the_definer_goes_from_the_head_only() {
        let shown = "CREATE DEFINER=`ro``ot`@`%` PROCEDURE `p`()\nSELECT 'DEFINER=`a`@`b` '";
        assert_eq!(
            program(shown),
            "CREATE PROCEDURE `p`()\nSELECT 'DEFINER=`a`@`b` '"
        );
        let ansi = r#"CREATE DEFINER="root"@"%" PROCEDURE "p"() SELECT 1; "#;
        assert_eq!(program(ansi), r#"CREATE PROCEDURE "p"() SELECT 1"#);
        let without = "CREATE PROCEDURE `p`() SELECT 1";
        assert_eq!(program(without), without);
    }

    #[test]
    fn a_view_names_its_own_schema_nowhere() {
        let shown = "CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`%` SQL SECURITY DEFINER VIEW `v` AS select \
                     `shop`.`t`.`a` AS `a`,`q`.`t`.`id` AS `id` from (`shop`.`t` join `q`.`t`)";
        assert_eq!(
            view(shown, "shop"),
            "CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v` AS select `t`.`a` AS `a`,`q`.`t`.`id` AS `id` \
             from (`t` join `q`.`t`)"
        );
    }

    #[test]
    fn a_table_called_as_the_schema_is_left_alone() {
        let shown = "CREATE VIEW `v` AS select `shop`.`a` AS `a` from `shop`";
        assert_eq!(view(shown, "shop"), shown);
    }
}
