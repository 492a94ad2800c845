//! The worker process: the real use case over the real adapters, under a fate.

use crate::orders::{By, Looks, Orders, Report, Seen};
use crate::trouble::Trouble;
use jiff::SignedDuration;
use ledger::DynamoLedger;
use model::Target;
use mysql::{Limits, MySql};
use runtime::SystemClock;
use rustix::process::{Signal, getpid, kill_process};
use scenarios::{Fate, Mortal};
use std::time::{Duration, Instant};
use testkit::{FixedSecrets, MemoryQueue};
use workflow::ports::clock::Clock as _;
use workflow::work::{Looked, Worker};

/// The instance of every target.
pub(crate) const INSTANCE: &str = "gate";
/// Its secret.
pub(crate) const SECRET: &str = "arn:aws:secretsmanager:us-east-1:000000000000:secret:gate";
/// How long a process looks at most.
const PATIENCE: Duration = Duration::from_mins(1);
/// How soon it looks again.
const PACE: Duration = Duration::from_millis(40);

/// Works as ordered, and reports.
pub async fn work(orders: &Orders) -> Result<(), Trouble> {
    runtime::logs::start("INFO");
    let fate = fate(orders);
    let secrets = FixedSecrets::default();
    let secret = serde_json::json!({
        "username": "root",
        "password": orders.password,
        "host": "127.0.0.1",
        "port": orders.port,
    });
    secrets.put(SECRET, secret.to_string());
    let config = testkit::platform::config().await;
    let wait = Duration::from_secs(orders.lock_wait_s);
    let limits = Limits {
        metadata_lock: wait,
        row_lock: wait,
        ..Limits::default()
    };
    let worker = Worker {
        ledger: &Mortal::new(DynamoLedger::configured(&config, &orders.table), &fate),
        queue: &Mortal::new(MemoryQueue::default(), &fate),
        databases: &Mortal::new(MySql::new(limits), &fate),
        secrets: &Mortal::new(secrets, &fate),
        clock: &SystemClock,
        until: SystemClock.now() + SignedDuration::from_mins(5),
        lease: SignedDuration::from_millis(orders.lease_ms),
    };
    let target = Target::new(INSTANCE, orders.schema.as_str());
    let mut report = Report::default();
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let seen = match Box::pin(worker.look_at(&target)).await {
            Ok(Looked::Busy) => None,
            Ok(Looked::Idle { moved }) => Some(Seen::Idle(moved)),
            Ok(Looked::Later { .. }) => Some(Seen::Later),
            Err(fault) => Some(Seen::Fault(fault.chain())),
        };
        let rests = match &seen {
            None => false,
            Some(Seen::Idle(_)) => true,
            Some(Seen::Later | Seen::Fault(_)) => orders.looks == Looks::Once,
        };
        report.looks.extend(seen);
        if rests {
            break;
        }
        tokio::time::sleep(PACE).await;
    }
    // Under another name first: half a report is none.
    let half = orders.report.with_extension("half");
    std::fs::write(&half, serde_json::to_string(&report)?)?;
    Ok(std::fs::rename(&half, &orders.report)?)
}

fn fate(orders: &Orders) -> Fate {
    let Some(stroke) = &orders.stroke else {
        return Fate::default();
    };
    let fate = Fate::with_hand(match stroke.by {
        By::Kill => || strike(Signal::KILL),
        By::Stop | By::Loss => || strike(Signal::STOP),
    });
    fate.deal(stroke.blow());
    fate
}

/// Sends a signal to this very process.
fn strike(signal: Signal) {
    // A process may always signal itself.
    let _sent = kill_process(getpid(), signal);
}
