//! The DynamoDB ledger keeps the contract, over the emulator.

use crate::bed::on_a_table;
use testkit::contracts;

macro_rules! held_by_dynamodb {
    ($($property:ident)+) => {$(
        #[tokio::test]
        async fn $property() {
            on_a_table(async |bed| contracts::ledger::$property(&bed.ledger).await).await;
        }
    )+};
}

testkit::ledger_properties!(held_by_dynamodb);
