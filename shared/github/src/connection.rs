//! GitHub on first use: the App's key comes from the secrets, once for a process.

use crate::{Access, App, GitHub};
use model::Fault;
use std::fmt;
use std::sync::Arc;
use tokio::sync::OnceCell;
use workflow::ports::clock::Clock;
use workflow::ports::secrets::{Freshness, Secrets};
use workflow::stored_secret::github_app_key;

/// A client of GitHub that is made when it is first asked for.
pub struct Connection<S> {
    secrets: S,
    secret_arn: String,
    base_url: String,
    access: Access,
    clock: Arc<dyn Clock>,
    github: OnceCell<GitHub>,
}

impl<S: Secrets> Connection<S> {
    /// GitHub at `base_url`, as the App whose secret has this ARN. Nothing is read or sent yet.
    pub fn new(
        secrets: S,
        secret_arn: String,
        base_url: String,
        access: Access,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            secrets,
            secret_arn,
            base_url,
            access,
            clock,
            github: OnceCell::new(),
        }
    }

    /// The client.
    pub async fn get(&self) -> Result<&GitHub, Fault> {
        self.github
            .get_or_try_init(|| async {
                let secret = self.secrets.secret(&self.secret_arn, Freshness::Cached).await?;
                let key = github_app_key(&self.secret_arn, &secret)?;
                let app = App {
                    id: key.app_id,
                    private_key: key.private_key,
                };
                GitHub::new(&self.base_url, &app, self.access, Arc::clone(&self.clock))
            })
            .await
    }
}

impl<S> fmt::Debug for Connection<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
