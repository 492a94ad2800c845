//! The schema before against the schema after.

use similar::TextDiff;

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// The unified diff of two schemas; empty where they are equal.
pub fn schema_diff(before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(CONTEXT)
        .header("before", "after")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_schemas_have_no_diff() {
        assert_eq!(schema_diff("", ""), "");
        assert_eq!(schema_diff("a\nb", "a\nb"), "");
    }

    #[test]
    fn a_new_column_is_one_line() {
        let before = "CREATE TABLE `t1` (\n  `id` int NOT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n";
        let after = before.replace("NOT NULL,\n", "NOT NULL,\n  `name` varchar(20),\n");
        insta::assert_snapshot!(schema_diff(before, &after), @r#"
        --- before
        +++ after
        @@ -1,4 +1,5 @@
         CREATE TABLE `t1` (
           `id` int NOT NULL,
        +  `name` varchar(20),
           PRIMARY KEY (`id`)
         ) ENGINE=InnoDB;
        "#);
    }

    #[test]
    fn the_first_table_and_a_missing_line_end_are_told() {
        insta::assert_snapshot!(schema_diff("", "CREATE TABLE `t1` (`id` int);"), @r#"
        --- before
        +++ after
        @@ -0,0 +1 @@
        +CREATE TABLE `t1` (`id` int);
        \ No newline at end of file
        "#);
    }
}
