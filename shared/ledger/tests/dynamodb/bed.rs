//! A table made for one test.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
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
        let ledger = ledger::admin::make_table(&config, &table).await.unwrap();
        Self {
            config,
            ledger,
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
    ledger::admin::drop_table(&bed.ledger).await.unwrap();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
