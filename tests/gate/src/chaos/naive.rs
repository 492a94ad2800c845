//! The negative control: a runner that sends statement after statement and notes how far it came, with neither journal
//! nor lock. The oracle has to catch it.

use crate::orders::{Orders, Report, Seen};
use crate::server;
use crate::trouble::Trouble;
use mysql::admin::Admin;
use std::path::Path;

/// Goes on with the statements in the file that the orders name as their table, one a line, and reports.
pub async fn work(orders: &Orders) -> Result<(), Trouble> {
    let seen = match go_on(orders).await {
        Ok(sent) => Seen::Idle(sent),
        Err(trouble) => Seen::Fault(trouble.to_string()),
    };
    let report = Report { looks: vec![seen] };
    let half = orders.report.with_extension("half");
    std::fs::write(&half, serde_json::to_string(&report)?)?;
    Ok(std::fs::rename(&half, &orders.report)?)
}

async fn go_on(orders: &Orders) -> Result<u32, Trouble> {
    let statements = Path::new(&orders.table);
    let progress = statements.with_extension("progress");
    let text = std::fs::read_to_string(statements)?;
    let noted = std::fs::read_to_string(&progress).unwrap_or_default();
    let done: usize = noted.parse().unwrap_or(0);
    let mut admin = Admin::connect(&server::login(orders.port)).await?;
    admin.run(&format!("USE `{}`", orders.schema)).await?;
    let mut sent = 0;
    for (at, statement) in text.lines().enumerate().skip(done) {
        admin.run(statement).await?;
        std::fs::write(&progress, (at + 1).to_string())?;
        sent += 1;
    }
    admin.close().await;
    Ok(sent)
}
