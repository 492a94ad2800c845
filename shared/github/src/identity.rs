//! Who speaks: the App, by a token that it signs itself, with its own key or with one that never leaves KMS.

use crate::App;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use model::Fault;
use octocrab::jsonwebtoken::crypto;
use octocrab::jsonwebtoken::{Algorithm, EncodingKey};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Mutex;
use workflow::ports::signatures::Signatures;
use workflow::stored_secret::{AppKey, GitHubAppKey};

/// How far GitHub's clock may be behind ours.
const EARLIER: SignedDuration = SignedDuration::from_mins(1);
/// GitHub accepts tokens of ten minutes at most, by its own clock.
const LIFE: SignedDuration = SignedDuration::from_mins(9);
/// A token this close to its end is not used any more.
const MARGIN: SignedDuration = SignedDuration::from_mins(2);

/// The App, able to prove that it is.
pub struct Identity {
    app_id: u64,
    key: Key,
    kept: Mutex<Option<Kept>>,
}

enum Key {
    Own(EncodingKey),
    Elsewhere {
        id: String,
        signatures: Arc<dyn Signatures>,
    },
}

struct Kept {
    token: SecretString,
    until: Timestamp,
}

impl Identity {
    /// The App with what its secret says; `signatures` are made where the key is in KMS.
    pub fn new(key: GitHubAppKey, signatures: Option<Arc<dyn Signatures>>) -> Result<Self, Fault> {
        match (key.key, signatures) {
            (AppKey::Pem(private_key), _) => Self::with_own_key(&App {
                id: key.app_id,
                private_key,
            }),
            (AppKey::Kms(id), Some(signatures)) => {
                Ok(Self::of(key.app_id, Key::Elsewhere { id, signatures }))
            }
            (AppKey::Kms(id), None) => Err(Fault::operator(
                "preparing to sign as the GitHub App",
                "store the private key instead of a `kms_key_id`: nothing here signs in KMS",
                format!("its key is {id}"),
            )),
        }
    }

    /// The App with its own key.
    pub fn with_own_key(app: &App) -> Result<Self, Fault> {
        let remedy = "store the GitHub App's private key as the PEM text that GitHub gave";
        let key = EncodingKey::from_rsa_pem(app.private_key.expose_secret().as_bytes())
            .map_err(|error| Fault::operator("preparing to sign as the GitHub App", remedy, error))?;
        Ok(Self::of(app.id, Key::Own(key)))
    }

    fn of(app_id: u64, key: Key) -> Self {
        Self {
            app_id,
            key,
            kept: Mutex::default(),
        }
    }

    /// The App's id.
    pub fn app_id(&self) -> u64 {
        self.app_id
    }

    /// The token by which GitHub knows the App: the kept one, or a new one.
    pub async fn token(&self, now: Timestamp) -> Result<SecretString, Fault> {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref()
            && kept.until.duration_since(now) > MARGIN
            && kept.until.duration_since(now) <= LIFE
        {
            return Ok(kept.token.clone());
        }
        let until = now + LIFE;
        let token = self.sign(now - EARLIER, until).await?;
        *kept = Some(Kept {
            token: token.clone(),
            until,
        });
        Ok(token)
    }

    async fn sign(&self, from: Timestamp, until: Timestamp) -> Result<SecretString, Fault> {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!(
            "{}.{}",
            part(json!({"alg": "RS256", "typ": "JWT"})),
            part(json!({"iat": from.as_second(), "exp": until.as_second(), "iss": self.app_id})),
        );
        let signature = match &self.key {
            Key::Own(key) => crypto::sign(message.as_bytes(), key, Algorithm::RS256)
                .map_err(|error| Fault::Bug(format!("signing as the GitHub App: {error}")))?,
            Key::Elsewhere { id, signatures } => {
                URL_SAFE_NO_PAD.encode(signatures.sign(id, message.as_bytes()).await?)
            }
        };
        Ok(format!("{message}.{signature}").into())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}
