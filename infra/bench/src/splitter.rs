//! The splitter: how much text it reads in a second, beside a floor and a peer. Beside it stands what is left with the
//! facts, the line and the column of each statement: the target is on that too.
//!
//! The floor counts `;` with memchr: as fast as the memory is read. The peer is sqlparser's tokenizer for MySQL,
//! which knows tokens and their positions, and neither statements nor the bodies of stored programs.

use crate::texts::Kind;
use crate::timing::{Run, medians, yes};
use comfy_table::Table;
use sql::SqlMode;
use sqlparser::dialect::MySqlDialect;
use sqlparser::tokenizer::Tokenizer;
use std::time::Duration;

/// The target: megabytes in a second on one core.
const TARGET: f64 = 100.0;

/// The table; whether every kind of text reached the target.
pub(crate) fn table(bytes: usize, rounds: usize) -> (Table, bool) {
    let mut table = Table::new();
    table.set_header([
        "text",
        "MB read",
        "statements",
        "splitter MB/s",
        "with facts MB/s",
        "floor: count of ; MB/s",
        "peer: tokenizer MB/s",
        "splitter : floor",
        "splitter : peer",
        "at least 100 MB/s",
    ]);
    let mut all = true;
    for kind in Kind::ALL {
        let text = kind.text(bytes);
        // A text of few bytes is read again until as much is read as of the others.
        let times = bytes.div_ceil(text.len()).max(1);
        let read = megabytes(text.len() * times);
        let mut rivals: Vec<Run<'_>> = vec![
            Box::new(|| (0..times).map(|_| split(&text)).sum()),
            Box::new(|| (0..times).map(|_| pieces(&text)).sum()),
            Box::new(|| (0..times).map(|_| floor(&text)).sum()),
            Box::new(|| (0..times).map(|_| peer(&text)).sum()),
        ];
        let speeds: Vec<f64> = medians(&mut rivals, rounds)
            .into_iter()
            .map(|time| speed(read, time))
            .collect();
        let [facts, splitter, floor, peer] = speeds.as_slice() else {
            continue;
        };
        let reached = splitter.min(*facts) >= TARGET;
        all &= reached;
        table.add_row([
            kind.name().to_owned(),
            format!("{read:.0}"),
            count(&text),
            format!("{splitter:.0}"),
            format!("{facts:.0}"),
            format!("{floor:.0}"),
            format!("{peer:.0}"),
            format!("{:.3}", splitter / floor),
            format!("{:.1}", splitter / peer),
            yes(reached).to_owned(),
        ]);
    }
    (table, all)
}

fn count(text: &str) -> String {
    match sql::split(text, SqlMode::default()) {
        Ok(statements) => statements.len().to_string(),
        Err(error) => error.to_string(),
    }
}

fn split(text: &str) -> usize {
    sql::split(text, SqlMode::default()).map_or(0, |statements| statements.len())
}

fn pieces(text: &str) -> usize {
    sql::pieces(text, SqlMode::default()).map_or(0, |pieces| pieces.len())
}

fn floor(text: &str) -> usize {
    memchr::memchr_iter(b';', text.as_bytes()).count()
}

fn peer(text: &str) -> usize {
    Tokenizer::new(&MySqlDialect {}, text)
        .tokenize_with_location()
        .map_or(0, |tokens| tokens.len())
}

#[expect(clippy::cast_precision_loss, reason = "a number for people")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn speed(megabytes: f64, time: Duration) -> f64 {
    megabytes / time.as_secs_f64().max(1e-9)
}
