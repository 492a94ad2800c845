//! The fakes keep the contracts of the ports.

use testkit::{FixedSecrets, MemoryBus, MemoryLedger, MemoryQueue, contracts};

macro_rules! held_by_the_memory_ledger {
    ($($property:ident)+) => {
        mod ledger {
            use super::{MemoryLedger, contracts};
            $(
                #[tokio::test]
                async fn $property() {
                    contracts::ledger::$property(&MemoryLedger::default()).await;
                }
            )+
        }
    };
}

testkit::ledger_properties!(held_by_the_memory_ledger);

macro_rules! held_by_the_memory_queue {
    ($($property:ident)+) => {
        mod queue {
            use super::{MemoryQueue, contracts};
            $(
                #[tokio::test]
                async fn $property() {
                    let queue = MemoryQueue::default();
                    contracts::queue::$property(&queue, &queue).await;
                }
            )+
        }
    };
}

testkit::queue_properties!(held_by_the_memory_queue);

macro_rules! held_by_the_memory_bus {
    ($($property:ident)+) => {
        mod bus {
            use super::{MemoryBus, contracts};
            $(
                #[tokio::test]
                async fn $property() {
                    let bus = MemoryBus::default();
                    contracts::events::$property(&bus, &bus).await;
                }
            )+
        }
    };
}

testkit::event_properties!(held_by_the_memory_bus);

#[tokio::test]
async fn the_fixed_secrets_keep_the_contract() {
    let secrets = FixedSecrets::default();
    contracts::secrets::a_missing_secret_needs_an_operator(&secrets, "arn:missing").await;
    contracts::secrets::the_current_secret_is_never_an_old_one(&secrets, "arn:one", async |text| {
        secrets.put("arn:one", text);
    })
    .await;
    contracts::secrets::a_secret_is_read(&secrets, "arn:one", "new").await;
}
