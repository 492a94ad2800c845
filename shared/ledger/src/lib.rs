//! The ledger, over DynamoDB.
//!
//! One table, keys `pk` and `sk`, and one sparse local index `open` that holds the tasks which are not settled
//! and the rehearsals which nobody has answered.
//! Entities are stored as native attributes, each with an `entity` attribute naming its type, so that they can be
//! read in the DynamoDB console. Every read is strongly consistent, and nothing ever scans.
//!
//! Whatever has a condition is written by `TransactWriteItems`, single items too: the SDK sends every try of one call
//! with the same `ClientRequestToken`, so a transaction whose reply was lost answers "done" the second time instead
//! of finding its own writes and calling them somebody else's.

#[cfg(feature = "admin")]
pub mod admin;
mod audit;
mod clicks;
mod commit;
mod deliveries;
mod entity;
mod events;
mod issues;
mod keys;
mod leases;
mod open_issues;
mod outbox;
mod plans;
mod pull_requests;
mod read;
mod settings;
mod targets;
mod texts;
mod write_backs;
mod writes;

use aws_errors::Call;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use model::Fault;
use std::error::Error;

/// The ledger in one DynamoDB table.
#[derive(Debug, Clone)]
pub struct DynamoLedger {
    client: Client,
    table: String,
}

impl DynamoLedger {
    /// The ledger in this table.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// The ledger in this table, reached as the configuration says.
    pub fn configured(config: &aws_types::SdkConfig, table: impl Into<String>) -> Self {
        Self::new(Client::new(config), table)
    }

    /// The fault of a call that failed.
    fn fault<E>(&self, action: &str, error: SdkError<E, HttpResponse>) -> Fault
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        aws_errors::fault(self.call(action), error)
    }

    fn call<'a>(&'a self, action: &'a str) -> Call<'a> {
        Call {
            action,
            resource: &self.table,
        }
    }
}

/// A request of ours that the SDK can't even build.
fn unbuildable(error: impl Error) -> Fault {
    Fault::Bug(format!("a request to DynamoDB can't be built: {error}"))
}
