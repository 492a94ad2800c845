//! A schema, read, made anew from the text and read again, is the same byte for byte.

mod schemas;
mod server;

use mysql::{Definers, DumpOptions, Scratch, ScratchName, dump};
use server::root;
use testkit::scratch::{Administrator as _, Scratch as Made};
use workflow::ports::database::Snapshot;

/// What can't be made on this server is told by name.
async fn made(name: &str, text: &str, options: DumpOptions) -> Result<Snapshot, String> {
    let made = Scratch::make(&root().login, &ScratchName::random(), None).await;
    let mut scratch = made.map_err(|error| error.to_string())?;
    if options.definers == Definers::Keep {
        scratch = scratch.with_definers();
    }
    let loaded = scratch.load(text).await;
    let snapshot = scratch.snapshot(options).await;
    scratch.drop().await.map_err(|error| error.to_string())?;
    match loaded {
        Ok(loaded) if loaded.skipped.is_empty() => snapshot.map_err(|error| error.to_string()),
        Ok(loaded) => Err(format!("{name}: {:?} was skipped\n{text}", loaded.skipped)),
        Err(error) => Err(format!("{name}: {error}\n{text}")),
    }
}

/// A schema made by statements, read with both ways of definers.
async fn read(name: &str, schema: &str) -> Vec<(Snapshot, DumpOptions)> {
    let server = root();
    let made = Made::make(&server).await;
    server.run(&format!("USE `{}`; {schema}", made.name())).await;
    let mut read = Vec::new();
    for definers in [Definers::Drop, Definers::Keep] {
        let options = DumpOptions { definers };
        let snapshot = dump(&server.login, made.name(), options).await;
        read.push((
            snapshot.unwrap_or_else(|error| panic!("{name}: {error:?}")),
            options,
        ));
    }
    for (snapshot, _) in &read {
        assert!(!snapshot.text.contains(made.name()), "{name}: {}", snapshot.text);
    }
    made.drop(&server).await;
    read
}

async fn check(schemas: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (name, schema) in schemas {
        for (snapshot, options) in read(name, schema).await {
            assert!(!snapshot.objects.is_empty(), "{name}");
            match made(name, &snapshot.text, options).await {
                Ok(again) if again == snapshot => {}
                Ok(again) => wrong.push(format!(
                    "{name}\n--- read\n{}\n--- anew\n{}",
                    snapshot.text, again.text
                )),
                Err(problem) => wrong.push(problem),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

/// Which part of the schemas a test takes.
macro_rules! are_made_anew {
    ($($test:ident: $schemas:ident, $from:expr, $most:expr;)+) => {$(
        #[tokio::test]
        async fn $test() {
            let part: Vec<_> = schemas::$schemas.iter().copied().skip($from).take($most).collect();
            check(&part).await;
        }
    )+};
}

are_made_anew! {
    types_and_columns_are_made_anew_byte_for_byte: TABLES, 0, 10;
    keys_and_defaults_are_made_anew_byte_for_byte: TABLES, 10, 10;
    names_and_options_are_made_anew_byte_for_byte: TABLES, 20, 10;
    partitions_and_texts_are_made_anew_byte_for_byte: TABLES, 30, 100;
    views_are_made_anew_byte_for_byte: PROGRAMS, 0, 10;
    programs_are_made_anew_byte_for_byte: PROGRAMS, 10, 100;
}

#[test]
fn there_are_schemas_enough() {
    assert!(schemas::TABLES.len() + schemas::PROGRAMS.len() >= 40);
}

#[tokio::test]
async fn a_broken_view_is_told_and_the_rest_is_made() {
    let broken = "CREATE TABLE gone (a INT); CREATE TABLE kept (a INT); CREATE VIEW v AS SELECT a FROM gone; DROP TABLE gone";
    for (snapshot, options) in read("broken view", broken).await {
        assert!(
            snapshot.text.contains("\n-- The view `v` is broken"),
            "{}",
            snapshot.text
        );
        let again = made("broken view", &snapshot.text, options).await.unwrap();
        assert!(snapshot.text.starts_with(&again.text), "{}", again.text);
        assert_eq!(snapshot.objects.len(), again.objects.len() + 1);
    }
}

#[tokio::test]
async fn an_object_has_a_fingerprint_of_its_own() {
    let one = read("one", "CREATE TABLE a (x INT); CREATE TABLE b (x INT)")
        .await
        .remove(0)
        .0;
    let other = read("other", "CREATE TABLE a (x INT); CREATE TABLE b (x INT, y INT)")
        .await
        .remove(0)
        .0;
    let print = |snapshot: &Snapshot, at: usize| snapshot.objects[at].clone();
    assert_eq!(print(&one, 0), print(&other, 0));
    assert_ne!(print(&one, 1), print(&other, 1));
    assert_ne!(one.fingerprint(), other.fingerprint());
}

#[tokio::test]
async fn nothing_is_left_and_nothing_outside_is_touched() {
    let name = ScratchName::random();
    let login = root().login;
    let mut scratch = Scratch::make(&login, &name, None).await.unwrap();
    let refused = scratch
        .load("CREATE TABLE a (x INT);\nCREATE TABLE a (x INT);\n")
        .await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        "line 2: MySQL error 1050: Table 'a' already exists"
    );
    let outside = scratch.load("CREATE TABLE test.a (x INT)").await.unwrap_err();
    assert!(
        outside.to_string().contains("another schema (`test`)"),
        "{outside}"
    );
    scratch.drop().await.unwrap();
    let query = format!("SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{name}'");
    let rows = root().run(&query).await;
    assert_eq!(rows.concat(), [Some("0".to_owned())]);
}
