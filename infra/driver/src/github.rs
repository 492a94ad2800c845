//! GitHub's API, as a developer with a token uses it.

use crate::{Driver, Patience, Trouble};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

/// A file of a commit: its path, and its text or none to delete it.
#[derive(Debug, Clone, Copy)]
pub struct FileChange<'a> {
    /// The path.
    pub path: &'a str,
    /// The text.
    pub text: Option<&'a str>,
}

/// A check run, as GitHub tells it.
#[derive(Debug, Clone, Deserialize)]
pub struct CheckRun {
    /// GitHub's id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// `queued`, `in_progress` or `completed`.
    pub status: String,
    /// `success`, `failure`, …, once completed.
    pub conclusion: Option<String>,
    /// What it says.
    pub output: CheckOutput,
}

/// What a check run says.
#[derive(Debug, Clone, Deserialize)]
pub struct CheckOutput {
    /// One line.
    pub title: Option<String>,
    /// Markdown.
    pub summary: Option<String>,
}

#[derive(Deserialize)]
struct CheckRuns {
    check_runs: Vec<CheckRun>,
}

impl Driver {
    /// Commits one file to the watched branch through the contents API, as the web page does. Answers the commit.
    pub fn push_file(&self, path: &str, text: &str, message: &str) -> Result<String, Trouble> {
        let mut body = json!({
            "message": message,
            "content": STANDARD.encode(text),
            "branch": self.stack.branch,
            "committer": { "name": "Dana Developer", "email": "dana@example.com" },
            "author": { "name": "Dana Developer", "email": "dana@example.com" },
        });
        if let Some(sha) = self.blob_sha(path)? {
            body["sha"] = json!(sha);
        }
        let answer = self.repo("PUT", &format!("contents/{}", encoded(path)), Some(&body))?;
        text_at(&answer, &["commit", "sha"])
    }

    /// Commits several files at once to the watched branch, as `git push` of one commit does. Answers the commit.
    pub fn push_files(&self, files: &[FileChange<'_>], message: &str) -> Result<String, Trouble> {
        self.push_to(&self.stack.branch, files, message)
    }

    /// The head of the watched branch.
    pub fn head(&self) -> Result<String, Trouble> {
        let answer = self.repo("GET", &format!("git/ref/heads/{}", self.stack.branch), None)?;
        text_at(&answer, &["object", "sha"])
    }

    /// The text of a file at the head of the watched branch.
    pub fn file(&self, path: &str) -> Result<Option<String>, Trouble> {
        self.file_at(&self.stack.branch, path)
    }

    /// The text of a file at the head of a branch.
    pub fn file_at(&self, branch: &str, path: &str) -> Result<Option<String>, Trouble> {
        let Some(found) = self.contents(branch, path)? else {
            return Ok(None);
        };
        let content: String = text_at(&found, &["content"])?
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        let bytes = STANDARD
            .decode(content)
            .map_err(|error| Trouble(format!("{path}: GitHub's content is not base64: {error}")))?;
        String::from_utf8(bytes)
            .map(Some)
            .map_err(|error| Trouble(format!("{path} is not UTF-8: {error}")))
    }

    /// A commit of the repository, as GitHub tells it.
    pub fn commit(&self, sha: &str) -> Result<Value, Trouble> {
        self.repo("GET", &format!("commits/{sha}"), None)
    }

    /// How many commits the watched branch has.
    pub fn count_commits(&self) -> Result<usize, Trouble> {
        let path = format!("commits?sha={}&per_page=100", self.stack.branch);
        let commits = self.repo("GET", &path, None)?;
        Ok(commits.as_array().map_or(0, Vec::len))
    }

    /// The messages of a branch's last hundred commits, newest first.
    pub fn messages(&self, branch: &str) -> Result<Vec<String>, Trouble> {
        let commits = self.repo("GET", &format!("commits?sha={branch}&per_page=100"), None)?;
        let commits = commits.as_array().cloned().unwrap_or_default();
        Ok(commits
            .iter()
            .filter_map(|commit| commit["commit"]["message"].as_str().map(ToOwned::to_owned))
            .collect())
    }

    /// The check runs of a commit.
    pub fn check_runs(&self, commit: &str) -> Result<Vec<CheckRun>, Trouble> {
        let answer = self.repo("GET", &format!("commits/{commit}/check-runs"), None)?;
        let runs: CheckRuns = serde_json::from_value(answer)
            .map_err(|error| Trouble(format!("check runs of {commit}: {error}")))?;
        Ok(runs.check_runs)
    }

    /// The commit's one check run, once it has this conclusion.
    pub fn check_once(
        &self,
        commit: &str,
        conclusion: &str,
        patience: Patience,
    ) -> Result<CheckRun, Trouble> {
        patience.until(
            &format!("the check run of {commit} concludes with {conclusion}"),
            || {
                let runs = self.check_runs(commit)?;
                Ok(match runs.as_slice() {
                    [run] if run.conclusion.as_deref() == Some(conclusion) => Ok(run.clone()),
                    [run] => Err(format!(
                        "{} {:?} {:?}",
                        run.status, run.conclusion, run.output.title
                    )),
                    runs => Err(format!("{} check runs", runs.len())),
                })
            },
        )
    }

    /// The file, once it is there and `right` likes it.
    pub fn file_once(
        &self,
        path: &str,
        right: impl Fn(&str) -> bool,
        patience: Patience,
    ) -> Result<String, Trouble> {
        patience.until(&format!("{path} is written back"), || {
            Ok(match self.file(path)? {
                Some(text) if right(&text) => Ok(text),
                Some(text) => Err(format!("it holds:\n{text}")),
                None => Err("it is not there".to_owned()),
            })
        })
    }

    fn blob_sha(&self, path: &str) -> Result<Option<String>, Trouble> {
        self.contents(&self.stack.branch, path)?
            .map(|found| text_at(&found, &["sha"]))
            .transpose()
    }

    fn contents(&self, branch: &str, path: &str) -> Result<Option<Value>, Trouble> {
        let path = format!("contents/{}?ref={branch}", encoded(path));
        let url = self.repo_url(&path);
        let answer = self.http.send("GET", &url, &self.github_headers(), Vec::new())?;
        match answer.status {
            404 => Ok(None),
            200 => read("GET", &url, &answer.body).map(Some),
            status => Err(Trouble(format!("GET {url} answered {status}: {}", answer.body))),
        }
    }

    pub(crate) fn repo(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Trouble> {
        let url = self.repo_url(path);
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let answer = self.http.send(method, &url, &self.github_headers(), body)?;
        if !(200..300).contains(&answer.status) {
            return Err(Trouble(format!(
                "{method} {url} answered {}: {}",
                answer.status, answer.body
            )));
        }
        read(method, &url, &answer.body)
    }

    pub(crate) fn repo_url(&self, path: &str) -> String {
        format!(
            "{}/repos/{}/{path}",
            self.stack.github_api_url, self.stack.repository
        )
    }

    pub(crate) fn github_headers(&self) -> [(&str, &str); 3] {
        [
            ("authorization", self.authorization.as_str()),
            ("accept", "application/vnd.github+json"),
            ("user-agent", "sluice-demo"),
        ]
    }
}

pub(crate) fn read(method: &str, url: &str, body: &str) -> Result<Value, Trouble> {
    serde_json::from_str(body).map_err(|error| Trouble(format!("{method} {url} answered no JSON: {error}")))
}

pub(crate) fn text_at(value: &Value, path: &[&str]) -> Result<String, Trouble> {
    path.iter()
        .try_fold(value, |value, key| value.get(key))
        .and_then(Value::as_str)
        .map(ToOwned::to_owned)
        .ok_or_else(|| Trouble(format!("GitHub's answer has no {}", path.join("."))))
}

/// A path for a URL: every byte but the plain ones and `/` is escaped. File names hold `#`.
pub(crate) fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
