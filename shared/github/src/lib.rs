//! GitHub as an App installation, over octocrab.
//!
//! Octocrab carries the requests and speaks TLS. Its own App and installation clients are not used: they want the App's
//! key in their hands, cache a token until thirty seconds before it expires, and can't narrow its permissions. Nor are
//! its models: they demand fields that we don't need and that not every GitHub has.

mod answer;
mod app;
mod app_deliveries;
mod check_runs;
mod commits;
mod connection;
mod contents;
mod identity;
mod kept;
mod own_account;
mod path;
mod proposals;
mod pull_requests;
mod repositories;
mod requests;
mod session;
#[cfg(test)]
mod tests;
mod trees;

pub use app::{Access, App};
pub use connection::Connection;
pub use identity::Identity;

use kept::Kept;
use model::Fault;
use octocrab::Octocrab;
use session::Sessions;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use workflow::pace::Pace;
use workflow::ports::clock::Clock;
use workflow::ports::github::Paced;

/// Longer than any healthy handshake; a dead address must not eat the time of a whole invocation.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// GitHub gives up on a request after ten seconds; twice that is a lost connection.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// GitHub, as an App sees it through its installations.
pub struct GitHub {
    transport: Octocrab,
    identity: Identity,
    app_id: u64,
    access: Access,
    clock: Arc<dyn Clock>,
    sessions: Sessions,
    /// Under which we act; asked for once.
    login: OnceCell<String>,
    kept: Kept,
    pace: Arc<Pace>,
}

impl GitHub {
    /// A client of the GitHub at `base_url` (`https://api.github.com`). Nothing is sent yet.
    ///
    /// Must be called inside a tokio runtime, and used on that runtime only.
    pub fn new(base_url: &str, app: &App, access: Access, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        Self::speaking_as(base_url, Identity::with_own_key(app)?, access, clock)
    }

    /// The same, for an App whose key may be elsewhere.
    pub fn speaking_as(
        base_url: &str,
        identity: Identity,
        access: Access,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        Ok(Self {
            transport: app::transport(base_url)?,
            app_id: identity.app_id(),
            identity,
            access,
            clock,
            sessions: Sessions::default(),
            login: OnceCell::new(),
            kept: Kept::default(),
            pace: Arc::default(),
        })
    }

    /// The client that speaks as the App itself, for the next minutes.
    pub(crate) async fn as_app(&self, operation: &str) -> Result<Octocrab, Fault> {
        let token = self.identity.token(self.clock.now()).await?;
        self.transport
            .user_access_token(token)
            .map_err(|error| Fault::retry(operation, error))
    }

    /// The same, its writes counted in this pace.
    pub(crate) fn at_pace(self, pace: Arc<Pace>) -> Self {
        Self { pace, ..self }
    }
}

impl Paced for GitHub {
    fn pace(&self) -> &Pace {
        &self.pace
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHub")
            .field("app_id", &self.app_id)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}
