//! Who we are: the GitHub App, and what we ask for.

use crate::{CONNECT_TIMEOUT, READ_TIMEOUT};
use model::Fault;
use octocrab::Octocrab;
use secrecy::SecretString;
use serde_json::{Value, json};

/// The GitHub App.
#[derive(Debug, Clone)]
pub struct App {
    /// Its id.
    pub id: u64,
    /// Its private key, PEM.
    pub private_key: SecretString,
}

/// What the installation tokens may do; never more than the function needs, and in one repository only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read files and pull requests.
    Read,
    /// Read and write files and pull requests, write check runs.
    Write,
}

impl Access {
    /// Every one that there is: together they are what the App must be granted.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// The permissions, as GitHub names them.
    pub fn permissions(self) -> Value {
        match self {
            Self::Read => json!({
                "metadata": "read",
                "contents": "read",
                "pull_requests": "read",
            }),
            Self::Write => json!({
                "metadata": "read",
                "contents": "write",
                "checks": "write",
                "pull_requests": "write",
            }),
        }
    }
}

/// The connections to GitHub, as nobody in particular. TLS is aws-lc's, whether or not a process default was installed.
///
/// The user agent stays `octocrab`: one of ours would be sent as a second header, not instead of it.
pub(crate) fn transport(base_url: &str) -> Result<Octocrab, Fault> {
    const OPERATION: &str = "preparing to speak to GitHub";
    let url_remedy = "set GITHUB_API_URL to an address like https://api.github.com";
    Octocrab::builder()
        .base_uri(base_url)
        .map_err(|error| Fault::operator(OPERATION, url_remedy, error))?
        .set_connect_timeout(Some(CONNECT_TIMEOUT))
        .set_read_timeout(Some(READ_TIMEOUT))
        .build()
        .map_err(|error| Fault::operator(OPERATION, "check the system's certificate store", error))
}
