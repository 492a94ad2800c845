//! Views and stored programs.

use super::{Reader, Unreadable, drop_each, missing};
use crate::catalog::Name;
use crate::expression::Expression;
use crate::program::{Event, Parameter, Place, Routine, Source, Trigger, View};
use crate::words::{Word, ends};
use sql::SqlMode;
use sql::ddl::{self, Dropped, RoutineKind};

impl Reader {
    pub(super) fn view(&mut self, view: ddl::View) -> Result<(), Unreadable> {
        let name = view.name.name;
        let exists = self.catalog.views.contains_key(&name);
        if view.if_not_exists && exists {
            return Ok(());
        }
        if view.alters && !exists {
            return Err(missing("view", &name));
        }
        self.views += 1;
        let made = View {
            name: name.clone(),
            algorithm: view.algorithm.filter(|algorithm| algorithm != "UNDEFINED"),
            invoker: view.security.as_deref() == Some("INVOKER"),
            columns: view.columns,
            query: Expression::exact(cascaded(view.query), self.mode),
            session: self.variables.session_of_view(),
            order: Place(self.views),
        };
        // mysqldump makes a view first as a table or view of the same columns.
        self.catalog.tables.remove(&name);
        self.catalog.views.insert(name, made);
        Ok(())
    }

    pub(super) fn routine(&mut self, routine: ddl::Routine, text: &str) -> Result<(), Unreadable> {
        let name = routine.program.name.name.clone();
        let key = (routine.kind, Name::new(name.as_str()));
        if routine.program.alters {
            let Some(existing) = self.catalog.routines.get_mut(&key) else {
                return Err(missing("routine", &name));
            };
            existing.source = Source::default();
            let changed = characteristics(&routine.characteristics, self.mode);
            for characteristic in changed {
                let kind = class(&characteristic);
                existing.characteristics.retain(|other| class(other) != kind);
                existing.characteristics.push(characteristic);
            }
            return Ok(());
        }
        if routine.program.if_not_exists && self.catalog.routines.contains_key(&key) {
            return Ok(());
        }
        let mode = self.mode;
        let plain = routine.program.definer.is_none()
            && !routine.program.if_not_exists
            && routine.program.name.schema.is_none();
        let parameters = routine.parameters.into_iter().map(|parameter| Parameter {
            direction: parameter
                .direction
                .or_else(|| (routine.kind == RoutineKind::Procedure).then(|| "IN".to_owned())),
            name: parameter.name,
            data_type: Expression::new(parameter.data_type, mode),
        });
        let made = Routine {
            kind: routine.kind,
            name,
            parameters: parameters.collect(),
            returns: routine
                .returns
                .map(|returns| Expression::new(without_charset(&returns), mode)),
            characteristics: characteristics(&routine.characteristics, mode),
            body: routine.program.body.unwrap_or_default(),
            session: self.variables.session(false),
            source: Source(plain.then(|| text.to_owned())),
        };
        self.catalog.routines.insert(key, made);
        Ok(())
    }

    pub(super) fn drop_routine(&mut self, kind: RoutineKind, dropped: &Dropped) -> Result<(), Unreadable> {
        let routines = &mut self.catalog.routines;
        drop_each(dropped, "routine", |name| {
            routines.remove(&(kind, Name::new(name.name.as_str()))).is_some()
        })
    }

    pub(super) fn trigger(&mut self, trigger: ddl::Trigger, text: &str) -> Result<(), Unreadable> {
        let name = trigger.program.name.name;
        if trigger.program.if_not_exists && self.catalog.trigger(&name).is_some() {
            return Ok(());
        }
        // The server keeps comments before the body too.
        let whole = behind(text, "ROW", self.mode).filter(|_| trigger.order.is_none());
        let body = whole.or(trigger.program.body);
        let made = Trigger {
            name,
            timing: trigger.timing,
            event: trigger.event,
            table: trigger.table.name,
            body: body.unwrap_or_default(),
            session: self.variables.session(false),
        };
        let triggers = &mut self.catalog.triggers;
        let at = match &trigger.order {
            None => triggers.len(),
            Some((word, other)) => {
                let at = triggers.iter().position(|trigger| trigger.name == *other);
                let at = at.ok_or_else(|| missing("trigger", other))?;
                at + usize::from(word == "FOLLOWS")
            }
        };
        triggers.insert(at, made);
        Ok(())
    }

    pub(super) fn drop_trigger(&mut self, dropped: &Dropped) -> Result<(), Unreadable> {
        let triggers = &mut self.catalog.triggers;
        drop_each(dropped, "trigger", |name| {
            let before = triggers.len();
            triggers.retain(|trigger| trigger.name != name.name);
            triggers.len() < before
        })
    }

    pub(super) fn event(&mut self, event: ddl::Event) -> Result<(), Unreadable> {
        let mode = self.mode;
        let name = event.program.name.name;
        let key = Name::new(name.as_str());
        let session = self.variables.session(true);
        let comment = event
            .comment
            .map(|comment| super::column::comment(&comment, mode));
        let schedule = event.schedule.map(|schedule| Expression::new(schedule, mode));
        if !event.program.alters {
            if event.program.if_not_exists && self.catalog.events.contains_key(&key) {
                return Ok(());
            }
            let made = Event {
                name,
                schedule: schedule.unwrap_or_else(|| Expression::new("", mode)),
                preserve: event.preserve.unwrap_or(false),
                status: event.status.unwrap_or_else(|| "ENABLE".to_owned()),
                comment: comment.flatten(),
                body: event.program.body.unwrap_or_default(),
                session,
            };
            self.catalog.events.insert(key, made);
            return Ok(());
        }
        let mut existing = self
            .catalog
            .events
            .remove(&key)
            .ok_or_else(|| missing("event", &name))?;
        existing.schedule = schedule.unwrap_or(existing.schedule);
        existing.preserve = event.preserve.unwrap_or(existing.preserve);
        existing.status = event.status.unwrap_or(existing.status);
        existing.comment = comment.unwrap_or(existing.comment);
        existing.body = event.program.body.unwrap_or(existing.body);
        existing.name = event.rename.map_or(existing.name, |rename| rename.name);
        existing.session = session;
        self.catalog
            .events
            .insert(Name::new(existing.name.as_str()), existing);
        Ok(())
    }

    pub(super) fn drop_event(&mut self, dropped: &Dropped) -> Result<(), Unreadable> {
        let events = &mut self.catalog.events;
        drop_each(dropped, "event", |name| {
            events.remove(&Name::new(name.name.as_str())).is_some()
        })
    }
}

/// `WITH CHECK OPTION` is `WITH CASCADED CHECK OPTION`.
fn cascaded(query: String) -> String {
    let trimmed = query.trim_end();
    let upper = trimmed.to_ascii_uppercase();
    match upper.strip_suffix("WITH CHECK OPTION") {
        Some(before) => {
            let kept = trimmed.get(..before.len()).unwrap_or(trimmed);
            format!("{kept}WITH CASCADED CHECK OPTION")
        }
        None => query,
    }
}

/// Those that aren't the default, in the order in which the server shows them.
fn characteristics(written: &[String], mode: SqlMode) -> Vec<String> {
    let mut kept: Vec<String> = written
        .iter()
        .filter_map(|characteristic| {
            let upper = characteristic.to_ascii_uppercase();
            match upper.as_str() {
                "LANGUAGE SQL" | "NOT DETERMINISTIC" | "CONTAINS SQL" | "SQL SECURITY DEFINER" => None,
                _ if upper.starts_with("COMMENT") => {
                    let text = characteristic.get("COMMENT".len()..).unwrap_or_default();
                    super::column::comment(text.trim(), mode).map(|text| format!("COMMENT {text}"))
                }
                _ => Some(upper),
            }
        })
        .collect();
    kept.sort_by_key(|characteristic| class(characteristic));
    kept
}

/// Which characteristics replace each other; the server shows them in this order.
fn class(characteristic: &str) -> u8 {
    match characteristic.split(' ').next().unwrap_or_default() {
        "LANGUAGE" => 0,
        "NO" | "READS" | "MODIFIES" => 1,
        "DETERMINISTIC" => 2,
        "SQL" => 3,
        _ => 4,
    }
}

/// The server adds the character set that the schema has by default.
fn without_charset(returns: &str) -> String {
    let lower = returns.to_ascii_lowercase();
    ["charset utf8mb4", "character set utf8mb4"]
        .iter()
        .find_map(|tail| lower.strip_suffix(tail))
        .map_or_else(|| returns.to_owned(), |kept| kept.trim_end().to_owned())
}

/// What follows a keyword of a program's head, where that is the first of its kind outside of quotes and comments.
fn behind(text: &str, keyword: &str, mode: SqlMode) -> Option<String> {
    let is = |word: &Word| matches!(word, Word::Plain(word) if word.eq_ignore_ascii_case(keyword));
    let (_, end) = ends(text, mode).find(|(word, _)| is(word))?;
    let rest = text.get(end..)?.trim_start();
    // A version comment that began before the body would end in it.
    (!text.starts_with("/*!")).then(|| rest.to_owned())
}
