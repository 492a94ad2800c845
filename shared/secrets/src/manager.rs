//! Secrets Manager, with what was read kept in memory for minutes.

use aws_errors::Call;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::{GetSecretValueError, GetSecretValueOutput};
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use jiff::{SignedDuration, Timestamp};
use model::Fault;
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use workflow::ports::clock::Clock;
use workflow::ports::secrets::{Freshness, SecretStore, Secrets};

/// How long a secret that was read may be used without reading it again.
pub const MAX_AGE: SignedDuration = SignedDuration::from_mins(5);

/// The label of the version before the current one.
const PREVIOUS: &str = "AWSPREVIOUS";

/// Secrets Manager. What it read is wiped from memory when it is dropped or replaced.
#[derive(Debug)]
pub struct SecretsManager<C> {
    client: Client,
    clock: C,
    cache: Mutex<HashMap<String, Cached>>,
}

#[derive(Debug)]
struct Cached {
    secret: SecretString,
    read_at: Timestamp,
}

impl<C: Clock> SecretsManager<C> {
    /// Secrets Manager through this client.
    pub fn new(client: Client, clock: C) -> Self {
        Self {
            client,
            clock,
            cache: Mutex::default(),
        }
    }

    /// Secrets Manager, reached as the configuration says.
    pub fn configured(config: &aws_types::SdkConfig, clock: C) -> Self {
        Self::new(Client::new(config), clock)
    }

    fn cached(&self, arn: &str) -> Option<SecretString> {
        let now = self.clock.now();
        let cache = self.cache();
        let cached = cache.get(arn)?;
        let age = now.duration_since(cached.read_at);
        // A clock that was set back makes the age unknown.
        (age >= SignedDuration::ZERO && age < MAX_AGE).then(|| cached.secret.clone())
    }

    async fn read(&self, arn: &str) -> Result<SecretString, Fault> {
        let answer = self.client.get_secret_value().secret_id(arn).send().await;
        text(arn, answer.map_err(|error| aws_errors::fault(call(arn), error))?)
    }

    /// The one before the current; nothing where there is none.
    async fn read_previous(&self, arn: &str) -> Result<Option<SecretString>, Fault> {
        let request = self.client.get_secret_value().secret_id(arn);
        match request.version_stage(PREVIOUS).send().await {
            Ok(answer) => text(arn, answer).map(Some),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(aws_errors::fault(call(arn), error)),
        }
    }

    fn cache(&self) -> MutexGuard<'_, HashMap<String, Cached>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Clock> Secrets for SecretsManager<C> {
    async fn secret(&self, arn: &str, freshness: Freshness) -> Result<SecretString, Fault> {
        match freshness {
            Freshness::Cached => {
                if let Some(secret) = self.cached(arn) {
                    return Ok(secret);
                }
            }
            Freshness::Current => {}
            Freshness::Previous => {
                if let Some(secret) = self.read_previous(arn).await? {
                    return Ok(secret);
                }
            }
        }
        let secret = self.read(arn).await?;
        let cached = Cached {
            secret: secret.clone(),
            read_at: self.clock.now(),
        };
        self.cache().insert(arn.to_owned(), cached);
        Ok(secret)
    }
}

impl<C: Clock> SecretStore for SecretsManager<C> {
    async fn store(&self, name_or_arn: &str, secret: &SecretString) -> Result<String, Fault> {
        let text = secret.expose_secret();
        let request = self.client.put_secret_value().secret_id(name_or_arn);
        let put = Call {
            action: "secretsmanager:PutSecretValue",
            resource: name_or_arn,
        };
        let arn = match request.secret_string(text).send().await {
            Ok(answer) => answer.arn,
            // An ARN ends with six characters that nobody can choose.
            Err(error)
                if !name_or_arn.starts_with("arn:")
                    && error
                        .as_service_error()
                        .is_some_and(PutSecretValueError::is_resource_not_found_exception) =>
            {
                let make = Call {
                    action: "secretsmanager:CreateSecret",
                    resource: name_or_arn,
                };
                let request = self.client.create_secret().name(name_or_arn);
                let answer = request.secret_string(text).send().await;
                answer.map_err(|error| aws_errors::fault(make, error))?.arn
            }
            Err(error) => return Err(aws_errors::fault(put, error)),
        };
        self.cache().remove(name_or_arn);
        arn.ok_or_else(|| Fault::retry(put.to_string(), "it answered no ARN"))
    }

    async fn find(&self, name_or_arn: &str) -> Result<Option<SecretString>, Fault> {
        match self.client.get_secret_value().secret_id(name_or_arn).send().await {
            Ok(answer) => text(name_or_arn, answer).map(Some),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(aws_errors::fault(call(name_or_arn), error)),
        }
    }
}

fn call(arn: &str) -> Call<'_> {
    Call {
        action: "secretsmanager:GetSecretValue",
        resource: arn,
    }
}

fn text(arn: &str, answer: GetSecretValueOutput) -> Result<SecretString, Fault> {
    match answer.secret_string {
        Some(text) => Ok(SecretString::from(text)),
        None => Err(Fault::operator(
            call(arn).to_string(),
            "store the secret as text, not as bytes",
            "it has no SecretString",
        )),
    }
}
