//! `sluice audit`.

mod lines;
mod table;

use super::read;
use crate::args::audit::{AuditCommand, Format};
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::{Output, Reader};
use crate::render::{count, plain};
use crate::source;
use lines::Line;
use model::audit::verify::{Extent, StoredChain, Verified, Verifier};
use model::{AuditChain, IssueNumber};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use workflow::audit::{AuditPage, ChainPart};

/// How many items are asked for at once.
const PAGE: u32 = 100;

/// Does what can be done with the audit.
pub(super) async fn run(
    command: AuditCommand,
    connect: &impl AsyncFn() -> Result<Client, Stop>,
    output: &Output,
) -> Result<(), Stop> {
    match command {
        AuditCommand::Verify { file: Some(file), .. } => told(&verify_file(&file)?, output),
        AuditCommand::Verify { issue, file: None } => told(&verify(issue, &connect().await?).await?, output),
        AuditCommand::Export { issue, format } => export(issue, format, &connect().await?, output).await,
    }
}

/// The audit as the API tells it, part by part.
struct Parts<'c> {
    client: &'c Client,
    issue: Option<u64>,
    from: Option<String>,
    over: bool,
}

impl<'c> Parts<'c> {
    fn new(issue: Option<u64>, client: &'c Client) -> Self {
        Self {
            client,
            issue,
            from: None,
            over: false,
        }
    }

    async fn next(&mut self) -> Result<Option<AuditPage>, Stop> {
        if self.over {
            return Ok(None);
        }
        let call = Call::get(["audit"])
            .with("issue", self.issue)
            .with("from", self.from.take())
            .with("limit", Some(PAGE));
        let page: AuditPage = read(&self.client.send(&call).await?)?;
        self.from.clone_from(&page.next);
        self.over = self.from.is_none();
        Ok(Some(page))
    }
}

/// Chains that come in parts, each given on once it is whole.
struct Chains {
    verifier: Verifier,
    part: Option<StoredChain>,
}

impl Chains {
    fn new(extent: Extent) -> Self {
        Self {
            verifier: Verifier::new(extent),
            part: None,
        }
    }

    fn add(&mut self, part: ChainPart) {
        let stored = self.part.get_or_insert_with(|| StoredChain {
            chain: part.chain,
            records: Vec::new(),
            head: None,
        });
        stored.records.extend(part.items);
        stored.head = part.head;
        if part.last
            && let Some(whole) = self.part.take()
        {
            self.verifier.chain_with(&whole, &part.decisions);
        }
    }

    fn finish(mut self) -> Verified {
        if let Some(cut) = self.part.take() {
            self.verifier.chain(&cut);
        }
        self.verifier.finish()
    }
}

fn extent(issue: Option<u64>, newest: IssueNumber) -> Extent {
    match issue {
        Some(number) => Extent::One(AuditChain::Issue(IssueNumber(number))),
        None => Extent::All(newest),
    }
}

async fn verify(issue: Option<u64>, client: &Client) -> Result<Verified, Stop> {
    let mut parts = Parts::new(issue, client);
    let mut chains: Option<Chains> = None;
    while let Some(page) = parts.next().await? {
        // Issues that are planned while this is read are for the next time.
        let chains = chains.get_or_insert_with(|| Chains::new(extent(issue, page.newest)));
        page.chains.into_iter().for_each(|part| chains.add(part));
    }
    let chains = chains.unwrap_or_else(|| Chains::new(extent(issue, IssueNumber(0))));
    Ok(chains.finish())
}

/// What `sluice audit export` wrote, against itself.
fn verify_file(file: &Path) -> Result<Verified, Stop> {
    let mut lines = (1_u64..).zip(BufReader::new(source::open(file)?).split(b'\n'));
    let mut line = || -> Result<Option<(u64, Vec<u8>)>, Stop> {
        let Some((number, line)) = lines.next() else {
            return Ok(None);
        };
        let line = line.map_err(|error| {
            Stop::Fault(format!(
                "{}: line {number} can't be read: {error}.",
                source::name(file)
            ))
        })?;
        Ok(Some((number, line)))
    };
    let first = line()?.map(|(_, first)| first).unwrap_or_default();
    let Some(Line::Begin(begin)) = Line::read(&first) else {
        return Err(Stop::refused(
            "audit-unreadable",
            format!(
                "{} does not begin as an export of the audit does; `sluice audit export` writes one, and only its lines of \
                 JSON can be verified.",
                source::name(file)
            ),
        ));
    };
    let mut chains = Chains::new(begin.only.map_or(Extent::All(begin.newest), Extent::One));
    let (mut items, mut whole) = (Vec::new(), None);
    while let Some((number, line)) = line()? {
        match Line::read(&line) {
            Some(Line::End(end)) if whole.is_none() => chains.add(ChainPart {
                chain: end.chain,
                items: std::mem::take(&mut items),
                head: end.end,
                last: true,
                decisions: Vec::new(),
            }),
            Some(Line::Item(record)) if whole.is_none() => items.push(record),
            Some(Line::Whole(line)) if whole.is_none() => whole = Some(line.whole),
            // The first line again, or anything after the last.
            Some(Line::Begin(_) | Line::End(_) | Line::Whole(_) | Line::Item(_)) | None => {
                items.push(lines::unreadable(number, items.len()));
            }
        }
    }
    if !items.is_empty() {
        // The end of this chain, and so its name, is gone: what the items say of themselves has to do.
        let chain = lines::chain_of(&items);
        let (head, last) = (None, true);
        chains.add(ChainPart {
            chain,
            items,
            head,
            last,
            decisions: Vec::new(),
        });
    }
    let verified = chains.finish();
    // Flaws say more than that they are there.
    if whole != Some(verified.items) && verified.flaws.is_empty() {
        return Err(Stop::refused(
            "audit-altered",
            format!(
                "{} does not end as an export of the audit does: it was cut off. Export it again.",
                source::name(file)
            ),
        ));
    }
    Ok(verified)
}

/// Says what verifying came to.
fn told(verified: &Verified, output: &Output) -> Result<(), Stop> {
    let many = |number: u64, what| count(usize::try_from(number).unwrap_or(usize::MAX), what);
    let (items, chains) = (many(verified.items, "item"), many(verified.chains, "chain"));
    output.answer(verified, |_| {
        let flaws: Vec<String> = verified
            .flaws
            .iter()
            .map(|flaw| plain::line(&flaw.to_string()) + "\n")
            .collect();
        Ok(if flaws.is_empty() {
            format!("The audit is as it was written: {items} in {chains}.")
        } else {
            flaws.concat()
        })
    })?;
    if verified.flaws.is_empty() {
        return Ok(());
    }
    Err(Stop::refused(
        "audit-altered",
        format!(
            "The audit is not as it was written: {} among {items} in {chains}. docs/audit.md says what to do.",
            count(verified.flaws.len(), "flaw")
        ),
    ))
}

/// Prints the audit part by part, as it comes.
async fn export(issue: Option<u64>, format: Format, client: &Client, output: &Output) -> Result<(), Stop> {
    let mut parts = Parts::new(issue, client);
    let mut written = None;
    while let Some(page) = parts.next().await? {
        let reader = match format {
            Format::Jsonl => lines::write(&page, &mut written, issue, output)?,
            Format::Csv => {
                let first = written.replace(0).is_none();
                table::write(&page, first, output)?
            }
        };
        if reader == Reader::Gone {
            break;
        }
    }
    output.flush()
}

#[cfg(test)]
mod tests;
