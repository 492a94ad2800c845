//! Routines, triggers, events, libraries.

use crate::compact::read;
use crate::opaque::stops;
use sql::SqlMode;
use sql::ddl::{Definition, Event, Routine, RoutineKind, Trigger, definition};

fn routine(text: &str) -> Routine {
    let Definition::Routine(routine) = read(text) else {
        panic!("{text}");
    };
    routine
}

fn trigger(text: &str) -> Trigger {
    let Definition::Trigger(trigger) = read(text) else {
        panic!("{text}");
    };
    trigger
}

fn event(text: &str) -> Event {
    let Definition::Event(event) = read(text) else {
        panic!("{text}");
    };
    event
}

#[test]
fn procedures_are_read_up_to_their_bodies() {
    let found = routine(
        "CREATE DEFINER=`r`@`%` PROCEDURE IF NOT EXISTS `s`.`p`(IN a INT, inout `b` varchar(10) charset utf8mb4, c text)
           READS  SQL DATA NOT DETERMINISTIC LANGUAGE SQL COMMENT 'x  y' SQL SECURITY INVOKER
         BEGIN /* why */ SELECT 1; END",
    );
    let parameters: Vec<(Option<&str>, &str, &str)> = found
        .parameters
        .iter()
        .map(|it| (it.direction.as_deref(), it.name.as_str(), it.data_type.as_str()))
        .collect();
    assert_eq!(
        parameters,
        [
            (Some("IN"), "a", "INT"),
            (Some("INOUT"), "b", "varchar(10) charset utf8mb4"),
            (None, "c", "text")
        ]
    );
    assert_eq!(
        found.characteristics,
        [
            "READS SQL DATA",
            "NOT DETERMINISTIC",
            "LANGUAGE SQL",
            "COMMENT 'x  y'",
            "SQL SECURITY INVOKER"
        ]
    );
    assert_eq!((found.kind, found.returns), (RoutineKind::Procedure, None));
    assert!(found.program.if_not_exists);
    assert_eq!(found.program.definer.as_deref(), Some("`r`@`%`"));
    assert_eq!(
        found.program.body.as_deref(),
        Some("BEGIN /* why */ SELECT 1; END")
    );
}

#[test]
fn bodies_may_be_of_any_kind() {
    for body in [
        "SELECT 1",
        "l: BEGIN SELECT 1; END l",
        "comment: BEGIN END",
        "BEGIN NOT ATOMIC SELECT 1; END",
        "IF a THEN SELECT 1; END IF",
        "CREATE TABLE t (a INT)",
        "BEGIN DECLARE c CURSOR FOR SELECT 1; END",
    ] {
        let found = routine(&format!("CREATE PROCEDURE p() {body}"));
        assert_eq!(found.program.body.as_deref(), Some(body));
    }
}

#[test]
fn functions_are_read_with_what_they_return() {
    let found = routine(
        "CREATE FUNCTION f(a INT) RETURNS char(3) CHARSET latin1 COLLATE latin1_bin DETERMINISTIC RETURN 1",
    );
    assert_eq!(
        found.returns.as_deref(),
        Some("char(3) CHARSET latin1 COLLATE latin1_bin")
    );
    assert_eq!(found.program.body.as_deref(), Some("RETURN 1"));
    let found =
        routine("CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT USING (s.l AS m) AS $$ return ';' $$");
    assert_eq!(found.characteristics, ["LANGUAGE JAVASCRIPT", "USING (s.l AS m)"]);
    assert_eq!(found.program.body.as_deref(), Some("AS $$ return ';' $$"));
    let found = routine("ALTER FUNCTION s.f COMMENT 'x' SQL SECURITY DEFINER");
    assert!(found.program.alters && found.program.body.is_none());
}

#[test]
fn a_function_in_a_library_of_the_server_is_no_definition() {
    for text in [
        "CREATE FUNCTION f RETURNS STRING SONAME 'f.so'",
        "CREATE AGGREGATE FUNCTION f RETURNS INT SONAME 'f'",
    ] {
        assert_eq!(definition(text, SqlMode::default()), None, "{text}");
    }
}

#[test]
fn triggers_are_read_up_to_their_bodies() {
    let found = trigger(
        "CREATE DEFINER=a@b TRIGGER IF NOT EXISTS s.g AFTER update ON s.t FOR EACH ROW FOLLOWS h SET @a = 1",
    );
    assert_eq!((found.timing.as_str(), found.event.as_str()), ("AFTER", "UPDATE"));
    assert_eq!(
        (found.program.name.to_string(), found.table.to_string()),
        ("`s`.`g`".into(), "`s`.`t`".into())
    );
    assert_eq!(found.order, Some(("FOLLOWS".to_owned(), "h".to_owned())));
    assert_eq!(found.program.body.as_deref(), Some("SET @a = 1"));
    let found = trigger("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW follows: BEGIN END");
    assert_eq!(
        (found.order, found.program.body.as_deref()),
        (None, Some("follows: BEGIN END"))
    );
}

#[test]
fn events_are_read_up_to_their_bodies() {
    let found = event(
        "CREATE EVENT e ON SCHEDULE EVERY  (1 + 1) DAY STARTS '2020-01-01' ENDS now() + INTERVAL 1 YEAR
         ON COMPLETION NOT PRESERVE DISABLE ON SLAVE COMMENT 'x' DO CALL p()",
    );
    assert_eq!(
        found.schedule.as_deref(),
        Some("EVERY (1 + 1) DAY STARTS '2020-01-01' ENDS now() + INTERVAL 1 YEAR")
    );
    assert_eq!(
        (found.preserve, found.status.as_deref()),
        (Some(false), Some("DISABLE ON SLAVE"))
    );
    assert_eq!(
        (found.comment.as_deref(), found.program.body.as_deref()),
        (Some("'x'"), Some("CALL p()"))
    );
    let found = event("ALTER DEFINER=a EVENT s.e ON COMPLETION PRESERVE RENAME TO s.x ENABLE");
    assert!(found.program.alters && found.program.body.is_none());
    assert_eq!(
        found.rename.map(|name| name.to_string()).as_deref(),
        Some("`s`.`x`")
    );
    assert_eq!((found.schedule, found.preserve), (None, Some(true)));
}

#[test]
fn libraries_are_read() {
    let Definition::Library(library) =
        read("CREATE LIBRARY IF NOT EXISTS s.l COMMENT 'x' LANGUAGE JAVASCRIPT AS $$ x; $$")
    else {
        panic!("read otherwise");
    };
    assert!(library.if_not_exists);
    assert_eq!(
        library.body.as_deref(),
        Some("COMMENT 'x' LANGUAGE JAVASCRIPT AS $$ x; $$")
    );
}

#[test]
fn a_library_may_be_written_in_hexadecimal_digits() {
    let read = read("CREATE LIBRARY l LANGUAGE WASM AS 0x0061736D");
    let Definition::Library(library) = read else {
        panic!("{read:?}")
    };
    assert_eq!(library.body.as_deref(), Some("LANGUAGE WASM AS 0x0061736D"));
}

#[test]
fn what_is_no_program_stops_the_reader() {
    stops("CREATE PROCEDURE p", "");
    stops("CREATE PROCEDURE p()", "");
    stops("CREATE PROCEDURE p(IN INT) SELECT 1", "INT");
    stops("CREATE PROCEDURE p() SELECT 1; SELECT 2", "; SELECT 2");
    stops("CREATE PROCEDURE p() BEGIN SELECT 1", "BEGIN");
    stops("CREATE FUNCTION f() RETURN 1", "RETURN");
    stops("CREATE FUNCTION f(IN a INT) RETURNS INT RETURN 1", "IN a");
    stops(
        "CREATE TRIGGER g DURING INSERT ON t FOR EACH ROW SET @a = 1",
        "DURING",
    );
    stops("CREATE EVENT e DO SELECT 1", "DO");
    stops("CREATE EVENT e ON SCHEDULE EVERY 1 DAY", "");
    stops("ALTER EVENT e", "");
}
