//! A catalog out of a text.
//!
//! Statements are followed as a server would follow them: what is made, altered, renamed and dropped in the text leaves
//! what there is in the end. Statements that don't make schemas (rows, settings, locks, accounts) are passed over.

mod alter;
mod column;
mod create;
mod error;
mod key;
mod partition;
mod program;
mod rename;
mod session;

pub(crate) use alter::rename_parts;
pub use error::{ReadError, Unreadable};
pub(crate) use rename::rename;

use crate::catalog::Catalog;
use crate::column::Charset;
use crate::table::{Body, Defined, Table};
use session::Variables;
use sql::ddl::{Definition, Dropped, ObjectName, Opaque, TableOption};
use sql::{SqlMode, Statement};
use std::collections::BTreeSet;

impl Catalog {
    /// Reads the text of a snapshot, or a schema file as people and dump tools write it.
    ///
    /// # Errors
    /// The text can't be split into statements, or a statement changes the schema in a way that only a server knows.
    pub fn read(text: &str, mode: SqlMode) -> Result<Self, ReadError> {
        let statements = sql::split(text, mode)?;
        let mut reader = Reader::new(mode);
        for statement in &statements {
            reader
                .statement(statement)
                .map_err(|unreadable| ReadError::at(statement, unreadable))?;
        }
        Ok(reader.catalog)
    }
}

/// What is known while statements are read.
pub(crate) struct Reader {
    pub(crate) catalog: Catalog,
    /// How the text is read where it sets no `sql_mode`.
    default_mode: SqlMode,
    /// How the statement is read.
    mode: SqlMode,
    variables: Variables,
    /// What tables have that name no character set.
    charset: Charset,
    /// The schema's own name, where the text says it.
    schema: Option<String>,
    /// Keys that came with a foreign key: table, key. A key that serves as well replaces them.
    implied: BTreeSet<(String, String)>,
    views: usize,
}

impl Reader {
    /// A reader with an empty catalog.
    pub(crate) fn new(mode: SqlMode) -> Self {
        Self {
            catalog: Catalog::default(),
            default_mode: mode,
            mode,
            variables: Variables::default(),
            charset: Charset::server(),
            schema: None,
            implied: BTreeSet::new(),
            views: 0,
        }
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Unreadable> {
        let text = statement.text.as_str();
        self.mode = self.variables.mode().unwrap_or(self.default_mode);
        let Some(definition) = sql::ddl::definition(text, self.mode) else {
            self.variables.follow(text, self.mode);
            return Ok(());
        };
        self.definition(definition, text)
    }

    fn definition(&mut self, definition: Definition, text: &str) -> Result<(), Unreadable> {
        match definition {
            Definition::CreateTable(create) => self.create_table(create),
            Definition::AlterTable(alter) => self.alter_table(alter),
            Definition::DropTable(dropped) => self.drop_tables(&dropped),
            Definition::RenameTable(pairs) => pairs
                .iter()
                .try_for_each(|(from, to)| self.rename_table(&from.name, &to.name)),
            Definition::View(view) => self.view(view),
            Definition::DropView(dropped) => {
                let views = &mut self.catalog.views;
                drop_each(&dropped, "view", |name| views.remove(&name.name).is_some())
            }
            Definition::Database(database) => {
                self.database(database.name, &database.options);
                Ok(())
            }
            Definition::DropDatabase(_) => {
                self.catalog = Catalog::default();
                Ok(())
            }
            Definition::Routine(routine) => self.routine(routine, text),
            Definition::DropRoutine { kind, dropped } => self.drop_routine(kind, &dropped),
            Definition::Trigger(trigger) => self.trigger(trigger, text),
            Definition::DropTrigger(dropped) => self.drop_trigger(&dropped),
            Definition::Event(event) => self.event(event),
            Definition::DropEvent(dropped) => self.drop_event(&dropped),
            Definition::TruncateTable(_) | Definition::Account(_) => Ok(()),
            Definition::Library(_) | Definition::DropLibrary(_) => Err(Unreadable::Server {
                what: "what a library holds",
            }),
            Definition::Opaque(opaque) => self.opaque(opaque, text),
        }
    }

    fn database(&mut self, name: Option<String>, options: &[TableOption]) {
        self.schema = name.or(self.schema.take());
        for option in options {
            let value = option.value.trim_matches(['\'', '"', '`']).to_ascii_lowercase();
            match option.name.as_str() {
                "CHARSET" => self.charset = Charset::named(&value),
                "COLLATE" => self.charset = Charset::collated(&value),
                _ => {}
            }
        }
    }

    /// A table that can't be read into values is kept as text.
    fn opaque(&mut self, opaque: Opaque, text: &str) -> Result<(), Unreadable> {
        let name = (opaque.verb == "CREATE TABLE")
            .then(|| create::name_of(text, self.mode))
            .flatten();
        let Some(name) = name else {
            return Err(Unreadable::Statement {
                verb: opaque.verb,
                at: opaque.at,
            });
        };
        let body = Body::Opaque(text.to_owned());
        self.catalog.tables.insert(name.clone(), Table { name, body });
        Ok(())
    }

    fn drop_tables(&mut self, dropped: &Dropped) -> Result<(), Unreadable> {
        if dropped.temporary {
            return Ok(());
        }
        let catalog = &mut self.catalog;
        drop_each(dropped, "table", |name| {
            catalog.triggers.retain(|trigger| trigger.table != name.name);
            catalog.tables.remove(&name.name).is_some()
        })
    }

    /// The table's definition, to be changed.
    fn table(&mut self, name: &str) -> Result<&mut Defined, Unreadable> {
        match self.catalog.tables.get_mut(name).map(|table| &mut table.body) {
            Some(Body::Defined(defined)) => Ok(defined),
            Some(Body::Opaque(_)) => Err(Unreadable::OpaqueTable {
                table: name.to_owned(),
            }),
            None => Err(missing("table", name)),
        }
    }

    /// The schema of a name, where it is another one.
    fn foreign_schema(&self, name: &ObjectName) -> Option<String> {
        let schema = name.schema.clone()?;
        (self.schema.as_ref() != Some(&schema)).then_some(schema)
    }
}

fn missing(kind: &'static str, name: &str) -> Unreadable {
    Unreadable::Missing {
        kind,
        name: name.to_owned(),
    }
}

fn drop_each(
    dropped: &Dropped,
    kind: &'static str,
    mut remove: impl FnMut(&ObjectName) -> bool,
) -> Result<(), Unreadable> {
    for name in &dropped.names {
        if !remove(name) && !dropped.if_exists {
            return Err(missing(kind, &name.name));
        }
    }
    Ok(())
}
