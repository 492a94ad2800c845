//! A run that finds nothing to do: how long the server works for it.

use super::Arguments;
use super::files::milliseconds;
use super::place::Place;
use super::rivals::{self, Rival, Written};
use super::work;
use crate::fault::BenchError;
use crate::timing::{median, yes};
use std::time::Duration;
use workflow::ports::database::Login;

/// The target.
const TARGET: Duration = Duration::from_millis(50);
/// Whose statements the server counts.
const USER: &str = "benched_user";

/// The report.
pub(crate) fn report(arguments: &Arguments, place: &Place) -> Result<String, BenchError> {
    const SCHEMA: &str = "benched_quiet";
    let rounds = arguments.rounds(15);
    let written = Written::new(&work::pieces(if arguments.quick { 3 } else { 20 }))?;
    let ours = Rival::ours(arguments, true);
    let login = place.user(USER)?;
    place.make(SCHEMA)?;
    ours.apply(&login, SCHEMA, &written)?;
    let (mut server, mut wall, mut client) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let before = worked(place, &login)?;
        wall.push(ours.apply(&login, SCHEMA, &written)?);
        server.push(worked(place, &login)?.saturating_sub(before));
        client.push(rivals::connect(arguments, &login, SCHEMA)?);
    }
    place.forget(SCHEMA)?;
    place.run(&format!("DROP USER '{USER}'@'%'"))?;
    let server = median(&mut server);
    Ok(format!(
        "{} files that are all applied; the median of {rounds}\n\
         the server worked {} ms for it; the whole run took {} ms, and `mysql` that only connects {} ms\n\
         Target, less than {} ms of database time: {}\n\n",
        written.files,
        milliseconds(server),
        milliseconds(median(&mut wall)),
        milliseconds(median(&mut client)),
        TARGET.as_millis(),
        yes(server < TARGET)
    ))
}

/// How long the server has worked on statements of a user so far.
fn worked(place: &Place, login: &Login) -> Result<Duration, BenchError> {
    let picoseconds = place.ask(&format!(
        "SELECT SUM(SUM_TIMER_WAIT) FROM performance_schema.events_statements_summary_by_user_by_event_name \
         WHERE USER = '{}'",
        login.user
    ))?;
    let picoseconds: u64 = picoseconds
        .parse()
        .map_err(|_| BenchError::Told(format!("`{picoseconds}` is no number of picoseconds")))?;
    Ok(Duration::from_nanos(picoseconds / 1000))
}
