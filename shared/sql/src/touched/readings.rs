//! The readings of a statement: servers of different versions skip different version comments.

use super::scan::Scan;
use super::{How, Touched};
use crate::ddl::parse::cursor::Items;
use crate::mode::SqlMode;

/// A statement with more versions than this isn't read as each of their servers would.
const MOST_READINGS: usize = 16;

/// The names of all readings, in the order of the text.
pub(super) fn touched(text: &str, mode: SqlMode) -> Vec<Touched> {
    let items = Items::of(text, mode);
    if items.versions.is_empty() {
        return Scan::new(text, items).run();
    }
    let versions = items.versions.clone();
    let many = versions.len() > MOST_READINGS;
    let mut found = if many {
        Scan::new(text, items.clone()).qualified(How::Writes)
    } else {
        Vec::new()
    };
    found.extend(Scan::new(text, items).run());
    for version in versions.into_iter().take(MOST_READINGS) {
        let older = Items::of_server(text, mode, version.saturating_sub(1));
        found.extend(Scan::new(text, older).run());
    }
    found.sort_by(|a, b| {
        (a.at, &a.name.schema, &a.name.name, a.how).cmp(&(b.at, &b.name.schema, &b.name.name, b.how))
    });
    found.dedup();
    found
}
