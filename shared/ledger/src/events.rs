//! How far others were told of issues.

use crate::DynamoLedger;
use crate::keys::Key;
use model::{Announced, Fault, IssueNumber};
use workflow::ports::ledger::EventLedger;

impl EventLedger for DynamoLedger {
    async fn announced(&self, issue: IssueNumber) -> Result<Option<Announced>, Fault> {
        self.get_entity(&Key::announced(issue)).await
    }
}
