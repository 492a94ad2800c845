//! Deliveries, by their content.

use crate::DynamoLedger;
use crate::commit::Outcome;
use crate::entity::{Item, at, number};
use crate::keys::Key;
use crate::writes::Expected;
use jiff::Timestamp;
use model::Fault;
use workflow::ports::ledger::{DeliveryLedger, Noted};

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
            Outcome::Contended => Err(Fault::retry("noting a delivery", "the same one is being noted")),
        }
    }
}
