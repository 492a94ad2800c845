//! Character sets and their collations (MySQL 8.0 reference manual, 12.2).

use crate::column::Charset;

/// Default collations that aren't `{charset}_general_ci`.
const DEFAULTS: [(&str, &str); 20] = [
    ("big5", "big5_chinese_ci"),
    ("binary", "binary"),
    ("cp1250", "cp1250_general_ci"),
    ("cp932", "cp932_japanese_ci"),
    ("dec8", "dec8_swedish_ci"),
    ("eucjpms", "eucjpms_japanese_ci"),
    ("euckr", "euckr_korean_ci"),
    ("gb18030", "gb18030_chinese_ci"),
    ("gb2312", "gb2312_chinese_ci"),
    ("gbk", "gbk_chinese_ci"),
    ("hp8", "hp8_english_ci"),
    ("latin1", "latin1_swedish_ci"),
    ("sjis", "sjis_japanese_ci"),
    ("swe7", "swe7_swedish_ci"),
    ("tis620", "tis620_thai_ci"),
    ("ujis", "ujis_japanese_ci"),
    ("utf8mb4", "utf8mb4_0900_ai_ci"),
    ("ascii", "ascii_general_ci"),
    ("utf8mb3", "utf8mb3_general_ci"),
    ("cp1251", "cp1251_general_ci"),
];

impl Charset {
    /// The server's own default.
    pub(crate) fn server() -> Self {
        Self::named("utf8mb4")
    }

    /// A character set with its default collation.
    pub(crate) fn named(name: &str) -> Self {
        let name = modern(name);
        let known = DEFAULTS.iter().find(|(charset, _)| *charset == name);
        let collation = known.map_or_else(
            || format!("{name}_general_ci"),
            |(_, collation)| (*collation).to_owned(),
        );
        Self { name, collation }
    }

    /// A collation with its character set.
    pub(crate) fn collated(collation: &str) -> Self {
        let collation = modern(collation);
        let name = collation.split('_').next().unwrap_or_default().to_owned();
        Self { name, collation }
    }

    /// What is written, else what is inherited.
    pub(crate) fn of(name: Option<&str>, collation: Option<&str>, inherited: &Self) -> Self {
        match (name, collation) {
            (_, Some("default")) | (Some("default") | None, None) => inherited.clone(),
            (_, Some(collation)) => Self::collated(collation),
            (Some(name), None) => Self::named(name),
        }
    }

    /// How many bytes a character may take.
    pub(crate) fn widest(&self) -> u8 {
        match self.name.as_str() {
            "utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030" => 4,
            "utf8mb3" | "ujis" | "eucjpms" => 3,
            "ucs2" | "big5" | "gbk" | "gb2312" | "euckr" | "sjis" | "cp932" => 2,
            _ => 1,
        }
    }

    /// Whether all of its characters are in the other one.
    pub(crate) fn within(&self, other: &Self) -> bool {
        let unicode = |name: &str| matches!(name, "utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030");
        self.name == other.name
            || unicode(&other.name)
            || self.name == "ascii"
            || other.name == "binary"
            || (matches!(other.name.as_str(), "utf8mb3" | "ucs2") && !unicode(&self.name))
    }
}

/// `utf8` is `utf8mb3`, as a name and in front of a collation.
fn modern(name: &str) -> String {
    let name = name.trim_matches(['\'', '"', '`']).to_ascii_lowercase();
    match name.strip_prefix("utf8") {
        Some("") => "utf8mb3".to_owned(),
        Some(rest) if rest.starts_with('_') => format!("utf8mb3{rest}"),
        Some(_) | None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charset_has_its_default_collation_and_old_names_are_new_ones() {
        assert_eq!(Charset::named("utf8").collation, "utf8mb3_general_ci");
        assert_eq!(Charset::named("latin1").collation, "latin1_swedish_ci");
        assert_eq!(Charset::collated("utf8_bin").name, "utf8mb3");
    }
}
