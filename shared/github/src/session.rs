//! Sessions: an installation token for one repository, kept until shortly before it expires.

use crate::requests::{Request, exchange};
use crate::{GitHub, path};
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use model::{Fault, RepositoryRef};
use octocrab::Octocrab;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use tokio::sync::Mutex;

/// Tokens live for an hour; one this close to its end is not used any more.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// By installation and repository.
pub(crate) type Sessions = Mutex<HashMap<(u64, u64), Session>>;

/// The right to ask about one repository.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) client: Octocrab,
    /// `/repos/owner/name`, as GitHub calls the repository today.
    pub(crate) root: String,
    expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Minted {
    token: String,
    expires_at: Timestamp,
    #[serde(default)]
    repositories: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: u64,
    full_name: String,
}

impl GitHub {
    /// The session for a repository: the kept one, or a new one.
    pub(crate) async fn session(&self, repository: &RepositoryRef) -> Result<Session, Fault> {
        let mut sessions = self.sessions.lock().await;
        if let Some(session) = sessions.get(&key(repository))
            && session.expires_at.duration_since(self.clock.now()) > MARGIN
        {
            return Ok(session.clone());
        }
        let session = self.mint(repository).await?;
        sessions.insert(key(repository), session.clone());
        Ok(session)
    }

    /// Drops a session that GitHub does not accept any more.
    pub(crate) async fn forget(&self, repository: &RepositoryRef) {
        self.sessions.lock().await.remove(&key(repository));
    }

    async fn mint(&self, repository: &RepositoryRef) -> Result<Session, Fault> {
        let operation = format!("getting access to {}", repository.name);
        let request = Request {
            method: Method::POST,
            path: format!("/app/installations/{}/access_tokens", repository.installation_id),
            body: Some(json!({
                "repository_ids": [repository.id],
                "permissions": self.access.permissions(),
            })),
        };
        // A token too many does no harm, so a connection that died while idle may cost one more try.
        let app = self.as_app(&operation).await?;
        let answer = match exchange(&app, &request).await {
            Ok(answer) => answer,
            Err(_) => exchange(&app, &request)
                .await
                .map_err(|error| Fault::retry(&operation, error))?,
        };
        if let Some(fault) = answer.trouble(&operation, self.clock.now()) {
            return Err(fault);
        }
        let minted: Minted = match answer.status {
            StatusCode::NOT_FOUND => return Err(no_installation(&operation, repository, answer.message())),
            StatusCode::FORBIDDEN | StatusCode::UNPROCESSABLE_ENTITY => {
                return Err(self.not_granted(&operation, repository, answer.message()));
            }
            _ => answer.json(&operation)?,
        };
        // The name in our settings may be an old one; the id never is.
        let name = minted
            .repositories
            .iter()
            .find(|named| named.id == repository.id.0);
        let name = name.map_or(repository.name.as_str(), |named| named.full_name.as_str());
        Ok(Session {
            client: self
                .transport
                .user_access_token(minted.token)
                .map_err(|error| Fault::retry(&operation, error))?,
            root: format!("/repos/{}", path::segments(name)),
            expires_at: minted.expires_at,
        })
    }

    fn not_granted(&self, operation: &str, repository: &RepositoryRef, message: String) -> Fault {
        let remedy = format!(
            "see that the GitHub App's installation {} is not suspended, includes the repository {} (id {}), and grants {}",
            repository.installation_id,
            repository.name,
            repository.id,
            self.access.permissions(),
        );
        Fault::operator(operation, remedy, message)
    }
}

fn no_installation(operation: &str, repository: &RepositoryRef, message: String) -> Fault {
    let remedy = format!(
        "install the GitHub App on {} again, and put the new installation id into settings (it is {} there)",
        repository.name, repository.installation_id
    );
    Fault::operator(operation, remedy, message)
}

fn key(repository: &RepositoryRef) -> (u64, u64) {
    (repository.installation_id, repository.id.0)
}
