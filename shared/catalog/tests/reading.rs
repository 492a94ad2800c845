//! What the server would make of a text, held against what it shows.

use catalog::{Catalog, Renames, changes};
use sql::SqlMode;

fn catalog(text: &str) -> Catalog {
    Catalog::read(text, SqlMode::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Both texts are the same schema.
fn check(written: &str, shown: &str) {
    let found = changes(&catalog(written), &catalog(shown), &Renames::default());
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, Vec::<String>::new(), "{written}");
}

fn refused(text: &str) -> String {
    match Catalog::read(text, SqlMode::default()) {
        Ok(_) => panic!("read: {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_column_is_what_the_server_shows() {
    for (written, shown) in [
        ("INTEGER", "int DEFAULT NULL"),
        ("int(11) unsigned", "int unsigned DEFAULT NULL"),
        ("BOOL DEFAULT true", "tinyint(1) DEFAULT '1'"),
        ("DEC", "decimal(10,0) DEFAULT NULL"),
        ("NUMERIC(5) DEFAULT 1", "decimal(5,0) DEFAULT '1'"),
        ("CHARACTER VARYING(3)", "varchar(3) DEFAULT NULL"),
        ("DOUBLE PRECISION DEFAULT 1e3", "double DEFAULT '1000'"),
        ("FLOAT(30)", "double DEFAULT NULL"),
        ("INT ZEROFILL", "int(10) unsigned zerofill DEFAULT NULL"),
        ("LONG VARCHAR", "mediumtext"),
        ("text(300)", "text"),
        ("blob(10)", "tinyblob"),
        (
            "NATIONAL VARCHAR(3)",
            "varchar(3) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci DEFAULT NULL",
        ),
        ("varchar(3) charset binary", "varbinary(3) DEFAULT NULL"),
        (
            "timestamp null default now() on update localtime()",
            "timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
        ),
        (
            "datetime(3) default localtime(3)",
            "datetime(3) DEFAULT CURRENT_TIMESTAMP(3)",
        ),
        ("decimal(10,2) default 1", "decimal(10,2) DEFAULT '1.00'"),
        ("bit(4) default 5", "bit(4) DEFAULT b'101'"),
        ("binary(3) default 'a'", "binary(3) DEFAULT 'a\\0\\0'"),
        ("varbinary(3) default x'61'", "varbinary(3) DEFAULT 'a'"),
        ("enum('a','b ') default \"a\"", "enum('a','b') DEFAULT 'a'"),
        (
            "varchar(3) charset utf8mb4 collate utf8mb4_0900_ai_ci",
            "varchar(3) DEFAULT NULL",
        ),
        ("int comment ''", "int DEFAULT NULL"),
        ("int as (a+1)", "int GENERATED ALWAYS AS ((`a` + 1)) VIRTUAL"),
        ("int default (1+1)", "int DEFAULT ((1 + 1))"),
    ] {
        check(
            &format!("create table t (a int, x {written})"),
            &format!(
                "CREATE TABLE `t` (\n  `a` int DEFAULT NULL,\n  `x` {shown}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"
            ),
        );
    }
}

#[test]
fn keys_and_constraints_get_the_servers_names_and_order() {
    check(
        "create table t (id serial primary key, a int unique, b int not null unique, c int check (c > 0), key (b), key (b, c), \
         foreign key (c) references p (id), check (a < 9), fulltext (d), d text, constraint named foreign key (a) \
         references p (id) on update no action)",
        "CREATE TABLE `t` (\n `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n `a` int DEFAULT NULL,\n `b` int NOT NULL,\n \
         `c` int DEFAULT NULL,\n `d` text,\n PRIMARY KEY (`id`),\n UNIQUE KEY `id` (`id`),\n UNIQUE KEY `b` (`b`),\n UNIQUE KEY `a` (`a`),\n \
         KEY `b_2` (`b`),\n KEY `b_3` (`b`,`c`),\n KEY `c` (`c`),\n FULLTEXT KEY `d` (`d`),\n CONSTRAINT `named` \
         FOREIGN KEY (`a`) REFERENCES `p` (`id`),\n CONSTRAINT `t_ibfk_1` FOREIGN KEY (`c`) REFERENCES `p` (`id`),\n \
         CONSTRAINT `t_chk_1` CHECK ((`c` > 0)),\n CONSTRAINT `t_chk_2` CHECK ((`a` < 9))\n) ENGINE=InnoDB DEFAULT \
         CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci",
    );
}

#[test]
fn statements_that_follow_are_followed() {
    check(
        "CREATE TABLE `t` (`id` int(11) NOT NULL, `name` varchar(20) NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8;
         INSERT INTO `t` VALUES (1, 'x');
         ALTER TABLE `t` ADD PRIMARY KEY (`id`), ADD KEY `name` (`name`);
         ALTER TABLE `t` MODIFY `id` int(11) NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=3;
         CREATE UNIQUE INDEX both_of ON t (name, id);
         ALTER TABLE t RENAME COLUMN name TO title, ADD COLUMN a int FIRST, DROP KEY name, ROW_FORMAT = dynamic;
         CREATE TABLE old LIKE t; RENAME TABLE old TO v, v TO w; DROP TABLE w;",
        "CREATE TABLE `t` (`a` int DEFAULT NULL, `id` int NOT NULL AUTO_INCREMENT, `title` varchar(20) NOT NULL, \
         PRIMARY KEY (`id`), UNIQUE KEY `both_of` (`title`,`id`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 \
         ROW_FORMAT=DYNAMIC",
    );
}

#[test]
fn a_table_that_cannot_be_read_is_kept_as_text() {
    let odd = "CREATE TABLE t (a int FUTURE SYNTAX)";
    assert!(
        catalog(odd)
            .tables
            .values()
            .all(|table| table.defined().is_none())
    );
    check(odd, odd);
    let found = changes(
        &catalog(odd),
        &catalog("create table t (a int)"),
        &Renames::default(),
    );
    let loses = found.iter().find_map(|change| change.loses.as_ref()).unwrap();
    assert_eq!(loses.to_string(), "the rows of table `t`");
}

#[test]
fn what_only_a_server_knows_is_refused_with_its_place_and_a_remedy() {
    for (text, message) in [
        (
            "create table t (a int);\n  create table u as select * from t",
            "line 2, column 3: which columns CREATE TABLE … SELECT makes depends on the server; let a server load the \
             text instead: --scratch URL",
        ),
        (
            "alter table t add a int",
            "line 1, column 1: the table `t` is made by no statement before this one: add the statement that makes it, \
             or let a server load the text instead: --scratch URL",
        ),
        (
            "create table t (a varchar(3) default 'x)",
            "line 1, column 38: the string that starts here is never closed: add the missing '",
        ),
    ] {
        assert_eq!(refused(text), message);
    }
    assert!(refused("create table t (a int references p (id))").contains("write FOREIGN KEY"));
}
