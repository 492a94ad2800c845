//! The audit: what is said of each thing that is decided or done, and reading it in parts.
//!
//! An entry names editions, digests, codes and statements by their number, and never SQL or a literal of it: whoever may read
//! the audit need not be somebody who may read the data.

use crate::ports::ledger::{AuditLedger, IssueLedger, PlanLedger, StoredSettings, Write};
use jiff::Timestamp;
use model::approval::RulingKind;
use model::audit::verify;
use model::{
    AuditActor, AuditChain, AuditEntry, AuditFunction, AuditHead, AuditItem, AuditRecord, Baselines,
    Checksum, Decision, Deed, Fault, Freeze, Issue, IssueNumber, Principal, Pusher, Refusal, Ruling, Task,
    TaskRun,
};
use serde::{Deserialize, Serialize};

/// How many of an issue's newest items its page shows.
const ACTIVITY: u32 = 30;
/// The most chains of one part: each costs two reads.
const MOST_CHAINS: usize = 25;

/// The worker itself.
pub(crate) const WORKER: AuditActor = AuditActor::Sluice(AuditFunction::Worker);

/// Who pushed.
pub(crate) fn sender(pusher: &Pusher) -> AuditActor {
    AuditActor::Github {
        id: pusher.id,
        login: pusher.login.clone(),
        delivery: None,
    }
}

/// Who called.
pub(crate) fn caller(by: &Principal) -> AuditActor {
    AuditActor::Principal(by.clone())
}

/// Something done to a task, by its new edition.
pub(crate) fn of_task(task: &Task, deed: Deed, by: AuditActor) -> AuditEntry {
    AuditEntry {
        chain: AuditChain::Issue(task.issue),
        deed,
        about: Some(about(task)),
        by,
        at: task.updated_at,
        before: Some(edition(task.edition.saturating_sub(1))),
        after: Some(edition(task.edition)),
        detail: detail(task),
        because: None,
    }
}

/// A task whose file has another text, or another name.
pub(crate) fn of_file(old: &Task, task: &Task, deed: Deed, by: AuditActor) -> AuditEntry {
    let of = |task: &Task| {
        format!(
            "edition {}, text {}, commit {}",
            task.edition, task.change.checksum, task.change.commit
        )
    };
    AuditEntry {
        before: Some(of(old)),
        after: Some(of(task)),
        ..of_task(task, deed, by)
    }
}

/// What a person decided about a stage.
pub(crate) fn of_decision(decision: &Decision) -> AuditEntry {
    AuditEntry {
        chain: AuditChain::Issue(decision.issue),
        deed: decision.verdict.deed(),
        about: Some(decision.environment.to_string()),
        by: AuditActor::from(&decision.by),
        at: decision.at,
        before: None,
        after: Some(verify::decided(decision)),
        detail: decision.member.as_ref().map(|member| format!("member {member}")),
        because: decision.because.clone(),
    }
}

/// A push that became an issue with these tasks.
pub(crate) fn of_issue(issue: &Issue, tasks: &[Task]) -> AuditEntry {
    let mut text = String::from("tasks/1\n");
    let own = tasks.iter().filter(|task| task.issue == issue.number);
    let mut count = 0;
    for task in own {
        count += 1;
        let line = format!("{} {} {}\n", task.position, about(task), task.change.checksum);
        text.push_str(&line);
    }
    AuditEntry {
        chain: AuditChain::Issue(issue.number),
        deed: Deed::IssuePlanned,
        about: Some(format!("{} {}", issue.project, issue.branch)),
        by: sender(&issue.pusher),
        at: issue.created_at,
        before: None,
        after: Some(format!(
            "edition {}, tasks {}",
            issue.edition,
            Checksum::of(text.as_bytes())
        )),
        detail: Some(format!("commit {}, tasks: {count}", issue.commit)),
        because: None,
    }
}

/// A person said that an issue waits for another one, or no longer does.
pub(crate) fn of_dependency(issue: &Issue, on: IssueNumber, by: &Principal, now: Timestamp) -> AuditEntry {
    let word = if issue.depends_on.contains(&on) {
        "depends"
    } else {
        "depends no longer"
    };
    AuditEntry {
        chain: AuditChain::Issue(issue.number),
        deed: Deed::IssueDepends,
        about: Some(format!("{} {}", issue.project, issue.branch)),
        by: caller(by),
        at: now,
        before: Some(edition(issue.edition.saturating_sub(1))),
        after: Some(edition(issue.edition)),
        detail: Some(format!("{word} on issue {on}")),
        because: None,
    }
}

/// A late delivery told who pushed.
pub(crate) fn of_pushers(issue: &Issue, now: Timestamp) -> AuditEntry {
    let pushers: Vec<String> = issue.pushers.iter().map(|pusher| pusher.id.to_string()).collect();
    AuditEntry {
        chain: AuditChain::Issue(issue.number),
        deed: Deed::PushersKnown,
        about: Some(format!("{} {}", issue.project, issue.branch)),
        by: sender(&issue.pusher),
        at: now,
        before: Some(edition(issue.edition.saturating_sub(1))),
        after: Some(edition(issue.edition)),
        detail: Some(format!("GitHub ids {}", pushers.join(", "))),
        because: None,
    }
}

/// Settings that were put in force.
pub(crate) fn of_settings(
    stored: &StoredSettings,
    before: Option<&StoredSettings>,
    by: &Principal,
) -> AuditEntry {
    let of = |stored: &StoredSettings| {
        let text = Checksum::of(stored.text.as_bytes());
        format!("version {}, text {text}", stored.version)
    };
    AuditEntry {
        chain: AuditChain::Settings,
        deed: Deed::SettingsApplied,
        about: None,
        by: caller(by),
        at: stored.at,
        before: before.map(of),
        after: Some(of(stored)),
        detail: None,
        because: None,
    }
}

/// An environment that is frozen, in place of a freeze that held it before.
pub(crate) fn of_freeze(held: Option<&Freeze>, next: &Freeze, by: &Principal) -> AuditEntry {
    AuditEntry {
        chain: AuditChain::Settings,
        deed: Deed::EnvironmentFrozen,
        about: Some(next.environment.to_string()),
        by: caller(by),
        at: next.at,
        before: held.map(|held| format!("until {}", held.until)),
        after: Some(format!("until {}", next.until)),
        detail: None,
        because: Some(next.because.clone()),
    }
}

/// A freeze that is lifted before its time.
pub(crate) fn of_unfreeze(held: &Freeze, because: &str, by: &Principal, now: Timestamp) -> AuditEntry {
    AuditEntry {
        chain: AuditChain::Settings,
        deed: Deed::EnvironmentUnfrozen,
        about: Some(held.environment.to_string()),
        by: caller(by),
        at: now,
        before: Some(format!("until {}", held.until)),
        after: None,
        detail: None,
        because: Some(because.to_owned()),
    }
}

/// Baselines of a project that were set, or whose "everything" was found.
pub(crate) fn of_baselines(
    old: &Baselines,
    new: &Baselines,
    deed: Deed,
    by: AuditActor,
    now: Timestamp,
) -> AuditEntry {
    let changed = new.targets.iter().filter(|new| !old.targets.contains(new));
    let told: Vec<String> = changed
        .map(|baseline| format!("{}: {}", baseline.target, up_to(&baseline.up_to)))
        .collect();
    AuditEntry {
        chain: AuditChain::Settings,
        deed,
        about: Some(new.project.to_string()),
        by,
        at: now,
        before: Some(edition(old.edition)),
        after: Some(edition(new.edition)),
        detail: Some(told.join("; ")),
        because: None,
    }
}

fn up_to(up_to: &model::UpTo) -> String {
    match up_to {
        model::UpTo::Nothing => "none".to_owned(),
        model::UpTo::Version(version) => format!("up to {version}"),
        model::UpTo::All(None) => "all".to_owned(),
        model::UpTo::All(Some(version)) => format!("all, up to {version}"),
    }
}

/// What a ruling over a task is called.
pub(crate) fn ruled(ruling: &Ruling) -> Deed {
    match ruling.kind {
        RulingKind::Canceled => Deed::TaskCanceled,
        RulingKind::Skipped => Deed::TaskSkipped,
    }
}

/// What the worker did to a task, by what the task is now; none for what is only progress.
pub(crate) fn of_work(task: &Task) -> Option<Write> {
    let deed = match (&task.ruling, &task.run) {
        (Some(ruling), _) => ruled(ruling),
        (None, TaskRun::Queued) => Deed::TaskHeld,
        (None, TaskRun::Running { .. }) => Deed::TaskBegun,
        (None, TaskRun::Done) => Deed::TaskDone,
        (None, TaskRun::Failed(_)) => Deed::TaskFailed,
        (None, TaskRun::Ambiguous { .. }) => Deed::TaskAmbiguous,
        (None, TaskRun::Following { .. } | TaskRun::Resolved(_)) => return None,
    };
    let because = task.ruling.as_ref().map(|ruling| ruling.because.clone());
    Some(Write::Audit(AuditEntry {
        because,
        ..of_task(task, deed, WORKER)
    }))
}

/// What an item calls a task.
pub(crate) fn about(task: &Task) -> String {
    format!("{} {}", task.target, task.change.version)
}

fn edition(edition: u64) -> String {
    format!("edition {edition}")
}

/// Where a task's run stands, in numbers and codes: no message of a server, which may quote values.
fn detail(task: &Task) -> Option<String> {
    let attempt = task.attempt;
    match &task.run {
        TaskRun::Queued => {
            let blocks = task.blocks.iter();
            let blocks =
                blocks.map(|blocking| format!("statement {} blocks {}", blocking.statement, blocking.table));
            let drift = task.drift.iter();
            let drift = drift.map(|drift| format!("schema {} after version {}", drift.schema, drift.since));
            let reaches = task.reaches.iter().map(ToString::to_string);
            let found: Vec<String> = blocks.chain(reaches).chain(drift).collect();
            (!found.is_empty()).then(|| found.join("; "))
        }
        TaskRun::Running { next, of } => Some(format!("attempt {attempt}, statement {next} of {of}")),
        TaskRun::Following { at, of, .. } => Some(format!("attempt {attempt}, statement {at} of {of}")),
        TaskRun::Done => Some(format!("attempt {attempt}, text {}", task.change.checksum)),
        TaskRun::Failed(failure) => Some(match failure.statement {
            Some(statement) => format!("attempt {attempt}, statement {statement}, {}", failure.code),
            None => format!("attempt {attempt}, {}", failure.code),
        }),
        TaskRun::Ambiguous { at, .. } => Some(format!("attempt {attempt}, statement {at}")),
        TaskRun::Resolved(resolution) => Some(format!(
            "statement {}, {}",
            resolution.at,
            if resolution.applied {
                "applied"
            } else {
                "not applied"
            }
        )),
    }
}

/// A part of the audit: chains from the newest issue's down, and settings last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The newest issue.
    pub newest: IssueNumber,
    /// Parts of chains; those of which nothing is stored are left out.
    pub chains: Vec<ChainPart>,
    /// Where the next part begins, if there is one.
    pub next: Option<String>,
}

/// A part of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainPart {
    /// The chain.
    pub chain: AuditChain,
    /// Its items, those of parts before left out.
    pub items: Vec<AuditRecord>,
    /// Where it says that it ends; told with its last part only.
    pub head: Option<AuditHead>,
    /// Whether this is its last part.
    pub last: bool,
    /// The decisions that are stored on its issue, which its items have to know; told with its last part only.
    #[serde(default)]
    pub decisions: Vec<Decision>,
}

/// Where a part of the audit begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    chain: AuditChain,
    after: u64,
}

/// What was decided and done about an issue last, oldest first.
pub async fn activity(ledger: &impl AuditLedger, issue: IssueNumber) -> Result<Vec<AuditItem>, Fault> {
    let chain = AuditChain::Issue(issue);
    let Some(head) = ledger.audit_head(chain).await? else {
        return Ok(Vec::new());
    };
    let before = head.count.saturating_sub(u64::from(ACTIVITY));
    let part = ledger.audit_items(chain, before, ACTIVITY).await?;
    let items = part.records.into_iter().filter_map(|record| match record {
        AuditRecord::Item(item) => Some(*item),
        // `sluice audit verify` tells of it.
        AuditRecord::Unreadable { .. } => None,
    });
    Ok(items.collect())
}

/// Reads a part of the audit, of one issue or of all.
pub async fn show_audit<L: AuditLedger + PlanLedger + IssueLedger>(
    ledger: &L,
    issue: Option<IssueNumber>,
    from: Option<&str>,
    limit: u32,
) -> Result<Result<AuditPage, Refusal>, Fault> {
    let newest = ledger.last_issue().await?;
    if let Some(number) = issue.filter(|number| number.0 == 0 || *number > newest) {
        return Ok(Err(crate::show::no_issue(number)));
    }
    let mut cursor = match (from, issue) {
        (Some(text), _) => match parse(text) {
            Some(cursor) => cursor,
            None => {
                return Ok(Err(Refusal::new(
                    "place-unknown",
                    format!("`{text}` is no place in the audit; take `next` as the page before gave it"),
                )));
            }
        },
        (None, Some(number)) => Cursor {
            chain: AuditChain::Issue(number),
            after: 0,
        },
        (None, None) => Cursor {
            chain: AuditChain::newest(newest),
            after: 0,
        },
    };
    let (mut chains, mut left) = (Vec::new(), limit);
    for _ in 0..MOST_CHAINS {
        let (part, after) = part_of(ledger, cursor, left).await?;
        left = left.saturating_sub(u32::try_from(part.items.len()).unwrap_or(u32::MAX));
        let last = part.last;
        if part.head.is_some() || !part.items.is_empty() || cursor.after > 0 {
            chains.push(part);
        }
        let older = cursor.chain.older().filter(|_| issue.is_none());
        cursor = match (last, older) {
            (false, _) => Cursor { after, ..cursor },
            (true, Some(chain)) => Cursor { chain, after: 0 },
            (true, None) => {
                return Ok(Ok(AuditPage {
                    newest,
                    chains,
                    next: None,
                }));
            }
        };
        if left == 0 {
            break;
        }
    }
    let next = Some(format!("{}.{}", cursor.chain, cursor.after));
    Ok(Ok(AuditPage { newest, chains, next }))
}

/// A part of a chain, and the place where it ends. The end of the chain is read after its items: it may have moved on
/// meanwhile, and then there is another part; it can't name fewer than were read, unless somebody altered it.
async fn part_of<L>(ledger: &L, from: Cursor, limit: u32) -> Result<(ChainPart, u64), Fault>
where
    L: AuditLedger + IssueLedger,
{
    // Before the items: one that is made meanwhile is for the next time.
    let decisions = match from.chain {
        AuditChain::Issue(issue) => ledger.decisions(issue).await?,
        AuditChain::Settings => Vec::new(),
    };
    let read = ledger.audit_items(from.chain, from.after, limit).await?;
    let after = read.last.unwrap_or(from.after);
    let full = u32::try_from(read.records.len()).is_ok_and(|count| count >= limit);
    let head = ledger.audit_head(from.chain).await?;
    let moved = !read.records.is_empty() && head.as_ref().is_some_and(|head| head.count > after);
    let last = !full && !moved;
    Ok((
        ChainPart {
            chain: from.chain,
            items: read.records,
            head: head.filter(|_| last),
            last,
            decisions: if last { decisions } else { Vec::new() },
        },
        after,
    ))
}

fn parse(text: &str) -> Option<Cursor> {
    let (chain, after) = text.split_once('.')?;
    Some(Cursor {
        chain: AuditChain::parse(chain).ok()?,
        after: after.parse().ok()?,
    })
}
