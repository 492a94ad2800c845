//! How paths are read, one after the other.

use super::style::{Style, Tone};
use super::{facts, plain};
use crate::commands::explain::{Explained, Goal, Reading};

/// Each path with what comes of it.
pub(crate) fn pages(explained: &[Explained], style: Style) -> String {
    let pages: Vec<String> = explained.iter().map(|explained| page(explained, style)).collect();
    pages.join("\n")
}

fn page(explained: &Explained, style: Style) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    lines.extend(explained.project.clone().map(|project| ("project", project)));
    match &explained.reading {
        Reading::Taken {
            version,
            change_type,
            description,
            targets,
        } => {
            lines.push(("version", version.clone()));
            lines.push(("type", change_type.clone()));
            if !description.is_empty() {
                lines.push(("description", description.clone()));
            }
            lines.extend(targets.iter().map(|goal| ("goes to", place(goal))));
        }
        Reading::Refused { reason, .. } => lines.push(("refused", reason.clone())),
        Reading::Ignored { reason } => lines.push(("ignored", reason.clone())),
        Reading::Outside { reason } => lines.push(("outside", reason.clone())),
    }
    format!(
        "{}\n{}",
        style.paint(Tone::Heading, &plain::line(&explained.path)),
        facts(&lines)
    )
}

fn place(goal: &Goal) -> String {
    let Goal {
        environment,
        database,
        target,
    } = goal;
    format!("{environment}: {database}, which is {target}")
}
