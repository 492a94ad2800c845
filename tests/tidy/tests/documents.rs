//! Documents say what is true.

use tidy::fault::TidyError;
use tidy::sources;

fn all_sources() -> Result<String, TidyError> {
    let mut all = String::new();
    for folder in ["functions", "shared", "infra", "tests"] {
        for path in sources::rust_files(folder)? {
            all += &std::fs::read_to_string(&path).map_err(|source| TidyError::Read { path, source })?;
        }
    }
    Ok(all)
}

#[test]
fn every_test_that_architecture_names_exists() {
    let (root, all) = (sources::path(""), all_sources().unwrap());
    let text = sources::text("ARCHITECTURE.md").unwrap();
    let table = text
        .split("## Invariants")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let mut named = 0;
    for row in table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.contains("| held by |"))
    {
        let holders = row.trim_end_matches('|').rsplit('|').next().unwrap();
        for name in holders.split('`').skip(1).step_by(2) {
            let exists = if name.contains('/') {
                root.join(name).exists()
            } else {
                all.contains(&format!("fn {name}(")) || all.contains(&format!("fn {name}<"))
            };
            assert!(
                exists,
                "ARCHITECTURE.md names `{name}`, which does not exist: {row}"
            );
            named += 1;
        }
    }
    assert!(named > 20, "only {named} names were read: has the table moved?");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let root = sources::path("");
    let mut documents = vec![root.join("README.md"), root.join("ARCHITECTURE.md")];
    for folder in ["docs", "docs/errors", "docs/rules"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            documents.extend(Some(path).filter(|path| path.extension().is_some_and(|end| end == "md")));
        }
    }
    for document in documents {
        let text = std::fs::read_to_string(&document).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let target = document.parent().unwrap().join(path);
            assert!(
                target.exists(),
                "{} links to {link}, which does not exist",
                document.display()
            );
        }
    }
}
