//! Servers and their sessions. A session whose process dies is dropped: its connection is cut.

use super::Mortal;
use model::{Fault, Target, VersionKey};
use std::collections::BTreeSet;
use std::time::Duration;
use workflow::ports::database::{
    AppliedChange, Blocker, Databases, Estimate, Evidence, ExecuteError, Executed, Execution, Foretold,
    Holder, Intent, JournalEntry, JournalKey, Lock, Locked, Login, OpenError, Outcome, Owner, RehearsalError,
    Scope, Snapshot, Step,
};

impl<P: Databases> Databases for Mortal<P> {
    type Locked = Mortal<P::Locked>;

    async fn lock(
        &self,
        login: &Login,
        target: &Target,
        owner: Owner,
        wait: Duration,
    ) -> Result<Lock<Self::Locked>, OpenError> {
        let lock = self.inner.lock(login, target, owner, wait);
        Ok(
            match self.fate.call("Databases::lock", OpenError::Fault, lock).await? {
                Lock::Held(session) => Lock::Held(Mortal::new(session, &self.fate)),
                Lock::Busy { connection } => Lock::Busy { connection },
            },
        )
    }

    async fn watch(&self, login: &Login, target: &Target) -> Result<Option<Holder>, OpenError> {
        let call = self.inner.watch(login, target);
        self.fate.call("Databases::watch", OpenError::Fault, call).await
    }

    async fn end_statement(&self, login: &Login, target: &Target, connection: u64) -> Result<(), OpenError> {
        let call = self.inner.end_statement(login, target, connection);
        self.fate
            .call("Databases::end_statement", OpenError::Fault, call)
            .await
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

    async fn begun(&mut self, versions: &[VersionKey]) -> Result<BTreeSet<VersionKey>, Fault> {
        let call = self.inner.begun(versions);
        self.fate.call("Locked::begun", |fault| fault, call).await
    }

    async fn look(&mut self, scope: &Scope, storage: bool) -> Result<Evidence, Fault> {
        let call = self.inner.look(scope, storage);
        self.fate.call("Locked::look", |fault| fault, call).await
    }

    async fn execute(
        &mut self,
        key: &JournalKey,
        intent: &Intent,
        statement: &str,
        execution: Execution,
    ) -> Result<Executed, ExecuteError> {
        let call = self.inner.execute(key, intent, statement, execution);
        self.fate.call("Locked::execute", ExecuteError::Lost, call).await
    }

    async fn blockers(&mut self, tables: &[String]) -> Result<Vec<Blocker>, Fault> {
        let call = self.inner.blockers(tables);
        self.fate.call("Locked::blockers", |fault| fault, call).await
    }

    async fn sizes(&mut self, tables: &[String]) -> Result<Vec<(String, u64)>, Fault> {
        let call = self.inner.sizes(tables);
        self.fate.call("Locked::sizes", |fault| fault, call).await
    }

    async fn estimate(&mut self, statement: &str) -> Result<Option<Estimate>, Fault> {
        let call = self.inner.estimate(statement);
        self.fate.call("Locked::estimate", |fault| fault, call).await
    }

    async fn pause(&mut self, pause: Duration) -> Result<(), Fault> {
        let call = self.inner.pause(pause);
        self.fate.call("Locked::pause", |fault| fault, call).await
    }

    async fn restore(&mut self, statement: &str) -> Result<(), ExecuteError> {
        let call = self.inner.restore(statement);
        self.fate.call("Locked::restore", ExecuteError::Lost, call).await
    }

    async fn settle(
        &mut self,
        key: &JournalKey,
        index: u32,
        outcome: Outcome,
        because: &str,
    ) -> Result<(), Fault> {
        let call = self.inner.settle(key, index, outcome, because);
        self.fate.call("Locked::settle", |fault| fault, call).await
    }

    async fn rehearse(
        &mut self,
        base: Option<&str>,
        steps: &[Step],
    ) -> Result<Vec<Option<Foretold>>, RehearsalError> {
        let call = self.inner.rehearse(base, steps);
        self.fate
            .call("Locked::rehearse", RehearsalError::Fault, call)
            .await
    }

    async fn applied(&mut self, versions: &[VersionKey]) -> Result<Vec<AppliedChange>, Fault> {
        let call = self.inner.applied(versions);
        self.fate.call("Locked::applied", |fault| fault, call).await
    }

    async fn remember(&mut self, change: &AppliedChange) -> Result<(), Fault> {
        let call = self.inner.remember(change);
        self.fate.call("Locked::remember", |fault| fault, call).await
    }

    async fn is_made_anew(&mut self) -> Result<bool, Fault> {
        let call = self.inner.is_made_anew();
        self.fate.call("Locked::is_made_anew", |fault| fault, call).await
    }

    async fn set_aside(&mut self) -> Result<(), Fault> {
        let call = self.inner.set_aside();
        self.fate.call("Locked::set_aside", |fault| fault, call).await
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
