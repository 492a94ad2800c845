//! What a statement costs where there are few and many other tables: it must not matter.

use super::Arguments;
use super::files::milliseconds;
use super::place::Place;
use super::rivals::{Rival, Written};
use super::work;
use crate::fault::BenchError;
use crate::schema;
use crate::timing::{median, yes};
use comfy_table::Table;
use std::time::Duration;

/// The target: the dearest at most so many times the cheapest.
const TARGET: f64 = 1.10;
/// How many tables are worked on.
const TABLES: usize = 6;

/// The report.
pub(crate) fn report(arguments: &Arguments, place: &Place) -> Result<String, BenchError> {
    let sizes: &[usize] = if arguments.quick {
        &[1, 50]
    } else {
        &[1, 100, 2000]
    };
    let rounds = arguments.rounds(11);
    let written = Written::new(&work::pieces(TABLES))?;
    let rivals = [Rival::ours(arguments, false), Rival::floor(arguments)];
    for size in sizes {
        make(place, *size)?;
    }
    // Each size has the times of each rival.
    let mut times = vec![vec![Vec::with_capacity(rounds); rivals.len()]; sizes.len()];
    for round in 0..=rounds {
        for turn in 0..sizes.len() {
            let at = (turn + round) % sizes.len();
            let (Some(size), Some(times)) = (sizes.get(at), times.get_mut(at)) else {
                continue;
            };
            for (rival, times) in rivals.iter().zip(times) {
                let took = rival.apply(&place.login, &name(*size), &written)?;
                undo(place, *size)?;
                if round > 0 {
                    times.push(took);
                }
            }
        }
    }
    let mut table = Table::new();
    table.set_header([
        "other tables",
        "ours, median ms per statement",
        "least",
        "floor, median",
        "least",
    ]);
    let (mut least, mut most) = (Duration::MAX, Duration::ZERO);
    for (size, times) in sizes.iter().zip(&mut times) {
        place.forget(&name(*size))?;
        let mut row = vec![size.to_string()];
        for (at, times) in times.iter_mut().enumerate() {
            let middle = median(times);
            if at == 0 {
                (least, most) = (least.min(middle), most.max(middle));
            }
            row.push(milliseconds(middle / written.files));
            // `median` has put them in order.
            let shortest = times.first().copied().unwrap_or_default();
            row.push(milliseconds(shortest / written.files));
        }
        table.add_row(row);
    }
    let spread = most.as_secs_f64() / least.as_secs_f64().max(1e-9);
    Ok(format!(
        "{} statements among other tables, without rehearsal; the median and the least of {rounds} runs, in turns\n{table}\n\
         the dearest median : the cheapest = {spread:.2}\n\
         Target, medians within 10 % of each other: {}\n\n",
        written.files,
        yes(spread <= TARGET)
    ))
}

fn name(size: usize) -> String {
    format!("benched_beside_{size}")
}

fn make(place: &Place, size: usize) -> Result<(), BenchError> {
    let name = name(size);
    place.make(&name)?;
    for packet in schema::packets(size) {
        place.run(&format!("USE {name}; {packet}"))?;
    }
    Ok(())
}

/// The tables are as they were before.
fn undo(place: &Place, size: usize) -> Result<(), BenchError> {
    let name = name(size);
    let tables: Vec<String> = (0..TABLES).map(|table| format!("{name}.w_{table}")).collect();
    place.run(&format!("DROP TABLE {}", tables.join(", ")))?;
    place.unremember(&name)
}
