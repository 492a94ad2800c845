//! Types of columns.

use crate::compact::{column, data_type};
use crate::opaque::stops;

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let column = column(&format!("c {text}"));
        assert_eq!(&data_type(&column.data_type), expected, "{text}");
    }
}

#[test]
fn numbers_are_read_with_their_sizes_and_signs() {
    check(&[
        ("INT", "int"),
        ("int(11) unsigned zerofill", "int(11) unsigned zerofill"),
        ("BIGINT ZEROFILL UNSIGNED", "bigint unsigned zerofill"),
        ("INTEGER SIGNED", "integer"),
        ("INT1", "int1"),
        ("MIDDLEINT", "middleint"),
        ("DECIMAL(10,2) UNSIGNED", "decimal(10|2) unsigned"),
        ("DEC(5)", "dec(5)"),
        ("FIXED", "fixed"),
        ("NUMERIC(4)", "numeric(4)"),
        ("FLOAT(24)", "float(24)"),
        ("FLOAT(7, 3)", "float(7|3)"),
        ("FLOAT4", "float4"),
        ("DOUBLE PRECISION (10,2)", "double precision(10|2)"),
        ("REAL", "real"),
        ("FLOAT8", "float8"),
        ("BIT(8)", "bit(8)"),
        ("BOOL", "bool"),
        ("BOOLEAN", "boolean"),
        ("SERIAL", "serial"),
        ("YEAR(4)", "year(4)"),
        ("INT(99999999999999999999)", "int(99999999999999999999)"),
    ]);
}

#[test]
fn texts_are_read_with_their_character_sets() {
    check(&[
        ("VARCHAR(10)", "varchar(10)"),
        ("CHARACTER VARYING(10)", "character varying(10)"),
        ("CHAR VARYING (10)", "char varying(10)"),
        ("CHAR", "char"),
        ("CHARACTER(3)", "character(3)"),
        ("CHAR BYTE", "char charset=binary"),
        ("CHAR(3) ASCII", "char(3) charset=latin1"),
        ("CHAR(3) UNICODE BINARY", "char(3) binary charset=ucs2"),
        ("CHAR(3) BINARY ASCII", "char(3) binary charset=latin1"),
        (
            "VARCHAR(5) CHARSET UTF8MB4 BINARY",
            "varchar(5) binary charset=utf8mb4",
        ),
        (
            "VARCHAR(5) BINARY CHARACTER SET 'latin1'",
            "varchar(5) binary charset=latin1",
        ),
        ("VARCHAR(5) CHAR SET binary", "varchar(5) charset=binary"),
        ("TEXT(100) COLLATE Utf8mb4_Bin", "text(100) collation=utf8mb4_bin"),
        (
            "LONGTEXT CHARACTER SET latin1 NOT NULL COLLATE latin1_bin",
            "longtext charset=latin1 collation=latin1_bin",
        ),
        ("TINYTEXT BINARY", "tinytext binary"),
        ("NATIONAL VARCHAR(10)", "national varchar(10)"),
        ("NATIONAL CHARACTER VARYING(10)", "national character varying(10)"),
        ("NATIONAL CHAR(10) BINARY", "national char(10) binary"),
        ("NCHAR VARCHAR(2)", "nchar varchar(2)"),
        ("NCHAR", "nchar"),
        ("NVARCHAR(3)", "nvarchar(3)"),
        ("LONG", "long"),
        ("LONG VARCHAR CHARSET latin1", "long varchar charset=latin1"),
        ("LONG VARBINARY", "long varbinary"),
        (
            "ENUM('a','b''c') CHARSET latin1",
            "enum('a'|'b''c') charset=latin1",
        ),
        (
            "SET(_utf8mb4'x', N'y', x'61', 0x62)",
            "set(_utf8mb4'x'|N'y'|x'61'|0x62)",
        ),
    ]);
}

#[test]
fn other_types_are_read() {
    check(&[
        ("DATE", "date"),
        ("DATETIME(6)", "datetime(6)"),
        ("TIMESTAMP", "timestamp"),
        ("TIME(3)", "time(3)"),
        ("BINARY(16)", "binary(16)"),
        ("BINARY", "binary"),
        ("VARBINARY(255)", "varbinary(255)"),
        ("BLOB(10)", "blob(10)"),
        ("MEDIUMBLOB", "mediumblob"),
        ("JSON", "json"),
        ("VECTOR(3)", "vector(3)"),
        ("VECTOR", "vector"),
        ("GEOMCOLLECTION", "geomcollection"),
        ("POINT SRID 4326", "point"),
        ("MULTIPOLYGON", "multipolygon"),
    ]);
}

#[test]
fn a_type_that_is_none_stops_the_reader_where_it_stands() {
    stops("CREATE TABLE t (c TEXTUAL)", "TEXTUAL");
    stops("CREATE TABLE t (c VARCHAR)", ")");
    stops("CREATE TABLE t (c VARBINARY NOT NULL)", "NOT");
    stops("CREATE TABLE t (c DOUBLE(5))", "(5)");
    stops("CREATE TABLE t (c INT(1,2))", "(1,2)");
    stops("CREATE TABLE t (c DATE(3))", "(3)");
    stops("CREATE TABLE t (c ENUM(a))", ")");
    stops("CREATE TABLE t (c JSON UNSIGNED)", "UNSIGNED");
}
