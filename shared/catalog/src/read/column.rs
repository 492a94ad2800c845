//! Columns.

use crate::column::{Charset, Column, Generated};
use crate::expression::Expression;
use crate::normal::data_type::data_type;
use crate::normal::default::{default, on_update};
use crate::words::{literal, string};
use sql::SqlMode;
use sql::ddl::{self, Attribute, Check, Storage};

/// What a column's definition brings along besides the column.
#[derive(Debug, Default)]
pub(super) struct Extras {
    pub(super) primary: bool,
    pub(super) unique: bool,
    pub(super) checks: Vec<Check>,
    /// `REFERENCES`, which servers before 9.0 read and ignore.
    pub(super) references: bool,
}

/// A column as the server keeps it.
pub(super) fn column(written: ddl::Column, table: &Charset, mode: SqlMode) -> (Column, Extras) {
    let serial = written.data_type.name == "serial";
    let mut written = written;
    if serial {
        "bigint".clone_into(&mut written.data_type.name);
        written.data_type.unsigned = true;
    }
    let (data_type, charset) = data_type(&written.data_type, table, mode);
    let mut column = Column {
        name: written.name,
        data_type,
        charset,
        nullable: !serial,
        default: None,
        undefaulted: false,
        on_update: None,
        auto_increment: serial,
        generated: None,
        comment: None,
        invisible: false,
        srid: None,
        medium: None,
        format: None,
        attributes: Vec::new(),
    };
    let mut extras = Extras {
        unique: serial,
        ..Extras::default()
    };
    for attribute in written.attributes {
        apply(&mut column, &mut extras, attribute, mode);
    }
    if column.auto_increment || extras.primary {
        column.nullable = false;
    }
    (column, extras)
}

fn apply(column: &mut Column, extras: &mut Extras, attribute: Attribute, mode: SqlMode) {
    match attribute {
        Attribute::Null => column.nullable = true,
        Attribute::NotNull => column.nullable = false,
        Attribute::Default(written) => column.default = default(&written, &column.data_type, mode),
        Attribute::OnUpdate(written) => column.on_update = Some(on_update(&written, mode)),
        Attribute::AutoIncrement => column.auto_increment = true,
        Attribute::SerialDefault => {
            column.auto_increment = true;
            extras.unique = true;
        }
        Attribute::PrimaryKey => extras.primary = true,
        Attribute::Unique => extras.unique = true,
        Attribute::Comment(written) => column.comment = comment(&written, mode),
        Attribute::Generated { expression, storage } => {
            column.generated = Some(Generated {
                expression: Expression::new(expression, mode),
                stored: storage == Some(Storage::Stored),
            });
        }
        Attribute::Check(check) => extras.checks.push(check),
        Attribute::References(_) => extras.references = true,
        Attribute::Visible => column.invisible = false,
        Attribute::Invisible => column.invisible = true,
        Attribute::Srid(srid) => column.srid = Some(srid),
        Attribute::ColumnFormat(format) => column.format = (format != "DEFAULT").then_some(format),
        Attribute::StorageMedium(medium) => column.medium = (medium != "DEFAULT").then_some(medium),
        Attribute::EngineAttribute(value) => column.attributes.push(format!("ENGINE_ATTRIBUTE {value}")),
        Attribute::SecondaryEngineAttribute(value) => {
            column
                .attributes
                .push(format!("SECONDARY_ENGINE_ATTRIBUTE {value}"));
        }
        Attribute::NotSecondary => column.attributes.push("NOT SECONDARY".to_owned()),
    }
}

/// A comment as the server shows it; none where it is empty.
pub(super) fn comment(written: &str, mode: SqlMode) -> Option<String> {
    let value = string(written, mode).unwrap_or_else(|| written.to_owned());
    (!value.is_empty()).then(|| literal(&value))
}
