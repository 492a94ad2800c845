//! What the definitions of views and stored programs say that is not of the schema: definers, the schema's own name.

use super::head;
use super::scan::{Part, parts};
use crate::dump::Definers;
use crate::ident::name;
use sql::SqlMode;

/// A view without its own schema's name.
pub(super) fn view(definition: &str, schema: &str, definers: Definers) -> String {
    without_schema(&defined(definition, definers), schema)
}

/// A stored program, made under this `sql_mode`. Its body is as its author wrote it, but for comments and a `;` after its
/// end: the server keeps those where the program came in a text of several statements, and a text that is split into
/// statements loses them.
pub(super) fn program(definition: &str, sql_mode: &str, definers: Definers) -> String {
    let ends = |c: char| c == ';' || c.is_whitespace();
    let whole = defined(definition, definers);
    match sql::split(&whole, SqlMode::parse(sql_mode)).as_deref() {
        Ok([only]) => only.text.clone(),
        Ok(_) | Err(_) => whole.trim_end_matches(ends).to_owned(),
    }
}

/// A trigger, whose head is its author's too.
pub(super) fn trigger(definition: &str, sql_mode: &str, schema: &str, definers: Definers) -> String {
    head::without_schema(&program(definition, sql_mode, definers), schema)
}

fn defined(definition: &str, definers: Definers) -> String {
    match definers {
        Definers::Drop => head::without_definer(definition),
        Definers::Keep => definition.to_owned(),
    }
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
    fn a_view_names_its_own_schema_nowhere() {
        let shown = "CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`%` SQL SECURITY DEFINER VIEW `v` AS select \
                     `shop`.`t`.`a` AS `a`,`q`.`t`.`id` AS `id` from (`shop`.`t` join `q`.`t`)";
        assert_eq!(
            view(shown, "shop", Definers::Drop),
            "CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v` AS select `t`.`a` AS `a`,`q`.`t`.`id` AS `id` \
             from (`t` join `q`.`t`)"
        );
    }

    #[test]
    fn a_definer_is_kept_where_it_is_wanted() {
        let shown = "CREATE DEFINER=`a`@`%` PROCEDURE `p`() SELECT 1; ";
        assert_eq!(
            program(shown, "", Definers::Keep),
            "CREATE DEFINER=`a`@`%` PROCEDURE `p`() SELECT 1"
        );
        assert_eq!(
            program(shown, "", Definers::Drop),
            "CREATE PROCEDURE `p`() SELECT 1"
        );
    }

    #[test]
    fn what_follows_the_end_of_a_body_goes() {
        for (shown, mode, expected) in [
            (
                "CREATE PROCEDURE p() BEGIN SELECT 1; END; -- end;\n",
                "",
                "CREATE PROCEDURE p() BEGIN SELECT 1; END",
            ),
            (
                "CREATE PROCEDURE p() SELECT 1 /* ; */",
                "",
                "CREATE PROCEDURE p() SELECT 1",
            ),
            (
                "CREATE PROCEDURE p() SELECT '\\' # x",
                "NO_BACKSLASH_ESCAPES",
                "CREATE PROCEDURE p() SELECT '\\'",
            ),
        ] {
            assert_eq!(program(shown, mode, Definers::Drop), expected);
        }
    }

    #[test]
    fn a_table_called_as_the_schema_is_left_alone() {
        let shown = "CREATE VIEW `v` AS select `shop`.`a` AS `a` from `shop`";
        assert_eq!(view(shown, "shop", Definers::Drop), shown);
    }
}
