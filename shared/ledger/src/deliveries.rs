//! Deliveries, by their content, and who moved which ref.

use crate::DynamoLedger;
use crate::commit::Outcome;
use crate::entity::{Item, at, number};
use crate::keys::Key;
use crate::writes::Expected;
use jiff::Timestamp;
use model::Fault;
use workflow::ports::ledger::{DeliveryLedger, HookLedger, Moved, NewHead, Noted};
use workflow::sweep::HookWatch;

/// The attribute by which the table forgets items: seconds since 1970. It may take a day or two longer.
const EXPIRES_AT: &str = "expires_at";

impl DeliveryLedger for DynamoLedger {
    async fn is_noted(&self, key: &str) -> Result<bool, Fault> {
        Ok(self.get(&Key::delivery(key)).await?.is_some())
    }

    async fn note(&self, key: &str, expires: Timestamp) -> Result<Noted, Fault> {
        let key = Key::delivery(key);
        let item = Item::from([(EXPIRES_AT.to_owned(), number(expires.as_second()))]);
        let item = at(&key, "delivery", item);
        let action = self.put(key, item, Expected::Nothing)?;
        match self.transact(vec![action]).await? {
            Outcome::Done => Ok(Noted::First),
            Outcome::Refused => Ok(Noted::Duplicate),
            // Somebody is noting it just now, but may yet fail.
            Outcome::Contended | Outcome::Overtaken => {
                Err(Fault::retry("noting a delivery", "the same one is being noted"))
            }
        }
    }

    async fn keep_moved(&self, head: &NewHead, moved: &Moved, expires: Timestamp) -> Result<(), Fault> {
        let mut item = self.to_item(&Key::moved(head), moved).await?;
        item.insert(EXPIRES_AT.to_owned(), number(expires.as_second()));
        self.put_item(item).await
    }

    async fn moved(&self, head: &NewHead) -> Result<Option<Moved>, Fault> {
        self.get_entity(&Key::moved(head)).await
    }
}

impl HookLedger for DynamoLedger {
    async fn hook_watch(&self) -> Result<Option<HookWatch>, Fault> {
        self.get_entity(&Key::hook_watch()).await
    }

    async fn keep_hook_watch(&self, watch: &HookWatch) -> Result<(), Fault> {
        self.put_item(self.to_item(&Key::hook_watch(), watch).await?)
            .await
    }
}
