//! Character sets and their collations (MySQL 8.0 reference manual, 12.2).

use crate::column::Charset;
use sql::ddl::default_collation;

impl Charset {
    /// The server's own default.
    pub(crate) fn server() -> Self {
        Self::named("utf8mb4")
    }

    /// A character set with its default collation.
    pub(crate) fn named(name: &str) -> Self {
        let name = modern(name);
        let collation = default_collation(&name);
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
