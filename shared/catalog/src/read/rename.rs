//! Tables under new names.

use super::{Reader, Unreadable, missing};
use crate::catalog::Catalog;
use crate::table::Body;

impl Reader {
    pub(super) fn rename_table(&mut self, from: &str, to: &str) -> Result<(), Unreadable> {
        if rename(&mut self.catalog, from, to) {
            Ok(())
        } else {
            Err(missing("table", from))
        }
    }
}

/// Renames a table or view as the server does: foreign keys and triggers follow, and so do generated names of constraints.
pub(crate) fn rename(catalog: &mut Catalog, from: &str, to: &str) -> bool {
    if let Some(mut view) = catalog.views.remove(from) {
        to.clone_into(&mut view.name);
        catalog.views.insert(to.to_owned(), view);
        return true;
    }
    let Some(mut table) = catalog.tables.remove(from) else {
        return false;
    };
    to.clone_into(&mut table.name);
    if let Body::Defined(defined) = &mut table.body {
        let foreign = defined
            .foreign_keys
            .iter_mut()
            .map(|key| (&mut key.name, "_ibfk_"));
        let checks = defined.checks.iter_mut().map(|check| (&mut check.name, "_chk_"));
        for (name, infix) in foreign.chain(checks) {
            renumber(name, &format!("{from}{infix}"), &format!("{to}{infix}"));
        }
        crate::normal::keys::sort(defined);
    }
    catalog.tables.insert(to.to_owned(), table);
    for other in catalog.tables.values_mut() {
        if let Body::Defined(defined) = &mut other.body {
            for key in defined
                .foreign_keys
                .iter_mut()
                .filter(|key| key.schema.is_none() && key.table == from)
            {
                to.clone_into(&mut key.table);
            }
        }
    }
    for trigger in catalog
        .triggers
        .iter_mut()
        .filter(|trigger| trigger.table == from)
    {
        to.clone_into(&mut trigger.table);
    }
    true
}

/// `t_ibfk_1` becomes `u_ibfk_1`.
fn renumber(name: &mut String, before: &str, after: &str) {
    if let Some(number) = name.strip_prefix(before)
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        *name = format!("{after}{number}");
    }
}
