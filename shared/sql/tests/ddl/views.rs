//! Views.

use crate::compact::read;
use crate::opaque::stops;
use sql::ddl::{Definition, View, ViewKind};

fn view(text: &str) -> View {
    let Definition::View(view) = read(text) else {
        panic!("{text}");
    };
    view
}

#[test]
fn the_head_of_a_view_is_read() {
    let found = view(
        "CREATE OR REPLACE ALGORITHM=merge DEFINER=CURRENT_USER() SQL SECURITY invoker VIEW s.v (`a`, b) AS
         SELECT 1, /*+ NO_ICP(t) */ 2 /* two */ WITH CASCADED CHECK OPTION",
    );
    assert!(found.or_replace && !found.alters && !found.if_not_exists);
    assert_eq!(found.kind, ViewKind::Plain);
    assert_eq!(found.name.to_string(), "`s`.`v`");
    assert_eq!(found.algorithm.as_deref(), Some("MERGE"));
    assert_eq!(found.definer.as_deref(), Some("CURRENT_USER()"));
    assert_eq!(found.security.as_deref(), Some("INVOKER"));
    assert_eq!(found.columns, ["a", "b"]);
    assert_eq!(
        found.query,
        "SELECT 1, /*+ NO_ICP(t) */ 2 /* two */ WITH CASCADED CHECK OPTION"
    );
}

#[test]
fn definers_are_read_as_they_are_written() {
    for definer in [
        "root",
        "`root`@`localhost`",
        "'a'@'%'",
        "a@b",
        "a@127.0.0.1",
        "a@db.example",
        "current_user",
    ] {
        let found = view(&format!("CREATE DEFINER = {definer} VIEW v AS SELECT 1"));
        assert_eq!(found.definer.as_deref(), Some(definer));
    }
}

#[test]
fn views_of_dumps_and_newer_servers_are_read() {
    let found = view(
        "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`r`@`%` SQL SECURITY DEFINER */\n\
         /*!50001 VIEW `v` AS select 1 AS `a` */",
    );
    assert_eq!(
        (found.name.to_string().as_str(), found.query.as_str()),
        ("`v`", "select 1 AS `a`")
    );
    assert!(view("ALTER VIEW v AS TABLE t").alters);
    assert!(view("CREATE VIEW IF NOT EXISTS v AS (SELECT 1)").if_not_exists);
    let found = view("CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT JSON_DUALITY_OBJECT('_id': a) FROM t");
    assert_eq!(found.kind, ViewKind::JsonDuality);
}

#[test]
fn what_is_no_view_stops_the_reader() {
    stops("CREATE VIEW v", "");
    stops("CREATE VIEW v AS", "");
    stops("CREATE VIEW v AS DELETE FROM t", "DELETE");
    stops("CREATE VIEW v AS SELECT (1))", ")");
    stops("CREATE VIEW v AS SELECT 1; SELECT 2", "; SELECT 2");
    stops("CREATE OR REPLACE TABLE t (a INT)", "TABLE");
    stops(
        "CREATE SQL SECURITY INVOKER ALGORITHM=MERGE VIEW v AS SELECT 1",
        "ALGORITHM",
    );
}
