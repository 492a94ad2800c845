//! Tables for tests, as the template makes the one of a stack. Not for the product.

use crate::{DynamoLedger, unbuildable};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, LocalSecondaryIndex, Projection,
    ProjectionType, PutRequest, ScalarAttributeType, WriteRequest,
};
use aws_types::SdkConfig;
use model::Fault;
use workflow::ports::ledger::Write;

/// The most items of one batch.
const BATCH: usize = 25;

/// Makes an empty table, and answers the ledger in it.
pub async fn make_table(config: &SdkConfig, table: &str) -> Result<DynamoLedger, Fault> {
    let ledger = DynamoLedger::new(Client::new(config), table);
    let mut request = ledger
        .client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest);
    for name in ["pk", "sk", "open"] {
        let definition = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S);
        request = request.attribute_definitions(definition.build().map_err(unbuildable)?);
    }
    let projection = Projection::builder().projection_type(ProjectionType::KeysOnly);
    let index = LocalSecondaryIndex::builder()
        .index_name("open")
        .set_key_schema(Some(keys("open")?))
        .projection(projection.build());
    let request = request
        .set_key_schema(Some(keys("sk")?))
        .local_secondary_indexes(index.build().map_err(unbuildable)?);
    match request.send().await {
        Ok(_) => Ok(ledger),
        Err(error) => Err(ledger.fault("dynamodb:CreateTable", error)),
    }
}

/// Stores what these writes put, without their conditions: long histories, quickly.
pub async fn fill(ledger: &DynamoLedger, writes: &[Write]) -> Result<(), Fault> {
    for step in writes.chunks(BATCH) {
        let mut puts = Vec::with_capacity(step.len());
        for write in step {
            let action = ledger.action(write).await?.item;
            let item = action.put.map(|put| put.item);
            let put = PutRequest::builder()
                .set_item(item)
                .build()
                .map_err(unbuildable)?;
            puts.push(WriteRequest::builder().put_request(put).build());
        }
        let request = ledger
            .client
            .batch_write_item()
            .request_items(&ledger.table, puts);
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(ledger.fault("dynamodb:BatchWriteItem", error)),
        };
        if answer.unprocessed_items().is_some_and(|left| !left.is_empty()) {
            return Err(Fault::Bug("the table left items unprocessed".to_owned()));
        }
    }
    Ok(())
}

/// Drops the ledger's table.
pub async fn drop_table(ledger: &DynamoLedger) -> Result<(), Fault> {
    let request = ledger.client.delete_table().table_name(&ledger.table);
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) => Err(ledger.fault("dynamodb:DeleteTable", error)),
    }
}

fn keys(sort: &str) -> Result<Vec<KeySchemaElement>, Fault> {
    [("pk", KeyType::Hash), (sort, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| {
            let element = KeySchemaElement::builder().attribute_name(name).key_type(kind);
            element.build().map_err(unbuildable)
        })
        .collect()
}
