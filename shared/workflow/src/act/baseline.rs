//! Baselines: an administrator says what counts as applied in a target before Sluice applies anything to it.

use super::ROUNDS;
use crate::audit;
use crate::ports::clock::Clock;
use crate::ports::ledger::{Commit, Committed, PlanLedger, Write};
use model::{Baseline, Baselines, Deed, Fault, Principal, ProjectId, Refusal, Target, UpTo};
use serde::Serialize;
use settings::{Project, Settings};

/// An administrator's word on a project's history.
#[derive(Debug, Clone)]
pub struct SetBaseline {
    /// The project.
    pub project: ProjectId,
    /// The target; without it every target of the project that has no baseline yet.
    pub target: Option<Target>,
    /// How far the history was applied there.
    pub up_to: UpTo,
    /// Who.
    pub by: Principal,
}

/// The baselines of a project: every target that settings know, with its own where it has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BaselinesView {
    /// The project.
    pub project: ProjectId,
    /// Its targets, in rollout order.
    pub targets: Vec<TargetBaseline>,
}

/// One target of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetBaseline {
    /// The target.
    pub target: Target,
    /// Its environment.
    pub environment: String,
    /// The database's name, as in paths.
    pub database: String,
    /// Its baseline; none where its files wait for one.
    pub baseline: Option<Baseline>,
}

/// Sets baselines. The planner looks at everything in the repository again by them, within a minute.
pub async fn set_baseline(
    ledger: &(impl PlanLedger + Commit),
    clock: &impl Clock,
    settings: &Settings,
    wish: &SetBaseline,
) -> Result<Result<BaselinesView, Refusal>, Fault> {
    let project = match allowed(settings, wish) {
        Ok(project) => project,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for _ in 0..ROUNDS {
        let current = current(ledger, &wish.project).await?;
        let targets = match chosen(project, &current, wish.target.as_ref()) {
            Ok(targets) => targets,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let next = with(&current, &targets, wish, clock);
        if next == current {
            return Ok(Ok(view(settings, project, &current)));
        }
        let by = audit::caller(&wish.by);
        let entry = audit::of_baselines(&current, &next, Deed::BaselineSet, by, clock.now());
        let writes = vec![Write::Baselines(next.clone()), Write::Audit(entry)];
        match ledger.commit(writes).await? {
            Committed::Yes => return Ok(Ok(view(settings, project, &next))),
            Committed::Conflict => {}
        }
    }
    Err(Fault::retry(
        "setting a baseline",
        format!("others wrote first {ROUNDS} times in a row"),
    ))
}

/// The baselines of a project, for people.
pub async fn show_baselines(
    ledger: &impl PlanLedger,
    settings: &Settings,
    project: &ProjectId,
) -> Result<Result<BaselinesView, Refusal>, Fault> {
    let Some(found) = settings.project(project) else {
        return Ok(Err(no_project(settings, project)));
    };
    let current = current(ledger, project).await?;
    Ok(Ok(view(settings, found, &current)))
}

async fn current(ledger: &impl PlanLedger, project: &ProjectId) -> Result<Baselines, Fault> {
    let baselines = ledger.baselines(project).await?;
    Ok(baselines.unwrap_or_else(|| Baselines::none(project.clone())))
}

fn allowed<'s>(settings: &'s Settings, wish: &SetBaseline) -> Result<&'s Project, Refusal> {
    let member = settings.member_by_principal(&wish.by);
    if !member.is_some_and(|member| member.has_role("admin")) {
        return Err(Refusal::new(
            "not-an-administrator",
            format!(
                "{} is no member with the role `admin`; an administrator has to set baselines",
                wish.by.policy_arn()
            ),
        ));
    }
    settings
        .project(&wish.project)
        .ok_or_else(|| no_project(settings, &wish.project))
}

/// The targets that are meant. Those that have a baseline are only meant where they are named: lowering one by accident
/// would run history again.
fn chosen(project: &Project, current: &Baselines, named: Option<&Target>) -> Result<Vec<Target>, Refusal> {
    let all: Vec<Target> = project.databases.iter().map(settings::Database::target).collect();
    if let Some(named) = named {
        if all.contains(named) {
            return Ok(vec![named.clone()]);
        }
        let names: Vec<String> = all.iter().map(|target| format!("`{target}`")).collect();
        return Err(Refusal::new(
            "target-unknown",
            format!(
                "`{named}` is no target of {}; it has {}",
                project.name,
                names.join(", ")
            ),
        ));
    }
    let without: Vec<Target> = all
        .into_iter()
        .filter(|target| current.of(target).is_none())
        .collect();
    if without.is_empty() {
        return Err(Refusal::new(
            "baseline-set",
            format!(
                "every target of {} has a baseline (`sluice baseline show {}`); name the one to replace with --target",
                project.name, project.name
            ),
        ));
    }
    Ok(without)
}

/// The baselines with these targets' own; the same where they say so already.
fn with(current: &Baselines, targets: &[Target], wish: &SetBaseline, clock: &impl Clock) -> Baselines {
    let edition = current.edition + 1;
    let mut next = current.clone();
    for target in targets {
        let said = current.of(target).map(|baseline| &baseline.up_to);
        // "Everything" means what is there now, which may be more than it was.
        if said == Some(&wish.up_to) && wish.up_to != UpTo::All(None) {
            continue;
        }
        next.targets.retain(|baseline| &baseline.target != target);
        next.targets.push(Baseline {
            target: target.clone(),
            up_to: wish.up_to.clone(),
            by: wish.by.arn.clone(),
            at: clock.now(),
            edition,
        });
        next.edition = edition;
    }
    next
}

fn view(settings: &Settings, project: &Project, baselines: &Baselines) -> BaselinesView {
    let rank = |database: &&settings::Database| {
        settings
            .environments
            .iter()
            .position(|environment| environment.name == database.environment)
    };
    let mut databases: Vec<&settings::Database> = project.databases.iter().collect();
    databases.sort_by_key(rank);
    let targets = databases.into_iter().map(|database| TargetBaseline {
        target: database.target(),
        environment: database.environment.to_string(),
        database: database.name.to_string(),
        baseline: baselines.of(&database.target()).cloned(),
    });
    BaselinesView {
        project: project.name.clone(),
        targets: targets.collect(),
    }
}

fn no_project(settings: &Settings, project: &ProjectId) -> Refusal {
    let names: Vec<String> = settings
        .projects
        .iter()
        .map(|project| format!("`{}`", project.name))
        .collect();
    Refusal::new(
        "project-unknown",
        format!(
            "there is no project `{project}`; settings know {}",
            names.join(", ")
        ),
    )
}
