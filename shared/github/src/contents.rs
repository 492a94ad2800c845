//! What a commit has at a path.

use crate::repositories::decode;
use crate::requests::Request;
use crate::{GitHub, path};
use http::StatusCode;
use model::{BlobSha, CommitSha, Fault, RepositoryRef};
use serde::Deserialize;
use workflow::ports::commits::Content;
use workflow::ports::github::Repositories as _;

#[derive(Deserialize)]
struct One {
    #[serde(rename = "type")]
    kind: String,
    sha: String,
    #[serde(default)]
    encoding: String,
    #[serde(default)]
    content: String,
}

/// An answer of the contents API.
enum Listed {
    Nothing,
    Directory,
    One(One),
}

impl GitHub {
    pub(crate) async fn content_at(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        commit: &CommitSha,
        path: &str,
    ) -> Result<Content, Fault> {
        if !path::is_plain(path) {
            return Ok(Content::Other);
        }
        match self.listed(repository, operation, commit, path).await? {
            Listed::One(one) if one.kind == "file" => {
                let bytes = if one.encoding == "base64" {
                    decode(operation, &one.encoding, &one.content)?
                } else {
                    // Over 1 MiB the content is left out.
                    self.blob(repository, &BlobSha::new(one.sha)).await?
                };
                Ok(Content::File(bytes))
            }
            Listed::Directory | Listed::One(_) => Ok(Content::Other),
            Listed::Nothing => self.room_for(repository, operation, commit, path).await,
        }
    }

    /// Whether a file can be made where none is: above it is a directory, or nothing. Making a tree would replace
    /// whatever else is there.
    async fn room_for(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        commit: &CommitSha,
        path: &str,
    ) -> Result<Content, Fault> {
        let mut above = path;
        while let Some((directory, _)) = above.rsplit_once('/') {
            above = directory;
            match self.listed(repository, operation, commit, above).await? {
                Listed::Directory => return Ok(Content::Nothing),
                Listed::One(_) => return Ok(Content::Other),
                Listed::Nothing => {}
            }
        }
        Ok(Content::Nothing)
    }

    async fn listed(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        commit: &CommitSha,
        path: &str,
    ) -> Result<Listed, Fault> {
        let request = Request::get(format!(
            "/contents/{}?ref={}",
            path::segments(path),
            path::segment(commit.as_str()),
        ));
        let answer = self.ask(repository, operation, request).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(Listed::Nothing);
        }
        // A directory is answered as a list.
        if answer.status.is_success() && answer.body.trim_start().starts_with('[') {
            return Ok(Listed::Directory);
        }
        answer.json(operation).map(Listed::One)
    }
}
