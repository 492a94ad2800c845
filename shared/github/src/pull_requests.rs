//! Pull requests: read, annotated, commented on.

use crate::requests::Request;
use crate::{GitHub, path};
use http::{Method, StatusCode};
use model::{CommitSha, Fault, PullRequestNumber, Pusher, RepositoryId, RepositoryRef};
use serde::Deserialize;
use serde_json::json;
use workflow::ports::github::{
    Annotation, AnnotationLevel, Annotations, CheckRun, Comments, PullRequestInfo, PullRequests,
};

/// How many notes GitHub takes at once.
const NOTES: usize = 50;
/// How many comments it lists at once.
const PAGE: usize = 100;

#[derive(Deserialize)]
struct Pull {
    state: String,
    #[serde(default)]
    merged: bool,
    #[serde(default)]
    draft: bool,
    base: Base,
    head: Head,
    user: Option<User>,
}

#[derive(Deserialize)]
struct Base {
    #[serde(rename = "ref")]
    branch: String,
}

#[derive(Deserialize)]
struct Head {
    sha: String,
    repo: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    id: u64,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
}

#[derive(Deserialize)]
struct Comparison {
    merge_base_commit: Option<Commit>,
}

#[derive(Deserialize)]
struct Commit {
    sha: String,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    #[serde(default)]
    body: Option<String>,
    performed_via_github_app: Option<Via>,
    user: Option<Author>,
}

#[derive(Deserialize)]
struct Author {
    #[serde(rename = "type", default)]
    kind: String,
}

#[derive(Deserialize)]
struct Via {
    id: u64,
}

#[derive(Deserialize)]
struct Made {
    id: u64,
}

impl PullRequests for GitHub {
    async fn pull_request(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
    ) -> Result<Option<PullRequestInfo>, Fault> {
        let operation = format!("reading pull request {number} of {}", repository.name);
        let request = Request::get(format!("/pulls/{number}"));
        let answer = self.ask(repository, &operation, request).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let pull: Pull = answer.json(&operation)?;
        // Whoever deleted their account is GitHub's "ghost".
        let author = pull.user.unwrap_or_else(|| User {
            id: 0,
            login: "ghost".to_owned(),
        });
        Ok(Some(PullRequestInfo {
            open: pull.state == "open",
            merged: pull.merged,
            draft: pull.draft,
            base: pull.base.branch,
            head: CommitSha::new(pull.head.sha),
            head_repository: pull.head.repo.map(|repository| RepositoryId(repository.id)),
            author: Pusher {
                id: author.id,
                login: author.login,
            },
        }))
    }

    async fn merge_base(
        &self,
        repository: &RepositoryRef,
        base: &CommitSha,
        head: &CommitSha,
    ) -> Result<Option<CommitSha>, Fault> {
        let operation = format!("comparing {base} with {head} in {}", repository.name);
        let (base, head) = (path::segment(base.as_str()), path::segment(head.as_str()));
        let request = Request::get(format!("/compare/{base}...{head}?per_page=1"));
        let answer = self.ask(repository, &operation, request).await?;
        // Two that have nothing in common are not found either.
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let comparison: Comparison = answer.json(&operation)?;
        Ok(comparison
            .merge_base_commit
            .map(|commit| CommitSha::new(commit.sha)))
    }
}

impl Annotations for GitHub {
    async fn annotate(
        &self,
        repository: &RepositoryRef,
        id: u64,
        check_run: &CheckRun,
        annotations: &[Annotation],
    ) -> Result<(), Fault> {
        let operation = format!(
            "annotating the check run of {} in {}",
            check_run.commit, repository.name
        );
        for some in annotations.chunks(NOTES) {
            let notes: Vec<_> = some
                .iter()
                .map(|note| {
                    json!({
                        "path": note.path,
                        "start_line": note.line,
                        "end_line": note.line,
                        "annotation_level": level(note.level),
                        "title": note.title,
                        "message": note.message,
                    })
                })
                .collect();
            // The output is replaced as a whole, but for the notes, which are added.
            let body = json!({"output": {
                "title": check_run.title,
                "summary": check_run.summary,
                "annotations": notes,
            }});
            let request = Request::send(Method::PATCH, format!("/check-runs/{id}"), body);
            let answer = self.ask(repository, &operation, request).await?;
            answer.json::<Made>(&operation)?;
        }
        Ok(())
    }
}

impl Comments for GitHub {
    async fn find_comment(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
        marker: &str,
    ) -> Result<Option<u64>, Fault> {
        let operation = format!(
            "looking for the comment on pull request {number} of {}",
            repository.name
        );
        for page in 1.. {
            let request = Request::get(format!("/issues/{number}/comments?per_page={PAGE}&page={page}"));
            let answer = self.ask(repository, &operation, request).await?;
            let comments: Vec<Comment> = answer.json(&operation)?;
            let last = comments.len() < PAGE;
            if let Some(ours) = comments.iter().find(|comment| self.is_marked(comment, marker)) {
                return Ok(Some(ours.id));
            }
            if last {
                break;
            }
        }
        Ok(None)
    }

    async fn create_comment(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
        body: &str,
    ) -> Result<u64, Fault> {
        let operation = format!("commenting on pull request {number} of {}", repository.name);
        let route = format!("/issues/{number}/comments");
        let request = Request::send(Method::POST, route, json!({"body": body}));
        let answer = self.ask(repository, &operation, request).await?;
        Ok(answer.json::<Made>(&operation)?.id)
    }

    async fn update_comment(&self, repository: &RepositoryRef, id: u64, body: &str) -> Result<bool, Fault> {
        let operation = format!("editing the comment {id} in {}", repository.name);
        let request = Request::send(
            Method::PATCH,
            format!("/issues/comments/{id}"),
            json!({"body": body}),
        );
        let answer = self.ask(repository, &operation, request).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(false);
        }
        answer.json::<Made>(&operation)?;
        Ok(true)
    }
}

impl GitHub {
    /// Whether a comment is ours: anybody may write the marker, but only our App's is edited. Where it is not said
    /// through which App it came, a bot's will do: people's never.
    fn is_marked(&self, comment: &Comment, marker: &str) -> bool {
        let by_a_bot = comment.user.as_ref().is_some_and(|user| user.kind == "Bot");
        let ours = match &comment.performed_via_github_app {
            Some(app) => app.id == self.app_id,
            None => by_a_bot,
        };
        ours && comment.body.as_deref().is_some_and(|body| body.contains(marker))
    }
}

fn level(level: AnnotationLevel) -> &'static str {
    match level {
        AnnotationLevel::Notice => "notice",
        AnnotationLevel::Warning => "warning",
        AnnotationLevel::Failure => "failure",
    }
}
