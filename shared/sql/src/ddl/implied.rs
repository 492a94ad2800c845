//! What a definition implies where it says nothing: rules of the server that whoever reads definitions asks for.

/// The default collation of a character set, whose name is in lower case: nearly always `{charset}_general_ci` (MySQL 8.0
/// reference manual, 12.10, "Supported Character Sets and Collations").
pub fn default_collation(charset: &str) -> String {
    let kind = match charset {
        "binary" => return charset.to_owned(),
        "utf8mb4" => "0900_ai_ci",
        "big5" | "gb18030" | "gb2312" | "gbk" => "chinese_ci",
        "cp932" | "eucjpms" | "sjis" | "ujis" => "japanese_ci",
        "dec8" | "latin1" | "swe7" => "swedish_ci",
        "euckr" => "korean_ci",
        "hp8" => "english_ci",
        "tis620" => "thai_ci",
        _ => "general_ci",
    };
    format!("{charset}_{kind}")
}

/// Whether a type, under the name that the server shows, holds texts or bytes out of the row: it can have no default but
/// an expression, and shows none where it is `NULL`.
pub fn is_large(data_type: &str) -> bool {
    matches!(
        data_type,
        "tinytext" | "text" | "mediumtext" | "longtext" | "tinyblob" | "blob" | "mediumblob" | "longblob"
    )
}

/// Whether the default of a type, under the name that the server shows, can only be an expression (11.6, "Data Type
/// Default Values").
pub fn takes_expressions_only(data_type: &str) -> bool {
    is_large(data_type)
        || matches!(
            data_type,
            "json"
                | "geometry"
                | "point"
                | "linestring"
                | "polygon"
                | "multipoint"
                | "multilinestring"
                | "multipolygon"
                | "geomcollection"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_set_has_its_default_collation() {
        for (charset, collation) in [
            ("utf8mb4", "utf8mb4_0900_ai_ci"),
            ("utf8mb3", "utf8mb3_general_ci"),
            ("latin1", "latin1_swedish_ci"),
            ("binary", "binary"),
        ] {
            assert_eq!(default_collation(charset), collation);
        }
    }
}
