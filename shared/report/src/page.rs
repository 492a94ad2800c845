//! Which page of the documents explains a code.

/// The codes of review, each with a page in `docs/rules`.
const RULES: [&str; 8] = [
    "destructive",
    "dml-without-where",
    "nothing-to-run",
    "other-schema",
    "sql-unreadable",
    "statement-refused",
    "too-many-statements",
    "type-mismatch",
];

/// The numbers of MySQL that share a page in `docs/errors`, which is named after the first or most frequent of them.
const NUMBERS: [(&str, &[u16]); 11] = [
    ("mysql-1050", &[1050, 1060, 1061, 1304, 1359, 1537, 1826]),
    ("mysql-1054", &[1054, 1072, 1091, 1176]),
    ("mysql-1062", &[1062, 1586]),
    ("mysql-1064", &[1064, 1149]),
    ("mysql-1142", &[1044, 1142, 1143, 1227, 1356, 1370, 1419, 1449]),
    ("mysql-1146", &[1051, 1146, 1305, 1360, 1539]),
    ("mysql-1205", &[1205, 3572]),
    ("mysql-1213", &[1213]),
    ("mysql-1317", &[1317, 3024]),
    (
        "mysql-1406",
        &[1048, 1138, 1264, 1265, 1292, 1364, 1366, 1406, 3819],
    ),
    ("mysql-1452", &[1215, 1217, 1451, 1452, 1822, 1824, 3730, 3780]),
];

/// The page that explains the code of a failure or a refusal, named from the root of Sluice's repository.
pub fn page(code: &str) -> String {
    if RULES.contains(&code) {
        return format!("docs/rules/{code}.md");
    }
    let Some(number) = code.strip_prefix("mysql-") else {
        return format!("docs/errors/{code}.md");
    };
    let number: Option<u16> = number.parse().ok();
    let shared = NUMBERS
        .iter()
        .find(|(_, numbers)| number.is_some_and(|number| numbers.contains(&number)));
    format!("docs/errors/{}.md", shared.map_or("mysql", |(page, _)| page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn each_code_leads_to_its_page() {
        for (code, expected) in [
            ("destructive", "docs/rules/destructive.md"),
            ("version-twice", "docs/errors/version-twice.md"),
            ("mysql-1091", "docs/errors/mysql-1054.md"),
            ("mysql-1114", "docs/errors/mysql.md"),
            ("mysql-x", "docs/errors/mysql.md"),
        ] {
            assert_eq!(page(code), expected);
        }
    }

    /// The text of a document.
    fn text(page: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        std::fs::read_to_string(root.join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
    }

    #[test]
    fn each_page_names_the_numbers_that_lead_to_it() {
        for (name, numbers) in NUMBERS {
            let text = text(&page(name));
            let line = text.lines().find(|line| line.starts_with("Codes: "));
            let named: Vec<String> = numbers.iter().map(|number| format!("`mysql-{number}`")).collect();
            assert_eq!(
                line,
                Some(format!("Codes: {}", named.join(", ")).as_str()),
                "{name}"
            );
        }
    }

    #[test]
    fn each_rule_has_its_page() {
        for rule in RULES {
            assert!(text(&page(rule)).starts_with(&format!("# {rule}\n")));
        }
        let index = text("docs/rules/README.md");
        let rows = index.lines().filter(|line| line.starts_with("| ["));
        assert_eq!(rows.count(), RULES.len(), "a rule is missing here");
    }
}
