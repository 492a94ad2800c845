//! A plain session, for tests and local stacks: makes and drops databases, kills sessions. Not for the product.

use crate::connect;
use crate::errors::Failure;
use crate::wire::Wire;
use crate::{Limits, lock};
use model::Fault;
use workflow::ports::database::{Login, OpenError};

/// A session without a lock and without a default schema.
#[derive(Debug)]
pub struct Admin {
    wire: Wire,
}

impl Admin {
    /// Connects.
    pub async fn connect(login: &Login) -> Result<Self, OpenError> {
        let limits = Limits::default();
        let mut wire = connect::connect(login, None, &limits).await?;
        wire.ask(lock::preamble(&limits))
            .await
            .map_err(|failure| failure.fault("set up a session"))?;
        Ok(Self { wire })
    }

    /// Runs a text of one or more statements and answers the rows of all of them.
    pub async fn run(&mut self, text: &str) -> Result<Vec<Vec<Option<String>>>, Fault> {
        let answers = self
            .wire
            .ask(text.to_owned())
            .await
            .map_err(|failure: Failure| failure.fault("run a statement"))?;
        Ok(answers.into_iter().flat_map(|answer| answer.rows).collect())
    }

    /// Closes the session.
    pub async fn close(self) {
        self.wire.close().await;
    }
}
