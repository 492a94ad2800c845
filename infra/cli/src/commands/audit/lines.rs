//! Lines of an export: what it is of, then chain by chain the items, one a line, and where the chain ends.

use crate::exit::Stop;
use crate::output::{Output, Reader};
use model::{AuditChain, AuditHead, AuditRecord, IssueNumber};
use serde::{Deserialize, Serialize};
use workflow::audit::AuditPage;

/// The form of a file.
const FORM: u32 = 1;

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    /// The first.
    Begin(Begin),
    /// A chain is over.
    End(End),
    /// The last.
    Whole(Whole),
    /// An item of the chain whose end comes next.
    Item(AuditRecord),
}

/// What a file is of.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Begin {
    /// The form of what follows.
    sluice_audit: u32,
    /// The newest issue.
    pub(super) newest: IssueNumber,
    /// The only chain, where it is not all of them.
    pub(super) only: Option<AuditChain>,
}

/// Where a chain says that it ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    /// The chain.
    pub(super) chain: AuditChain,
    /// Its end; none where it says nothing of the kind.
    pub(super) end: Option<AuditHead>,
}

/// Nothing is missing before this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whole {
    /// How many items come before it.
    pub(super) whole: u64,
}

impl Line {
    /// Reads one; none where it is not what `sluice audit export` writes.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let line: Self = serde_json::from_slice(line).ok()?;
        let known = match &line {
            Self::Begin(begin) => begin.sluice_audit == FORM,
            Self::End(_) | Self::Whole(_) | Self::Item(_) => true,
        };
        known.then_some(line)
    }
}

/// What stands in a line that is none.
pub(super) fn unreadable(line: u64, before: usize) -> AuditRecord {
    AuditRecord::Unreadable {
        chain: AuditChain::Settings,
        place: u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1),
        unreadable: format!("line {line} of the file"),
    }
}

/// The chain that items say they belong to.
pub(super) fn chain_of(items: &[AuditRecord]) -> AuditChain {
    let named = items.iter().find_map(|record| match record {
        AuditRecord::Item(item) => Some(item.chain),
        AuditRecord::Unreadable { .. } => None,
    });
    named.unwrap_or(AuditChain::Settings)
}

/// Writes a part.
pub(super) fn write(
    page: &AuditPage,
    written: &mut Option<u64>,
    issue: Option<u64>,
    output: &Output,
) -> Result<Reader, Stop> {
    let mut reader = Reader::There;
    if written.is_none() {
        reader = output.line(&Begin {
            sluice_audit: FORM,
            newest: page.newest,
            only: issue.map(|number| AuditChain::Issue(IssueNumber(number))),
        })?;
    }
    let count = written.get_or_insert(0);
    for part in &page.chains {
        for record in &part.items {
            reader = output.line(record)?;
            *count += 1;
        }
        if part.last {
            reader = output.line(&End {
                chain: part.chain,
                end: part.head.clone(),
            })?;
        }
    }
    if page.next.is_none() {
        reader = output.line(&Whole { whole: *count })?;
    }
    Ok(reader)
}
