//! Users, roles and grants.

use sql::SqlMode;
use sql::ddl::{AccountVerb, Definition, definition};

#[test]
fn statements_on_accounts_are_told_apart() {
    for (text, expected) in [
        ("CREATE USER a IDENTIFIED BY 'x'", AccountVerb::CreateUser),
        ("ALTER USER a ACCOUNT LOCK", AccountVerb::AlterUser),
        ("DROP USER IF EXISTS a", AccountVerb::DropUser),
        ("RENAME USER a TO b", AccountVerb::RenameUser),
        ("CREATE ROLE r", AccountVerb::CreateRole),
        ("DROP ROLE r", AccountVerb::DropRole),
        ("GRANT ALL ON *.* TO a", AccountVerb::Grant),
        ("REVOKE r FROM a", AccountVerb::Revoke),
        ("SET PASSWORD = 'x'", AccountVerb::SetPassword),
        ("SET DEFAULT ROLE ALL TO a", AccountVerb::SetDefaultRole),
        ("SET ROLE r", AccountVerb::SetRole),
    ] {
        let Some(Definition::Account(account)) = definition(text, SqlMode::default()) else {
            panic!("{text}");
        };
        assert_eq!(account.verb, expected, "{text}");
    }
}

#[test]
fn what_is_no_definition_is_none() {
    for text in [
        "",
        "   -- nothing\n",
        "SELECT 1",
        "INSERT INTO t VALUES (1)",
        "SET role = 1",
        "SET @a := 1",
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x')",
        "CREATE TABLESPACE t ADD DATAFILE 'x'",
        "ALTER INSTANCE RELOAD TLS",
        "DROP PREPARE s",
        "CREATE OR REPLACE SPATIAL REFERENCE SYSTEM 1 NAME 'x'",
        "/*!99999 CREATE TABLE t (a INT) */",
        "(SELECT 1)",
        "'CREATE TABLE t (a INT)'",
    ] {
        assert_eq!(definition(text, SqlMode::default()), None, "{text}");
    }
}
