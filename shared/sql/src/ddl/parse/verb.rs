//! The leading keywords of a definition.

use super::cursor::Shape;
use super::parser::{Parser, Read, Stop};
use super::view::Before;
use crate::ddl::{Account, Definition, KeyKind, RoutineKind};

/// What a statement starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verb {
    CreateTable {
        temporary: bool,
    },
    AlterTable,
    DropTable {
        temporary: bool,
    },
    RenameTable,
    TruncateTable,
    CreateIndex(KeyKind),
    DropIndex,
    View {
        before: Before,
        alters: bool,
    },
    DropView,
    CreateDatabase,
    AlterDatabase,
    DropDatabase,
    CreateRoutine {
        kind: RoutineKind,
        definer: Option<String>,
    },
    AlterRoutine(RoutineKind),
    DropRoutine(RoutineKind),
    Trigger {
        definer: Option<String>,
    },
    DropTrigger,
    Event {
        definer: Option<String>,
        alters: bool,
    },
    DropEvent,
    Library {
        alters: bool,
    },
    DropLibrary,
    Account(Account),
}

impl Verb {
    /// Reads the leading keywords; none where they start no definition.
    pub(super) fn of(parser: &mut Parser<'_>, words: &mut String) -> Option<Read<Self>> {
        if let Some((found, verb)) = parser.account_verb() {
            found.clone_into(words);
            return Some(Ok(Self::Account(Account { verb })));
        }
        let verb = parser.eat_any(&["CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE"])?;
        words.push_str(&verb);
        let found = match verb.as_str() {
            "CREATE" => Self::created(parser, words),
            "ALTER" => Self::altered(parser, words),
            "DROP" => Self::dropped(parser, words),
            "RENAME" => Self::renamed(parser, words),
            _ => Self::truncated(parser, words),
        };
        found.transpose()
    }

    fn created(parser: &mut Parser<'_>, words: &mut String) -> Read<Option<Self>> {
        if is_of_server(parser) {
            return Ok(None);
        }
        let temporary = parser.is_at(1, "TABLE") && parser.eat("TEMPORARY");
        if noted(parser, "TABLE", words) {
            return Ok(Some(Self::CreateTable { temporary }));
        }
        if let Some(kind) = index_kind(parser) {
            words.push_str(" INDEX");
            return Ok(Some(Self::CreateIndex(kind)));
        }
        if noted(parser, "DATABASE", words) || noted(parser, "SCHEMA", words) {
            return Ok(Some(Self::CreateDatabase));
        }
        if noted(parser, "LIBRARY", words) {
            return Ok(Some(Self::Library { alters: false }));
        }
        let start = parser.at;
        let before = parser.before()?;
        if noted(parser, "VIEW", words) {
            return Ok(Some(Self::View {
                before,
                alters: false,
            }));
        }
        if before.only_of_views() {
            return Err(unknown(parser, words));
        }
        let definer = before.definer;
        if noted(parser, "TRIGGER", words) {
            return Ok(Some(Self::Trigger { definer }));
        }
        if noted(parser, "EVENT", words) {
            return Ok(Some(Self::Event {
                definer,
                alters: false,
            }));
        }
        if noted(parser, "PROCEDURE", words) {
            return Ok(Some(Self::CreateRoutine {
                kind: RoutineKind::Procedure,
                definer,
            }));
        }
        if is_loadable(parser) {
            return Ok(None);
        }
        if noted(parser, "FUNCTION", words) {
            return Ok(Some(Self::CreateRoutine {
                kind: RoutineKind::Function,
                definer,
            }));
        }
        if definer.is_none() {
            parser.at = start;
        }
        Err(unknown(parser, words))
    }

    fn altered(parser: &mut Parser<'_>, words: &mut String) -> Read<Option<Self>> {
        if is_of_server(parser) {
            return Ok(None);
        }
        let found = if noted(parser, "TABLE", words) {
            Self::AlterTable
        } else if noted(parser, "DATABASE", words) || noted(parser, "SCHEMA", words) {
            Self::AlterDatabase
        } else if noted(parser, "PROCEDURE", words) {
            Self::AlterRoutine(RoutineKind::Procedure)
        } else if noted(parser, "FUNCTION", words) {
            Self::AlterRoutine(RoutineKind::Function)
        } else if noted(parser, "LIBRARY", words) {
            Self::Library { alters: true }
        } else {
            let before = parser.before()?;
            if noted(parser, "VIEW", words) && !before.or_replace {
                Self::View { before, alters: true }
            } else if !before.only_of_views() && noted(parser, "EVENT", words) {
                Self::Event {
                    definer: before.definer,
                    alters: true,
                }
            } else {
                return Err(unknown(parser, words));
            }
        };
        Ok(Some(found))
    }

    fn dropped(parser: &mut Parser<'_>, words: &mut String) -> Read<Option<Self>> {
        if is_of_server(parser) || parser.is("PREPARE") {
            return Ok(None);
        }
        let temporary = parser.is_any(&["TEMPORARY"]) && parser.eat("TEMPORARY");
        let found = if noted(parser, "TABLE", words) || noted(parser, "TABLES", words) {
            Self::DropTable { temporary }
        } else if temporary {
            return Err(unknown(parser, words));
        } else if noted(parser, "INDEX", words) {
            Self::DropIndex
        } else if noted(parser, "VIEW", words) || noted(parser, "VIEWS", words) {
            Self::DropView
        } else if noted(parser, "DATABASE", words) || noted(parser, "SCHEMA", words) {
            Self::DropDatabase
        } else if noted(parser, "PROCEDURE", words) {
            Self::DropRoutine(RoutineKind::Procedure)
        } else if noted(parser, "FUNCTION", words) {
            Self::DropRoutine(RoutineKind::Function)
        } else if noted(parser, "TRIGGER", words) {
            Self::DropTrigger
        } else if noted(parser, "EVENT", words) {
            Self::DropEvent
        } else if noted(parser, "LIBRARY", words) {
            Self::DropLibrary
        } else {
            return Err(unknown(parser, words));
        };
        Ok(Some(found))
    }

    fn renamed(parser: &mut Parser<'_>, words: &mut String) -> Read<Option<Self>> {
        if noted(parser, "TABLE", words) || noted(parser, "TABLES", words) {
            return Ok(Some(Self::RenameTable));
        }
        Err(unknown(parser, words))
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "one of a family that a match chooses from"
    )]
    fn truncated(parser: &mut Parser<'_>, words: &mut String) -> Read<Option<Self>> {
        noted(parser, "TABLE", words);
        Ok(Some(Self::TruncateTable))
    }

    /// Reads what follows the leading keywords.
    pub(super) fn read(self, parser: &mut Parser<'_>) -> Read<Definition> {
        let definition = match self {
            Self::CreateTable { temporary } => Definition::CreateTable(parser.create_table(temporary)?),
            Self::AlterTable => Definition::AlterTable(parser.alter_table()?),
            Self::DropTable { temporary } => Definition::DropTable(parser.drop_several(temporary)?),
            Self::RenameTable => Definition::RenameTable(parser.commas(Parser::renamed)?),
            Self::TruncateTable => Definition::TruncateTable(parser.object_name()?),
            Self::CreateIndex(kind) => Definition::AlterTable(parser.create_index(kind)?),
            Self::DropIndex => Definition::AlterTable(parser.drop_index()?),
            Self::View { before, alters } => Definition::View(parser.view(before, alters)?),
            Self::DropView => Definition::DropView(parser.drop_several(false)?),
            Self::CreateDatabase => Definition::Database(parser.create_database()?),
            Self::AlterDatabase => Definition::Database(parser.alter_database()?),
            Self::DropDatabase => Definition::DropDatabase(parser.drop_database()?),
            Self::CreateRoutine { kind, definer } => {
                Definition::Routine(parser.create_routine(kind, definer)?)
            }
            Self::AlterRoutine(kind) => Definition::Routine(parser.alter_routine(kind)?),
            Self::DropRoutine(kind) => Definition::DropRoutine {
                kind,
                dropped: parser.drop_one()?,
            },
            Self::Trigger { definer } => Definition::Trigger(parser.trigger(definer)?),
            Self::DropTrigger => Definition::DropTrigger(parser.drop_one()?),
            Self::Event { definer, alters } => Definition::Event(parser.event(definer, alters)?),
            Self::DropEvent => Definition::DropEvent(parser.drop_one()?),
            Self::Library { alters } => Definition::Library(parser.library_definition(alters)?),
            Self::DropLibrary => Definition::DropLibrary(parser.drop_one()?),
            Self::Account(account) => {
                parser.rest()?;
                Definition::Account(account)
            }
        };
        Ok(definition)
    }
}

/// Takes a keyword, and notes it among the leading ones.
fn noted(parser: &mut Parser<'_>, keyword: &str, words: &mut String) -> bool {
    let found = parser.eat(keyword);
    if found {
        words.push(' ');
        words.push_str(keyword);
    }
    found
}

/// Notes the word that isn't known as that of a definition.
fn unknown(parser: &Parser<'_>, words: &mut String) -> Stop {
    if let Some(item) = parser.peek(0).filter(|item| item.shape == Shape::Word) {
        words.push(' ');
        words.push_str(&item.text.to_ascii_uppercase());
    }
    Stop
}

/// Whether it is about something of the server, and none of a schema's definitions.
fn is_of_server(parser: &Parser<'_>) -> bool {
    parser.is_any(&["SERVER", "TABLESPACE", "UNDO", "LOGFILE", "RESOURCE", "INSTANCE"])
        || (parser.is("SPATIAL") && parser.is_at(1, "REFERENCE"))
        || (parser.is("OR") && parser.is_at(2, "SPATIAL"))
}

/// `[AGGREGATE] FUNCTION [IF NOT EXISTS] f RETURNS`: it is in a library of the server.
fn is_loadable(parser: &Parser<'_>) -> bool {
    if parser.is("AGGREGATE") {
        return true;
    }
    let name = if parser.is_at(1, "IF") && parser.is_at(2, "NOT") {
        4
    } else {
        1
    };
    parser.is("FUNCTION") && parser.is_at(name + 1, "RETURNS")
}

/// `[UNIQUE | FULLTEXT | SPATIAL] INDEX`.
fn index_kind(parser: &mut Parser<'_>) -> Option<KeyKind> {
    const KINDS: &[(&str, KeyKind)] = &[
        ("INDEX", KeyKind::Plain),
        ("UNIQUE INDEX", KeyKind::Unique),
        ("FULLTEXT INDEX", KeyKind::Fulltext),
        ("SPATIAL INDEX", KeyKind::Spatial),
    ];
    KINDS
        .iter()
        .find(|(keywords, _)| parser.eat(keywords))
        .map(|(_, kind)| *kind)
}
