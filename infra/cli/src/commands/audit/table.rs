//! The export as a table for spreadsheets.

use crate::exit::Stop;
use crate::output::{Output, Reader};
use model::{AuditActor, AuditFunction, AuditItem, AuditRecord};
use workflow::audit::AuditPage;

const HEAD: [&str; 19] = [
    "chain",
    "number",
    "at",
    "deed",
    "about",
    "by",
    "who",
    "unique_id",
    "account",
    "access_key",
    "source_ip",
    "request_id",
    "before",
    "after",
    "detail",
    "because",
    "previous",
    "seals",
    "hash",
];

/// Writes a part.
pub(super) fn write(page: &AuditPage, first: bool, output: &Output) -> Result<Reader, Stop> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let unwritable = |error: &dyn std::error::Error| {
        Stop::Fault(format!(
            "The table can't be written: {error}. Please report this."
        ))
    };
    if first {
        table.write_record(HEAD).map_err(|error| unwritable(&error))?;
    }
    for record in page.chains.iter().flat_map(|part| &part.items) {
        let row = row(record).map(harmless);
        table.write_record(row).map_err(|error| unwritable(&error))?;
    }
    let bytes = table.into_inner().map_err(|error| unwritable(&error))?;
    if bytes.is_empty() {
        return Ok(Reader::There);
    }
    output.file(&String::from_utf8_lossy(&bytes))?;
    Ok(Reader::There)
}

/// A spreadsheet would run what begins so.
pub(super) fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

fn row(record: &AuditRecord) -> [String; 19] {
    match record {
        AuditRecord::Item(item) => item_row(item),
        AuditRecord::Unreadable {
            chain,
            place,
            unreadable,
        } => {
            let mut row: [String; 19] = Default::default();
            let [on, number, _, deed, ..] = &mut row;
            (*on, *number) = (chain.to_string(), place.to_string());
            *deed = format!("unreadable: {unreadable}");
            row
        }
    }
}

fn item_row(item: &AuditItem) -> [String; 19] {
    let optional = |part: &Option<String>| part.clone().unwrap_or_default();
    let none = String::new;
    let (by, [who, unique_id, account, access_key, source_ip, request_id]) = match &item.by {
        AuditActor::Principal(by) => (
            "principal",
            [
                by.arn.clone(),
                by.unique_id.clone(),
                by.account.clone(),
                by.access_key.clone(),
                by.source_ip.clone(),
                by.request_id.clone(),
            ],
        ),
        AuditActor::Github { id, login, delivery } => (
            "github",
            [
                login.clone(),
                id.to_string(),
                none(),
                none(),
                none(),
                delivery.as_ref().map(ToString::to_string).unwrap_or_default(),
            ],
        ),
        AuditActor::Sluice(function) => {
            let name = match function {
                AuditFunction::Planner => "planner",
                AuditFunction::Worker => "worker",
            };
            (
                "sluice",
                [name.to_owned(), none(), none(), none(), none(), none()],
            )
        }
    };
    let seals = item
        .seals
        .iter()
        .map(|seal| format!("{} {} {}", seal.chain, seal.number, seal.hash));
    [
        item.chain.to_string(),
        item.number.to_string(),
        item.at.to_string(),
        item.deed.word().to_owned(),
        optional(&item.about),
        by.to_owned(),
        who,
        unique_id,
        account,
        access_key,
        source_ip,
        request_id,
        optional(&item.before),
        optional(&item.after),
        optional(&item.detail),
        optional(&item.because),
        item.previous
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        seals.collect::<Vec<_>>().join("; "),
        item.hash.to_string(),
    ]
}
