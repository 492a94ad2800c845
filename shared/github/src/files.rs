//! Writing one file: by the blob that we saw, never by force.

use crate::answer::Answer;
use crate::contents::Content;
use crate::requests::Request;
use crate::{GitHub, path};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use model::{CommitSha, Fault, RepositoryRef};
use serde::Deserialize;
use serde_json::json;
use workflow::ports::github::{FileWrite, FileWritten, Files};

#[derive(Deserialize)]
struct Put {
    commit: Made,
}

#[derive(Deserialize)]
struct Made {
    sha: String,
}

/// What an answer to a write means.
enum Verdict {
    Committed(CommitSha),
    /// Somebody else wrote in between, or GitHub finds the request wrong.
    Conflict(Answer),
    Refused(String),
}

impl Files for GitHub {
    async fn write_file(&self, repository: &RepositoryRef, file: &FileWrite) -> Result<FileWritten, Fault> {
        if !path::is_plain(&file.path) {
            return Ok(FileWritten::Refused(format!(
                "`{}` is no path in a repository",
                file.path
            )));
        }
        let operation = format!("writing {} to {} in {}", file.path, file.branch, repository.name);
        let seen = self.content(repository, &operation, file).await?;
        let answer = match self.write_over(repository, &operation, file, &seen).await? {
            Written::Settled(written) => return Ok(written),
            Written::Conflict(_) => {
                let again = self.content(repository, &operation, file).await?;
                let unmoved = again == seen;
                match self.write_over(repository, &operation, file, &again).await? {
                    Written::Settled(written) => return Ok(written),
                    // The same complaint twice about the same blob is no race.
                    Written::Conflict(answer)
                        if unmoved && answer.status == StatusCode::UNPROCESSABLE_ENTITY =>
                    {
                        return Ok(FileWritten::Refused(answer.message()));
                    }
                    Written::Conflict(answer) => answer,
                }
            }
        };
        Err(answer.not_yet(&operation))
    }
}

/// How one try ended.
enum Written {
    Settled(FileWritten),
    Conflict(Answer),
}

impl GitHub {
    /// Writes over what was seen.
    async fn write_over(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        file: &FileWrite,
        seen: &Content,
    ) -> Result<Written, Fault> {
        if *seen == Content::Other {
            let reason = format!(
                "`{}` is a directory, a symlink or a submodule on {}",
                file.path, file.branch
            );
            return Ok(Written::Settled(FileWritten::Refused(reason)));
        }
        if seen.is(&file.text) {
            return Ok(Written::Settled(FileWritten::Unchanged));
        }
        match self.put(repository, operation, file, seen).await {
            Ok(Verdict::Committed(commit)) => Ok(Written::Settled(FileWritten::Committed(commit))),
            Ok(Verdict::Refused(reason)) => Ok(Written::Settled(FileWritten::Refused(reason))),
            Ok(Verdict::Conflict(answer)) => Ok(Written::Conflict(answer)),
            Err(fault @ Fault::Retry { .. }) => {
                // Nobody knows whether it was written: what is there now decides.
                match self.content(repository, operation, file).await {
                    Ok(now) if now.is(&file.text) => Ok(Written::Settled(FileWritten::Unchanged)),
                    Ok(_) | Err(_) => Err(fault),
                }
            }
            Err(fault @ (Fault::Operator { .. } | Fault::Bug(_))) => Err(fault),
        }
    }

    async fn put(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        file: &FileWrite,
        seen: &Content,
    ) -> Result<Verdict, Fault> {
        let mut body = json!({
            "message": file.message,
            "content": STANDARD.encode(&file.text),
            "branch": file.branch,
        });
        if let Some(blob) = seen.blob() {
            body["sha"] = json!(blob);
        }
        let request = Request::send(
            Method::PUT,
            format!("/contents/{}", path::segments(&file.path)),
            body,
        );
        let answer = self.ask(repository, operation, request).await?;
        match answer.status {
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY if is_protected(&answer.message()) => {
                Ok(Verdict::Refused(answer.message()))
            }
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => Ok(Verdict::Conflict(answer)),
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Ok(Verdict::Refused(format!(
                "{} (is there still a branch `{}`, and may the GitHub App write to it?)",
                answer.message(),
                file.branch
            ))),
            _ => {
                let put: Put = answer.json(operation)?;
                Ok(Verdict::Committed(CommitSha::new(put.commit.sha)))
            }
        }
    }
}

/// Whether GitHub's words are about rules of the branch rather than about a race.
fn is_protected(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "protected branch",
        "rule violation",
        "pull request",
        "status check",
        "signed commit",
        "verified signature",
    ]
    .iter()
    .any(|words| message.contains(words))
}
