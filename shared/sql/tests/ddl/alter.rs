//! `ALTER TABLE` and what the server maps to it.

use crate::compact::{alter, attributes, key_text, operations};
use crate::opaque::stops;
use sql::ddl::{AlterOperation, Position};

/// An operation as a short text.
fn short(operation: &AlterOperation) -> String {
    if let AlterOperation::AddColumn { column, position } = operation {
        let place = place(position.as_ref());
        format!("add {} {}{place}", column.name, column.data_type.name)
    } else if let AlterOperation::ModifyColumn { column, position } = operation {
        let (attributes, place) = (attributes(&column.attributes), place(position.as_ref()));
        format!(
            "modify {} {} {attributes}{place}",
            column.name, column.data_type.name
        )
    } else if let AlterOperation::ChangeColumn {
        from,
        column,
        position,
    } = operation
    {
        let place = place(position.as_ref());
        format!("change {from} {} {}{place}", column.name, column.data_type.name)
    } else if let AlterOperation::AddKey(key) = operation {
        format!("key {}", key_text(key))
    } else {
        format!("{operation:?}")
    }
}

fn place(position: Option<&Position>) -> String {
    match position {
        Some(Position::First) => " first".to_owned(),
        Some(Position::After(column)) => format!(" after {column}"),
        None => String::new(),
    }
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let found: Vec<String> = operations(text).iter().map(short).collect();
        assert_eq!(&found, expected, "{text}");
    }
}

#[test]
fn columns_are_added_changed_and_dropped() {
    check(&[
        ("ADD a INT", &["add a int"]),
        ("ADD COLUMN `after` INT AFTER `b`", &["add after int after b"]),
        (
            "ADD COLUMN (a INT, b TEXT, KEY k (a))",
            &["add a int", "add b text", "key Plain Some(\"k\") [a] "],
        ),
        ("ADD (a INT), ADD b INT FIRST", &["add a int", "add b int first"]),
        (
            "MODIFY a BIGINT NOT NULL AFTER c",
            &["modify a bigint NotNull after c"],
        ),
        (
            "MODIFY COLUMN a INT COMMENT 'x' FIRST",
            &["modify a int Comment(\"'x'\") first"],
        ),
        ("CHANGE a b TEXT", &["change a b text"]),
        ("CHANGE COLUMN a a INT AFTER d", &["change a a int after d"]),
        (
            "DROP a, DROP COLUMN `b` RESTRICT",
            &["DropColumn(\"a\")", "DropColumn(\"b\")"],
        ),
        (
            "RENAME COLUMN a TO b",
            &["RenameColumn { from: \"a\", to: \"b\" }"],
        ),
        (
            "ALTER a SET DEFAULT -1, ALTER COLUMN b SET DEFAULT (uuid()), ALTER c DROP DEFAULT",
            &[
                "SetDefault { column: \"a\", default: \"-1\" }",
                "SetDefault { column: \"b\", default: \"(uuid())\" }",
                "DropDefault(\"c\")",
            ],
        ),
        (
            "ALTER a SET INVISIBLE",
            &["ColumnVisible { column: \"a\", visible: false }"],
        ),
    ]);
}

#[test]
fn keys_and_constraints_are_added_changed_and_dropped() {
    check(&[
        ("ADD PRIMARY KEY (a)", &["key Primary None [a] "]),
        (
            "ADD UNIQUE u (a), ADD FULLTEXT INDEX f (b)",
            &["key Unique Some(\"u\") [a] ", "key Fulltext Some(\"f\") [b] "],
        ),
        ("DROP PRIMARY KEY", &["DropPrimaryKey"]),
        (
            "DROP INDEX i, DROP KEY `primary`",
            &["DropKey(\"i\")", "DropPrimaryKey"],
        ),
        ("DROP FOREIGN KEY f", &["DropForeignKey(\"f\")"]),
        (
            "DROP CHECK c, DROP CONSTRAINT d",
            &["DropCheck(\"c\")", "DropConstraint(\"d\")"],
        ),
        (
            "RENAME INDEX a TO b, RENAME KEY c TO d",
            &[
                "RenameKey { from: \"a\", to: \"b\" }",
                "RenameKey { from: \"c\", to: \"d\" }",
            ],
        ),
        (
            "ALTER INDEX i INVISIBLE",
            &["KeyVisible { key: \"i\", visible: false }"],
        ),
        (
            "ALTER CHECK c NOT ENFORCED, ALTER CONSTRAINT d ENFORCED",
            &[
                "CheckEnforced { check: \"c\", enforced: false }",
                "CheckEnforced { check: \"d\", enforced: true }",
            ],
        ),
    ]);
}

#[test]
fn the_whole_table_is_changed() {
    check(&[
        ("", &[]),
        (
            "RENAME TO s.u",
            &["RenameTable(ObjectName { schema: Some(\"s\"), name: \"u\" })"],
        ),
        (
            "RENAME u, FORCE",
            &["RenameTable(ObjectName { schema: None, name: \"u\" })", "Force"],
        ),
        (
            "RENAME = u",
            &["RenameTable(ObjectName { schema: None, name: \"u\" })"],
        ),
        (
            "ENGINE=InnoDB COMMENT 'x', AUTO_INCREMENT = 3",
            &[
                "Option(TableOption { name: \"ENGINE\", value: \"InnoDB\" })",
                "Option(TableOption { name: \"COMMENT\", value: \"'x'\" })",
                "Option(TableOption { name: \"AUTO_INCREMENT\", value: \"3\" })",
            ],
        ),
        (
            "CONVERT TO CHARACTER SET UTF8MB4 COLLATE x",
            &["Convert { charset: \"utf8mb4\", collation: Some(\"x\") }"],
        ),
        (
            "CONVERT TO CHARSET DEFAULT",
            &["Convert { charset: \"default\", collation: None }"],
        ),
        ("ORDER BY a, b DESC", &["OrderBy(\"a, b DESC\")"]),
        ("ORDER BY a, ADD b INT", &["OrderBy(\"a\")", "add b int"]),
        ("DISABLE KEYS", &["Keys { enabled: false }"]),
        (
            "IMPORT TABLESPACE",
            &["Tablespace { import: true, partitions: None }"],
        ),
        ("SECONDARY_LOAD", &["SecondaryEngine { load: true }"]),
        (
            "ALGORITHM=INPLACE, LOCK NONE, ADD a INT, WITHOUT VALIDATION",
            &[
                "Algorithm(\"INPLACE\")",
                "Lock(\"NONE\")",
                "add a int",
                "Validation { with: false }",
            ],
        ),
    ]);
}

#[test]
fn partitions_are_changed() {
    check(&[
        (
            "ADD a INT REMOVE PARTITIONING",
            &["add a int", "RemovePartitioning"],
        ),
        ("DROP PARTITION p, `q`", &["DropPartitions([\"p\", \"q\"])"]),
        (
            "ALGORITHM=INPLACE, TRUNCATE PARTITION ALL",
            &["Algorithm(\"INPLACE\")", "TruncatePartitions(All)"],
        ),
        (
            "COALESCE PARTITION NO_WRITE_TO_BINLOG 2",
            &["CoalescePartitions(2)"],
        ),
        (
            "ADD PARTITION",
            &["AddPartitions { partitions: [], count: None }"],
        ),
        (
            "ADD PARTITION PARTITIONS 3",
            &["AddPartitions { partitions: [], count: Some(3) }"],
        ),
        (
            "REORGANIZE PARTITION",
            &["ReorganizePartitions { from: [], into: [] }"],
        ),
        (
            "EXCHANGE PARTITION p WITH TABLE s.u WITHOUT VALIDATION",
            &[
                "ExchangePartition { partition: \"p\", table: ObjectName { schema: Some(\"s\"), name: \"u\" } }",
                "Validation { with: false }",
            ],
        ),
        (
            "REBUILD PARTITION LOCAL p",
            &["MaintainPartitions { verb: \"REBUILD\", partitions: Named([\"p\"]) }"],
        ),
        (
            "CHECK PARTITION ALL QUICK",
            &["MaintainPartitions { verb: \"CHECK\", partitions: All }"],
        ),
        (
            "DISCARD PARTITION p TABLESPACE",
            &["Tablespace { import: false, partitions: Some(Named([\"p\"])) }"],
        ),
    ]);
    match operations("ADD PARTITION (PARTITION p VALUES IN (1))").as_slice() {
        [
            AlterOperation::AddPartitions {
                partitions,
                count: None,
            },
        ] => assert_eq!(partitions.len(), 1),
        other => panic!("{other:?}"),
    }
    match operations("REORGANIZE PARTITION p INTO (PARTITION a, PARTITION b)").as_slice() {
        [AlterOperation::ReorganizePartitions { from, into }] => assert_eq!((from.len(), into.len()), (1, 2)),
        other => panic!("{other:?}"),
    }
    match operations("ENGINE=InnoDB PARTITION BY HASH (a) PARTITIONS 4").as_slice() {
        [AlterOperation::Option(_), AlterOperation::PartitionBy(by)] => assert_eq!(by.count, Some(4)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn statements_on_an_index_are_operations_of_its_table() {
    for (text, table, expected) in [
        (
            "CREATE INDEX i ON s.t (a)",
            "`s`.`t`",
            vec!["key Plain Some(\"i\") [a] "],
        ),
        (
            "CREATE UNIQUE INDEX i USING BTREE ON t (a) COMMENT 'x' LOCK=NONE ALGORITHM INPLACE",
            "`t`",
            vec![
                "key Unique Some(\"i\") [a] USING=BTREE; COMMENT='x'",
                "Lock(\"NONE\")",
                "Algorithm(\"INPLACE\")",
            ],
        ),
        (
            "CREATE SPATIAL INDEX i ON t (a)",
            "`t`",
            vec!["key Spatial Some(\"i\") [a] "],
        ),
        (
            "DROP INDEX `i` ON t ALGORITHM = COPY",
            "`t`",
            vec!["DropKey(\"i\")", "Algorithm(\"COPY\")"],
        ),
    ] {
        let found = alter(text);
        assert_eq!(found.name.to_string(), table, "{text}");
        assert_eq!(
            found.operations.iter().map(short).collect::<Vec<_>>(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn what_is_no_operation_stops_the_reader() {
    stops("ALTER TABLE t ADD", "");
    stops("ALTER TABLE t ADD a INT,", "");
    stops("ALTER TABLE t ADD IF NOT EXISTS a INT", "IF");
    stops("ALTER TABLE t DROP COLUMN IF EXISTS a", "IF");
    stops("ALTER TABLE t MODIFY a", "");
    stops("ALTER TABLE t ALTER a SET", "");
    stops("ALTER TABLE t ALTER a SET DEFAULT now()", "now()");
    stops("ALTER TABLE t ADD a INT DROP b", "DROP");
    stops("ALTER TABLE t ADD a INT, DROP PARTITION p", "DROP");
    stops("ALTER TABLE t DROP PARTITION p, ADD a INT", "ADD");
    stops("ALTER TABLE t ALGORITHM=FAST", "FAST");
    stops("ALTER IGNORE TABLE t ADD a INT", "IGNORE");
    stops("CREATE INDEX ON t (a)", "ON");
    stops("DROP INDEX i", "");
}

#[test]
fn the_primary_key_is_dropped_by_its_name() {
    for text in ["DROP INDEX `PRIMARY` ON t", "DROP INDEX `primary` ON t"] {
        assert_eq!(alter(text).operations, [AlterOperation::DropPrimaryKey], "{text}");
    }
    stops("DROP INDEX PRIMARY ON t", "PRIMARY");
}
