//! Getting onto a server: the secret, the login, the lock.

use super::Worker;
use crate::ports::clock::Clock;
use crate::ports::database::{Databases, Lock, Login, OpenError, Owner};
use crate::ports::secrets::{Freshness, Secrets};
use crate::stored_secret::database_login;
use jiff::Timestamp;
use model::{Failure, Fault, Target};
use secrecy::{ExposeSecret as _, SecretString};
use settings::{Instance, Settings};
use std::time::Duration;

/// How long a slice waits for the lock before it leaves the target to a later one.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// What came of trying to get onto a server.
pub(super) enum Entry<L> {
    /// On it, with the lock.
    Held(L),
    /// Somebody else has the lock, and this login gets onto the server.
    Busy(Login),
    /// Not without a person.
    Failed(Failure),
}

impl<L, Q, D, S, C> Worker<'_, L, Q, D, S, C>
where
    L: Sync,
    Q: Sync,
    D: Databases,
    S: Secrets,
    C: Clock,
{
    /// Connects and takes the lock. A login that the server refuses is tried again with the secret as it is now, for it
    /// may have been rotated, and then with the one before: the rotation may be under way. None is tried twice: servers
    /// count wrong passwords.
    pub(super) async fn enter(
        &self,
        settings: &Settings,
        target: &Target,
        owner: Owner,
    ) -> Result<Entry<D::Locked>, Fault> {
        let Some(instance) = settings.instance(&target.instance) else {
            let message = format!(
                "settings know no instance `{}`; apply settings that do",
                target.instance
            );
            return Ok(Entry::Failed(failure(
                "instance-unknown",
                message,
                self.clock.now(),
            )));
        };
        let mut refused = None;
        let mut tried: Vec<SecretString> = Vec::new();
        for freshness in [Freshness::Cached, Freshness::Current, Freshness::Previous] {
            let read = self.secrets.secret(&instance.secret_arn, freshness).await;
            if let Ok(secret) = &read {
                let same = |other: &SecretString| other.expose_secret() == secret.expose_secret();
                if tried.iter().any(same) {
                    continue;
                }
                tried.push(secret.clone());
            }
            let login = match read.and_then(|secret| login(instance, &secret)) {
                Ok(login) => login,
                // What the server said to the current one is what matters.
                Err(Fault::Operator { .. }) if freshness == Freshness::Previous => break,
                Err(fault @ Fault::Operator { .. }) => {
                    return Ok(Entry::Failed(failure(
                        "secret-unusable",
                        fault.chain(),
                        self.clock.now(),
                    )));
                }
                Err(fault @ (Fault::Retry { .. } | Fault::Bug(_))) => return Err(fault),
            };
            match self.databases.lock(&login, target, owner, LOCK_WAIT).await {
                Ok(Lock::Held(locked)) => return Ok(Entry::Held(locked)),
                Ok(Lock::Busy { .. }) => return Ok(Entry::Busy(login)),
                Err(OpenError::Login(fault)) => refused = Some(fault),
                Err(error @ OpenError::NoSchema(_)) => {
                    return Ok(Entry::Failed(failure(
                        "schema-missing",
                        error.to_string(),
                        self.clock.now(),
                    )));
                }
                // Only somebody who changes something cures these: the issue says so, and `retry` goes on.
                Err(OpenError::Fault(fault @ Fault::Operator { .. })) => {
                    return Ok(Entry::Failed(failure(
                        "server-refuses",
                        fault.chain(),
                        self.clock.now(),
                    )));
                }
                Err(OpenError::Fault(fault @ (Fault::Retry { .. } | Fault::Bug(_)))) => return Err(fault),
            }
        }
        let reason = refused.map(|fault: Fault| fault.chain()).unwrap_or_default();
        let message = format!(
            "the server refuses the login in the secret of `{}`, the cached, the current and the previous one: {reason}",
            instance.name
        );
        Ok(Entry::Failed(failure("login-refused", message, self.clock.now())))
    }
}

pub(super) fn failure(code: &str, message: String, at: Timestamp) -> Failure {
    Failure {
        statement: None,
        line: None,
        code: code.to_owned(),
        message,
        at,
    }
}

fn login(instance: &Instance, secret: &SecretString) -> Result<Login, Fault> {
    let stored = database_login(&instance.secret_arn, secret)?;
    let Some(host) = stored.host.or_else(|| instance.host.clone()) else {
        return Err(Fault::operator(
            format!("finding the server of instance `{}`", instance.name),
            "name the writer endpoint as `host` in settings",
            "its secret names no host",
        ));
    };
    Ok(Login {
        host,
        port: stored.port.or(instance.port).unwrap_or(3306),
        user: stored.username,
        password: stored.password,
        tls: instance.tls.clone(),
        rehearsal: stored.rehearsal,
    })
}
