//! Types under the names that the server shows (MySQL 8.0 reference manual, 13.9 and 13.1.1).

use crate::column::{Charset, DataType};
use crate::words::{literal, string};
use sql::SqlMode;
use sql::ddl;

/// A type as the server keeps it, with its character set where it has one.
pub(crate) fn data_type(
    written: &ddl::DataType,
    table: &Charset,
    mode: SqlMode,
) -> (DataType, Option<Charset>) {
    let (name, mut arguments) = named(&written.name, &written.arguments);
    let national = written.name.starts_with('n') && matches!(name, "char" | "varchar");
    let binary_charset = written.charset.as_deref() == Some("binary");
    let name = if binary_charset { binary(name) } else { name };
    if matches!(name, "enum" | "set") {
        arguments = arguments
            .iter()
            .map(|member| shown_member(member, mode))
            .collect();
    }
    let charset = is_text(name).then(|| {
        let name = if national {
            Some("utf8mb3")
        } else {
            written.charset.as_deref()
        };
        let charset = Charset::of(name, written.collation.as_deref(), table);
        if written.binary {
            Charset::collated(&format!("{}_bin", charset.name))
        } else {
            charset
        }
    });
    let (name, arguments) = fitted(name, arguments, charset.as_ref());
    let zerofill = written.zerofill;
    let data_type = DataType {
        arguments: widths(&name, arguments, written, zerofill),
        name,
        unsigned: written.unsigned || zerofill,
        zerofill,
    };
    (data_type, charset)
}

/// The server's name for a type, and its arguments as far as the name implies them.
fn named<'name>(written: &'name str, arguments: &[String]) -> (&'name str, Vec<String>) {
    let given = arguments.to_vec();
    let or = |default: &str| {
        if arguments.is_empty() {
            default.split(',').map(str::to_owned).collect()
        } else {
            given.clone()
        }
    };
    match written {
        "integer" | "int4" => ("int", given),
        "int1" => ("tinyint", given),
        "int2" => ("smallint", given),
        "int3" | "middleint" => ("mediumint", given),
        "int8" => ("bigint", given),
        "bool" | "boolean" => ("tinyint", vec!["1".to_owned()]),
        "dec" | "decimal" | "numeric" | "fixed" => {
            let mut given = or("10,0");
            if given.len() == 1 {
                given.push("0".to_owned());
            }
            ("decimal", given)
        }
        "double precision" | "real" | "float8" => ("double", given),
        "float4" => ("float", given),
        "float" if arguments.len() == 1 => {
            let bits = arguments
                .first()
                .and_then(|bits| bits.parse::<u32>().ok())
                .unwrap_or(0);
            (if bits > 24 { "double" } else { "float" }, Vec::new())
        }
        "bit" => ("bit", or("1")),
        "char" | "character" | "nchar" | "national char" | "national character" => ("char", or("1")),
        "char byte" | "binary" => ("binary", or("1")),
        "char varying"
        | "character varying"
        | "varcharacter"
        | "nvarchar"
        | "national varchar"
        | "national varcharacter"
        | "nchar varchar"
        | "nchar varying"
        | "national char varying"
        | "national character varying"
        | "nchar varcharacter" => ("varchar", given),
        "long" | "long varchar" | "long char varying" | "long character varying" | "long varcharacter" => {
            ("mediumtext", Vec::new())
        }
        "long varbinary" => ("mediumblob", Vec::new()),
        "year" => ("year", Vec::new()),
        "time" | "datetime" | "timestamp" if given == ["0"] => (written, Vec::new()),
        "geometrycollection" => ("geomcollection", given),
        other => (other, given),
    }
}

/// `CHARACTER SET binary` makes bytes of characters.
fn binary(name: &str) -> &str {
    match name {
        "char" => "binary",
        "varchar" => "varbinary",
        "tinytext" => "tinyblob",
        "text" => "blob",
        "mediumtext" => "mediumblob",
        "longtext" => "longblob",
        other => other,
    }
}

/// Whether it holds characters of a character set.
pub(crate) fn is_text(name: &str) -> bool {
    matches!(
        name,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set"
    )
}

/// Whether it is a whole number.
pub(crate) fn is_whole(name: &str) -> bool {
    matches!(name, "tinyint" | "smallint" | "mediumint" | "int" | "bigint")
}

/// Members lose blanks at their ends.
fn shown_member(member: &str, mode: SqlMode) -> String {
    string(member, mode).map_or_else(|| member.to_owned(), |value| literal(value.trim_end_matches(' ')))
}

/// `TEXT(n)` and `BLOB(n)` are the smallest type that holds n characters or bytes.
fn fitted(name: &str, arguments: Vec<String>, charset: Option<&Charset>) -> (String, Vec<String>) {
    let length = arguments.first().and_then(|length| length.parse::<u64>().ok());
    let (Some(length), "text" | "blob") = (length, name) else {
        return (name.to_owned(), arguments);
    };
    let bytes = length.saturating_mul(charset.map_or(1, |charset| u64::from(charset.widest())));
    let size = match bytes {
        0..256 => "tiny",
        256..65_536 => "",
        65_536..16_777_216 => "medium",
        _ => "long",
    };
    (format!("{size}{name}"), Vec::new())
}

/// Widths of whole numbers are shown for `tinyint(1)` and zero-filled ones alone.
fn widths(name: &str, arguments: Vec<String>, written: &ddl::DataType, zerofill: bool) -> Vec<String> {
    if !is_whole(name) {
        return arguments;
    }
    if zerofill {
        let width = match name {
            "tinyint" => "3",
            "smallint" => "5",
            "mediumint" => "8",
            "int" => "10",
            _ => "20",
        };
        return if arguments.is_empty() {
            vec![width.to_owned()]
        } else {
            arguments
        };
    }
    let flag = name == "tinyint" && arguments == ["1"] && !written.unsigned;
    if flag { arguments } else { Vec::new() }
}
