//! A cut of the crash gate: every step, every fault, three kinds of statements. `cargo xtask gate` plays all cells.

use gate::{Cell, Fault, Kind, Lanes, Step};
use std::path::Path;

/// Each step with a fault of its own.
const CUT: [(Step, Fault); 6] = [
    (Step::Lock, Fault::SecondWorker),
    (Step::Read, Fault::Stopped),
    (Step::Intent, Fault::ReplyLost),
    (Step::Execute, Fault::KilledBefore),
    (Step::Outcome, Fault::ServerKilled),
    (Step::Ledger, Fault::KilledAfter),
];

/// A statement told by the definitions, one told by where rows are kept, one told by its transaction.
const KINDS: [Kind; 3] = [Kind::Inplace, Kind::Truncate, Kind::Dml];

#[tokio::test]
async fn every_step_outlives_its_fault() {
    let program = Path::new(env!("CARGO_BIN_EXE_gate"));
    let cells: Vec<Cell> = CUT
        .into_iter()
        .flat_map(|(step, fault)| KINDS.map(|kind| Cell { step, fault, kind }))
        .collect();
    let lanes = Lanes {
        sharing: 6,
        mortal: 1,
    };
    let judged = gate::run(program, &cells, lanes, |_judged| {}).await.unwrap();
    assert_eq!(judged.len(), cells.len());
    let wrong: Vec<String> = judged
        .iter()
        .filter(|judged| !judged.wrong.is_empty())
        .map(|judged| format!("{}: {}", judged.cell, judged.wrong.join("; ")))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
