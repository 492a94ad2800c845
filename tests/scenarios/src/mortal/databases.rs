//! Servers and their sessions. A session whose process dies is dropped: its connection is cut.

use super::Mortal;
use model::{Checksum, Fault, Target};
use std::time::Duration;
use workflow::ports::database::{
    Databases, ExecuteError, Executed, Execution, Intent, JournalEntry, JournalKey, Lock, Locked, Login,
    OpenError, Outcome, Snapshot,
};

impl<P: Databases> Databases for Mortal<P> {
    type Locked = Mortal<P::Locked>;

    async fn lock(
        &self,
        login: &Login,
        target: &Target,
        wait: Duration,
    ) -> Result<Lock<Self::Locked>, OpenError> {
        let lock = self.inner.lock(login, target, wait);
        Ok(
            match self.fate.call("Databases::lock", OpenError::Fault, lock).await? {
                Lock::Held(session) => Lock::Held(Mortal::new(session, &self.fate)),
                Lock::Busy { connection } => Lock::Busy { connection },
            },
        )
    }
}

impl<L: Locked> Locked for Mortal<L> {
    async fn snapshot(&mut self) -> Result<Snapshot, Fault> {
        let call = self.inner.snapshot();
        self.fate.call("Locked::snapshot", |fault| fault, call).await
    }

    async fn journal(&mut self, key: &JournalKey) -> Result<Vec<JournalEntry>, Fault> {
        let call = self.inner.journal(key);
        self.fate.call("Locked::journal", |fault| fault, call).await
    }

    async fn intend(&mut self, key: &JournalKey, intent: &Intent) -> Result<(), Fault> {
        let call = self.inner.intend(key, intent);
        self.fate.call("Locked::intend", |fault| fault, call).await
    }

    async fn execute(
        &mut self,
        key: &JournalKey,
        index: u32,
        statement: &str,
        execution: Execution,
    ) -> Result<Executed, ExecuteError> {
        let call = self.inner.execute(key, index, statement, execution);
        self.fate.call("Locked::execute", ExecuteError::Lost, call).await
    }

    async fn settle(
        &mut self,
        key: &JournalKey,
        index: u32,
        outcome: Outcome,
        executed: Option<Executed>,
    ) -> Result<(), Fault> {
        let call = self.inner.settle(key, index, outcome, executed);
        self.fate.call("Locked::settle", |fault| fault, call).await
    }

    async fn rehearse(
        &mut self,
        base: &Snapshot,
        statements: &[String],
    ) -> Result<Vec<Checksum>, ExecuteError> {
        let call = self.inner.rehearse(base, statements);
        self.fate.call("Locked::rehearse", ExecuteError::Lost, call).await
    }

    async fn close(self) {
        let close = async {
            self.inner.close().await;
            Ok::<(), Fault>(())
        };
        // Whoever closes hears nothing of it, whatever came of it.
        self.fate
            .call("Locked::close", |fault| fault, close)
            .await
            .unwrap_or_default();
    }
}
