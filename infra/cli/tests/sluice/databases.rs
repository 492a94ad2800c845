//! `sluice schema` with a real server.

use crate::run::{file, finished, run, sluice};
use crate::schema::{AFTER, BEFORE, files, json};
use crate::server::{Database, url};

#[test]
fn a_dump_is_loadable_and_lists_its_objects() {
    let database = Database::make(AFTER);
    let target = database.url();
    let dump = run(&["schema", "dump", "--target", &target]);
    assert_eq!((dump.code, dump.err.as_str()), (0, ""));
    assert!(
        dump.out.contains("CREATE TABLE `t` (\n  `id` int NOT NULL,\n"),
        "{}",
        dump.out
    );
    let again = Database::make(&dump.out);
    assert_eq!(run(&["schema", "dump", "--target", &again.url()]).out, dump.out);
    let listed = run(&["schema", "dump", "--objects", "--target", &target]).out;
    let words: Vec<Vec<&str>> = listed
        .lines()
        .map(|line| line.split_whitespace().take(2).collect())
        .collect();
    assert_eq!(words, [["KIND", "NAME"], ["table", "t"], ["procedure", "p"]]);
    let answer = json(&run(&["--json", "schema", "dump", "--target", &target]));
    assert_eq!(answer["schema"], dump.out);
    assert_eq!(answer["objects"][1]["kind"], "procedure");
    assert_eq!(answer["fingerprint"].as_str().unwrap().len(), 64);
}

#[test]
fn definers_are_kept_where_it_is_asked_for() {
    let database = Database::make("CREATE VIEW v AS SELECT 1 AS a");
    let target = database.url();
    assert!(
        !run(&["schema", "dump", "--target", &target])
            .out
            .contains("DEFINER=")
    );
    let kept = run(&["schema", "dump", "--keep-definer", "--target", &target]).out;
    assert!(kept.contains(" DEFINER=`root`@`"), "{kept}");
}

#[test]
fn a_password_may_stand_in_the_environment() {
    let database = Database::make("CREATE TABLE t (id INT)");
    let (bare, password) = database.url_and_password();
    let mut command = sluice(&["schema", "dump", "--target", &bare]);
    command.env("SLUICE_MYSQL_PASSWORD", &password);
    assert_eq!(finished(command).code, 0);
    let refused = run(&["schema", "dump", "--target", &bare]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("MySQL error 1045"), "{}", refused.err);
    assert!(
        refused
            .err
            .ends_with("Check the user, and the password in the URL or in SLUICE_MYSQL_PASSWORD.\n")
    );
    let missing = run(&["schema", "dump", "--target", &url("no_such_schema")]);
    assert_eq!(missing.code, 1);
    assert!(
        missing.err.contains("there is no schema `no_such_schema`"),
        "{}",
        missing.err
    );
}

#[test]
fn a_server_and_a_file_are_compared() {
    let database = Database::make(BEFORE);
    let (_folder, before, after) = files();
    let same = run(&["schema", "diff", "--exit-code", &database.url(), &before]);
    assert_eq!(
        (same.code, same.out.as_str()),
        (0, "The schemas are the same.\n"),
        "{same:?}"
    );
    let different = run(&["schema", "diff", "--changes", &database.url(), &after]);
    assert_eq!(
        different.out,
        run(&["schema", "diff", "--changes", &before, &after]).out
    );
}

#[test]
fn statements_are_verified_on_a_scratch_schema_that_is_gone_after_it() {
    let (_folder, before, after) = files();
    let scratch = url("");
    for (a, b) in [(&before, &after), (&after, &before)] {
        let ran = run(&["schema", "diff", "--ddl", a, b, "--scratch", &scratch]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.err.starts_with("verified on mysql://root@"), "{}", ran.err);
        let answer = json(&run(&["--json", "schema", "diff", a, b, "--scratch", &scratch]));
        assert_eq!(answer["verified"], true);
        // What was printed is what was verified.
        let database = Database::make(&std::fs::read_to_string(a).unwrap());
        database.run(&ran.out);
        let reached = run(&["schema", "diff", "--exit-code", &database.url(), b]);
        assert_eq!(reached.code, 0, "{}", reached.out);
    }
}

#[test]
fn a_scratch_server_reads_what_can_not_be_read_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let dump = file(
        folder.path(),
        "dump.sql",
        "/*!40101 SET NAMES utf8mb4 */;\nCREATE TABLE `t` (`id` int);\nLOCK TABLES `t` WRITE;\nINSERT INTO `t` VALUES (1);\n\
         UNLOCK TABLES;\nCREATE TABLE u LIKE t;\n",
    );
    let plain = file(
        folder.path(),
        "plain.sql",
        "CREATE TABLE t (id INT); CREATE TABLE u (id INT);",
    );
    let ran = run(&[
        "schema",
        "diff",
        &dump,
        &plain,
        "--exit-code",
        "--scratch",
        &url(""),
    ]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "The schemas are the same.\n"),
        "{}",
        ran.err
    );
    assert_eq!(
        ran.err,
        format!("not loaded, for it makes no schema: {dump}, line 1: SET and 3 more\n")
    );
}

#[test]
fn a_scratch_schema_is_left_by_nobody_and_nothing_reaches_another() {
    let other = Database::make("CREATE TABLE kept (id INT)");
    let folder = tempfile::tempdir().unwrap();
    let name = other.name();
    let wrong = file(
        folder.path(),
        "wrong.sql",
        "CREATE TABLE t (id INT);\nCREATE TABLE u (id INTT);\n",
    );
    let outside = file(
        folder.path(),
        "outside.sql",
        &format!("CREATE TABLE t (id INT);\nDROP TABLE `{name}`.kept;\n"),
    );
    let slip = file(
        folder.path(),
        "slip.sql",
        "CREATE TABLE t (id INT);\nCREATE TABEL u (id INT);\n",
    );
    for (path, expected) in [
        (
            &slip,
            "this begins like no statement that makes a schema: `CREATE TABEL u",
        ),
        (&wrong, "MySQL error 1064"),
        (&outside, "names another schema"),
    ] {
        let ran = run(&["schema", "diff", path, path, "--scratch", &url("")]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        assert!(
            ran.err.starts_with(path.as_str()) && ran.err.contains("line 2"),
            "{}",
            ran.err
        );
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
    assert!(
        run(&["schema", "dump", "--target", &other.url()])
            .out
            .contains("`kept`")
    );
}

#[test]
fn a_database_is_named_with_the_option_or_without() {
    let database = Database::make("CREATE TABLE t (id INT)");
    let named = run(&["schema", "dump", &database.url()]);
    assert_eq!((named.code, named.err.as_str()), (0, ""));
    assert_eq!(
        run(&["schema", "dump", "--target", &database.url()]).out,
        named.out
    );
}

#[test]
fn a_broken_view_is_told() {
    let database =
        Database::make("CREATE TABLE t (id INT);\nCREATE VIEW v AS SELECT id FROM t;\nDROP TABLE t;");
    let dump = run(&["schema", "dump", &database.url()]);
    assert_eq!(dump.code, 0);
    assert!(dump.out.contains("-- The view `v` is broken: "), "{}", dump.out);
    assert!(
        dump.err
            .starts_with("the view `v` is broken, and so a comment of the dump: "),
        "{}",
        dump.err
    );
    let folder = tempfile::tempdir().unwrap();
    let own = file(folder.path(), "own.sql", "CREATE VIEW v AS SELECT 1;");
    let ran = run(&["schema", "diff", &own, &database.url()]);
    assert!(
        ran.err
            .ends_with(": the view `v` is broken, and taken for missing\n"),
        "{}",
        ran.err
    );
}

#[test]
fn a_view_written_by_hand_needs_a_server_to_be_compared() {
    let database =
        Database::make("CREATE TABLE t (id INT);\nCREATE VIEW v AS SELECT id FROM t WHERE id > 1;");
    let folder = tempfile::tempdir().unwrap();
    let own = file(
        folder.path(),
        "own.sql",
        "CREATE TABLE t (id INT);\ncreate view v as select id from t where id > 1;\n",
    );
    let alone = run(&["schema", "diff", "--changes", &own, &database.url()]);
    assert_eq!(alone.out, "view `v` changed\n");
    assert_eq!(
        alone.err,
        "view `v` can only be compared by a server, which rewrites queries, and may be the same: --scratch URL\n"
    );
    let scratch = url("");
    let tried = run(&[
        "schema",
        "diff",
        "--ddl",
        &own,
        &database.url(),
        "--scratch",
        &scratch,
    ]);
    assert_eq!(
        (tried.code, tried.out.as_str(), tried.err.as_str()),
        (0, "", "The schemas are the same.\n")
    );
}
