//! Reading items: strongly consistent, by key or by partition, never by scan.

use crate::entity::{Entity, Item, key_of, text};
use crate::keys::{Key, PK, SK};
use crate::{DynamoLedger, unbuildable};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use model::Fault;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// The most keys of one batch.
const BATCH: usize = 100;
/// How often in a row a batch may bring nothing new.
const TRIES: u32 = 6;
/// The wait before asking again for what a batch left out; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(25);

impl DynamoLedger {
    /// One item.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, Fault> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(true);
        match request.send().await {
            Ok(answer) => Ok(answer.item),
            Err(error) => Err(self.fault("dynamodb:GetItem", error)),
        }
    }

    /// One entity.
    pub(crate) async fn get_entity<T: Entity>(&self, key: &Key) -> Result<Option<T>, Fault> {
        match self.get(key).await? {
            Some(item) => Ok(Some(self.read_entity(item).await?)),
            None => Ok(None),
        }
    }

    /// Entities by key, in the order asked; those that do not exist are left out.
    pub(crate) async fn get_entities<T: Entity + Clone>(&self, keys: &[Key]) -> Result<Vec<T>, Fault> {
        if let [key] = keys {
            return Ok(self.get_entity(key).await?.into_iter().collect());
        }
        let mut found = HashMap::new();
        for item in self.get_all(keys).await? {
            let key = key_of(&item)?;
            found.insert(key, self.read_entity::<T>(item).await?);
        }
        Ok(keys.iter().filter_map(|key| found.get(key).cloned()).collect())
    }

    /// Items by key, each once, in no order.
    pub(crate) async fn get_all(&self, keys: &[Key]) -> Result<Vec<Item>, Fault> {
        let mut seen = HashSet::new();
        let keys: Vec<_> = keys.iter().filter(|key| seen.insert(*key)).collect();
        let mut items = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            let batch = batch.iter().map(|key| key.attributes()).collect();
            self.get_batch(batch, &mut items).await?;
        }
        Ok(items)
    }

    /// One batch, asking again for what the table left out: it answers with at most 16 MB, or less when throttled.
    async fn get_batch(&self, keys: Vec<Item>, items: &mut Vec<Item>) -> Result<(), Fault> {
        let action = "dynamodb:BatchGetItem";
        let mut wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(unbuildable)?;
        let (mut wait, mut fruitless) = (FIRST_WAIT, 0);
        loop {
            let request = self.client.batch_get_item().request_items(&self.table, wanted);
            let answer = request.send().await.map_err(|error| self.fault(action, error))?;
            let before = items.len();
            items.extend(
                answer
                    .responses
                    .into_iter()
                    .flat_map(HashMap::into_values)
                    .flatten(),
            );
            let left = answer.unprocessed_keys.into_iter().flat_map(HashMap::into_values);
            match left.into_iter().find(|left| !left.keys().is_empty()) {
                None => return Ok(()),
                Some(left) => wanted = left,
            }
            if items.len() > before {
                (wait, fruitless) = (FIRST_WAIT, 0);
                continue;
            }
            fruitless += 1;
            if fruitless == TRIES {
                let source = "the table keeps leaving keys unprocessed";
                let code = Some("ProvisionedThroughputExceededException");
                return Err(aws_errors::classify(self.call(action), code, Some(400), source));
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
    }

    /// Every item of a partition whose place starts so, in order.
    pub(crate) async fn query(&self, pk: &str, prefix: &str) -> Result<Vec<Item>, Fault> {
        let pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(pk))
            .expression_attribute_values(":prefix", text(prefix))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let items: Result<Vec<_>, _> = pages.collect().await;
        items.map_err(|error| self.fault("dynamodb:Query", error))
    }

    /// The entities of items, in the same order.
    pub(crate) async fn read_entities<T: Entity>(&self, items: Vec<Item>) -> Result<Vec<T>, Fault> {
        let mut entities = Vec::with_capacity(items.len());
        for item in items {
            entities.push(self.read_entity(item).await?);
        }
        Ok(entities)
    }
}
