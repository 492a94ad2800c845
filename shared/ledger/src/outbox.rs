//! The outbox, and what GitHub answered.

use crate::DynamoLedger;
use crate::entity::{Item, at, number, number_of, text};
use crate::keys::{Key, OUTBOX, PK};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use jiff::Timestamp;
use model::{CommitSha, Fault, OutboxItem, ProjectId};
use workflow::ports::ledger::OutboxLedger;

/// The attribute with GitHub's id.
const ID: &str = "id";

impl OutboxLedger for DynamoLedger {
    async fn outbox(&self, now: Timestamp, limit: u32) -> Result<Vec<OutboxItem>, Fault> {
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", text(OUTBOX))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut found = Vec::new();
        while found.len() < limit as usize {
            let Some(item) = items.next().await else { break };
            let item = item.map_err(|error| self.fault("dynamodb:Query", error))?;
            let item: OutboxItem = self.read_entity(item).await?;
            if item.due_at <= now {
                found.push(item);
            }
        }
        Ok(found)
    }

    async fn settle_outbox(&self, id: &str) -> Result<(), Fault> {
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(Key::outbox(id).attributes()));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.fault("dynamodb:DeleteItem", error)),
        }
    }

    async fn postpone_outbox(&self, item: &OutboxItem) -> Result<(), Fault> {
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(self.to_item(&Key::outbox(&item.id), item).await?))
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#pk", PK);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if is_gone(error.as_service_error()) => Ok(()),
            Err(error) => Err(self.fault("dynamodb:PutItem", error)),
        }
    }

    async fn check_run_id(&self, project: &ProjectId, commit: &CommitSha) -> Result<Option<u64>, Fault> {
        let key = Key::check_run(project, commit);
        match self.get(&key).await? {
            Some(item) => Ok(Some(number_of(&item, &key, ID)?)),
            None => Ok(None),
        }
    }

    async fn keep_check_run_id(&self, project: &ProjectId, commit: &CommitSha, id: u64) -> Result<(), Fault> {
        let key = Key::check_run(project, commit);
        let item = Item::from([(ID.to_owned(), number(id))]);
        self.put_item(at(&key, "check_run", item)).await
    }
}

fn is_gone(error: Option<&PutItemError>) -> bool {
    error.is_some_and(PutItemError::is_conditional_check_failed_exception)
}
