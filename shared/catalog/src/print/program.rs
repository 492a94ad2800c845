//! Views and stored programs.

use super::{quote, quoted_list};
use crate::program::{Event, Routine, Trigger, View};
use sql::ddl::RoutineKind;
use std::fmt::Write as _;

/// `CREATE OR REPLACE VIEW`: a view that is broken is there and not shown.
pub(crate) fn view(view: &View) -> String {
    let algorithm = view.algorithm.as_deref().unwrap_or("UNDEFINED");
    let security = if view.invoker { "INVOKER" } else { "DEFINER" };
    let columns = if view.columns.is_empty() {
        String::new()
    } else {
        format!(" ({})", quoted_list(&view.columns))
    };
    format!(
        "CREATE OR REPLACE ALGORITHM={algorithm} SQL SECURITY {security} VIEW {}{columns} AS {}",
        quote(&view.name),
        view.query.as_str()
    )
}

/// `CREATE PROCEDURE` or `CREATE FUNCTION`.
pub(crate) fn routine(routine: &Routine) -> String {
    // The server keeps parameters as they are written.
    if let Some(source) = &routine.source.0 {
        return source.clone();
    }
    let word = match routine.kind {
        RoutineKind::Procedure => "PROCEDURE",
        RoutineKind::Function => "FUNCTION",
    };
    let parameters: Vec<String> = routine
        .parameters
        .iter()
        .map(|parameter| {
            let direction = parameter
                .direction
                .as_ref()
                .map_or_else(String::new, |direction| format!("{direction} "));
            format!(
                "{direction}{} {}",
                quote(&parameter.name),
                parameter.data_type.as_str()
            )
        })
        .collect();
    let returns = routine
        .returns
        .as_ref()
        .map_or_else(String::new, |returns| format!(" RETURNS {}", returns.as_str()));
    let mut characteristics = String::new();
    for characteristic in &routine.characteristics {
        let _ = write!(characteristics, "\n    {characteristic}");
    }
    format!(
        "CREATE {word} {}({}){returns}{characteristics}\n{}",
        quote(&routine.name),
        parameters.join(", "),
        routine.body
    )
}

/// `CREATE TRIGGER`; `order` is `FOLLOWS` or `PRECEDES` and the other trigger.
pub(crate) fn trigger(trigger: &Trigger, order: Option<(&str, &str)>) -> String {
    let order = order.map_or_else(String::new, |(word, other)| format!(" {word} {}", quote(other)));
    format!(
        "CREATE TRIGGER {} {} {} ON {} FOR EACH ROW{order} {}",
        quote(&trigger.name),
        trigger.timing,
        trigger.event,
        quote(&trigger.table),
        trigger.body
    )
}

/// `CREATE EVENT`.
pub(crate) fn event(event: &Event) -> String {
    let preserve = if event.preserve {
        "PRESERVE"
    } else {
        "NOT PRESERVE"
    };
    let comment = event
        .comment
        .as_ref()
        .map_or_else(String::new, |comment| format!(" COMMENT {comment}"));
    format!(
        "CREATE EVENT {} ON SCHEDULE {} ON COMPLETION {preserve} {}{comment} DO {}",
        quote(&event.name),
        event.schedule.as_str(),
        event.status,
        event.body
    )
}
