//! Changes in words, and the statements that make them.

use catalog::{Catalog, Renames, changes, script};
use sql::SqlMode;

fn catalog(text: &str) -> Catalog {
    Catalog::read(text, SqlMode::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn words(from: &str, to: &str) -> String {
    let found = changes(&catalog(from), &catalog(to), &Renames::default());
    let lines: Vec<String> = found
        .iter()
        .map(|change| match &change.loses {
            Some(loss) => format!("{change} (loses {loss})"),
            None => change.to_string(),
        })
        .collect();
    lines.join("\n")
}

fn statements(from: &str, to: &str, renames: &str) -> String {
    let split = sql::split(renames, SqlMode::default());
    let split = split.unwrap_or_else(|error| panic!("{error}\n{renames}"));
    let renames = Renames::of(&split, SqlMode::default());
    script(&catalog(from), &catalog(to), &renames).to_string()
}

#[test]
fn changes_are_told_with_what_they_lose() {
    insta::assert_snapshot!(words(
        "create table orders (id int primary key, total int, gone int, code varchar(50), state enum('a','b'));
         create table old (id int); create view v as select 1;",
        "create table orders (id int primary key, total bigint, note varchar(20), code varchar(20), state enum('a'), \
         key by_code (code)) comment 'x'; create view v as select 2;",
    ), @"
    table `old` dropped (loses the rows of table `old`)
    table `orders`: column `gone` dropped (loses the values of column `gone` of table `orders`)
    table `orders`: column `total`: int DEFAULT NULL → bigint DEFAULT NULL
    table `orders`: column `note` added after `total`: varchar(20) DEFAULT NULL
    table `orders`: column `code`: varchar(50) DEFAULT NULL → varchar(20) DEFAULT NULL (loses values of column `code` of table `orders` that don't fit (varchar(50) utf8mb4 → varchar(20) utf8mb4); a strict server refuses instead)
    table `orders`: column `state`: enum('a','b') DEFAULT NULL → enum('a') DEFAULT NULL (loses values of column `state` of table `orders` that don't fit (enum('a','b') utf8mb4 → enum('a') utf8mb4); a strict server refuses instead)
    table `orders`: key added: KEY `by_code` (`code`)
    table `orders`: COMMENT: (none) → 'x'
    view `v` changed
    ");
}

#[test]
fn one_statement_does_as_little_as_possible() {
    insta::assert_snapshot!(statements(
        "create table t (id int primary key, a int, b int default 1, c int, d int, key ka (a), key kb (b))",
        "create table t (id int primary key, c int, x int, a int, b int default 2, d int invisible, key kz (a), key kb (b) \
         invisible)",
        "",
    ), @"
    ALTER TABLE `t`
      MODIFY COLUMN `c` int DEFAULT NULL AFTER `id`,
      ADD COLUMN `x` int DEFAULT NULL AFTER `c`,
      ALTER COLUMN `b` SET DEFAULT '2',
      ALTER COLUMN `d` SET INVISIBLE,
      RENAME KEY `ka` TO `kz`,
      ALTER INDEX `kb` INVISIBLE;
    ");
}

#[test]
fn names_are_new_names_only_where_that_is_known() {
    let (a, b) = (
        "create table t (id int primary key, a int)",
        "create table u (id int primary key, b int)",
    );
    insta::assert_snapshot!(statements(a, b, "rename table t to u; alter table u rename column a to b"), @"
    RENAME TABLE `t` TO `u`;
    ALTER TABLE `u` RENAME COLUMN `a` TO `b`;
    ");
    insta::assert_snapshot!(statements(a, b, ""), @"
    -- loses: the rows of table `t`
    DROP TABLE `t`;
    CREATE TABLE `u` (
      `id` int NOT NULL,
      `b` int DEFAULT NULL,
      PRIMARY KEY (`id`)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
    ");
}

#[test]
fn names_lead_back_too() {
    let text = "alter table t rename to u, change a b int; alter table u rename column b to c";
    let renames = Renames::of(&sql::split(text, SqlMode::default()).unwrap(), SqlMode::default());
    let back = renames.reversed();
    assert_eq!(back.tables, [("u".to_owned(), "t".to_owned())]);
    assert_eq!(back.reversed(), renames);
    let column = &back.columns[0];
    assert_eq!(
        (column.table.as_str(), column.from.as_str(), column.to.as_str()),
        ("t", "c", "a")
    );
}

#[test]
fn foreign_keys_are_away_while_their_columns_change() {
    insta::assert_snapshot!(statements(
        "create table p (id int primary key); create table c (id int, key k (id), constraint f foreign key (id) references p (id))",
        "create table p (id bigint primary key); create table c (id bigint, key k (id), constraint f foreign key (id) references p (id))",
        "",
    ), @"
    ALTER TABLE `c`
      DROP FOREIGN KEY `f`,
      RENAME KEY `k` TO `k`;
    ALTER TABLE `c` MODIFY COLUMN `id` bigint DEFAULT NULL;
    ALTER TABLE `p` MODIFY COLUMN `id` bigint NOT NULL;
    ALTER TABLE `c` ADD CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `p` (`id`);
    ");
}

#[test]
fn an_event_without_a_start_started_when_it_was_made() {
    let (written, shown) = (
        "create event e on schedule every 1 day ends '2031-01-01 00:00:00' do select 1",
        "create event e on schedule every 1 day starts '2030-01-01 00:00:00' ends '2031-01-01 00:00:00' do select 1",
    );
    assert_eq!(words(written, shown), "");
    assert_eq!(words(shown, written), "");
    let other = shown.replace("2030-01-01", "2030-01-02");
    assert_eq!(words(shown, &other), "event `e` changed");
    assert_eq!(
        words(written, &shown.replace("1 day", "2 day")),
        "event `e` changed"
    );
}

#[test]
fn a_view_is_made_under_its_collation_and_the_rest_of_the_script_is_not() {
    let view = "create view v as select 1";
    let other = format!(
        "set collation_connection = latin1_bin; {view}; set collation_connection = default; \
                         create view w as select 1"
    );
    assert_eq!(words(view, &other), "view `v` changed\nview `w` added");
    insta::assert_snapshot!(statements(view, &other, ""), @"
    SET @saved_sql_mode = @@sql_mode, @saved_time_zone = @@time_zone, @saved_character_set_client = @@character_set_client, @saved_collation_connection = @@collation_connection;
    SET collation_connection = 'latin1_bin';
    CREATE OR REPLACE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v` AS select 1;
    SET collation_connection = @saved_collation_connection;
    CREATE OR REPLACE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `w` AS select 1;
    ");
}

#[test]
fn a_key_that_the_server_may_have_made_is_made_to_stay() {
    let schema = |number: &str| {
        format!(
            "create table a (id {number} primary key); create table b (x {number}, foreign key (x) references a (id))"
        )
    };
    insta::assert_snapshot!(statements(&schema("int"), &schema("bigint"), ""), @"
    ALTER TABLE `b`
      DROP FOREIGN KEY `b_ibfk_1`,
      RENAME KEY `x` TO `x`;
    ALTER TABLE `a` MODIFY COLUMN `id` bigint NOT NULL;
    ALTER TABLE `b` MODIFY COLUMN `x` bigint DEFAULT NULL;
    ALTER TABLE `b` ADD CONSTRAINT `b_ibfk_1` FOREIGN KEY (`x`) REFERENCES `a` (`id`);
    ");
}

#[test]
fn only_tables_with_dates_of_zero_are_altered_where_they_are_allowed() {
    let table = |more: &str| {
        format!(
            "create table t (id int primary key, d date default '2000-00-00'{more}); create table u (id int{more})"
        )
    };
    insta::assert_snapshot!(statements(&table(""), &table(", x int"), ""), @"
    SET @saved_sql_mode = @@sql_mode, @saved_time_zone = @@time_zone, @saved_character_set_client = @@character_set_client, @saved_collation_connection = @@collation_connection;
    SET sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
    ALTER TABLE `t` ADD COLUMN `x` int DEFAULT NULL;
    SET sql_mode = @saved_sql_mode;
    ALTER TABLE `u` ADD COLUMN `x` int DEFAULT NULL;
    ");
}
