//! A proposed rollback as a file to be read, mended and pushed. The SQL says itself what it is, and of which version.

use super::plain;

/// What stands before each loss in the SQL that Sluice proposes.
const LOSES: &str = "-- loses: ";

/// What the SQL says that it loses.
pub(crate) fn losses(sql: &str) -> Vec<String> {
    sql.lines()
        .filter_map(|line| line.trim_start().strip_prefix(LOSES))
        .map(str::to_owned)
        .collect()
}

/// The SQL, below all that it loses.
pub(crate) fn file(sql: &str) -> String {
    let mut head = String::new();
    for loss in losses(sql) {
        head.push_str(if head.is_empty() { "-- It loses:\n" } else { "" });
        head.push_str("--   ");
        head.push_str(&plain::line(&loss));
        head.push('\n');
    }
    format!("{head}{}\n", sql.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn what_is_lost_stands_above_the_sql() {
        let sql = samples::revision().rollback.unwrap();
        insta::assert_snapshot!(file(&sql), @"
        -- It loses:
        --   the rows of table `t2`
        -- Proposed rollback of version 202303100000 on prod/db_demo: read it before you commit it as a new version.
        -- Rows that the version wrote or deleted are not restored.

        -- loses: the rows of table `t2`
        DROP TABLE `t2`;
        ");
        assert_eq!(
            file("CREATE TABLE `t` (`a` int);"),
            "CREATE TABLE `t` (`a` int);\n"
        );
    }

    #[test]
    fn only_its_own_remarks_are_losses() {
        let sql =
            "-- loses: the rows of table `a`\nDROP TABLE `a`;\n-- says nothing\nSELECT '-- loses: x';\n";
        assert_eq!(losses(sql), ["the rows of table `a`"]);
    }
}
