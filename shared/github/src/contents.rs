//! What a branch has at a path.

use crate::repositories::decode;
use crate::requests::Request;
use crate::{GitHub, path};
use http::StatusCode;
use model::{BlobSha, Fault, RepositoryRef};
use serde::Deserialize;
use workflow::ports::github::{FileWrite, Repositories as _};

/// What a branch has at a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing, or there is no such branch.
    Absent,
    /// A file.
    File {
        /// Its blob.
        blob: BlobSha,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// A directory, a symlink or a submodule.
    Other,
}

impl Content {
    /// Whether this is a file with exactly this text.
    pub(crate) fn is(&self, text: &str) -> bool {
        match self {
            Self::File { bytes, .. } => bytes == text.as_bytes(),
            Self::Absent | Self::Other => false,
        }
    }

    pub(crate) fn blob(&self) -> Option<&BlobSha> {
        match self {
            Self::File { blob, .. } => Some(blob),
            Self::Absent | Self::Other => None,
        }
    }
}

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

impl GitHub {
    pub(crate) async fn content(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        file: &FileWrite,
    ) -> Result<Content, Fault> {
        let request = Request::get(format!(
            "/contents/{}?ref={}",
            path::segments(&file.path),
            path::segment(&format!("refs/heads/{}", file.branch)),
        ));
        let answer = self.ask(repository, operation, request).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(Content::Absent);
        }
        // A directory is answered as a list.
        if answer.status.is_success() && answer.body.trim_start().starts_with('[') {
            return Ok(Content::Other);
        }
        let one: One = answer.json(operation)?;
        if one.kind != "file" {
            return Ok(Content::Other);
        }
        let blob = BlobSha::new(one.sha);
        let bytes = if one.encoding == "base64" {
            decode(operation, &one.encoding, &one.content)?
        } else {
            // Over 1 MiB the content is left out.
            self.blob(repository, &blob).await?
        };
        Ok(Content::File { blob, bytes })
    }
}
