//! Revisions: the list of what was applied to a target, and the page of one.

use super::changes;
use super::plain;
use super::style::{Style, Tone};
use super::{facts, indented, table, time};
use model::{Revision, RevisionView, StatementRecord};
use serde::Deserialize;

/// A part of the list of revisions.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    revisions: Vec<Revision>,
}

impl Page {
    /// A table, one revision per line.
    pub(crate) fn render(&self) -> String {
        if self.revisions.is_empty() {
            return "Nothing was applied yet.\n".to_owned();
        }
        let head = [
            "VERSION",
            "TYPE",
            "ISSUE",
            "STATEMENTS",
            "APPLIED",
            "COMMIT",
            "DESCRIPTION",
        ];
        table(&head, self.revisions.iter().map(row))
    }
}

fn row(revision: &Revision) -> Vec<String> {
    vec![
        revision.change.version.as_str().to_owned(),
        revision.change.change_type.to_string(),
        revision.issue.to_string(),
        revision.statements.len().to_string(),
        time(revision.finished_at),
        revision.change.commit.short().to_owned(),
        plain::shortened(&revision.change.description, 60),
    ]
}

/// Everything about one revision; the whole schema where it is asked for.
pub(crate) fn page(view: &RevisionView, schema: bool, style: Style) -> String {
    let mut text = head(&view.revision, style);
    text.push('\n');
    text.push_str(&indented(&statements(&view.revision.statements), 2));
    text.push_str(&part("SQL", &plain::lines(&view.sql), style));
    for (heading, changes) in [
        ("Changed by others before it", &view.drift),
        ("Changes", &view.changes),
    ] {
        if !changes.is_empty() {
            text.push('\n');
            text.push_str(&changes::part(heading, changes, style));
        }
    }
    let diff = plain::lines(&view.diff);
    let diff = if diff.trim().is_empty() {
        "(the schema did not change)".to_owned()
    } else {
        style.diff(&diff)
    };
    text.push_str(&part("Schema diff", &diff, style));
    if schema {
        text.push_str(&part("Schema", &plain::lines(&view.schema), style));
    }
    text
}

fn head(revision: &Revision, style: Style) -> String {
    let change = &revision.change;
    let title = format!(
        "{} {}: {}",
        revision.target,
        change.version.as_str(),
        change.description
    );
    let approved = if revision.approved_by.is_empty() {
        "not required".to_owned()
    } else {
        revision.approved_by.join(", ")
    };
    let title = style.paint(Tone::Heading, &plain::line(&title));
    let facts = facts(&[
        ("file", change.path.clone()),
        ("type", change.change_type.to_string()),
        ("checksum", change.checksum.to_string()),
        ("commit", change.commit.to_string()),
        ("environment", revision.environment.to_string()),
        ("issue", revision.issue.to_string()),
        ("approved by", approved),
        ("runs", revision.attempt.to_string()),
        ("begun", time(revision.started_at)),
        ("applied", time(revision.finished_at)),
    ]);
    format!("{title}\n{facts}")
}

fn statements(records: &[StatementRecord]) -> String {
    let unknown =
        |number: Option<u64>| number.map_or_else(|| "unknown".to_owned(), |number| number.to_string());
    let rows = records.iter().map(|record| {
        vec![
            record.index.to_string(),
            record.line.to_string(),
            unknown(record.rows),
            unknown(record.duration_ms),
            record.digest.short().to_owned(),
        ]
    });
    table(&["STATEMENT", "LINE", "ROWS", "MILLISECONDS", "CHECKSUM"], rows)
}

fn part(name: &str, body: &str, style: Style) -> String {
    format!("\n{}\n{}\n", style.paint(Tone::Heading, name), body.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn the_list_is_short() {
        let page = Page {
            revisions: vec![samples::revision().revision],
        };
        insta::assert_snapshot!(page.render(), @"
        VERSION       TYPE  ISSUE  STATEMENTS  APPLIED                  COMMIT   DESCRIPTION
        202303100000  ddl   7      1           2023-03-10 08:00:00 UTC  1234567  create t2
        ");
        assert_eq!(Page { revisions: vec![] }.render(), "Nothing was applied yet.\n");
    }

    #[test]
    fn the_page_holds_statements_sql_diff_and_schema() {
        insta::assert_snapshot!(page(&samples::revision(), true, Style { colored: false }), @"
        prod/db_demo 202303100000: create t2
          file         bytebase/prod/db_demo##202303100000##ddl##create_t2.sql
          type         ddl
          checksum     7e4704164c8a8123dfd629f9e98f22b2fff56639ddda25a5d0d97a50e061057c
          commit       1234567890123456789012345678901234567890
          environment  prod
          issue        7
          approved by  arn:aws:iam::111122223333:user/dba
          runs         1
          begun        2023-03-10 08:00:00 UTC
          applied      2023-03-10 08:00:00 UTC

          STATEMENT  LINE  ROWS     MILLISECONDS  CHECKSUM
          1          1     unknown  12            7e4704164c8a

        SQL
        CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255));

        Changes
          table `t2` added

        Schema diff
        @@ -1 +1,4 @@
        +CREATE TABLE `t2` (
        +  `id` bigint NOT NULL
        +);

        Schema
        CREATE TABLE `t2` (
          `id` bigint NOT NULL
        );
        ");
    }
}
