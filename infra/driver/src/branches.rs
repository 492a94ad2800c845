//! Commits and branches, made through GitHub's API for Git data: what `git` does on a developer's machine.

use crate::github::text_at;
use crate::{Driver, FileChange, Patience, Trouble};
use serde_json::{Value, json};

impl Driver {
    /// The head of a branch; none where there is no such branch.
    pub fn head_of(&self, branch: &str) -> Result<Option<String>, Trouble> {
        let url = self.repo_url(&format!("git/ref/heads/{branch}"));
        let answer = self.http.send("GET", &url, &self.github_headers(), Vec::new())?;
        match answer.status {
            404 => Ok(None),
            200 => {
                let found = crate::github::read("GET", &url, &answer.body)?;
                text_at(&found, &["object", "sha"]).map(Some)
            }
            status => Err(Trouble(format!("GET {url} answered {status}: {}", answer.body))),
        }
    }

    /// Commits files to a branch, as `git push` of one commit does. Answers the commit. Where somebody else (the
    /// write-back) was quicker, it is made anew on top, as people do.
    pub fn push_to(&self, branch: &str, files: &[FileChange<'_>], message: &str) -> Result<String, Trouble> {
        Patience::seconds(20).until("the branch takes a commit", || {
            let head = self
                .head_of(branch)?
                .ok_or_else(|| Trouble(format!("there is no branch {branch}")))?;
            let commit = self.make_commit(&[&head], files, message)?;
            Ok(if self.move_branch(branch, &commit)? {
                Ok(commit)
            } else {
                Err("somebody else was quicker".to_owned())
            })
        })
    }

    /// Moves a branch on to a commit, as `git push` does; false where the commit is not on top of what is there.
    pub fn move_branch(&self, branch: &str, commit: &str) -> Result<bool, Trouble> {
        let url = self.repo_url(&format!("git/refs/heads/{branch}"));
        let moved = json!({ "sha": commit }).to_string().into_bytes();
        let answer = self.http.send("PATCH", &url, &self.github_headers(), moved)?;
        match answer.status {
            200 => Ok(true),
            422 if answer.body.contains("fast-forward") => Ok(false),
            status => Err(Trouble(format!("PATCH {url} answered {status}: {}", answer.body))),
        }
    }

    /// Makes a commit with these parents: the tree of the first, with files changed. No branch moves.
    pub fn make_commit(
        &self,
        parents: &[&str],
        files: &[FileChange<'_>],
        message: &str,
    ) -> Result<String, Trouble> {
        let entries: Vec<Value> = files
            .iter()
            .map(|file| match file.text {
                Some(text) => {
                    json!({ "path": file.path, "mode": "100644", "type": "blob", "content": text })
                }
                None => json!({ "path": file.path, "mode": "100644", "type": "blob", "sha": null }),
            })
            .collect();
        let tree = self.make_tree(parents, &entries)?;
        self.commit_of(&tree, parents, message)
    }

    /// Makes so many commits, one on top of the other, that change nothing. Answers the last.
    pub fn make_commits(&self, parent: &str, count: usize, message: &str) -> Result<String, Trouble> {
        let tree = self.tree_of(parent)?;
        (1..=count).try_fold(parent.to_owned(), |parent, number| {
            self.commit_of(&tree, &[&parent], &format!("{message} {number}"))
        })
    }

    /// Makes a branch.
    pub fn create_branch(&self, branch: &str, commit: &str) -> Result<(), Trouble> {
        let made = json!({ "ref": format!("refs/heads/{branch}"), "sha": commit });
        self.repo("POST", "git/refs", Some(&made)).map(|_answer| ())
    }

    /// Deletes a branch.
    pub fn delete_branch(&self, branch: &str) -> Result<(), Trouble> {
        let url = self.repo_url(&format!("git/refs/heads/{branch}"));
        let answer = self
            .http
            .send("DELETE", &url, &self.github_headers(), Vec::new())?;
        match answer.status {
            204 => Ok(()),
            status => Err(Trouble(format!(
                "DELETE {url} answered {status}: {}",
                answer.body
            ))),
        }
    }

    /// Moves a branch to a commit, as `git push --force` does.
    pub fn force_push(&self, branch: &str, commit: &str) -> Result<(), Trouble> {
        let moved = json!({ "sha": commit, "force": true });
        let path = format!("git/refs/heads/{branch}");
        self.repo("PATCH", &path, Some(&moved)).map(|_answer| ())
    }

    /// Merges a branch into another: a commit with both heads as its parents, and what `from` changed since they
    /// parted. Where both changed a file, that of `from` wins. Answers the commit.
    pub fn merge(&self, from: &str, into: &str, message: &str) -> Result<String, Trouble> {
        let head = |branch: &str| {
            self.head_of(branch)?
                .ok_or_else(|| Trouble(format!("there is no branch {branch}")))
        };
        let (ours, theirs) = (head(into)?, head(from)?);
        let compared = self.repo("GET", &format!("compare/{ours}...{theirs}"), None)?;
        let files = compared["files"].as_array().cloned().unwrap_or_default();
        let entries: Vec<Value> = files
            .iter()
            .map(|file| {
                let gone = file["status"] == "removed";
                let sha = if gone { Value::Null } else { file["sha"].clone() };
                json!({ "path": file["filename"], "mode": "100644", "type": "blob", "sha": sha })
            })
            .collect();
        let tree = self.make_tree(&[&ours], &entries)?;
        let commit = self.commit_of(&tree, &[&ours, &theirs], message)?;
        let moved = json!({ "sha": commit });
        self.repo("PATCH", &format!("git/refs/heads/{into}"), Some(&moved))?;
        Ok(commit)
    }

    fn tree_of(&self, commit: &str) -> Result<String, Trouble> {
        let commit = self.repo("GET", &format!("git/commits/{commit}"), None)?;
        text_at(&commit, &["tree", "sha"])
    }

    fn make_tree(&self, parents: &[&str], entries: &[Value]) -> Result<String, Trouble> {
        let mut tree = json!({ "tree": entries });
        if let Some(parent) = parents.first() {
            tree["base_tree"] = json!(self.tree_of(parent)?);
        }
        text_at(&self.repo("POST", "git/trees", Some(&tree))?, &["sha"])
    }

    fn commit_of(&self, tree: &str, parents: &[&str], message: &str) -> Result<String, Trouble> {
        let commit = json!({
            "message": message,
            "tree": tree,
            "parents": parents,
            "author": { "name": "Dana Developer", "email": "dana@example.com" },
        });
        text_at(&self.repo("POST", "git/commits", Some(&commit))?, &["sha"])
    }
}
