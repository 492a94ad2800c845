//! Check runs.

use crate::requests::Request;
use crate::{GitHub, path};
use http::{Method, StatusCode};
use model::{CommitSha, Fault, RepositoryRef};
use serde::Deserialize;
use serde_json::{Value, json};
use workflow::ports::github::{CheckRun, CheckRuns, CheckState};

const PAGE: usize = 100;

#[derive(Deserialize)]
struct Page {
    check_runs: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    id: u64,
    external_id: Option<String>,
    app: Option<Owner>,
}

#[derive(Deserialize)]
struct Owner {
    id: u64,
}

#[derive(Deserialize)]
struct Made {
    id: u64,
}

impl CheckRuns for GitHub {
    async fn find_check_run(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        external_id: &str,
    ) -> Result<Option<u64>, Fault> {
        let operation = format!("looking for the check run of {commit} in {}", repository.name);
        let commit = path::segment(commit.as_str());
        let mut found = None;
        for page in 1.. {
            let request = Request::get(format!(
                "/commits/{commit}/check-runs?filter=all&app_id={}&per_page={PAGE}&page={page}",
                self.app_id
            ));
            let answer = self.ask(repository, &operation, request).await?;
            if matches!(
                answer.status,
                StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY
            ) {
                return Ok(None);
            }
            let runs = answer.json::<Page>(&operation)?.check_runs;
            let last = runs.len() < PAGE;
            let ours = runs.iter().filter(|run| self.is_ours(run, external_id));
            // Of two that a race made, people see the newest.
            found = ours.map(|run| run.id).chain(found).max();
            if last {
                break;
            }
        }
        Ok(found)
    }

    async fn create_check_run(&self, repository: &RepositoryRef, check_run: &CheckRun) -> Result<u64, Fault> {
        let operation = format!(
            "making the check run of {} in {}",
            check_run.commit, repository.name
        );
        let mut body = body(check_run);
        body["head_sha"] = json!(check_run.commit);
        let request = Request::send(Method::POST, "/check-runs", body);
        let answer = self.ask(repository, &operation, request).await?;
        Ok(answer.json::<Made>(&operation)?.id)
    }

    async fn update_check_run(
        &self,
        repository: &RepositoryRef,
        id: u64,
        check_run: &CheckRun,
    ) -> Result<(), Fault> {
        let operation = format!(
            "updating the check run of {} in {}",
            check_run.commit, repository.name
        );
        let request = Request::send(Method::PATCH, format!("/check-runs/{id}"), body(check_run));
        let answer = self.ask(repository, &operation, request).await?;
        answer.json::<Made>(&operation).map(|_| ())
    }
}

impl GitHub {
    fn is_ours(&self, run: &Listed, external_id: &str) -> bool {
        run.external_id.as_deref() == Some(external_id)
            && run.app.as_ref().is_none_or(|app| app.id == self.app_id)
    }
}

fn body(check_run: &CheckRun) -> Value {
    let (status, conclusion) = match check_run.state {
        CheckState::Queued => ("queued", None),
        CheckState::InProgress => ("in_progress", None),
        CheckState::ActionRequired => ("completed", Some("action_required")),
        CheckState::Success => ("completed", Some("success")),
        CheckState::Failure => ("completed", Some("failure")),
        CheckState::Neutral => ("completed", Some("neutral")),
    };
    let mut body = json!({
        "name": check_run.name,
        "external_id": check_run.external_id,
        "status": status,
        "output": {"title": check_run.title, "summary": check_run.summary},
        // None takes away those that it had.
        "actions": check_run.actions.iter().map(|action| json!({
            "label": action.label,
            "description": action.description,
            "identifier": action.identifier,
        })).collect::<Vec<_>>(),
    });
    if let Some(conclusion) = conclusion {
        body["conclusion"] = json!(conclusion);
    }
    body
}
