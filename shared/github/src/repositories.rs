//! Branches, blobs and commits.

use crate::requests::Request;
use crate::{GitHub, path};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use model::{BlobSha, CommitSha, Fault, RepositoryRef};
use serde::Deserialize;
use workflow::ports::github::{CommitInfo, Repositories, TreeEntry};

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "ref")]
    name: String,
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    sha: String,
}

#[derive(Deserialize)]
struct Blob {
    content: String,
    encoding: String,
}

#[derive(Deserialize)]
struct Commit {
    message: String,
    author: Author,
    #[serde(default)]
    html_url: String,
}

#[derive(Deserialize)]
struct Author {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

impl Repositories for GitHub {
    async fn head(&self, repository: &RepositoryRef, branch: &str) -> Result<Option<CommitSha>, Fault> {
        let operation = format!("reading the head of {branch} in {}", repository.name);
        let request = Request::get(format!("/git/ref/heads/{}", path::segments(branch)));
        let answer = self.ask(repository, &operation, request).await?;
        // 409 is an empty repository.
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::CONFLICT) {
            return Ok(None);
        }
        let reference: Reference = answer.json(&operation)?;
        let found = reference.name == format!("refs/heads/{branch}");
        Ok(found.then(|| CommitSha::new(reference.object.sha)))
    }

    async fn branches(
        &self,
        repository: &RepositoryRef,
        prefix: &str,
    ) -> Result<Vec<(String, CommitSha)>, Fault> {
        let operation = format!("listing the branches `{prefix}…` in {}", repository.name);
        // GitHub matches how a name begins, wherever that ends; a slash at the end of a path may be dropped.
        let beginning = format!("heads/{prefix}");
        let path = format!(
            "/git/matching-refs/{}",
            path::segments(beginning.trim_end_matches('/'))
        );
        let mut found = Vec::new();
        let mut next = Some(Request::get(path.clone()));
        while let Some(request) = next {
            let answer = self.ask(repository, &operation, request).await?;
            if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::CONFLICT) {
                break;
            }
            next = answer
                .next_query()
                .map(|query| Request::get(format!("{path}?{query}")));
            for reference in answer.json::<Vec<Reference>>(&operation)? {
                if let Some(branch) = reference.name.strip_prefix("refs/heads/")
                    && branch.starts_with(prefix)
                {
                    found.push((branch.to_owned(), CommitSha::new(reference.object.sha)));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    async fn tree(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        directory: &str,
    ) -> Result<Vec<TreeEntry>, Fault> {
        self.files_below(repository, commit, directory).await
    }

    async fn blob(&self, repository: &RepositoryRef, blob: &BlobSha) -> Result<Vec<u8>, Fault> {
        let operation = format!("reading the blob {blob} in {}", repository.name);
        let request = Request::get(format!("/git/blobs/{}", path::segment(blob.as_str())));
        let answer = self.ask(repository, &operation, request).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Err(answer.not_yet(&operation));
        }
        let blob: Blob = answer.json(&operation)?;
        decode(&operation, &blob.encoding, &blob.content)
    }

    async fn commit(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
    ) -> Result<Option<CommitInfo>, Fault> {
        let operation = format!("reading the commit {commit} in {}", repository.name);
        let request = Request::get(format!("/git/commits/{}", path::segment(commit.as_str())));
        let answer = self.ask(repository, &operation, request).await?;
        if matches!(
            answer.status,
            StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
        ) {
            return Ok(None);
        }
        let commit: Commit = answer.json(&operation)?;
        Ok(Some(CommitInfo {
            title: commit.message.lines().next().unwrap_or_default().to_owned(),
            message: commit.message,
            author_name: commit.author.name,
            author_email: commit.author.email,
            url: commit.html_url,
        }))
    }
}

/// The bytes of a content that GitHub sent inside JSON.
pub(crate) fn decode(operation: &str, encoding: &str, content: &str) -> Result<Vec<u8>, Fault> {
    match encoding {
        "utf-8" => Ok(content.as_bytes().to_vec()),
        "base64" => {
            // GitHub breaks the lines.
            let digits: Vec<u8> = content
                .bytes()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect();
            STANDARD
                .decode(digits)
                .map_err(|error| Fault::retry(operation, error))
        }
        other => Err(Fault::retry(operation, format!("unknown encoding `{other}`"))),
    }
}
