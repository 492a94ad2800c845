//! One request and its answer.

use crate::GitHub;
use crate::answer::Answer;
use crate::kept::Place;
use http::header::{ACCEPT, IF_NONE_MATCH};
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
        let owner = Some((repository.installation_id, repository.id.0));
        self.answer(&session.client, owner, operation, request).await
    }

    /// Asks as the App itself. Answers that any caller would have to try again are faults already.
    pub(crate) async fn ask_as_app(&self, operation: &str, request: Request) -> Result<Answer, Fault> {
        let client = self.as_app(operation).await?;
        let answer = self.answer(&client, None, operation, request).await?;
        match answer.trouble(operation, self.clock.now()) {
            Some(fault) => Err(fault),
            None => Ok(answer),
        }
    }

    /// The answer to a request: a read may be answered by what is known, where it can't have changed or GitHub says
    /// that it did not.
    async fn answer(
        &self,
        client: &Octocrab,
        owner: Option<(u64, u64)>,
        operation: &str,
        request: Request,
    ) -> Result<Answer, Fault> {
        let retry = |error: octocrab::Error| Fault::retry(operation, error);
        if request.method != Method::GET {
            // Trees and commits are nothing that anybody sees before a branch moves.
            if !request.path.ends_with("/git/trees") && !request.path.ends_with("/git/commits") {
                self.pace.sent(self.clock.now());
            }
            return exchange(client, &request).await.map_err(retry);
        }
        let place = Place {
            owner,
            path: request.path.clone(),
        };
        let known = self.kept.get(&place);
        let tag = known.as_ref().and_then(|known| known.tag.as_deref());
        if let (Some(known), None) = (&known, tag) {
            return Ok(known.answer.clone());
        }
        let answer = match exchange_unless(client, &request, tag).await {
            Ok(answer) => answer,
            // Connections die unnoticed while a function is frozen; reading again does no harm.
            Err(error) => {
                tracing::debug!(%error, operation, "trying once more");
                exchange_unless(client, &request, tag).await.map_err(retry)?
            }
        };
        if answer.status == StatusCode::NOT_MODIFIED {
            return known
                .map(|known| known.answer)
                .ok_or_else(|| answer.not_yet(operation));
        }
        self.kept.keep(place, &answer);
        Ok(answer)
    }
}

/// Sends a request and reads the whole answer.
pub(crate) async fn exchange(client: &Octocrab, request: &Request) -> octocrab::Result<Answer> {
    exchange_unless(client, request, None).await
}

/// The same, unless what GitHub would answer still has this tag: then the answer is only that.
async fn exchange_unless(
    client: &Octocrab,
    request: &Request,
    tag: Option<&str>,
) -> octocrab::Result<Answer> {
    let mut builder = http::Request::builder()
        .method(request.method.clone())
        .uri(&request.path)
        .header(ACCEPT, "application/vnd.github+json");
    if let Some(tag) = tag {
        builder = builder.header(IF_NONE_MATCH, tag);
    }
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
