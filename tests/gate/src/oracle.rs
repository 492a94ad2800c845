//! What every cell is held to at its end: the invariants I1 to I12 of applying.

use crate::faults::Play;
use crate::kinds::{Kind, ROWS, SECOND_CHANGE, first_change};
use crate::server::PASSWORD;
use crate::trouble::Trouble;
use jiff::{SignedDuration, Timestamp};
use model::{ApprovalStatus, Checksum, Errand, IssueNumber, TaskRun};
use std::time::Duration;
use workflow::gates;
use workflow::ports::ledger::{IssueLedger as _, LeaseLedger as _, OutboxLedger as _, TargetLedger as _};

/// How long it may take from the fault until everything is applied: the lease runs out, a worker waits for the lock,
/// a server recovers. The rest is for a machine that is busy with other cells.
const RECOVERY: Duration = Duration::from_secs(30);

/// A row of the journal.
#[derive(Debug)]
struct Row {
    version: String,
    index: String,
    digest: String,
    outcome: String,
    fence: String,
    connection: String,
}

impl Play<'_> {
    /// Everything that is not as it should be.
    pub(crate) async fn judge(&self) -> Result<Vec<String>, Trouble> {
        let mut found = Vec::new();
        self.applied(&mut found).await?;
        self.once_each(&mut found).await?;
        self.journal_is_true(&mut found).await?;
        self.nothing_is_left(&mut found).await?;
        if self.printed.contains(PASSWORD) || self.printed.contains(self.cell.kind.statement()) {
            found.push("I10: a log holds the password, or a statement".to_owned());
        }
        if self.recovery > RECOVERY {
            found.push(format!("I12: recovery took {:.1} s", self.recovery.as_secs_f64()));
        }
        Ok(found)
    }

    /// I2, I4, I6, I8: both tasks are done, with a revision each; nobody was asked to decide what could be told.
    async fn applied(&self, found: &mut Vec<String>) -> Result<(), Trouble> {
        let ledger = &self.stage.ledger;
        let tasks = ledger.tasks(&self.tasks).await?;
        for task in &tasks {
            if task.run != TaskRun::Done {
                found.push(format!("I1, I6: {} is not done but {:?}", task.key(), task.run));
            }
            if ledger.revision(&task.key()).await?.is_none() {
                found.push(format!("I3: {} has no revision", task.key()));
            }
        }
        let (settings, number) = (self.stage.settings()?, IssueNumber(1));
        let decisions = ledger.decisions(number).await?;
        for issue in ledger.issues(&[number]).await? {
            for stage in gates::stages(&settings, &issue, &tasks, &decisions, Timestamp::now()) {
                if !matches!(stage.approval, ApprovalStatus::Approved { .. }) {
                    found.push(format!(
                        "I4: what was applied is not what was approved: {:?}",
                        stage.approval
                    ));
                }
            }
        }
        let later = Timestamp::now() + SignedDuration::from_hours(1);
        let outbox = ledger.outbox(later, 1000).await?;
        for task in &tasks {
            let changed = self.cell.kind.changes_schema() && task.change.version.as_str() == "1";
            let own =
                |errand: &Errand| matches!(errand, Errand::WriteBack { task: key } if *key == task.key());
            let told = outbox.iter().filter(|item| own(&item.errand)).count();
            if told != usize::from(changed) {
                found.push(format!("I8: {} is to be written back {told} times", task.key()));
            }
        }
        Ok(())
    }

    /// I1, I2: every statement happened once, and in order.
    async fn once_each(&self, found: &mut Vec<String>) -> Result<(), Trouble> {
        let (own, kind) = (&self.stage.schema, self.cell.kind);
        let counted = self
            .stage
            .admin
            .run(&format!("SELECT n, m FROM `{own}`.counter"))
            .await?;
        if counted != [["1", "11"]] {
            found.push(format!("I1, I2: the counters are {counted:?}, not 1 and 11"));
        }
        let times = self.stage.admin.value(&kind.shown(own)).await?;
        if times != "1" {
            found.push(format!("I1: {} happened {times} times", kind.name()));
        }
        if let Some(table) = kind.rows_in() {
            let rows = self
                .stage
                .admin
                .value(&format!("SELECT COUNT(*) FROM `{own}`.`{table}`"))
                .await?;
            let meant = if kind == Kind::Truncate { 0 } else { ROWS } + self.visitors;
            if rows != meant.to_string() {
                found.push(format!("I1: {rows} rows are left, not {meant}"));
            }
        }
        Ok(())
    }

    /// I3, I4, I5: the journal says what happened, of the statements that were approved, by who was the owner.
    async fn journal_is_true(&self, found: &mut Vec<String>) -> Result<(), Trouble> {
        let rows = self.journal().await?;
        let told: Vec<(&str, &str, &str, &str)> = rows
            .iter()
            .map(|row| {
                (
                    row.version.as_str(),
                    row.index.as_str(),
                    row.digest.as_str(),
                    row.outcome.as_str(),
                )
            })
            .collect();
        let meant = meant(self.cell.kind)?;
        let meant: Vec<(&str, &str, &str, &str)> = meant
            .iter()
            .map(|(version, index, digest)| (version.as_str(), index.as_str(), digest.as_str(), "done"))
            .collect();
        if told != meant {
            found.push(format!("I3, I4: the journal says {told:#?}, not {meant:#?}"));
        }
        if let Some(most) = self.cell.sent_by_the_first() {
            // Told by its connection too: what was sent in spite of a newer owner may bear that one's fence.
            let by_the_first = |row: &&Row| row.fence == "1" || self.first.as_ref() == Some(&row.connection);
            let sent = rows.iter().filter(by_the_first).count();
            if u32::try_from(sent) != Ok(most) {
                found.push(format!(
                    "I5: the first worker sent {sent} statements, not {most}: {rows:#?}"
                ));
            }
        }
        Ok(())
    }

    async fn journal(&self) -> Result<Vec<Row>, Trouble> {
        let query = format!(
            "SELECT r.version, j.statement_index, j.digest, j.outcome, j.fence, j.connection_id FROM _sluice.journal j \
             LEFT JOIN _sluice.revisions r ON r.schema_name = j.schema_name AND r.version_key = j.version_key \
             WHERE j.schema_name = '{}' ORDER BY j.version_key, j.statement_index",
            self.stage.schema
        );
        let rows = self.stage.admin.run(&query).await?;
        rows.into_iter()
            .map(|row| {
                let [version, index, digest, outcome, fence, connection] = row
                    .try_into()
                    .map_err(|row| Trouble::new(format!("the journal has another layout: {row:?}")))?;
                Ok(Row {
                    version,
                    index,
                    digest,
                    outcome,
                    fence,
                    connection,
                })
            })
            .collect()
    }

    /// I11: no table half made, no session, no lock and no lease are left.
    async fn nothing_is_left(&self, found: &mut Vec<String>) -> Result<(), Trouble> {
        let own = &self.stage.schema;
        let admin = &self.stage.admin;
        self.stage.deserted().await?;
        let halves = format!(
            "SELECT COUNT(*) FROM information_schema.INNODB_TABLESPACES_BRIEF WHERE NAME LIKE '{own}/#sql%'"
        );
        if admin.value(&halves).await? != "0" {
            found.push("I11: a table that was half made is left".to_owned());
        }
        let free = format!("SELECT IS_FREE_LOCK({})", self.stage.lock());
        if admin.value(&free).await? != "1" {
            found.push("I11: the lock is held".to_owned());
        }
        let now = Timestamp::now();
        let lease = self
            .stage
            .ledger
            .acquire_lease(&self.stage.target, "oracle", now, now)
            .await?;
        if lease.is_none() {
            found.push("I11: the lease is held".to_owned());
        }
        Ok(())
    }
}

/// Version, index and digest of every statement of both changes.
fn meant(kind: Kind) -> Result<Vec<(String, String, String)>, Trouble> {
    let mut meant = Vec::new();
    for (version, text) in [("1", first_change(kind)), ("2", SECOND_CHANGE.to_owned())] {
        let read = review::review(model::ChangeType::Ddl, &text, &review::Surroundings::default());
        if read.statements.is_empty() {
            return Err(Trouble::new(format!("no statement is read in: {text}")));
        }
        meant.extend(read.statements.into_iter().map(|statement| {
            let digest = Checksum::of(statement.text.as_bytes());
            (
                version.to_owned(),
                statement.index.to_string(),
                digest.as_str().to_owned(),
            )
        }));
    }
    Ok(meant)
}
