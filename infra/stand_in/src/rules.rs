//! Branch rules: who may write to a protected branch, and GitHub's words for who may not.

use crate::message::{Answer, Asked};
use crate::route::{in_repository, unescaped};
use hyper::{Method, StatusCode};
use std::collections::BTreeSet;

/// The branches that the App may not write to, as `owner/name` and branch.
#[derive(Debug, Default)]
pub(crate) struct Rules(BTreeSet<(String, String)>);

impl Rules {
    pub(crate) fn protect(&mut self, repository: &str, branch: &str, on: bool) {
        let rule = (repository.to_owned(), branch.to_owned());
        if on {
            self.0.insert(rule);
        } else {
            self.0.remove(&rule);
        }
    }

    /// GitHub's refusal, where a request of the App writes to a protected branch.
    pub(crate) fn refusal(&self, asked: &Asked) -> Option<Answer> {
        let (repository, rest) = in_repository(&asked.path)?;
        let is_write = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&asked.method);
        if !is_write {
            return None;
        }
        if rest.starts_with("contents/") {
            let branch = asked.json()["branch"].as_str().unwrap_or("main").to_owned();
            return self.0.contains(&(repository, branch.clone())).then(|| {
                Answer::refused(
                    StatusCode::CONFLICT,
                    &format!(
                        "Repository rule violations found\n\nChanges must be made through a pull request.\n\n\
                         Could not update refs/heads/{branch}"
                    ),
                )
            });
        }
        let branch = unescaped(rest.strip_prefix("git/refs/heads/")?);
        self.0.contains(&(repository, branch)).then(|| {
            let words = if asked.method == Method::DELETE {
                "Cannot delete this branch"
            } else {
                "Cannot update this protected branch"
            };
            Answer::refused(StatusCode::UNPROCESSABLE_ENTITY, words)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Rules;
    use crate::message::Asked;
    use hyper::{HeaderMap, Method, StatusCode};

    fn asked(method: Method, path: &str, body: &str) -> Asked {
        Asked {
            method,
            path: path.to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: bytes::Bytes::from(body.to_owned()),
        }
    }

    #[test]
    fn a_protected_branch_takes_neither_contents_nor_refs() {
        let mut rules = Rules::default();
        rules.protect("o/r", "main", true);
        let put = asked(Method::PUT, "/repos/o/r/contents/a", "{\"branch\":\"main\"}");
        assert_eq!(
            rules.refusal(&put).map(|answer| answer.status),
            Some(StatusCode::CONFLICT)
        );
        let patch = asked(Method::PATCH, "/repos/o/r/git/refs/heads/main", "{}");
        assert_eq!(
            rules.refusal(&patch).map(|answer| answer.status),
            Some(StatusCode::UNPROCESSABLE_ENTITY)
        );
        let other = asked(Method::PUT, "/repos/o/r/contents/a", "{\"branch\":\"other\"}");
        assert!(rules.refusal(&other).is_none());
        rules.protect("o/r", "main", false);
        assert!(rules.refusal(&put).is_none());
    }
}
