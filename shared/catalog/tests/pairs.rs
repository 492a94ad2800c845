//! What can be said of all pairs of schemas without a server.

use catalog::{Catalog, Renames, changes, script};
use sql::SqlMode;
use std::path::{Path, PathBuf};

fn folders() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pairs");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    folders
}

fn catalog(folder: &Path, file: &str) -> Catalog {
    let text = std::fs::read_to_string(folder.join(file))
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    Catalog::read(&text, SqlMode::default()).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

#[test]
fn nothing_leads_from_a_schema_to_itself() {
    for folder in folders() {
        for file in ["a.sql", "b.sql"] {
            let own = catalog(&folder, file);
            let renames = Renames::default();
            assert_eq!(changes(&own, &own, &renames), [], "{}", folder.display());
            assert!(script(&own, &own, &renames).is_empty(), "{}", folder.display());
        }
    }
}

#[test]
fn what_differs_is_told_and_has_statements_that_can_be_split_again() {
    assert!(folders().len() >= 60);
    for folder in folders() {
        let (a, b) = (catalog(&folder, "a.sql"), catalog(&folder, "b.sql"));
        for (from, to) in [(&a, &b), (&b, &a)] {
            let found = changes(from, to, &Renames::default());
            let script = script(from, to, &Renames::default());
            assert!(!found.is_empty(), "{}", folder.display());
            let statements = sql::split(&script.to_string(), SqlMode::default()).unwrap();
            let own: Vec<&str> = statements
                .iter()
                .filter(|statement| !statement.text.starts_with("SET "))
                .map(|statement| statement.text.as_str())
                .collect();
            let steps = script.steps.iter().filter(|step| !step.sql.starts_with("SET "));
            let steps: Vec<&str> = steps.map(|step| step.sql.trim_end()).collect();
            // A comment at the end of a body is no part of a statement that is split.
            assert_eq!(own.len(), steps.len(), "{}", folder.display());
            for (own, step) in own.iter().zip(&steps) {
                assert!(
                    step.starts_with(own.trim_end()),
                    "{}\n{own}\n{step}",
                    folder.display()
                );
            }
            for statement in &statements {
                let setting = statement.text.starts_with("SET ");
                assert!(setting || sql::refusal(statement).is_none(), "{}", statement.text);
            }
        }
    }
}
