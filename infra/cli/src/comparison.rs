//! Two schemas compared: read by themselves, or by a server on scratch schemas.

use crate::bench::{self, Bench};
use crate::database::broken_views;
use crate::exit::Stop;
use crate::server::ServerUrl;
use crate::side::Side;
use crate::spelling;
use catalog::{Catalog, Change, ObjectKind, Renames, Script, What};
use sql::SqlMode;

/// What tells two schemas apart.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// The changes.
    pub(crate) changes: Vec<Change>,
    /// The statements that lead from the one to the other.
    pub(crate) script: Script,
    /// The lines that differ, unified.
    pub(crate) diff: String,
    /// Whether the statements were run, and led there.
    pub(crate) verified: bool,
    /// What of the files was not loaded, for it makes no schema.
    pub(crate) skipped: Vec<String>,
    /// What is to be known beside that.
    pub(crate) remarks: Vec<String>,
}

impl Difference {
    /// Whether nothing differs.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.diff.is_empty()
    }

    /// The difference of two schemas, each with its text in the same normal form.
    fn of(before: &Catalog, after: &Catalog, texts: (&str, &str)) -> Self {
        let renames = Renames::default();
        Self {
            changes: catalog::changes(before, after, &renames),
            script: catalog::script(before, after, &renames),
            diff: report::schema_diff(texts.0, texts.1),
            verified: false,
            skipped: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// Compares without a server of its own: files are read as the server would read them.
pub(crate) async fn by_itself(before: &Side, after: &Side) -> Result<Difference, Stop> {
    let (before_text, after_text) = (before.text().await?, after.text().await?);
    for (side, text) in [(before, &before_text), (after, &after_text)] {
        if side.file().is_some() {
            spelling::check(&side.name(), text)?;
        }
    }
    let from = read(&before.name(), &before_text)?;
    let to = read(&after.name(), &after_text)?;
    let remarks = missing(&[(before, &before_text), (after, &after_text)]);
    let is_file = (before.file().is_some(), after.file().is_some());
    if is_file == (false, false) {
        let difference = Difference::of(&from, &to, (&before_text, &after_text));
        return Ok(Difference {
            remarks,
            ..difference
        });
    }
    // A file may be written in any way: both are compared as what would make them.
    let mut difference = Difference::of(&from, &to, (&made(&from), &made(&to)));
    if difference.changes.is_empty() {
        // What a file leaves open, such as the mode of a stored program, is no difference.
        difference = Difference::default();
    }
    difference.remarks = remarks;
    if is_file != (true, true) {
        difference.remarks.extend(rewritten(&difference.changes));
    }
    Ok(difference)
}

/// The broken views of servers, which the comparison does not see.
fn missing(sides: &[(&Side, &String)]) -> Vec<String> {
    let databases = sides.iter().filter(|(side, _)| side.file().is_none());
    databases
        .flat_map(|(side, text)| {
            broken_views(text).into_iter().map(|view| {
                format!(
                    "{}: the view {view} is broken, and taken for missing",
                    side.name()
                )
            })
        })
        .collect()
}

/// Views that may only look changed: a server keeps a query of its own making, and a file what somebody wrote.
fn rewritten(changes: &[Change]) -> Option<String> {
    let views: Vec<String> = changes
        .iter()
        .filter(|change| change.object.kind == ObjectKind::View && change.what == What::Changed)
        .map(|change| change.object.to_string())
        .collect();
    (!views.is_empty()).then(|| {
        format!(
            "{} can only be compared by a server, which rewrites queries, and may be the same: --scratch URL",
            views.join(", ")
        )
    })
}

/// Compares what a server makes of both; where they are to be run, the statements lead from the one to the other there.
pub(crate) async fn on_scratch(
    before: &Side,
    after: &Side,
    url: &ServerUrl,
    runs: bool,
) -> Result<Difference, Stop> {
    let before = (before.name(), before.text().await?);
    let after = (after.name(), after.text().await?);
    bench::on(url, async |bench| tried(bench, &before, &after, runs).await).await
}

/// What the statements make of a schema on a server has to be the other schema.
pub(crate) async fn lead(bench: &mut Bench, sql: &str, wanted: &str) -> Result<(), Stop> {
    bench.run(sql).await?;
    let found = bench.snapshot().await?;
    if found == wanted {
        return Ok(());
    }
    Err(Stop::refused(
        "not-verified",
        format!(
            "The statements were run on {}, and do not lead there. What they lead to (+), and what they should (-):\n{}\
             Write the missing statements by hand, and please report this with both schemas.",
            bench.name(),
            report::schema_diff(wanted, &found)
        ),
    ))
}

async fn tried(
    bench: &mut Bench,
    before: &(String, String),
    after: &(String, String),
    runs: bool,
) -> Result<Difference, Stop> {
    let to = bench.normal(&after.0, &after.1).await?;
    let from = bench.normal(&before.0, &before.1).await?;
    let (earlier, later) = (read(&before.0, &from.text)?, read(&after.0, &to.text)?);
    let mut difference = Difference::of(&earlier, &later, (&from.text, &to.text));
    for (name, skipped) in [(&before.0, from.skipped), (&after.0, to.skipped)] {
        let skipped = skipped.into_iter().map(|what| format!("{name}, {what}"));
        difference.skipped.extend(skipped);
    }
    if runs && !difference.is_empty() {
        lead(bench, &difference.script.to_string(), &to.text).await?;
        difference.verified = true;
    }
    Ok(difference)
}

fn read(name: &str, text: &str) -> Result<Catalog, Stop> {
    Catalog::read(text, SqlMode::default())
        .map_err(|error| Stop::refused("schema-unreadable", format!("{name}: {error}")))
}

/// A schema as the statements that make it, without the sessions in which they do.
fn made(catalog: &Catalog) -> String {
    let script = catalog::script(&Catalog::default(), catalog, &Renames::default());
    script.steps.iter().map(ToString::to_string).collect()
}
