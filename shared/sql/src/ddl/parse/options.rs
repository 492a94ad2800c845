//! Options of tables, partitions and databases (MySQL 8.0 reference manual, 15.1.20, 15.1.12).

use super::cursor::Shape;
use super::parser::{Parser, Read, Stop};
use crate::ddl::TableOption;

/// What an option's value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    /// A number.
    Number,
    /// A number, `0x…`, or one with a unit: `4M`.
    Size,
    /// A number or `DEFAULT`.
    NumberOrDefault,
    /// A string.
    Text,
    /// A name.
    Name,
    /// A name or a string.
    NameOrText,
    /// One of these keywords.
    Keyword(&'static [&'static str]),
    /// Tables between parentheses.
    Tables,
    /// None.
    Nothing,
}

/// Options of a table but `CHARSET` and `COLLATE`: how it is written, and its value.
const OF_TABLE: &[(&str, Value)] = &[
    ("ENGINE", Value::NameOrText),
    ("SECONDARY_ENGINE", Value::NameOrText),
    ("AUTO_INCREMENT", Value::Size),
    ("ROW_FORMAT", Value::Keyword(ROW_FORMATS)),
    ("COMMENT", Value::Text),
    ("MAX_ROWS", Value::Size),
    ("MIN_ROWS", Value::Size),
    ("AVG_ROW_LENGTH", Value::Size),
    ("PASSWORD", Value::Text),
    ("COMPRESSION", Value::Text),
    ("ENCRYPTION", Value::Text),
    ("PACK_KEYS", Value::NumberOrDefault),
    ("STATS_AUTO_RECALC", Value::NumberOrDefault),
    ("STATS_PERSISTENT", Value::NumberOrDefault),
    ("STATS_SAMPLE_PAGES", Value::NumberOrDefault),
    ("CHECKSUM", Value::Number),
    ("TABLE_CHECKSUM", Value::Number),
    ("DELAY_KEY_WRITE", Value::Number),
    ("UNION", Value::Tables),
    ("INSERT_METHOD", Value::Keyword(&["NO", "FIRST", "LAST"])),
    ("DATA DIRECTORY", Value::Text),
    ("INDEX DIRECTORY", Value::Text),
    ("TABLESPACE", Value::Name),
    ("STORAGE", Value::Keyword(&["DISK", "MEMORY"])),
    ("CONNECTION", Value::Text),
    ("KEY_BLOCK_SIZE", Value::Size),
    ("START TRANSACTION", Value::Nothing),
    ("ENGINE_ATTRIBUTE", Value::Text),
    ("SECONDARY_ENGINE_ATTRIBUTE", Value::Text),
    ("AUTOEXTEND_SIZE", Value::Size),
];

const ROW_FORMATS: &[&str] = &[
    "DEFAULT",
    "FIXED",
    "DYNAMIC",
    "COMPRESSED",
    "REDUNDANT",
    "COMPACT",
];

/// Options of a partition.
const OF_PARTITION: &[(&str, Value)] = &[
    ("ENGINE", Value::NameOrText),
    ("COMMENT", Value::Text),
    ("MAX_ROWS", Value::Size),
    ("MIN_ROWS", Value::Size),
    ("DATA DIRECTORY", Value::Text),
    ("INDEX DIRECTORY", Value::Text),
    ("TABLESPACE", Value::Name),
    ("NODEGROUP", Value::Number),
];

impl Parser<'_> {
    /// One option of a table, where one is next.
    pub(super) fn table_option(&mut self) -> Read<Option<TableOption>> {
        if let Some(option) = self.text_option()? {
            return Ok(Some(option));
        }
        self.option_of(OF_TABLE)
    }

    /// Options of a table, with or without commas between them.
    pub(super) fn table_options(&mut self) -> Read<Vec<TableOption>> {
        let mut options = Vec::new();
        loop {
            let start = self.at;
            let comma = !options.is_empty() && self.eat_symbol(b',');
            match self.table_option()? {
                Some(option) => options.push(option),
                None if comma => {
                    self.at = start;
                    return Err(Stop);
                }
                None => return Ok(options),
            }
        }
    }

    /// Options of a partition.
    pub(super) fn partition_options(&mut self) -> Read<Vec<TableOption>> {
        let mut options = Vec::new();
        loop {
            if self.is("STORAGE") && self.is_at(1, "ENGINE") {
                self.at += 1;
            }
            match self.option_of(OF_PARTITION)? {
                Some(option) => options.push(option),
                None => return Ok(options),
            }
        }
    }

    /// Options of a database.
    pub(super) fn database_options(&mut self, alters: bool) -> Read<Vec<TableOption>> {
        let mut options = Vec::new();
        loop {
            if let Some(option) = self.text_option()? {
                options.push(option);
                continue;
            }
            if self.is("DEFAULT") && self.is_at(1, "ENCRYPTION") {
                self.at += 1;
            }
            if self.eat("ENCRYPTION") {
                self.eat_symbol(b'=');
                options.push(option("ENCRYPTION", self.text()?));
            } else if alters && self.eat("READ ONLY") {
                self.eat_symbol(b'=');
                let value = self.value(Value::NumberOrDefault)?;
                options.push(option("READ ONLY", value));
            } else {
                return Ok(options);
            }
        }
    }

    /// `[DEFAULT] CHARACTER SET [=] x` or `[DEFAULT] COLLATE [=] x`, where one is next.
    fn text_option(&mut self) -> Read<Option<TableOption>> {
        let start = self.at;
        self.eat("DEFAULT");
        let name = if self.charset_keyword() {
            "CHARSET"
        } else if self.eat("COLLATE") {
            "COLLATE"
        } else {
            self.at = start;
            return Ok(None);
        };
        self.eat_symbol(b'=');
        let start = self.at;
        self.charset_or_default()?;
        Ok(Some(option(name, self.since(start))))
    }

    /// The name of a character set, or `DEFAULT`.
    fn charset_or_default(&mut self) -> Read<()> {
        if self.eat("DEFAULT") {
            return Ok(());
        }
        self.charset_name().map(|_| ())
    }

    fn option_of(&mut self, known: &[(&'static str, Value)]) -> Read<Option<TableOption>> {
        let Some((name, kind)) = known.iter().find(|(name, _)| self.eat(name)) else {
            return Ok(None);
        };
        // `STORAGE DISK` takes no sign.
        if *name != "STORAGE" && *kind != Value::Nothing {
            self.eat_symbol(b'=');
        }
        let value = if *name == "SECONDARY_ENGINE" && self.eat("NULL") {
            "NULL".to_owned()
        } else {
            self.value(*kind)?
        };
        Ok(Some(option(name, value)))
    }

    fn value(&mut self, kind: Value) -> Read<String> {
        let start = self.at;
        match kind {
            Value::NumberOrDefault if self.eat("DEFAULT") => {}
            Value::Number | Value::NumberOrDefault => {
                self.digits()?;
            }
            Value::Size => self.size()?,
            Value::Text => return self.text(),
            Value::Name => {
                self.name()?;
            }
            Value::NameOrText => return self.name_or_text(),
            Value::Keyword(keywords) => {
                self.expect_any(keywords)?;
            }
            Value::Tables => {
                if self.is_symbol(b'(') && self.symbol_at(1, b')') {
                    self.at += 2;
                } else {
                    self.list(Self::object_name)?;
                }
            }
            Value::Nothing => return Ok(String::new()),
        }
        Ok(self.since(start))
    }

    /// `100`, `0xFF`, `4M`.
    fn size(&mut self) -> Read<()> {
        let number =
            |text: &str| text.starts_with(|first: char| first.is_ascii_digit()) && !text.contains('.');
        let found = self
            .peek(0)
            .is_some_and(|item| item.shape == Shape::Word && number(item.text));
        self.at += usize::from(found);
        if found { Ok(()) } else { Err(Stop) }
    }
}

fn option(name: &str, value: String) -> TableOption {
    TableOption {
        name: name.to_owned(),
        value,
    }
}
