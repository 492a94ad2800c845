//! Leases on targets. The item stays when the lease is given back: its fence may never start again.

use crate::DynamoLedger;
use crate::entity::{number, number_of, text};
use crate::keys::{Key, PK};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValue;
use jiff::Timestamp;
use model::{Fault, Target};
use workflow::ports::ledger::{Fence, LeaseLedger};

const ACTION: &str = "dynamodb:UpdateItem";

/// Free, or over, or ours: a repeated request finds its own lease and takes it again.
const MAY_TAKE: &str = "attribute_not_exists(#pk) OR #until <= :now OR #owner = :owner";

impl LeaseLedger for DynamoLedger {
    async fn acquire_lease(
        &self,
        target: &Target,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Fence>, Fault> {
        let key = Key::lease(target);
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression("SET #owner = :owner, #until = :until, #entity = :entity ADD #fence :one")
            .condition_expression(MAY_TAKE)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#fence", "fence")
            .expression_attribute_names("#entity", "entity")
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":entity", text("lease"))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::UpdatedNew);
        match request.send().await {
            Ok(answer) => {
                let written = answer.attributes.unwrap_or_default();
                Ok(Some(Fence(number_of(&written, &key, "fence")?)))
            }
            Err(error) if is_refused(error.as_service_error()) => Ok(None),
            Err(error) => Err(self.fault(ACTION, error)),
        }
    }

    async fn release_lease(&self, target: &Target, fence: Fence) -> Result<(), Fault> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::lease(target).attributes()))
            .update_expression("SET #until = :never REMOVE #owner")
            .condition_expression("#fence = :fence")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_names("#fence", "fence")
            .expression_attribute_values(":never", number(0))
            .expression_attribute_values(":fence", number(fence.0));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if is_refused(error.as_service_error()) => Ok(()),
            Err(error) => Err(self.fault(ACTION, error)),
        }
    }
}

fn is_refused(error: Option<&UpdateItemError>) -> bool {
    error.is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}
