//! A page of the list of issues, at a cost that grows with what it shows and not with the history.
//!
//! Numbers count without gaps, so that a page of all issues is known by its numbers. What is open stands in a list of its
//! own. What else is asked for is looked for from the newest issue down, so many in one request and no more.

use super::{Around, Shower, status_of, view, waiting_targets};
use crate::dependencies;
use crate::gates::{self, Stage};
use crate::ports::ledger::{IssueLedger, OpenIssueLedger, PlanLedger, TargetLedger, WriteBackLedger};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use model::{
    ApprovalStatus, Decision, Fault, Issue, IssueFilter, IssueNumber, IssueState, IssueView, Task, TaskKey,
};
use std::collections::HashMap;

/// How many issues one request looks at, at least, before it says how far it came.
const LOOKED_AT: usize = 500;
/// How many are read at once where the first ones did not fill the page.
const WIDTH: usize = 100;
/// How many issues are asked for their time at once.
const PROBES: u64 = 99;
/// How many issues are asked for their decisions at once.
const AT_ONCE: usize = 16;

/// A page of issues, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuePage {
    /// The issues.
    pub issues: Vec<IssueView>,
    /// Everything from this number up was looked at; what comes before it is still to be. None at the end.
    pub next: Option<IssueNumber>,
}

/// Numbers of issues to be looked at, newest first, and whether there are more below.
struct Span {
    numbers: Vec<IssueNumber>,
    more: bool,
}

/// An issue with its own tasks.
type Row = (Issue, Vec<Task>);

impl<L> Shower<'_, L>
where
    L: IssueLedger + OpenIssueLedger + TargetLedger + WriteBackLedger + PlanLedger,
{
    /// A page of the issues that suit, newest first, those below `before` where given. A page that is not full may have
    /// others behind it: looking is bounded.
    pub async fn issues(
        &self,
        filter: &IssueFilter,
        before: Option<IssueNumber>,
        limit: u32,
    ) -> Result<IssuePage, Fault> {
        let limit = limit as usize;
        let open = filter.state.is_some_and(IssueState::is_open);
        let mut end = if open {
            before.unwrap_or(IssueNumber(u64::MAX))
        } else {
            self.end(filter, before).await?
        };
        let (mut issues, mut looked_at, mut width) = (Vec::new(), 0, limit);
        loop {
            let span = if open {
                self.open_below(end, width).await?
            } else {
                all_below(end, width)
            };
            let Some(lowest) = span.numbers.last().copied() else {
                return Ok(IssuePage { issues, next: None });
            };
            let read = self.ledger.issues(&span.numbers).await?;
            let more = span.more && !read.iter().any(|issue| is_below_all(filter, issue));
            issues.extend(self.views(read, filter).await?);
            if issues.len() > limit {
                issues.truncate(limit);
                let next = issues.last().map(|view| view.issue.number);
                return Ok(IssuePage { issues, next });
            }
            looked_at += span.numbers.len();
            if !more || issues.len() == limit || looked_at >= LOOKED_AT {
                let next = more.then_some(lowest);
                return Ok(IssuePage { issues, next });
            }
            (end, width) = (lowest, WIDTH);
        }
    }

    /// The number below which looking begins.
    async fn end(&self, filter: &IssueFilter, before: Option<IssueNumber>) -> Result<IssueNumber, Fault> {
        let last = self.ledger.last_issue().await?.0;
        let end = before.map_or(u64::MAX, |before| before.0).min(last + 1);
        match filter.until {
            Some(until) => self.end_by_time(until, end).await,
            None => Ok(IssueNumber(end)),
        }
    }

    /// A number above all issues planned until then, found by asking some of them for their time: a hundredth of what is
    /// left with each request. Numbers grow with time, but for what planning takes.
    async fn end_by_time(&self, until: Timestamp, mut end: u64) -> Result<IssueNumber, Fault> {
        let late = until.checked_add(gates::PLANNING).unwrap_or(Timestamp::MAX);
        let mut low = 0;
        while end.saturating_sub(low) > PROBES + 1 {
            let step = (end - low).div_ceil(PROBES + 1);
            let probes = (1..=PROBES).map(|nth| low + nth * step);
            let probes: Vec<IssueNumber> = probes.take_while(|probe| *probe < end).map(IssueNumber).collect();
            let found = self.ledger.issues(&probes).await?;
            let Some(highest) = found.last() else { break };
            match found.iter().position(|issue| issue.created_at > late) {
                Some(first) => {
                    end = found.get(first).map_or(end, |issue| issue.number.0);
                    let below = first.checked_sub(1).and_then(|below| found.get(below));
                    low = below.map_or(low, |issue| issue.number.0);
                }
                None => low = highest.number.0,
            }
        }
        Ok(IssueNumber(end))
    }

    /// Issues that are listed as open.
    async fn open_below(&self, end: IssueNumber, width: usize) -> Result<Span, Fault> {
        let wanted = u32::try_from(width).unwrap_or(u32::MAX);
        let entries = self
            .ledger
            .open_issues(Some(end), wanted.saturating_add(1))
            .await?;
        let mut numbers: Vec<IssueNumber> = entries.iter().map(|entry| entry.number).collect();
        let more = numbers.len() > width;
        numbers.truncate(width);
        Ok(Span { numbers, more })
    }

    /// Those of these issues that suit, each with where it stands. What they need is read for all of them together.
    async fn views(&self, issues: Vec<Issue>, filter: &IssueFilter) -> Result<Vec<IssueView>, Fault> {
        let rows = self.rows(issues, filter).await?;
        let decisions = self.decisions(&rows).await?;
        let tasks = || rows.iter().flat_map(|(_, tasks)| tasks);
        let targets = waiting_targets(tasks());
        let around = Around {
            open: self.ledger.first_open_tasks(&targets).await?,
            write_backs: self.write_backs(tasks()).await?,
            before: dependencies::unfinished(self.ledger, rows.iter().map(|(issue, _)| issue)).await?,
        };
        Ok(rows
            .into_iter()
            .zip(decisions)
            .map(|((issue, tasks), decisions)| {
                view(self.settings, self.now, issue, &tasks, &decisions, &around)
            })
            .filter(|view| filter.allows_state(view))
            .collect())
    }

    /// Those of these issues that may suit, with their tasks.
    async fn rows(&self, mut issues: Vec<Issue>, filter: &IssueFilter) -> Result<Vec<Row>, Fault> {
        issues.retain(|issue| filter.allows(issue));
        let mut keys: Vec<TaskKey> = issues.iter().flat_map(|issue| issue.tasks.clone()).collect();
        keys.sort();
        keys.dedup();
        let tasks = self.ledger.tasks(&keys).await?.into_iter();
        let tasks: HashMap<TaskKey, Task> = tasks.map(|task| (task.key(), task)).collect();
        let with_tasks = |issue: Issue| {
            let own = issue.tasks.iter().filter_map(|key| tasks.get(key));
            let own: Vec<Task> = own.filter(|task| task.issue == issue.number).cloned().collect();
            (issue, own)
        };
        Ok(issues
            .into_iter()
            .map(with_tasks)
            .filter(|(issue, tasks)| {
                filter.allows_tasks(tasks) && filter.allows_status(status_of(issue, tasks))
            })
            .collect())
    }

    /// The decisions on each of these issues.
    async fn decisions(&self, rows: &[Row]) -> Result<Vec<Vec<Decision>>, Fault> {
        let mut reading = Vec::with_capacity(rows.len());
        for row in rows {
            reading.push(self.decisions_that_count(row));
        }
        stream::iter(reading).buffered(AT_ONCE).try_collect().await
    }

    /// The decisions on an issue; none where no stage asks for an approval, so that none counts.
    async fn decisions_that_count(&self, (issue, tasks): &Row) -> Result<Vec<Decision>, Fault> {
        let stages = gates::stages(self.settings, issue, tasks, &[], self.now);
        let asks = |stage: &Stage<'_>| stage.approval != ApprovalStatus::NotRequired;
        if stages.iter().any(asks) {
            self.ledger.decisions(issue.number).await
        } else {
            Ok(Vec::new())
        }
    }
}

/// All issues, by their numbers.
fn all_below(end: IssueNumber, width: usize) -> Span {
    let width = u64::try_from(width).unwrap_or(u64::MAX);
    let bottom = end.0.saturating_sub(width).max(1);
    Span {
        numbers: (bottom..end.0).rev().map(IssueNumber).collect(),
        more: bottom > 1,
    }
}

/// Whether an issue is so old that all before it are older than what is asked for.
fn is_below_all(filter: &IssueFilter, issue: &Issue) -> bool {
    filter
        .since
        .is_some_and(|since| issue.created_at + gates::PLANNING < since)
}
