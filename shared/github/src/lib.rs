//! GitHub as an App installation, over octocrab.
//!
//! Octocrab carries the requests, signs as the App and speaks TLS. Its own installation clients are not used: they
//! cache a token until thirty seconds before it expires, and can't narrow its permissions. Nor are its models: they
//! demand fields that we don't need and that not every GitHub has.

mod answer;
mod app;
mod check_runs;
mod connection;
mod contents;
mod files;
mod path;
mod repositories;
mod requests;
mod session;
#[cfg(test)]
mod tests;
mod trees;

pub use app::{Access, App};
pub use connection::Connection;

use model::Fault;
use octocrab::Octocrab;
use session::Sessions;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use workflow::ports::clock::Clock;

/// Longer than any healthy handshake; a dead address must not eat the time of a whole invocation.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// GitHub gives up on a request after ten seconds; twice that is a lost connection.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// GitHub, as an App sees it through its installations.
pub struct GitHub {
    app: Octocrab,
    app_id: u64,
    access: Access,
    clock: Arc<dyn Clock>,
    sessions: Sessions,
}

impl GitHub {
    /// A client of the GitHub at `base_url` (`https://api.github.com`). Nothing is sent yet.
    ///
    /// Must be called inside a tokio runtime, and used on that runtime only.
    pub fn new(base_url: &str, app: &App, access: Access, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        Ok(Self {
            app: app::client(base_url, app)?,
            app_id: app.id,
            access,
            clock,
            sessions: Sessions::default(),
        })
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
