//! Trees: every file below a directory, however many there are.

use crate::requests::Request;
use crate::{GitHub, path};
use http::StatusCode;
use model::{BlobSha, CommitSha, Fault, RepositoryRef};
use serde::Deserialize;
use workflow::ports::github::TreeEntry;

#[derive(Deserialize)]
struct Tree {
    tree: Vec<Entry>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    sha: String,
    size: Option<u64>,
}

impl Entry {
    fn is_directory(&self) -> bool {
        self.kind == "tree"
    }

    /// The entry below the directory that was listed. Submodules stay: they get an answer of their own.
    fn below(self, prefix: &str) -> TreeEntry {
        TreeEntry {
            path: format!("{prefix}{}", self.path),
            mode: self.mode,
            blob: BlobSha::new(self.sha),
            size: self.size,
        }
    }
}

impl GitHub {
    pub(crate) async fn files_below(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        directory: &str,
    ) -> Result<Vec<TreeEntry>, Fault> {
        let operation = format!("listing the files of {commit} in {}", repository.name);
        let (mut tree, mut prefix) = (commit.as_str().to_owned(), String::new());
        for segment in directory.split('/').filter(|segment| !segment.is_empty()) {
            let listing = self.listing(repository, &operation, &tree, false).await?;
            let mut entries = listing.tree.into_iter();
            match entries.find(|entry| entry.path == segment && entry.is_directory()) {
                Some(entry) => tree = entry.sha,
                None if listing.truncated => return Err(too_many(&operation, &prefix)),
                None => return Ok(Vec::new()),
            }
            prefix.push_str(segment);
            prefix.push('/');
        }
        self.walk(repository, &operation, prefix, tree).await
    }

    /// Lists whole sub-trees at once, and where GitHub can't, their directories one by one.
    async fn walk(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        prefix: String,
        tree: String,
    ) -> Result<Vec<TreeEntry>, Fault> {
        let mut files = Vec::new();
        let mut todo = vec![(prefix, tree)];
        while let Some((prefix, tree)) = todo.pop() {
            let mut listing = self.listing(repository, operation, &tree, true).await?;
            if listing.truncated {
                listing = self.listing(repository, operation, &tree, false).await?;
                if listing.truncated {
                    return Err(too_many(operation, &prefix));
                }
                let directories = listing.tree.iter().filter(|entry| entry.is_directory());
                todo.extend(directories.map(|entry| (format!("{prefix}{}/", entry.path), entry.sha.clone())));
            }
            let entries = listing.tree.into_iter().filter(|entry| !entry.is_directory());
            files.extend(entries.map(|entry| entry.below(&prefix)));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    async fn listing(
        &self,
        repository: &RepositoryRef,
        operation: &str,
        tree: &str,
        recursive: bool,
    ) -> Result<Tree, Fault> {
        // Any value of the parameter, even `0`, means "recursive".
        let query = if recursive { "?recursive=1" } else { "" };
        let request = Request::get(format!("/git/trees/{}{query}", path::segment(tree)));
        let answer = self.ask(repository, operation, request).await?;
        if answer.status == StatusCode::NOT_FOUND {
            // A push is told of before every server of GitHub's knows its commits.
            return Err(answer.not_yet(operation));
        }
        answer.json(operation)
    }
}

fn too_many(operation: &str, prefix: &str) -> Fault {
    Fault::operator(
        operation,
        "spread the files over more directories, or choose a narrower base directory",
        format!("the directory `{prefix}` has more entries than GitHub lists"),
    )
}
