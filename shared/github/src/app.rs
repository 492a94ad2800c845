//! Who we are: the GitHub App, and what we ask for.

use crate::{CONNECT_TIMEOUT, READ_TIMEOUT};
use model::Fault;
use octocrab::Octocrab;
use octocrab::models::AppId;
use secrecy::{ExposeSecret as _, SecretString};
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
    /// Read files.
    Read,
    /// Read and write files, write check runs.
    Write,
}

impl Access {
    pub(crate) fn permissions(self) -> Value {
        match self {
            Self::Read => json!({"metadata": "read", "contents": "read"}),
            Self::Write => json!({"metadata": "read", "contents": "write", "checks": "write"}),
        }
    }
}

/// The client that speaks as the App itself. TLS is aws-lc's, whether or not a process default was installed.
///
/// The user agent stays `octocrab`: one of ours would be sent as a second header, not instead of it.
pub(crate) fn client(base_url: &str, app: &App) -> Result<Octocrab, Fault> {
    const OPERATION: &str = "preparing to speak to GitHub";
    let key_remedy = "store the GitHub App's private key as the PEM text that GitHub gave";
    let url_remedy = "set GITHUB_API_URL to an address like https://api.github.com";
    Octocrab::builder()
        .base_uri(base_url)
        .map_err(|error| Fault::operator(OPERATION, url_remedy, error))?
        .app_from_rsa_pem(AppId(app.id), app.private_key.expose_secret())
        .map_err(|error| Fault::operator(OPERATION, key_remedy, error))?
        .set_connect_timeout(Some(CONNECT_TIMEOUT))
        .set_read_timeout(Some(READ_TIMEOUT))
        .build()
        .map_err(|error| Fault::operator(OPERATION, "check the system's certificate store", error))
}
