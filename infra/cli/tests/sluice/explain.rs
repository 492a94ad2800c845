//! `sluice explain` and `sluice settings validate`, offline.

use crate::run::{Ran, file, run, run_with};
use serde_json::{Value, json};

const SETTINGS: &str = include_str!("../../../../shared/settings/fixtures/two-environments.toml");

const GOOD: &str = "bytebase/prod/db_demo##202303100000##DDL##create_t2.sql";

fn explain(more: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["explain", "--settings", "-"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    run_with(&arguments, SETTINGS.as_bytes())
}

#[test]
fn a_change_is_told_with_everything_that_its_path_says() {
    let ran = explain(&[GOOD]);
    assert_eq!(
        ran.out,
        format!(
            "{GOOD}\n  project      demo\n  version      202303100000\n  type         ddl\n  description  create t2\n  \
             goes to      prod: db_demo, which is main/db_demo_prod\n"
        )
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn what_is_refused_or_ignored_is_told_in_the_words_of_the_commit() {
    let (near, ours, other, outside) = (
        "bytebase/Test/db_demo##1##ddl##a.sql",
        "bytebase/test/.db_demo##LATEST.sql",
        "bytebase/README.md",
        "src/main.rs",
    );
    let ran = explain(&[near, ours, other, outside]);
    assert_eq!(
        ran.out,
        format!(
            "{near}\n  project  demo\n  refused  there is no environment `Test`; did you mean `test`? \
             (`environment-unknown`, see `docs/errors/environment-unknown.md`)\n\n\
             {ours}\n  project  demo\n  ignored  Sluice writes this file; the next change of the schema replaces what is \
             in it\n\n\
             {other}\n  project  demo\n  ignored  the path does not match \
             `{{{{ENV_ID}}}}/{{{{DB_NAME}}}}##{{{{VERSION}}}}##{{{{TYPE}}}}##{{{{DESCRIPTION}}}}.sql`\n\n\
             {outside}\n  outside  nobody reads it: projects read what is below `bytebase/` of demo\n"
        )
    );
    assert_eq!((ran.code, ran.err.as_str()), (1, "1 path would be refused.\n"));
    assert_eq!(explain(&[ours, other, outside]).code, 0);
}

#[test]
fn programs_get_one_list() {
    let ran = explain(&["--json", GOOD, "bytebase/test/db_demo##1##dll##a.sql", "x"]);
    assert_eq!(ran.code, 1);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        told[0],
        json!({
            "path": GOOD,
            "project": "demo",
            "answer": "taken",
            "version": "202303100000",
            "type": "ddl",
            "description": "create t2",
            "targets": [{ "environment": "prod", "database": "db_demo", "target": "main/db_demo_prod" }],
        })
    );
    assert_eq!(
        (&told[1]["answer"], &told[1]["code"]),
        (&json!("refused"), &json!("type-unknown"))
    );
    assert_eq!(
        (&told[2]["answer"], &told[2]["project"]),
        (&json!("outside"), &json!(null))
    );
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(error["code"], "file-refused");
}

#[test]
fn paths_that_are_not_as_git_has_them_are_told_how_they_are() {
    let ran = explain(&["./bytebase/a.sql", "bytebase\\test\\a.sql", GOOD]);
    assert_eq!(ran.code, 64);
    assert_eq!(
        ran.err,
        "Paths are written as Git has them, from the repository's root and with `/`:\n  \
         `./bytebase/a.sql` is `bytebase/a.sql` there\n  `bytebase\\test\\a.sql` is `bytebase/test/a.sql` there\n"
    );
    let ran = explain(&["--project", "other", GOOD]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (64, "There is no project `other`; settings know `demo`.\n")
    );
}

#[test]
fn what_a_path_holds_steers_no_terminal() {
    let ran = explain(&["bytebase/\u{1b}[2J\u{202e}.sql"]);
    assert!(
        ran.out.starts_with("bytebase/\\u{1b}[2J\\u{202e}.sql\n"),
        "{}",
        ran.out
    );
}

#[test]
fn every_problem_of_a_file_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let bad = SETTINGS
        .replace("branch = \"main\"", "branch = \"refs/heads/main\"\nbase = \"x\"")
        .replace("environment = \"prod\"", "environment = \"prd\"");
    let path = file(folder.path(), "sluice.toml", &bad);
    let ran = run(&["settings", "validate", &path]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.err,
        format!(
            "{path} holds 3 problems:\n  \
             line 3: projects.demo.branch: write the branch alone: `main`\n  \
             line 4: projects.demo.base: there is no such key; leave it out, or use `name`, `repository`, `branch`, \
             `base_directory`, `file_path_template`, `schema_path_template`, `write_back`, `databases`\n  \
             line 15: projects.demo.databases.db_demo.environment: there is no environment `prd`; did you mean `prod`?\n"
        )
    );
}
