//! Partitions.

use crate::compact::{options, table};
use crate::opaque::stops;
use sql::ddl::{Partition, Partitioning, TableBody};

fn partitioning(text: &str) -> Partitioning {
    let body = table(&format!("CREATE TABLE t (a INT) {text}")).body;
    let TableBody::Defined {
        partitioning: Some(found),
        ..
    } = body
    else {
        panic!("{text}")
    };
    found
}

fn list(partitions: &[Partition]) -> String {
    let all: Vec<String> = partitions
        .iter()
        .map(|partition| {
            let below = list(&partition.subpartitions);
            format!(
                "{} {} {{{}}} [{below}]",
                partition.name,
                partition.values.as_deref().unwrap_or("-"),
                options(&partition.options),
            )
        })
        .collect();
    all.join(", ")
}

#[test]
fn methods_are_kept_with_their_blanks_folded() {
    for (text, method, count) in [
        ("PARTITION BY HASH (a)", "HASH (a)", None),
        (
            "PARTITION BY LINEAR HASH(year(a))\nPARTITIONS 4",
            "LINEAR HASH(year(a))",
            Some(4),
        ),
        ("PARTITION BY KEY ()", "KEY ()", None),
        (
            "PARTITION BY LINEAR KEY   ALGORITHM = 2 (`a`) PARTITIONS 2",
            "LINEAR KEY ALGORITHM = 2 (`a`)",
            Some(2),
        ),
        (
            "PARTITION BY RANGE  COLUMNS(a,b) (PARTITION p VALUES LESS THAN (1,2))",
            "RANGE COLUMNS(a,b)",
            None,
        ),
        (
            "/*!50500 PARTITION BY LIST  COLUMNS(a) (PARTITION p VALUES IN ('x')) */",
            "LIST COLUMNS(a)",
            None,
        ),
        (
            "PARTITION BY RANGE (to_days('a  b')) (PARTITION p VALUES LESS THAN (1))",
            "RANGE (to_days('a  b'))",
            None,
        ),
    ] {
        let found = partitioning(text);
        assert_eq!((found.method.as_str(), found.count), (method, count), "{text}");
    }
}

#[test]
fn lists_are_read_with_values_options_and_what_is_below() {
    let found = partitioning(
        "PARTITION BY RANGE (a) PARTITIONS 2 SUBPARTITION BY LINEAR HASH (b) SUBPARTITIONS 2 (
           PARTITION p0 VALUES LESS THAN (10) COMMENT = 'x' STORAGE ENGINE = InnoDB
             (SUBPARTITION s0 ENGINE InnoDB, SUBPARTITION `s1` TABLESPACE = ts),
           PARTITION `p1` VALUES LESS THAN MAXVALUE DATA DIRECTORY '/d' MAX_ROWS=5 NODEGROUP = 1)",
    );
    assert_eq!(found.sub_method.as_deref(), Some("LINEAR HASH (b)"));
    assert_eq!((found.count, found.sub_count), (Some(2), Some(2)));
    assert_eq!(
        list(&found.partitions),
        "p0 LESS THAN (10) {COMMENT='x'; ENGINE=InnoDB} [s0 - {ENGINE=InnoDB} [], s1 - {TABLESPACE=ts} []], \
         p1 LESS THAN MAXVALUE {DATA DIRECTORY='/d'; MAX_ROWS=5; NODEGROUP=1} []"
    );
    let found =
        partitioning("PARTITION BY LIST (a) (PARTITION p VALUES IN (1,  NULL), PARTITION q VALUES IN ((2)))");
    assert_eq!(list(&found.partitions), "p IN (1, NULL) {} [], q IN ((2)) {} []");
}

#[test]
fn what_is_no_partition_stops_the_reader() {
    stops("CREATE TABLE t (a INT) PARTITION BY SOUP (a)", "SOUP");
    stops("CREATE TABLE t (a INT) PARTITION BY HASH ()", ")");
    stops("CREATE TABLE t (a INT) PARTITION BY HASH (a) PARTITIONS x", "x");
    stops(
        "CREATE TABLE t (a INT) PARTITION BY RANGE (a) (PARTITION p VALUES MORE THAN (1))",
        "MORE",
    );
    stops(
        "CREATE TABLE t (a INT) PARTITION BY RANGE (a) (PARTITION p) (PARTITION q)",
        "(PARTITION q)",
    );
}
