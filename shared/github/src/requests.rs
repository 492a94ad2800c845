//! One request and its answer.

use crate::GitHub;
use crate::answer::Answer;
use http::header::ACCEPT;
use http::{Method, StatusCode};
use model::{Fault, RepositoryRef};
use octocrab::Octocrab;
use serde_json::Value;

/// A request; the path is below the repository, or below the API's root for the App itself.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
}

impl Request {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: None,
        }
    }

    pub(crate) fn send(method: Method, path: impl Into<String>, body: Value) -> Self {
        Self {
            method,
            path: path.into(),
            body: Some(body),
        }
    }
}

impl GitHub {
    /// Asks about a repository. Answers that any caller would have to try again are faults already.
    pub(crate) async fn ask(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        request: Request,
    ) -> Result<Answer, Fault> {
        let mut answer = self.attempt(repository, operation, &request).await?;
        // A revoked token, or a repository that was renamed since the session began: a new session knows better.
        if answer.status == StatusCode::UNAUTHORIZED || answer.status.is_redirection() {
            self.forget(repository).await;
            answer = self.attempt(repository, operation, &request).await?;
        }
        match answer.trouble(operation, self.clock.now()) {
            Some(fault) => Err(fault),
            None => Ok(answer),
        }
    }

    async fn attempt(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        request: &Request,
    ) -> Result<Answer, Fault> {
        let session = self.session(repository).await?;
        let request = Request {
            path: format!("{}{}", session.root, request.path),
            ..request.clone()
        };
        let retry = |error: octocrab::Error| Fault::retry(operation, error);
        match exchange(&session.client, &request).await {
            Ok(answer) => Ok(answer),
            // Connections die unnoticed while a function is frozen; reading again does no harm.
            Err(error) if request.method == Method::GET => {
                tracing::debug!(%error, operation, "trying once more");
                exchange(&session.client, &request).await.map_err(retry)
            }
            Err(error) => Err(retry(error)),
        }
    }
}

/// Sends a request and reads the whole answer.
pub(crate) async fn exchange(client: &Octocrab, request: &Request) -> octocrab::Result<Answer> {
    let builder = http::Request::builder()
        .method(request.method.clone())
        .uri(&request.path)
        .header(ACCEPT, "application/vnd.github+json");
    let request = client.build_request(builder, request.body.as_ref())?;
    let response = client.execute(request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = client.body_to_string(response).await?;
    Ok(Answer {
        status,
        headers,
        body,
    })
}
