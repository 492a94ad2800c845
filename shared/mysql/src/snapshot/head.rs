//! What the head of a definition says of a place: its definer, its own schema, whether an event sleeps.

use super::words::{Word, words};
use std::collections::BTreeSet;

/// What is made, after which the head names it.
const OBJECTS: [&str; 5] = ["FUNCTION", "PROCEDURE", "VIEW", "TRIGGER", "EVENT"];

/// A definition without `DEFINER = user`, which stands between `CREATE` and what is made; anything else as it is.
pub(crate) fn without_definer(definition: &str) -> String {
    let mut kept = String::with_capacity(definition.len());
    let mut read = 0;
    for word in words(definition) {
        if OBJECTS.iter().any(|object| word.is(object)) || word.is("TABLE") || word.is("AS") {
            break;
        }
        read += word.text.len();
        let user = definition
            .get(read..)
            .and_then(user)
            .filter(|_| word.is("DEFINER"));
        if let Some(user) = user {
            // One blank of the two around it goes too.
            read += user;
            if kept.ends_with(' ') && definition.get(read..).is_some_and(|rest| rest.starts_with(' ')) {
                read += 1;
            }
            break;
        }
        kept.push_str(word.text);
    }
    kept.push_str(definition.get(read..).unwrap_or_default());
    kept
}

/// How long ``= `user`@`host` `` is, where that comes next.
fn user(text: &str) -> Option<usize> {
    if !text.trim_start().starts_with('=') {
        return None;
    }
    let (mut length, mut end, mut named, mut at) = (0, 0, 0, false);
    for word in words(text) {
        length += word.text.len();
        if word.text.trim().is_empty() {
            continue;
        }
        let part = word.is_symbol("=") || word.is_symbol("@") || word.is_symbol("(") || word.is_symbol(")");
        at |= word.is_symbol("@");
        if !part && (!word.names() || named > usize::from(at)) {
            break;
        }
        named += usize::from(!part);
        end = length;
    }
    Some(end)
}

/// A trigger whose head leaves out its own schema, which its author may have written.
pub(crate) fn without_schema(trigger: &str, schema: &str) -> String {
    let mut kept = String::with_capacity(trigger.len());
    let mut words = words(trigger).peekable();
    let mut read = 0;
    while let Some(word) = words.next() {
        if word.is("FOR") {
            break;
        }
        read += word.text.len();
        let own = word.names() && word.name() == schema;
        if own && words.peek().is_some_and(|next| next.is_symbol(".")) {
            read += 1;
            words.next();
        } else {
            kept.push_str(word.text);
        }
    }
    kept.push_str(trigger.get(read..).unwrap_or_default());
    kept
}

/// An event as it is made on a copy: disabled, lest the server runs it there too. Answers its text, and its name where
/// the event was awake.
pub(crate) fn asleep(event: &str) -> Option<(String, String)> {
    const STATES: [&str; 2] = ["DISABLE", "DISABLED"];
    let mut read = 0;
    let mut named = None;
    let mut scheduled = false;
    let mut before: Option<Word<'_>> = None;
    for word in words(event) {
        let start = read;
        read += word.text.len();
        if word.text.trim().is_empty() {
            continue;
        }
        if word.is("SCHEDULE") {
            scheduled = true;
            named = named.or(before);
        }
        // The name is the last word before ON SCHEDULE.
        if !scheduled && !word.is("ON") {
            before = Some(word);
        }
        if !scheduled {
            continue;
        }
        if STATES.iter().any(|state| word.is(state)) {
            return None;
        }
        let awake = word.is("ENABLE");
        if awake || word.is("COMMENT") || word.is("DO") {
            let rest = event.get(if awake { read } else { start }..)?;
            let blank = if awake { "" } else { " " };
            return Some((
                format!("{}DISABLE{blank}{rest}", event.get(..start)?),
                named?.name(),
            ));
        }
    }
    None
}

/// Follows what a statement makes of events that were put to sleep: one that is dropped, or whose state is set, is as it
/// says from then on.
pub(crate) fn follow(asleep: &mut BTreeSet<String>, statement: &str) {
    let mut words = words(statement).filter(|word| !word.text.trim().is_empty());
    let (Some(verb), Some(what)) = (words.next(), words.next()) else {
        return;
    };
    if !what.is("EVENT") || !(verb.is("DROP") || verb.is("ALTER")) {
        return;
    }
    let mut rest = words.skip_while(|word| word.is("IF") || word.is("EXISTS"));
    let Some(name) = rest.next().map(|word| word.name()) else {
        return;
    };
    let states = ["ENABLE", "DISABLE"];
    let mut head = rest.take_while(|word| !word.is("DO") && !word.is("COMMENT"));
    if verb.is("DROP") || head.any(|word| states.iter().any(|state| word.is(state))) {
        asleep.remove(&name);
    }
}

/// An event that was put to sleep, as it is where it came from. The server writes the state of an event after
/// `ON COMPLETION [NOT] PRESERVE`, before any text of its author.
pub(crate) fn awake(event: &str) -> String {
    event.replacen(" PRESERVE DISABLE", " PRESERVE ENABLE", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definer_goes_wherever_it_is_written() {
        for (with, without) in [
            (
                "CREATE DEFINER=`ro``ot`@`%` PROCEDURE `p`() SELECT 'DEFINER=`a`@`b` '",
                "CREATE PROCEDURE `p`() SELECT 'DEFINER=`a`@`b` '",
            ),
            (
                r#"CREATE DEFINER="root"@"%" PROCEDURE "p"() SELECT 1"#,
                r#"CREATE PROCEDURE "p"() SELECT 1"#,
            ),
            (
                "CREATE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT 1",
                "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW v AS SELECT 1",
            ),
            (
                "CREATE ALGORITHM=MERGE SQL SECURITY DEFINER VIEW v AS SELECT 1",
                "CREATE ALGORITHM=MERGE SQL SECURITY DEFINER VIEW v AS SELECT 1",
            ),
            (
                "create definer = current_user() event e on schedule",
                "create event e on schedule",
            ),
            ("CREATE definer=admin TRIGGER t", "CREATE TRIGGER t"),
            (
                "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER t BEFORE INSERT ON x */",
                "/*!50003 CREATE*/ /*!50017 */ /*!50003 TRIGGER t BEFORE INSERT ON x */",
            ),
            (
                "CREATE TABLE definer (definer INT)",
                "CREATE TABLE definer (definer INT)",
            ),
            ("CREATE PROCEDURE p() SELECT 1", "CREATE PROCEDURE p() SELECT 1"),
        ] {
            assert_eq!(without_definer(with), without);
        }
    }

    #[test]
    fn a_trigger_names_its_schema_nowhere_in_its_head() {
        assert_eq!(
            without_schema(
                "CREATE TRIGGER shop.`x` BEFORE INSERT ON `shop`.t FOR EACH ROW SET @a = shop.f()",
                "shop"
            ),
            "CREATE TRIGGER `x` BEFORE INSERT ON t FOR EACH ROW SET @a = shop.f()"
        );
        let plain = "CREATE TRIGGER `shop` BEFORE INSERT ON `shop` FOR EACH ROW SET @a = 1";
        assert_eq!(without_schema(plain, "shop"), plain);
    }

    #[test]
    fn what_is_said_of_a_sleeping_event_counts() {
        for (statement, stays) in [
            ("DROP EVENT IF EXISTS `e`", false),
            ("ALTER EVENT e ON COMPLETION PRESERVE DISABLE", false),
            ("ALTER EVENT e COMMENT 'x' DO DISABLE", true),
            ("DROP EVENT f", true),
            ("DROP TABLE e", true),
        ] {
            let mut asleep = BTreeSet::from(["e".to_owned()]);
            follow(&mut asleep, statement);
            assert_eq!(asleep.contains("e"), stays, "{statement}");
        }
    }

    #[test]
    fn an_event_that_is_awake_is_put_to_sleep() {
        for (event, expected) in [
            (
                "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE ENABLE DO SELECT 1",
                Some((
                    "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE DISABLE DO SELECT 1",
                    "e",
                )),
            ),
            (
                "create event if not exists e on schedule at now() comment 'x' do select 1",
                Some((
                    "create event if not exists e on schedule at now() DISABLE comment 'x' do select 1",
                    "e",
                )),
            ),
            (
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA DO SELECT 1",
                None,
            ),
            ("CREATE TABLE t (a INT)", None),
        ] {
            let expected = expected.map(|(text, name)| (text.to_owned(), name.to_owned()));
            assert_eq!(asleep(event), expected, "{event}");
        }
    }
}
