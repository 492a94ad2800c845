//! Names in databases other than the change's own: refused unless they are allowed.

use crate::mode::SqlMode;
use crate::refusal::Refused;
use crate::touched::{How, Touched, foreign_schemas};

/// The names of a statement in databases that are neither its own nor allowed, each with its refusal.
pub fn other_schemas(text: &str, mode: SqlMode, own: &str, allowed: &[String]) -> Vec<(Touched, Refused)> {
    foreign_schemas(text, mode, own)
        .into_iter()
        .filter(|found| {
            found
                .name
                .schema
                .as_ref()
                .is_some_and(|schema| !allowed.contains(schema))
        })
        .map(|found| {
            let refused = refused(&found, own);
            (found, refused)
        })
        .collect()
}

fn refused(found: &Touched, own: &str) -> Refused {
    let schema = found.name.schema.as_deref().unwrap_or_default();
    let does = match found.how {
        How::Reads => "reads",
        How::Writes => "writes",
        How::Defines => "defines",
        How::Calls => "calls",
    };
    let what = if found.name.name == "*" {
        format!("`{schema}`")
    } else {
        found.name.to_string()
    };
    Refused {
        code: "other-schema",
        message: format!(
            "the statement {does} {what}, but a change of {own} stays in {own}, the database that its path names: remove \
             `{schema}.` if {own} is meant, or put the statement into a change of {schema}; an administrator may allow it \
             by adding {schema} to the database's `allowed_schemas` in settings"
        ),
    }
}
