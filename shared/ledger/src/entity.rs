//! Entities as items: native attributes, and what is too large for an item as a text beside it.

use crate::DynamoLedger;
use crate::keys::{Key, OPEN, PK, SK};
use aws_sdk_dynamodb::types::AttributeValue;
use model::{
    Announced, AuditHead, AuditItem, Baselines, Checksum, Decision, Fault, Freezes, Issue, Offer, OutboxItem,
    PullRequest, Push, RefusedClick, Rehearsal, Revision, Task, WriteBack, WriteBackBranch,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fmt::Display;
use workflow::ports::ledger::{Moved, OpenIssue, Shown, StoredSettings, TextLedger};
use workflow::sweep::HookWatch;

/// An item of the table.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The attribute that names the type.
const ENTITY: &str = "entity";
/// The attribute that names the text in which a large entity is stored, as JSON.
const STORED_AS: &str = "stored_as";
/// The attribute that conditions look at.
pub(crate) const EDITION: &str = "edition";

/// An entity with more JSON than this is stored as a text: DynamoDB takes items up to 400 KB.
const MAX_NATIVE: usize = 256 * 1024;

/// What is stored as an item of its own.
pub(crate) trait Entity: Serialize + DeserializeOwned + Sync {
    /// The name of the type, as stored.
    const NAME: &'static str;

    /// The edition that conditions look at, where it has one.
    fn edition(&self) -> Option<u64> {
        None
    }

    /// Its place in the index of what is open, where it has one.
    fn open(&self) -> Option<String> {
        None
    }
}

impl Entity for StoredSettings {
    const NAME: &'static str = "settings";
}

impl Entity for Freezes {
    const NAME: &'static str = "freezes";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }
}

impl Entity for Issue {
    const NAME: &'static str = "issue";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }
}

impl Entity for OpenIssue {
    const NAME: &'static str = "open_issue";
}

impl Entity for Task {
    const NAME: &'static str = "task";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }

    fn open(&self) -> Option<String> {
        (!self.is_settled()).then(|| self.change.version.key().as_str().to_owned())
    }
}

impl Entity for Push {
    const NAME: &'static str = "push";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }
}

impl Entity for PullRequest {
    const NAME: &'static str = "pull_request";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }
}

impl Entity for Baselines {
    const NAME: &'static str = "baselines";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }
}

impl Entity for Shown {
    const NAME: &'static str = "shown";
}

impl Entity for Rehearsal {
    const NAME: &'static str = "rehearsal";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }

    /// After all tasks: what is to be applied comes first.
    fn open(&self) -> Option<String> {
        self.is_pending()
            .then(|| format!("~{}#{:010}", self.project, self.number.0))
    }
}

impl Entity for Revision {
    const NAME: &'static str = "revision";
}

impl Entity for Decision {
    const NAME: &'static str = "decision";
}

impl Entity for Offer {
    const NAME: &'static str = "offer";
}

impl Entity for RefusedClick {
    const NAME: &'static str = "refused_click";
}

impl Entity for Moved {
    const NAME: &'static str = "moved";
}

impl Entity for HookWatch {
    const NAME: &'static str = "hook_watch";
}

impl Entity for WriteBack {
    const NAME: &'static str = "write_back";
}

impl Entity for WriteBackBranch {
    const NAME: &'static str = "write_back_branch";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }
}

impl Entity for Announced {
    const NAME: &'static str = "announced";

    fn edition(&self) -> Option<u64> {
        Some(self.edition)
    }
}

impl Entity for AuditItem {
    const NAME: &'static str = "audit_item";
}

impl Entity for AuditHead {
    const NAME: &'static str = "audit_head";
}

impl Entity for OutboxItem {
    const NAME: &'static str = "outbox";
}

impl DynamoLedger {
    /// An entity as an item. A large one is stored as a text first: harmless where the item is then not written.
    pub(crate) async fn to_item<T: Entity>(&self, key: &Key, entity: &T) -> Result<Item, Fault> {
        let unwritable = |error: &dyn std::error::Error| {
            Fault::Bug(format!("{} at {key} can't be stored: {error}", T::NAME))
        };
        let json = serde_json::to_string(entity).map_err(|error| unwritable(&error))?;
        let mut item: Item = if json.len() > MAX_NATIVE {
            let checksum = self.put_text(&json).await?;
            let mut item = Item::from([(STORED_AS.to_owned(), text(checksum.as_str()))]);
            item.extend(
                entity
                    .edition()
                    .map(|edition| (EDITION.to_owned(), number(edition))),
            );
            item
        } else {
            serde_dynamo::to_item(entity).map_err(|error| unwritable(&error))?
        };
        item.extend(entity.open().map(|open| (OPEN.to_owned(), text(&open))));
        Ok(at(key, T::NAME, item))
    }

    /// The entity of an item. Anything unexpected is a bug that names the item.
    pub(crate) async fn read_entity<T: Entity>(&self, item: Item) -> Result<T, Fault> {
        let key = key_of(&item)?;
        check_entity(&item, &key, T::NAME)?;
        let unreadable = |error: &dyn std::error::Error| {
            Fault::Bug(format!("{} at {key} can't be read: {error}", T::NAME))
        };
        let Some(stored_as) = item.get(STORED_AS) else {
            return serde_dynamo::from_item(item).map_err(|error| unreadable(&error));
        };
        let checksum: Checksum =
            serde_dynamo::from_attribute_value(stored_as.clone()).map_err(|error| unreadable(&error))?;
        let Some(json) = self.text(&checksum).await? else {
            return Err(Fault::Bug(format!(
                "{} at {key} is stored as the text {checksum}, which is missing or was altered",
                T::NAME
            )));
        };
        serde_json::from_str(&json).map_err(|error| unreadable(&error))
    }
}

/// The item with its key and the name of its type.
pub(crate) fn at(key: &Key, entity: &str, mut item: Item) -> Item {
    item.extend(key.attributes());
    item.insert(ENTITY.to_owned(), text(entity));
    item
}

/// An item's key, for messages and for finding it again.
pub(crate) fn key_of(item: &Item) -> Result<Key, Fault> {
    let part = |name| match item.get(name).map(AttributeValue::as_s) {
        Some(Ok(part)) => Ok(part.clone()),
        Some(Err(_)) | None => Err(Fault::Bug(format!(
            "an item of the ledger has no text in `{name}`"
        ))),
    };
    Ok(Key {
        pk: part(PK)?,
        sk: part(SK)?,
    })
}

/// A number of an item.
pub(crate) fn number_of(item: &Item, key: &Key, name: &str) -> Result<u64, Fault> {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| Fault::Bug(format!("the item at {key} has no whole number in `{name}`")))
}

/// A text of an item.
pub(crate) fn text_of(item: &Item, key: &Key, name: &str) -> Result<String, Fault> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .cloned()
        .ok_or_else(|| Fault::Bug(format!("the item at {key} has no text in `{name}`")))
}

fn check_entity(item: &Item, key: &Key, expected: &str) -> Result<(), Fault> {
    let found = text_of(item, key, ENTITY)?;
    if found == expected {
        Ok(())
    } else {
        Err(Fault::Bug(format!(
            "the item at {key} is called `{found}`, not `{expected}`"
        )))
    }
}

/// A text as an attribute.
pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// A number as an attribute.
pub(crate) fn number(number: impl Display + Copy) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
