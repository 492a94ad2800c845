//! Character sets and collations as a table's text names them.

/// A character set with its collation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Charset {
    pub(super) name: String,
    pub(super) collation: String,
}

/// What is named after the two words; a set without collation has the set's default one (manual 12.10, "Supported
/// Character Sets and Collations"), and a collation's name starts with its set's.
pub(super) fn charset(code: &str, set_word: &str, collation_word: &str) -> Option<Charset> {
    let name = value(code, set_word);
    let collation = value(code, collation_word);
    let name = name.or_else(|| collation.and_then(|collation| collation.split('_').next()))?;
    Some(Charset {
        name: name.to_owned(),
        collation: collation.map_or_else(|| default_collation(name), str::to_owned),
    })
}

fn value<'text>(code: &'text str, word: &str) -> Option<&'text str> {
    let at = code.find(word)?;
    let rest = code.get(at + word.len()..)?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    rest.get(..end.unwrap_or(rest.len()))
}

/// The default collation of a character set: nearly always `<set>_general_ci`.
fn default_collation(name: &str) -> String {
    let exception = match name {
        "utf8mb4" => "utf8mb4_0900_ai_ci",
        "latin1" => "latin1_swedish_ci",
        "binary" => "binary",
        "big5" => "big5_chinese_ci",
        "gbk" => "gbk_chinese_ci",
        "gb2312" => "gb2312_chinese_ci",
        "gb18030" => "gb18030_chinese_ci",
        "sjis" | "cp932" | "ujis" | "eucjpms" => return format!("{name}_japanese_ci"),
        "euckr" => "euckr_korean_ci",
        "dec8" | "swe7" => return format!("{name}_swedish_ci"),
        "hp8" => "hp8_english_ci",
        "tis620" => "tis620_thai_ci",
        _ => return format!("{name}_general_ci"),
    };
    exception.to_owned()
}
