//! The list of open issues: one partition, an item for each.

use crate::DynamoLedger;
use crate::entity::text;
use crate::keys::{Key, OPEN_ISSUES, PK, SK, open_place};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use model::{Fault, IssueNumber};
use workflow::ports::ledger::{OpenIssue, OpenIssueLedger};

/// The attribute that tells one entry of an issue from the next.
const SINCE: &str = "since";

impl OpenIssueLedger for DynamoLedger {
    async fn open_issues(&self, before: Option<IssueNumber>, limit: u32) -> Result<Vec<OpenIssue>, Fault> {
        let below = before.unwrap_or(IssueNumber(u64::MAX)).0.saturating_sub(1);
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk <= :below")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(OPEN_ISSUES))
            .expression_attribute_values(":below", text(&open_place(IssueNumber(below))))
            .scan_index_forward(false)
            .set_limit(i32::try_from(limit).ok())
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut entries = Vec::new();
        while entries.len() < limit as usize {
            let Some(item) = items.next().await else { break };
            let item = item.map_err(|error| self.fault("dynamodb:Query", error))?;
            entries.push(self.read_entity(item).await?);
        }
        Ok(entries)
    }

    async fn list_open_issue(&self, entry: &OpenIssue) -> Result<(), Fault> {
        let item = self.to_item(&Key::open_issue(entry.number), entry).await?;
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", PK);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(self.fault("dynamodb:PutItem", error)),
        }
    }

    async fn forget_open_issue(&self, entry: &OpenIssue) -> Result<(), Fault> {
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(Key::open_issue(entry.number).attributes()))
            .condition_expression("#since = :since")
            .expression_attribute_names("#since", SINCE)
            .expression_attribute_values(":since", text(&entry.since.to_string()));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(self.fault("dynamodb:DeleteItem", error)),
        }
    }
}
