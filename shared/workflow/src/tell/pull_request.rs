//! Telling of a pull request: one check run on its head, and one comment that is edited in place.

use super::{Teller, state};
use crate::ports::clock::Clock;
use crate::ports::github::{Annotation, AnnotationLevel, Annotations, CheckRun, CheckRuns, Comments};
use crate::ports::ledger::{
    PullRequestLedger, RehearsalLedger, Shown, ShownCheckRun, ShownComment, TextLedger,
};
use model::{
    ApprovalNeed, Blocking, Checksum, Fault, FileReview, NeededStep, ProjectId, PullRequest,
    PullRequestNumber, PullRequestView, Rehearsal, RehearsalKey, RehearsalOutcome, RehearsalView, Risk,
    Target, Weight,
};
use report::{PullRequestNote, PullRequestText};
use settings::{Environment, Settings};
use std::collections::BTreeSet;

/// The name of the check run.
const CHECK_NAME: &str = "Sluice review";

impl<L, G, E, C> Teller<'_, L, G, E, C>
where
    L: TextLedger + PullRequestLedger + RehearsalLedger,
    G: CheckRuns + Annotations + Comments,
    C: Clock,
{
    pub(super) async fn pull_request(
        &self,
        settings: &Settings,
        project: &ProjectId,
        number: PullRequestNumber,
    ) -> Result<(), Fault> {
        let Some(pull) = self.ledger.pull_request(project, number).await? else {
            // A rehearsal was answered before its review was stored; the review brings an errand of its own.
            return Ok(());
        };
        let mut shown = self.ledger.shown(project, number).await?;
        let view = self.pull_request_view(settings, pull).await?;
        let name = check_name(settings, &view.pull);
        let text = report::pull_request(&view, &name, self.clock.now());
        let before = shown.clone();
        shown.check_run = Some(self.show_check_run(&view.pull, name, &text, &before).await?);
        if shown != before {
            self.ledger.keep_shown(project, number, &shown).await?;
        }
        if let Some(comment) = self.show_comment(&view.pull, &text, &shown).await? {
            shown.comment = Some(comment);
            self.ledger.keep_shown(project, number, &shown).await?;
        }
        Ok(())
    }

    async fn pull_request_view(
        &self,
        settings: &Settings,
        pull: PullRequest,
    ) -> Result<PullRequestView, Fault> {
        let keys: Vec<RehearsalKey> = pull
            .targets
            .iter()
            .map(|target| RehearsalKey {
                target: target.clone(),
                project: pull.project.clone(),
                number: pull.number,
            })
            .collect();
        let mut rehearsals = Vec::new();
        for rehearsal in self.ledger.rehearsals(&keys).await? {
            let diff = self.foreseen_diff(&rehearsal).await?;
            rehearsals.push(RehearsalView { rehearsal, diff });
        }
        let targets = targets_of(&pull);
        Ok(PullRequestView {
            environments: targets
                .iter()
                .filter_map(|target| {
                    let database = settings.database(target)?;
                    Some((target.clone(), database.environment.clone()))
                })
                .collect(),
            approvals: approvals(settings, &pull, &targets, &rehearsals),
            pull,
            rehearsals,
        })
    }

    async fn foreseen_diff(&self, rehearsal: &Rehearsal) -> Result<Option<String>, Fault> {
        let RehearsalOutcome::Runs(rehearsed) = &rehearsal.outcome else {
            return Ok(None);
        };
        let before = self.ledger.text(&rehearsed.before).await?;
        let after = self.ledger.text(&rehearsed.after).await?;
        Ok(before
            .zip(after)
            .map(|(before, after)| report::schema_diff(&before, &after)))
    }

    async fn show_check_run(
        &self,
        pull: &PullRequest,
        name: String,
        text: &PullRequestText,
        shown: &Shown,
    ) -> Result<ShownCheckRun, Fault> {
        let check_run = CheckRun {
            external_id: format!("sluice-review:{}:{}:{}", pull.project, pull.number, pull.head),
            name,
            commit: pull.head.clone(),
            state: state(text.state),
            title: text.title.clone(),
            summary: text.summary.clone(),
            actions: Vec::new(),
        };
        let says = Checksum::of(
            format!(
                "{:?}\n{}\n{}",
                check_run.state, check_run.title, check_run.summary
            )
            .as_bytes(),
        );
        let there = shown.check_run.as_ref().filter(|there| there.commit == pull.head);
        let mut now = match there {
            // Notes can only be added: where others are to be seen now, another check run takes its place.
            Some(there) if begins_with(&text.notes, there) => {
                if there.text.as_ref() != Some(&says) {
                    self.github
                        .update_check_run(&pull.repository, there.id, &check_run)
                        .await?;
                }
                there.clone()
            }
            Some(_) => self.new_check_run(pull, &check_run).await?,
            None => {
                // It may have been made by somebody who died before noting it.
                let found = self
                    .github
                    .find_check_run(&pull.repository, &pull.head, &check_run.external_id)
                    .await?;
                match found {
                    Some(id) => {
                        self.github
                            .update_check_run(&pull.repository, id, &check_run)
                            .await?;
                        unannotated(pull, id)
                    }
                    None => self.new_check_run(pull, &check_run).await?,
                }
            }
        };
        now.text = Some(says);
        let more = text.notes.get(as_index(now.annotated)..).unwrap_or_default();
        if !more.is_empty() {
            let more: Vec<Annotation> = more.iter().map(annotation).collect();
            self.github
                .annotate(&pull.repository, now.id, &check_run, &more)
                .await?;
        }
        now.annotated = u32::try_from(text.notes.len()).unwrap_or(u32::MAX);
        now.annotations = Some(of_notes(&text.notes));
        Ok(now)
    }

    async fn new_check_run(&self, pull: &PullRequest, check_run: &CheckRun) -> Result<ShownCheckRun, Fault> {
        let id = self.github.create_check_run(&pull.repository, check_run).await?;
        Ok(unannotated(pull, id))
    }

    /// Makes or edits the comment; none where there is nothing to do.
    async fn show_comment(
        &self,
        pull: &PullRequest,
        text: &PullRequestText,
        shown: &Shown,
    ) -> Result<Option<ShownComment>, Fault> {
        if shown.comment.is_none() && !text.worth_a_comment {
            return Ok(None);
        }
        let says = Checksum::of(text.comment.as_bytes());
        let comment = |id| ShownComment {
            id,
            text: Some(says.clone()),
        };
        let known = match &shown.comment {
            Some(there) if there.text.as_ref() == Some(&says) => return Ok(None),
            Some(there) => Some(there.id),
            // It may have been made by somebody who died before noting it.
            None => {
                self.github
                    .find_comment(&pull.repository, pull.number, &text.marker)
                    .await?
            }
        };
        if let Some(id) = known
            && self
                .github
                .update_comment(&pull.repository, id, &text.comment)
                .await?
        {
            return Ok(Some(comment(id)));
        }
        let id = self
            .github
            .create_comment(&pull.repository, pull.number, &text.comment)
            .await?;
        Ok(Some(comment(id)))
    }
}

/// Several projects of one repository have a check run each: by the name alone, a branch's rules tell them apart.
fn check_name(settings: &Settings, pull: &PullRequest) -> String {
    let of_repository = settings
        .projects
        .iter()
        .filter(|project| project.repository.id == pull.repository.id);
    if of_repository.count() > 1 {
        format!("{CHECK_NAME} ({})", pull.project)
    } else {
        CHECK_NAME.to_owned()
    }
}

/// A step that will be asked for.
fn needed(step: policy::Step<'_>) -> NeededStep {
    let approvers = step.approvers.roles.iter().chain(&step.approvers.principals);
    NeededStep {
        name: step.name.to_owned(),
        approvals: step.needs,
        approvers: approvers.cloned().collect(),
        because: step.because,
    }
}

/// The targets of what would be applied.
fn targets_of(pull: &PullRequest) -> BTreeSet<Target> {
    let tasks = pull.files.iter().flat_map(|file| file.answer.tasks());
    tasks.map(|task| task.target.clone()).collect()
}

/// What the environments of these targets will ask for, in rollout order.
fn approvals(
    settings: &Settings,
    pull: &PullRequest,
    targets: &BTreeSet<Target>,
    rehearsals: &[RehearsalView],
) -> Vec<ApprovalNeed> {
    let here = |target: &Target, environment: &Environment| {
        settings
            .database(target)
            .is_some_and(|database| database.environment == environment.name)
    };
    settings
        .environments
        .iter()
        .filter(|environment| targets.iter().any(|target| here(target, environment)))
        .map(|environment| {
            let blocking: Vec<_> = rehearsals
                .iter()
                .filter(|view| here(&view.rehearsal.target, environment))
                .flat_map(|view| blocking(&view.rehearsal, environment))
                .collect();
            let of_file = |file: &&FileReview| {
                file.answer
                    .tasks()
                    .iter()
                    .any(|task| here(&task.target, environment))
            };
            let risks: Vec<&Risk> = pull.files.iter().filter(of_file).map(|file| &file.risk).collect();
            let found = policy::Found {
                blocks: !blocking.is_empty(),
                ..policy::Found::default()
            };
            let steps = policy::steps(Some(environment), &risks, found);
            ApprovalNeed {
                environment: environment.name.clone(),
                steps: steps.into_iter().map(needed).collect(),
                blocking,
            }
        })
        .collect()
}

/// What of a rehearsal has to be approved as such.
fn blocking(rehearsal: &Rehearsal, environment: &Environment) -> Vec<(String, Blocking)> {
    let RehearsalOutcome::Runs(rehearsed) = &rehearsal.outcome else {
        return Vec::new();
    };
    let over = environment.blocking_over().unwrap_or(u64::MAX);
    rehearsed
        .altered
        .iter()
        .filter(|altered| altered.how.is_none_or(model::Alteration::blocks))
        .filter_map(|altered| {
            let bytes = altered.bytes.filter(|bytes| *bytes > over)?;
            let algorithm = altered.how.map_or("how is not known", model::Alteration::word);
            let blocking = Blocking {
                statement: altered.statement,
                table: altered.table.clone(),
                algorithm: algorithm.to_owned(),
                bytes,
            };
            Some((altered.path.clone(), blocking))
        })
        .collect()
}

fn unannotated(pull: &PullRequest, id: u64) -> ShownCheckRun {
    ShownCheckRun {
        commit: pull.head.clone(),
        id,
        text: None,
        annotated: 0,
        annotations: None,
    }
}

fn begins_with(notes: &[PullRequestNote], there: &ShownCheckRun) -> bool {
    there.annotated == 0
        || notes
            .get(..as_index(there.annotated))
            .is_some_and(|first| there.annotations.as_ref() == Some(&of_notes(first)))
}

fn of_notes(notes: &[PullRequestNote]) -> Checksum {
    Checksum::of(format!("{notes:?}").as_bytes())
}

fn as_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn annotation(note: &PullRequestNote) -> Annotation {
    Annotation {
        path: note.path.clone(),
        line: note.line,
        level: match note.weight {
            Weight::Info => AnnotationLevel::Notice,
            Weight::Warning => AnnotationLevel::Warning,
            Weight::Error => AnnotationLevel::Failure,
        },
        title: note.title.clone(),
        message: note.message.clone(),
    }
}
