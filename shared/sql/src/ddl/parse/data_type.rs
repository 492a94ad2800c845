//! Types (MySQL 8.0 reference manual, chapter 13).

use super::cursor::Shape;
use super::parser::{Parser, Read, Stop};
use crate::ddl::DataType;

/// What may follow the name of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Nothing: `DATE`.
    Plain,
    /// `(n)`: `DATETIME(3)`, `BINARY(16)`.
    Sized,
    /// `(n)` without which it is no type: `VARBINARY(10)`.
    MustSize,
    /// `(n)` and signs: `INT(11) UNSIGNED`.
    Whole,
    /// `(m)` or `(m,d)` and signs: `DECIMAL(10,2)`.
    Fraction,
    /// `(m,d)` and signs: `DOUBLE(10,2)`.
    Double,
    /// `(n)` and a character set: `TEXT`.
    Characters,
    /// `(n)`, without which it is no type, and a character set: `VARCHAR(10)`.
    MustCharacters,
    /// A character set: `LONGTEXT`.
    LongCharacters,
    /// `(n)` and `BINARY`: `NCHAR`.
    National,
    /// `(n)`, without which it is no type, and `BINARY`: `NVARCHAR`.
    MustNational,
    /// Members and a character set: `ENUM`.
    Members,
}

/// Names of types, longest first where one begins another.
const TYPES: &[(&str, Family)] = &[
    ("tinyint", Family::Whole),
    ("smallint", Family::Whole),
    ("mediumint", Family::Whole),
    ("int", Family::Whole),
    ("integer", Family::Whole),
    ("bigint", Family::Whole),
    ("int1", Family::Whole),
    ("int2", Family::Whole),
    ("int3", Family::Whole),
    ("int4", Family::Whole),
    ("int8", Family::Whole),
    ("middleint", Family::Whole),
    ("year", Family::Whole),
    ("decimal", Family::Fraction),
    ("dec", Family::Fraction),
    ("numeric", Family::Fraction),
    ("fixed", Family::Fraction),
    ("float", Family::Fraction),
    ("float4", Family::Fraction),
    ("double precision", Family::Double),
    ("double", Family::Double),
    ("float8", Family::Double),
    ("real", Family::Double),
    ("bit", Family::Sized),
    ("bool", Family::Plain),
    ("boolean", Family::Plain),
    ("serial", Family::Plain),
    ("date", Family::Plain),
    ("time", Family::Sized),
    ("timestamp", Family::Sized),
    ("datetime", Family::Sized),
    ("national varchar", Family::MustNational),
    ("national varcharacter", Family::MustNational),
    ("national char varying", Family::MustNational),
    ("national character varying", Family::MustNational),
    ("national char", Family::National),
    ("national character", Family::National),
    ("nchar varchar", Family::MustNational),
    ("nchar varcharacter", Family::MustNational),
    ("nchar varying", Family::MustNational),
    ("nchar", Family::National),
    ("nvarchar", Family::MustNational),
    ("char varying", Family::MustCharacters),
    ("character varying", Family::MustCharacters),
    ("char", Family::Characters),
    ("character", Family::Characters),
    ("varchar", Family::MustCharacters),
    ("varcharacter", Family::MustCharacters),
    ("tinytext", Family::LongCharacters),
    ("text", Family::Characters),
    ("mediumtext", Family::LongCharacters),
    ("longtext", Family::LongCharacters),
    ("long varbinary", Family::Plain),
    ("long varchar", Family::LongCharacters),
    ("long varcharacter", Family::LongCharacters),
    ("long char varying", Family::LongCharacters),
    ("long character varying", Family::LongCharacters),
    ("long", Family::LongCharacters),
    ("enum", Family::Members),
    ("set", Family::Members),
    ("binary", Family::Sized),
    ("varbinary", Family::MustSize),
    ("tinyblob", Family::Plain),
    ("blob", Family::Sized),
    ("mediumblob", Family::Plain),
    ("longblob", Family::Plain),
    ("json", Family::Plain),
    ("vector", Family::Sized),
    ("geometry", Family::Plain),
    ("geometrycollection", Family::Plain),
    ("geomcollection", Family::Plain),
    ("point", Family::Plain),
    ("multipoint", Family::Plain),
    ("linestring", Family::Plain),
    ("multilinestring", Family::Plain),
    ("polygon", Family::Plain),
    ("multipolygon", Family::Plain),
];

impl Parser<'_> {
    /// A type, without the collation that may follow it.
    pub(super) fn data_type(&mut self) -> Read<DataType> {
        let (name, family) = TYPES.iter().find(|(name, _)| self.eat(name)).ok_or(Stop)?;
        let mut data_type = DataType {
            name: (*name).to_owned(),
            arguments: Vec::new(),
            unsigned: false,
            zerofill: false,
            binary: false,
            charset: None,
            collation: None,
        };
        data_type.arguments = self.arguments(*family)?;
        match family {
            Family::Plain | Family::Sized | Family::MustSize => {}
            Family::Whole | Family::Fraction | Family::Double => self.signs(&mut data_type),
            Family::National | Family::MustNational => data_type.binary = self.eat("BINARY"),
            Family::Characters | Family::MustCharacters | Family::LongCharacters | Family::Members => {
                self.charset_of(&mut data_type)?;
            }
        }
        Ok(data_type)
    }

    fn arguments(&mut self, family: Family) -> Read<Vec<String>> {
        let (must, most) = match family {
            Family::Plain | Family::LongCharacters => return Ok(Vec::new()),
            Family::Members => return self.list(Self::member),
            Family::Sized | Family::Whole | Family::Characters | Family::National => (false, 1),
            Family::MustSize | Family::MustCharacters | Family::MustNational => (true, 1),
            Family::Fraction | Family::Double => (false, 2),
        };
        if !must && !self.is_symbol(b'(') {
            return Ok(Vec::new());
        }
        let start = self.at;
        let arguments = self.list(Self::digits)?;
        if arguments.len() > most || (family == Family::Double && arguments.len() < most) {
            self.at = start;
            return Err(Stop);
        }
        Ok(arguments)
    }

    /// `'a'`, `_utf8mb4'a'`, `N'a'`, `x'61'`, `0x61`.
    fn member(&mut self) -> Read<String> {
        let start = self.at;
        let word = self.peek(0).filter(|item| item.shape == Shape::Word);
        if let Some(word) = word {
            let number = word.text.starts_with("0x") || word.text.starts_with("0b");
            self.at += 1;
            if number {
                return Ok(self.since(start));
            }
        }
        self.text()?;
        Ok(self.since(start))
    }

    /// `UNSIGNED`, `SIGNED`, `ZEROFILL`, in any order.
    fn signs(&mut self, data_type: &mut DataType) {
        while let Some(sign) = self.eat_any(&["UNSIGNED", "SIGNED", "ZEROFILL"]) {
            data_type.unsigned |= sign == "UNSIGNED";
            data_type.zerofill |= sign == "ZEROFILL";
        }
    }

    /// `[BINARY] CHARACTER SET x`, `CHARACTER SET x [BINARY]`, `ASCII`, `UNICODE`, `BYTE`, `BINARY`.
    fn charset_of(&mut self, data_type: &mut DataType) -> Read<()> {
        data_type.binary = self.eat("BINARY");
        if self.eat("ASCII") {
            data_type.charset = Some("latin1".to_owned());
        } else if self.eat("UNICODE") {
            data_type.charset = Some("ucs2".to_owned());
        } else if !data_type.binary && self.eat("BYTE") {
            data_type.charset = Some("binary".to_owned());
        } else if self.charset_keyword() {
            data_type.charset = Some(self.charset_name()?);
        } else {
            return Ok(());
        }
        data_type.binary |= self.eat("BINARY");
        Ok(())
    }

    /// `CHARSET` or `CHARACTER SET`.
    pub(super) fn charset_keyword(&mut self) -> bool {
        self.eat("CHARSET") || self.eat("CHARACTER SET") || self.eat("CHAR SET")
    }

    /// The name of a character set or a collation, lower case.
    pub(super) fn charset_name(&mut self) -> Read<String> {
        if self.eat("BINARY") {
            return Ok("binary".to_owned());
        }
        let name = self.name_or_text()?;
        Ok(name.trim_matches(['\'', '"', '`']).to_ascii_lowercase())
    }

    /// A type as written, with the collation that may follow it: of a parameter, or of what is returned.
    pub(super) fn written_type(&mut self) -> Read<String> {
        let start = self.at;
        self.data_type()?;
        if self.eat("COLLATE") {
            self.charset_name()?;
        }
        Ok(self.since(start))
    }
}
