//! `sluice schema`.

use crate::args::schema::Comparison;
use crate::comparison::{self, Difference};
use crate::database;
use crate::exit::{End, Stop};
use crate::output::Output;
use crate::render::{plain, schema as render};
use crate::server;
use crate::side::Side;
use mysql::Definers;

/// Prints the schema of a server's database.
pub(super) async fn dump(
    (target, option): (&str, &str),
    objects: bool,
    keep_definer: bool,
    output: &Output,
) -> Result<(), Stop> {
    let (url, schema) = server::parse_target(target, option)?;
    let definers = if keep_definer {
        Definers::Keep
    } else {
        Definers::Drop
    };
    let snapshot = database::dump(&url, &schema, definers).await?;
    for view in database::broken_views(&snapshot.text) {
        output.note(&plain::line(&format!(
            "the view {view} is broken, and so a comment of the dump: it uses what is not there, or what its definer may \
             not use"
        )))?;
    }
    if output.is_json() {
        return output.answer(&render::Dumped::of(&snapshot), |_| Ok(String::new()));
    }
    if objects {
        output.text(&render::objects(&snapshot))
    } else {
        output.file(&snapshot.text)
    }
}

/// Compares two schemas.
pub(super) async fn diff(comparison: &Comparison, output: &Output) -> Result<End, Stop> {
    let (before, after) = Side::both(&comparison.before, &comparison.after)?;
    let scratch = comparison
        .scratch
        .as_deref()
        .map(server::parse_scratch)
        .transpose()?;
    let runs = comparison.ddl || output.is_json();
    let difference = match &scratch {
        Some(url) => comparison::on_scratch(&before, &after, url, runs).await?,
        None => comparison::by_itself(&before, &after).await?,
    };
    tell(comparison, &difference, output)?;
    if let Some(words) = left_out(&difference.skipped) {
        output.note(&words)?;
    }
    for remark in &difference.remarks {
        output.note(&plain::line(remark))?;
    }
    if difference.is_empty() && (comparison.ddl || comparison.changes) {
        output.note(render::SAME)?;
    }
    if runs && !difference.is_empty() {
        output.note(&verdict(&difference, scratch.as_ref().map(ToString::to_string)))?;
    }
    Ok(if comparison.exit_code && !difference.is_empty() {
        End::Different
    } else {
        End::Done
    })
}

fn tell(comparison: &Comparison, difference: &Difference, output: &Output) -> Result<(), Stop> {
    if output.is_json() {
        return output.answer(&render::Compared::of(difference), |_| Ok(String::new()));
    }
    if comparison.ddl {
        output.file(&difference.script.to_string())
    } else if comparison.changes {
        output.text(&render::changes(difference))
    } else {
        output.text(&render::page(difference, output.style()))
    }
}

/// How many statements of files made no schema, and the first of them.
fn left_out(skipped: &[String]) -> Option<String> {
    let (first, others) = skipped.split_first()?;
    let others = match others.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("not loaded, for it makes no schema: {first}{others}"))
}

/// Whether the statements were tried.
fn verdict(difference: &Difference, scratch: Option<String>) -> String {
    match scratch {
        Some(url) if difference.verified => {
            format!("verified on {url}: the statements were run there, and lead from A to B")
        }
        Some(_) | None => {
            "not verified: name a server with --scratch URL, and the statements are run there first"
                .to_owned()
        }
    }
}
