//! Many files of one statement each, applied to an empty database: ours beside the floor and peers, in turns.

use super::Arguments;
use super::place::Place;
use super::rivals::{Rival, Written};
use super::work::{self, STEPS};
use crate::fault::BenchError;
use crate::timing::{median, yes};
use comfy_table::Table;
use std::time::Duration;

/// The target: at most so many times what the floor takes.
const TARGET: f64 = 1.25;

/// The report.
pub(crate) fn report(arguments: &Arguments, place: &Place) -> Result<String, BenchError> {
    let tables = if arguments.quick { 3 } else { 20 };
    let rounds = arguments.rounds(7);
    let written = Written::new(&work::pieces(tables))?;
    let rivals = Rival::all(arguments);
    let mut times = vec![Vec::with_capacity(rounds); rivals.len()];
    // The first round fills caches and makes the tables in which Sluice remembers; it is not counted.
    for round in 0..=rounds {
        for turn in 0..rivals.len() {
            // Each begins a round once in a while.
            let at = (turn + round) % rivals.len();
            let (Some(rival), Some(times)) = (rivals.get(at), times.get_mut(at)) else {
                continue;
            };
            let schema = format!("benched_{round}_{at}");
            place.make(&schema)?;
            let took = rival.apply(&place.login, &schema, &written)?;
            complete(place, &schema, tables, rival.name())?;
            place.forget(&schema)?;
            if round > 0 {
                times.push(took);
            }
        }
    }
    let floors = times.first().cloned().unwrap_or_default();
    let mut table = Table::new();
    table.set_header(["", "ms per file", ": floor", "least and most"]);
    let mut ours = f64::INFINITY;
    for (rival, times) in rivals.iter().zip(&mut times) {
        let mut ratios: Vec<f64> = times
            .iter()
            .zip(&floors)
            .map(|(time, floor)| time.as_secs_f64() / floor.as_secs_f64().max(1e-9))
            .collect();
        ratios.sort_by(f64::total_cmp);
        let ratio = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
        if matches!(rival, Rival::Sluice { rehearsal: false, .. }) {
            ours = ratio;
        }
        table.add_row([
            rival.name().to_owned(),
            milliseconds(median(times) / written.files),
            format!("{ratio:.2}"),
            format!(
                "{:.2} to {:.2}",
                ratios.first().copied().unwrap_or_default(),
                ratios.last().copied().unwrap_or_default()
            ),
        ]);
    }
    Ok(format!(
        "{} files of one statement over {tables} tables, into an empty database; {rounds} rounds, in turns: the median of \
         times, and that of each round's ratios\n{table}\n\
         Target, ours at most {TARGET} \u{d7} floor without rehearsal: {}\n\n",
        written.files,
        yes(ours <= TARGET)
    ))
}

/// A rival that left something out would say nothing by its time.
fn complete(place: &Place, schema: &str, tables: usize, who: &str) -> Result<(), BenchError> {
    let found = place.ask(&format!(
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{schema}' AND TABLE_NAME LIKE 'w\\_%' \
         AND TABLE_COMMENT LIKE 'table %'"
    ))?;
    if found == tables.to_string() {
        return Ok(());
    }
    Err(BenchError::Told(format!(
        "{who} came to the end of {STEPS} steps with {found} tables of {tables}"
    )))
}

/// For people.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}
