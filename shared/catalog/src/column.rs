//! Columns as the server keeps them.

use crate::expression::Expression;
use serde::Serialize;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent attribute of the column"
)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, under the name that the server shows.
    pub data_type: DataType,
    /// Its character set, whether it is written or comes from the table; none where the type has none.
    pub charset: Option<Charset>,
    /// Whether it takes `NULL`.
    pub nullable: bool,
    /// Its default other than `NULL`.
    pub default: Option<Expression>,
    /// It takes `NULL`, and a row has to say so: `ALTER COLUMN … DROP DEFAULT` took its default of `NULL` away.
    pub undefaulted: bool,
    /// `ON UPDATE`.
    pub on_update: Option<Expression>,
    /// `AUTO_INCREMENT`.
    pub auto_increment: bool,
    /// `GENERATED ALWAYS AS`.
    pub generated: Option<Generated>,
    /// `COMMENT`: the literal with its quotes.
    pub comment: Option<String>,
    /// `INVISIBLE`.
    pub invisible: bool,
    /// `SRID`.
    pub srid: Option<String>,
    /// `STORAGE`, upper case.
    pub medium: Option<String>,
    /// `COLUMN_FORMAT`, upper case.
    pub format: Option<String>,
    /// `ENGINE_ATTRIBUTE` and `SECONDARY_ENGINE_ATTRIBUTE`, `NOT SECONDARY`: as written.
    pub attributes: Vec<String>,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataType {
    /// As the server shows it: `int`, `varchar`, `double`.
    pub name: String,
    /// What stands in its parentheses.
    pub arguments: Vec<String>,
    /// `UNSIGNED`.
    pub unsigned: bool,
    /// `ZEROFILL`.
    pub zerofill: bool,
}

/// A character set with a collation of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Charset {
    /// The character set, lower case; `utf8` is `utf8mb3`.
    pub name: String,
    /// The collation, lower case.
    pub collation: String,
}

/// How a generated column is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Generated {
    /// The expression, without outer parentheses.
    pub expression: Expression,
    /// `STORED`.
    pub stored: bool,
}
