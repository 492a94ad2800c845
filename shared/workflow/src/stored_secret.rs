//! What is in each secret: JSON objects, read field by field so that no error can show a value.

use crate::ports::database::RehearsalUser;
use model::Fault;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// The secrets that GitHub signs deliveries with.
#[derive(Debug, Clone)]
pub struct WebhookSecrets {
    /// The one that is set at GitHub.
    pub current: SecretString,
    /// The one before, during a rotation.
    pub previous: Option<SecretString>,
}

/// The key of the GitHub App.
#[derive(Debug, Clone)]
pub struct GitHubAppKey {
    /// The App's id.
    pub app_id: u64,
    /// What signs for it.
    pub key: AppKey,
}

/// What signs for the GitHub App.
#[derive(Debug, Clone)]
pub enum AppKey {
    /// The private key itself, PEM.
    Pem(SecretString),
    /// A key in KMS, by its id or ARN, which nobody can take out.
    Kms(String),
}

/// How to log in to a database server, as RDS writes it.
#[derive(Debug, Clone)]
pub struct DatabaseLogin {
    /// The user.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// The host; RDS leaves it out of the secrets that it manages itself.
    pub host: Option<String>,
    /// The port; left out likewise.
    pub port: Option<u16>,
    /// Who rehearses, where it is another user.
    pub rehearsal: Option<RehearsalUser>,
}

/// Why a secret can't be used. Names fields, never contents.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableSecret {
    /// Some other text.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// A field is not there, or empty.
    #[error("its field `{0}` is missing or empty")]
    Missing(&'static str),
    /// A field holds something else.
    #[error("its field `{0}` is not {1}")]
    Wrong(&'static str, &'static str),
}

/// Reads the webhook's secret: `current`, and `previous` during a rotation.
pub fn webhook_secrets(arn: &str, secret: &SecretString) -> Result<WebhookSecrets, Fault> {
    let read = |fields: &Fields| {
        Ok(WebhookSecrets {
            current: fields.text("current")?.into(),
            previous: fields.optional_text("previous")?.map(SecretString::from),
        })
    };
    of(arn, secret, r#"{"current": "…", "previous": "…"}"#, read)
}

/// Reads the GitHub App's key: `app_id`, and `private_key` or `kms_key_id`.
pub fn github_app_key(arn: &str, secret: &SecretString) -> Result<GitHubAppKey, Fault> {
    let read = |fields: &Fields| {
        Ok(GitHubAppKey {
            app_id: fields
                .number("app_id")?
                .ok_or(UnusableSecret::Missing("app_id"))?,
            key: match fields.optional_text("kms_key_id")? {
                None => AppKey::Pem(fields.text("private_key")?.into()),
                // One that lies about beside it could be taken out after all.
                Some(_) if fields.optional_text("private_key")?.is_some() => {
                    return Err(UnusableSecret::Wrong(
                        "private_key",
                        "left out beside `kms_key_id`",
                    ));
                }
                Some(id) => AppKey::Kms(id),
            },
        })
    };
    of(
        arn,
        secret,
        r#"{"app_id": 1, "private_key": "PEM"}, or as {"app_id": 1, "kms_key_id": "ARN"}"#,
        read,
    )
}

/// What is stored for a GitHub App: [`github_app_key`] reads it.
pub fn of_github_app(key: &GitHubAppKey) -> SecretString {
    let fields = match &key.key {
        AppKey::Pem(pem) => json!({"app_id": key.app_id, "private_key": pem.expose_secret()}),
        AppKey::Kms(id) => json!({"app_id": key.app_id, "kms_key_id": id}),
    };
    fields.to_string().into()
}

/// What is stored for the webhook: [`webhook_secrets`] reads it.
pub fn of_webhook(secrets: &WebhookSecrets) -> SecretString {
    let mut fields = json!({"current": secrets.current.expose_secret()});
    if let Some(previous) = &secrets.previous {
        fields["previous"] = previous.expose_secret().into();
    }
    fields.to_string().into()
}

/// Reads a database's secret: `username`, `password`, and `host` and `port` where RDS wrote them; `rehearsal_username` and
/// `rehearsal_password` where rehearsals have a user of their own.
pub fn database_login(arn: &str, secret: &SecretString) -> Result<DatabaseLogin, Fault> {
    let read = |fields: &Fields| {
        Ok(DatabaseLogin {
            username: fields.text("username")?,
            password: fields.text("password")?.into(),
            host: fields.optional_text("host")?,
            port: fields.number("port")?,
            rehearsal: match fields.optional_text("rehearsal_username")? {
                None => None,
                Some(user) => Some(RehearsalUser {
                    user,
                    password: fields.text("rehearsal_password")?.into(),
                }),
            },
        })
    };
    of(
        arn,
        secret,
        r#"{"username": "…", "password": "…", "host": "…", "port": 3306}"#,
        read,
    )
}

fn of<T>(
    arn: &str,
    secret: &SecretString,
    shape: &str,
    read: impl FnOnce(&Fields) -> Result<T, UnusableSecret>,
) -> Result<T, Fault> {
    Fields::of(secret)
        .and_then(|fields| read(&fields))
        .map_err(|error| {
            let remedy = format!("write it as {shape}");
            Fault::operator(format!("reading the secret {arn}"), remedy, error)
        })
}

/// The fields of a JSON object.
struct Fields(Map<String, Value>);

impl Fields {
    fn of(secret: &SecretString) -> Result<Self, UnusableSecret> {
        // The parser's own error could quote the text.
        match serde_json::from_str(secret.expose_secret()) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) | Err(_) => Err(UnusableSecret::NotAnObject),
        }
    }

    fn text(&self, name: &'static str) -> Result<String, UnusableSecret> {
        self.optional_text(name)?.ok_or(UnusableSecret::Missing(name))
    }

    fn optional_text(&self, name: &'static str) -> Result<Option<String>, UnusableSecret> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                Err(UnusableSecret::Wrong(name, "text"))
            }
        }
    }

    /// A number, also as text: the console's editor writes every value as text.
    fn number<N: FromStr>(&self, name: &'static str) -> Result<Option<N>, UnusableSecret> {
        let digits = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => String::new(),
        };
        match digits.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(UnusableSecret::Wrong(name, "a whole number in its range")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:us-east-1:000000000000:secret:one";

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[test]
    fn a_webhook_secret_may_have_a_predecessor() {
        let one = webhook_secrets(ARN, &secret(r#"{"current":"a"}"#)).unwrap();
        assert_eq!(one.current.expose_secret(), "a");
        assert!(one.previous.is_none());
        let two = webhook_secrets(ARN, &secret(r#"{"current":"a","previous":"b"}"#)).unwrap();
        assert_eq!(two.previous.unwrap().expose_secret(), "b");
        // An empty one would accept what anybody signs with nothing.
        let empty = webhook_secrets(ARN, &secret(r#"{"current":"a","previous":""}"#)).unwrap();
        assert!(empty.previous.is_none());
        assert!(webhook_secrets(ARN, &secret(r#"{"current":""}"#)).is_err());
    }

    #[test]
    fn the_app_id_is_a_number_however_it_is_written() {
        for text in [
            r#"{"app_id":7,"private_key":"k"}"#,
            r#"{"app_id":"7","private_key":"k"}"#,
        ] {
            assert_eq!(github_app_key(ARN, &secret(text)).unwrap().app_id, 7, "{text}");
        }
    }

    #[test]
    fn an_app_signs_with_its_own_key_or_with_one_in_kms_and_never_with_both() {
        let kms = github_app_key(ARN, &secret(r#"{"app_id":7,"kms_key_id":"arn:k"}"#)).unwrap();
        assert!(matches!(&kms.key, AppKey::Kms(id) if id == "arn:k"));
        for text in [
            r#"{"app_id":7}"#,
            r#"{"app_id":7,"private_key":"","kms_key_id":""}"#,
            r#"{"app_id":7,"private_key":"hunter2","kms_key_id":"k"}"#,
        ] {
            let fault = github_app_key(ARN, &secret(text)).unwrap_err();
            let words = fault.chain();
            assert!(
                words.contains("`private_key`") && words.contains("kms_key_id"),
                "{words}"
            );
            assert!(!words.contains("hunter2"), "{words}");
        }
    }

    #[test]
    fn what_is_stored_is_what_is_read() {
        for key in [AppKey::Pem("line\nline".into()), AppKey::Kms("alias/app".into())] {
            let stored = of_github_app(&GitHubAppKey {
                app_id: 7,
                key: key.clone(),
            });
            let read = github_app_key(ARN, &stored).unwrap();
            assert_eq!(read.app_id, 7);
            let text = |key: &AppKey| match key {
                AppKey::Pem(pem) => pem.expose_secret().to_owned(),
                AppKey::Kms(id) => id.clone(),
            };
            assert_eq!(text(&read.key), text(&key));
        }
        let stored = of_webhook(&WebhookSecrets {
            current: "new".into(),
            previous: Some("old".into()),
        });
        let read = webhook_secrets(ARN, &stored).unwrap();
        assert_eq!(read.current.expose_secret(), "new");
        assert_eq!(read.previous.unwrap().expose_secret(), "old");
    }

    #[test]
    fn a_database_secret_is_what_rds_writes() {
        let whole = r#"{"username":"u","password":"p","engine":"mysql","host":"h","port":3306}"#;
        let login = database_login(ARN, &secret(whole)).unwrap();
        assert_eq!((login.host.as_deref(), login.port), (Some("h"), Some(3306)));
        let managed = database_login(ARN, &secret(r#"{"username":"u","password":"p"}"#)).unwrap();
        assert_eq!((managed.host, managed.port), (None, None));
    }

    #[test]
    fn an_error_names_the_secret_and_the_field_and_shows_nothing_else() {
        for (text, field) in [
            ("hunter2", "JSON object"),
            (r#"["hunter2"]"#, "JSON object"),
            (r#"{"username":"hunter2"}"#, "`password`"),
            (r#"{"username":"hunter2","password":""}"#, "`password`"),
            (r#"{"username":"u","password":["hunter2"]}"#, "`password`"),
            (
                r#"{"username":"u","password":"hunter2","port":"hunter2"}"#,
                "`port`",
            ),
            (r#"{"username":"u","password":"hunter2","port":70000}"#, "`port`"),
        ] {
            let fault = database_login(ARN, &secret(text)).unwrap_err();
            assert_eq!(fault.class(), "fault.operator");
            let (chain, debug) = (fault.chain(), format!("{fault:?}"));
            assert!(chain.contains(ARN) && chain.contains(field), "{chain}");
            assert!(
                !chain.contains("hunter2") && !debug.contains("hunter2"),
                "{debug}"
            );
        }
    }
}
