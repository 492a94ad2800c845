//! EventBridge keeps the contract, over the emulator.

#[cfg(test)]
mod bed;

use bed::on_a_bus;
use testkit::contracts;

macro_rules! held_by_the_bus {
    ($($property:ident)+) => {$(
        #[tokio::test]
        async fn $property() {
            on_a_bus(async |bus, heard| contracts::events::$property(bus, heard).await).await;
        }
    )+};
}

testkit::event_properties!(held_by_the_bus);
