//! From a push to "Done" on its check run, hop by hop, on the local stack; and how much of it is our own code.

use crate::context::Context;
use crate::deploy::Profile;
use crate::fault::Fault;
use crate::up::{self, Wishes};
use driver::{Driver, FileChange, Patience, Trouble};
use jiff::Timestamp;
use model::{Revision, RevisionView};
use std::time::Duration;

const SOON: Patience = Patience::seconds(60);

/// What happens one after the other.
const HOPS: [&str; 5] = [
    "the webhook has answered",
    "the planner has decided",
    "the worker has begun",
    "the change is applied",
    "the check run says so",
];

/// The functions that take part.
const FUNCTIONS: [&str; 4] = ["webhook", "planner", "worker", "reporter"];

/// The most processor time that our own code may take, in milliseconds.
const OWN: f64 = 150.0;

/// One push: when each hop was done, in milliseconds since it, and the processor time of each function.
struct Round {
    hops: [f64; 5],
    own: [f64; 4],
}

/// Pushes so many files, one after the other, and prints medians.
pub(crate) fn pushing(context: &Context, wishes: &Wishes, rounds: usize, quick: bool) -> Result<(), Fault> {
    let wishes = Wishes {
        no_build: wishes.no_build,
        mysql_url: wishes.mysql_url.clone(),
        profile: if quick { Profile::Quick } else { Profile::Measure },
    };
    let stack = up::up(context, &wishes)?;
    let told = |trouble: Trouble| Fault::told(format!("the measuring broke off: {trouble}"));
    let driver = Driver::of_json(&up::json(&stack)?).map_err(told)?;
    let first = Timestamp::now().as_millisecond();
    let push = |number: usize, text: &str| {
        let version = format!("{first}.{number}");
        measured(&driver, &version, text).map_err(told)
    };
    push(0, "CREATE TABLE IF NOT EXISTS bench_push (n INT);\n")?;
    // The first ones find cold functions.
    for number in 1..=3 {
        push(number, "INSERT INTO bench_push VALUES (0);\n")?;
    }
    let mut all = Vec::with_capacity(rounds);
    for number in 0..rounds {
        let text = format!("INSERT INTO bench_push VALUES ({number});\n");
        all.push(push(number + 4, &text)?);
    }
    let own = show(context, &all);
    // What is not built for speed is only shown to work.
    if own >= OWN && !quick {
        return Err(Fault::told(format!(
            "our own code takes {own:.0} ms of a push, and may take {OWN:.0} ms"
        )));
    }
    Ok(())
}

fn measured(driver: &Driver, version: &str, text: &str) -> Result<Round, Trouble> {
    let known = driver.stack.databases.first();
    let database = known.ok_or_else(|| Trouble("the stack has no database".to_owned()))?;
    let kind = if text.starts_with("CREATE") { "ddl" } else { "dml" };
    let path = format!(
        "bytebase/{}/{}##{version}##{kind}##bench.sql",
        database.environment, database.name
    );
    let branch = &driver.stack.branch;
    let worked = || -> Result<[f64; 4], Trouble> {
        let mut all = [0.0; 4];
        for (own, function) in all.iter_mut().zip(FUNCTIONS) {
            *own = milliseconds(driver.worked(function)?);
        }
        Ok(all)
    };
    let file = FileChange {
        path: &path,
        text: Some(text),
    };
    driver.forget_calls()?;
    let before = worked()?;
    // The commit is made before the clock starts: a push moves a branch.
    let (commit, began) = SOON.until("the branch takes a commit", || {
        let head = driver.head()?;
        let commit = driver.make_commit(&[&head], &[file], "Measure a push")?;
        let began = Timestamp::now();
        Ok(if driver.move_branch(branch, &commit)? {
            Ok((commit, began))
        } else {
            Err("somebody else was quicker".to_owned())
        })
    })?;
    let done = SOON.often("the check run is done", Duration::from_millis(20), || {
        let seen = driver.exchanges()?;
        let told = seen
            .calls
            .iter()
            .find(|call| call.told.as_deref() == Some("success"));
        Ok(told
            .map(|call| after(began, call.at) + call.took_ms)
            .ok_or_else(|| "it is not".to_owned()))
    })?;
    let after_it = worked()?;
    let seen = driver.exchanges()?;
    let delivery = seen
        .deliveries
        .iter()
        .find(|delivery| delivery.event == "push" && delivery.delivered_at >= began)
        .ok_or_else(|| Trouble("no delivery was seen".to_owned()))?;
    let heard = after(began, delivery.delivered_at) + delivery.duration * 1000.0;
    let issue = driver.issue_of(&commit, SOON)?.issue;
    let revision = revision(
        driver,
        &format!("{}/{}", database.instance, database.schema),
        version,
    )?;
    let mut own = after_it;
    for (own, before) in own.iter_mut().zip(before) {
        *own -= before;
    }
    Ok(Round {
        hops: [
            heard,
            after(began, issue.created_at),
            after(began, revision.started_at),
            after(began, revision.finished_at),
            done,
        ],
        own,
    })
}

fn revision(driver: &Driver, target: &str, version: &str) -> Result<Revision, Trouble> {
    let shown = driver.sluice(
        driver::Who::Developer,
        &["--json", "version", "show", target, version],
    )?;
    shown.json::<RevisionView>().map(|view| view.revision)
}

fn after(began: Timestamp, then: Timestamp) -> f64 {
    then.duration_since(began).as_secs_f64() * 1000.0
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Prints the medians, and answers that of the processor time of our own code.
fn show(context: &Context, rounds: &[Round]) -> f64 {
    let count = rounds.len();
    let whole = median(rounds.iter().map(|round| round.hops[4]));
    let say = |line: String| context.progress.say(&line);
    say(format!(
        "From a push to \"Done\" on its check run: {whole:.0} ms (median of {count})"
    ));
    for (at, hop) in HOPS.into_iter().enumerate() {
        // Clocks are read by different processes of one machine: a hop may seem to take a little less than nothing.
        let took = |round: &Round| {
            let before = at.checked_sub(1).map_or(0.0, |before| round.hops[before]);
            round.hops[at] - before
        };
        let hop_took = median(rounds.iter().map(took));
        say(format!(
            "  {hop:<26} {hop_took:>7.1} ms  {:>3.0} %",
            100.0 * hop_took / whole
        ));
    }
    let own = median(rounds.iter().map(|round| round.own.iter().sum()));
    say(format!("Of it, our own code: {own:.0} ms of processor time"));
    for (at, function) in FUNCTIONS.into_iter().enumerate() {
        let took = median(rounds.iter().map(|round| round.own[at]));
        say(format!("  {function:<26} {took:>7.1} ms"));
    }
    own
}
