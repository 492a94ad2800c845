//! A table made for one test.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, LocalSecondaryIndex,
    Projection, ProjectionType, ScalarAttributeType,
};
use aws_types::SdkConfig;
use futures::FutureExt as _;
use ledger::DynamoLedger;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;

/// An item as the table holds it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// A table, and the ledger in it.
pub(crate) struct Bed {
    pub(crate) config: SdkConfig,
    pub(crate) ledger: DynamoLedger,
    pub(crate) table: String,
    client: Client,
}

impl Bed {
    async fn create() -> Self {
        let config = testkit::platform::config().await;
        let client = Client::new(&config);
        let table = testkit::platform::unique_name("sluice-test");
        let mut request = client
            .create_table()
            .table_name(&table)
            .billing_mode(BillingMode::PayPerRequest);
        for name in ["pk", "sk", "open"] {
            let definition = AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(ScalarAttributeType::S);
            request = request.attribute_definitions(definition.build().unwrap());
        }
        let index = LocalSecondaryIndex::builder()
            .index_name("open")
            .set_key_schema(Some(keys("open")))
            .projection(
                Projection::builder()
                    .projection_type(ProjectionType::KeysOnly)
                    .build(),
            );
        let request = request
            .set_key_schema(Some(keys("sk")))
            .local_secondary_indexes(index.build().unwrap());
        request.send().await.unwrap();
        Self {
            ledger: DynamoLedger::configured(&config, &table),
            config,
            table,
            client,
        }
    }

    /// What is stored there, as it is stored.
    pub(crate) async fn item(&self, pk: &str, sk: &str) -> Item {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(pk, sk)));
        request.consistent_read(true).send().await.unwrap().item.unwrap()
    }

    /// Stores something else there.
    pub(crate) async fn put(&self, item: Item) {
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item));
        request.send().await.unwrap();
    }

    /// Forgets what is stored there.
    pub(crate) async fn forget(&self, pk: &str, sk: &str) {
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(pk, sk)));
        request.send().await.unwrap();
    }
}

fn keys(sort: &str) -> Vec<KeySchemaElement> {
    let element = |name, kind| {
        let element = KeySchemaElement::builder().attribute_name(name).key_type(kind);
        element.build().unwrap()
    };
    vec![element("pk", KeyType::Hash), element(sort, KeyType::Range)]
}

fn key(pk: &str, sk: &str) -> Item {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(pk.to_owned())),
        ("sk".to_owned(), AttributeValue::S(sk.to_owned())),
    ])
}

/// Runs a test on a table of its own, which is deleted however it ends.
pub(crate) async fn on_a_table(test: impl AsyncFnOnce(&Bed)) {
    let bed = Bed::create().await;
    let outcome = AssertUnwindSafe(test(&bed)).catch_unwind().await;
    bed.client
        .delete_table()
        .table_name(&bed.table)
        .send()
        .await
        .unwrap();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
