//! Targets: what is to be applied, and what was.

use crate::DynamoLedger;
use crate::entity::{key_of, text};
use crate::keys::{self, Key, OPEN, PK, REVISIONS, SK, TASKS};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use model::{Fault, Revision, Target, Task, TaskKey, VersionKey};
use workflow::ports::ledger::TargetLedger;

const QUERY: &str = "dynamodb:Query";

/// How many targets are asked about at once.
const AT_ONCE: usize = 16;

impl TargetLedger for DynamoLedger {
    async fn open_tasks(&self, target: &Target) -> Result<Vec<Task>, Fault> {
        let keys = self.open_keys(target, TASKS).await?;
        let tasks: Vec<Task> = self.get_entities(&keys).await?;
        // Between the two reads a task may have been settled.
        Ok(tasks.into_iter().filter(|task| !task.is_settled()).collect())
    }

    async fn first_open_tasks(&self, targets: &[Target]) -> Result<Vec<Task>, Fault> {
        let mut first = Vec::with_capacity(targets.len());
        for target in targets {
            first.push(self.first_open_key(target));
        }
        let keys: Vec<Option<Key>> = stream::iter(first).buffered(AT_ONCE).try_collect().await?;
        let keys: Vec<Key> = keys.into_iter().flatten().collect();
        let tasks: Vec<Task> = self.get_entities(&keys).await?;
        Ok(tasks.into_iter().filter(|task| !task.is_settled()).collect())
    }

    async fn revisions(
        &self,
        target: &Target,
        before: Option<&VersionKey>,
        limit: u32,
    ) -> Result<Vec<Revision>, Fault> {
        let request = self
            .client
            .query()
            .table_name(&self.table)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(&keys::target_partition(target)))
            .expression_attribute_values(":low", text(REVISIONS))
            .scan_index_forward(false)
            .consistent_read(true);
        let request = match before {
            None => request.key_condition_expression("#pk = :pk AND begins_with(#sk, :low)"),
            Some(version) => request
                .key_condition_expression("#pk = :pk AND #sk BETWEEN :low AND :high")
                .expression_attribute_values(":high", text(&keys::revision_place(version))),
        };
        let mut items = request.into_paginator().items().send();
        let mut revisions: Vec<Revision> = Vec::new();
        while revisions.len() < limit as usize {
            let Some(item) = items.next().await else { break };
            let item = item.map_err(|error| self.fault(QUERY, error))?;
            let revision: Revision = self.read_entity(item).await?;
            // BETWEEN takes its upper end too.
            if before != Some(revision.change.version.key()) {
                revisions.push(revision);
            }
        }
        Ok(revisions)
    }

    async fn revision(&self, key: &TaskKey) -> Result<Option<Revision>, Fault> {
        self.get_entity(&Key::revision(key)).await
    }
}

impl DynamoLedger {
    /// What is open of a target, in order, from the sparse index.
    fn open_places(&self, target: &Target) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .index_name(OPEN)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", text(&keys::target_partition(target)))
            .consistent_read(true)
    }

    /// The key of a target's lowest open task. Rehearsals come after all tasks.
    async fn first_open_key(&self, target: &Target) -> Result<Option<Key>, Fault> {
        let request = self.open_places(target).limit(1);
        let answer = request.send().await.map_err(|error| self.fault(QUERY, error))?;
        let key = answer.items().first().map(key_of).transpose()?;
        Ok(key.filter(|key| key.sk.starts_with(TASKS)))
    }

    /// The keys of what is open whose place starts so, in order, from the sparse index: tasks by version.
    pub(crate) async fn open_keys(&self, target: &Target, prefix: &str) -> Result<Vec<Key>, Fault> {
        let pages = self.open_places(target).into_paginator().items().send();
        let items: Result<Vec<_>, _> = pages.collect().await;
        let items = items.map_err(|error| self.fault(QUERY, error))?;
        let mut keys = Vec::with_capacity(items.len());
        for item in &items {
            let key = key_of(item)?;
            if key.sk.starts_with(prefix) {
                keys.push(key);
            }
        }
        Ok(keys)
    }
}
