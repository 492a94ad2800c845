//! The risk of a text, as policy looks at it. Pure.

use model::Risk;
use review::Review;
use sql::{How, Touched};

/// What review found in a text, and the tables that it changes.
pub(super) fn risk_of(review: &Review) -> Risk {
    let findings = review.findings.iter().map(|finding| finding.rule.to_owned());
    let tables = review
        .statements
        .iter()
        .flat_map(|statement| sql::touched(&statement.text, statement.mode))
        .filter(|touched| is_change(touched.how))
        .map(name);
    Risk::of(findings, tables)
}

fn is_change(how: How) -> bool {
    match how {
        How::Writes | How::Defines => true,
        How::Reads | How::Calls => false,
    }
}

fn name(touched: Touched) -> String {
    let name = touched.name;
    match name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ChangeType;
    use review::Surroundings;
    use settings::FINDINGS;

    fn risk(text: &str) -> Risk {
        let surroundings = Surroundings {
            mode: sql::SqlMode::default(),
            homes: Vec::new(),
        };
        risk_of(&review::review(ChangeType::Ddl, text, &surroundings))
    }

    #[test]
    fn what_a_rule_may_name_is_what_review_finds() {
        for finding in FINDINGS {
            assert!(review::RULES.iter().any(|rule| rule.code == finding), "{finding}");
        }
        for (text, finding) in [
            ("DROP TABLE a;", "destructive"),
            ("DELETE FROM a;", "dml-without-where"),
            ("INSERT INTO a VALUES (1);", "type-mismatch"),
        ] {
            assert!(risk(text).findings.iter().any(|found| found == finding), "{text}");
        }
    }

    #[test]
    fn what_is_changed_is_listed_and_what_is_read_is_not() {
        for (text, tables) in [
            (
                "CREATE TABLE b (id INT); CREATE TABLE a (id INT);",
                &["a", "b"][..],
            ),
            ("INSERT INTO a SELECT * FROM c JOIN d USING (id);", &["a"]),
            (
                "UPDATE a SET n = 1 WHERE id = 2; DELETE FROM audit.log WHERE id = 1;",
                &["a", "audit.log"],
            ),
            ("ALTER TABLE a RENAME TO z;", &["a", "z"]),
            ("SELECT * FROM c;", &[]),
        ] {
            assert_eq!(risk(text).tables, tables, "{text}");
        }
    }
}
