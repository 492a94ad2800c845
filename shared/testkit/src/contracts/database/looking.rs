//! What is seen of a part of the schema.

use super::schemas::fill;
use super::{held, ok, run, tidy};
use crate::scratch::{Administrator, Scratch};
use workflow::ports::database::{Databases, Locked as _, ObjectKind, ObjectRef, Scope};

fn scope(names: &[(ObjectKind, &str)]) -> Scope {
    let object = |(kind, name): &(ObjectKind, &str)| ObjectRef {
        kind: *kind,
        name: (*name).to_owned(),
    };
    Scope::Objects(names.iter().map(object).collect())
}

/// Every object is seen alone as it is seen among all, and one that is not there is not seen.
pub async fn a_part_is_seen_as_in_the_whole<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    fill(server, &scratch).await;
    let mut session = held(databases, server, &scratch).await;
    let whole = ok(session.snapshot().await);
    assert!(whole.objects.len() > 10);
    for print in &whole.objects {
        let seen = ok(session.look(&scope(&[(print.kind, &print.name)]), false).await);
        assert_eq!(seen.definitions.objects, std::slice::from_ref(print));
    }
    let nothing = scope(&[
        (ObjectKind::Table, "nowhere"),
        (ObjectKind::View, "nowhere"),
        (ObjectKind::Procedure, "nowhere"),
        (ObjectKind::Function, "nowhere"),
        (ObjectKind::Trigger, "nowhere"),
        (ObjectKind::Event, "nowhere"),
        (ObjectKind::View, "c_self"),
    ]);
    assert_eq!(ok(session.look(&nothing, false).await).definitions.text, "");
    // A view is found by the name of a table, and what is there beside what is not.
    let mixed = scope(&[
        (ObjectKind::Table, "a_top"),
        (ObjectKind::Table, "nowhere"),
        (ObjectKind::Table, "c_self"),
    ]);
    let names: Vec<_> = ok(session.look(&mixed, false).await)
        .definitions
        .objects
        .into_iter()
        .map(|print| (print.kind, print.name))
        .collect();
    assert_eq!(
        names,
        [
            (ObjectKind::Table, "c_self".to_owned()),
            (ObjectKind::View, "a_top".to_owned())
        ]
    );
    assert_eq!(
        ok(session.look(&Scope::Schema, false).await).definitions,
        whole,
        "all of it"
    );
    run(
        &mut session,
        "CREATE TABLE here AS SELECT @@session.sql_mode AS mode",
    )
    .await;
    assert_eq!(
        super::one(
            server,
            &format!("SELECT mode = @@global.sql_mode FROM {}.here", scratch.name())
        )
        .await,
        "1",
        "looking changed the session"
    );
    tidy::<D>(session, server, scratch).await;
}

/// Where rows are kept is another place after a table is emptied or rebuilt, also by parts, and the same after anything
/// else.
pub async fn an_emptied_or_rebuilt_table_is_seen<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    for statement in [
        "CREATE TABLE `t_%$ ü` (id INT PRIMARY KEY, y INT)",
        "CREATE TABLE parted (id INT, y INT) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (9), \
         PARTITION p1 VALUES LESS THAN MAXVALUE)",
        "CREATE TABLE other (id INT, y INT)",
    ] {
        run(&mut session, statement).await;
    }
    for (statement, moved) in [
        ("INSERT INTO `t_%$ ü` VALUES (1, 1)", false),
        ("TRUNCATE TABLE `t_%$ ü`", true),
        ("ALTER TABLE `t_%$ ü` FORCE", true),
        ("OPTIMIZE TABLE `t_%$ ü`", true),
        ("ANALYZE TABLE `t_%$ ü`, parted", false),
        ("TRUNCATE TABLE other", false),
        ("ALTER TABLE parted TRUNCATE PARTITION p1", true),
        ("ALTER TABLE parted EXCHANGE PARTITION p0 WITH TABLE other", true),
        ("ALTER TABLE parted REBUILD PARTITION p0", true),
    ] {
        let tables = scope(&[(ObjectKind::Table, "t_%$ ü"), (ObjectKind::Table, "parted")]);
        let was = ok(session.look(&tables, true).await);
        run(&mut session, statement).await;
        let is = ok(session.look(&tables, true).await);
        assert_eq!(was.definitions, is.definitions, "{statement}");
        assert!(was.storage.is_some() && is.storage.is_some(), "{statement}");
        assert_eq!(was.storage != is.storage, moved, "{statement}");
    }
    tidy::<D>(session, server, scratch).await;
}
