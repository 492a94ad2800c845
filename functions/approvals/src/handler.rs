//! One request: decode, one use case, encode.

use crate::acts::Asked;
use crate::answer;
use crate::caller::caller;
use crate::documents;
use crate::freezes;
use crate::route::{self, Read, Route};
use jiff::Timestamp;
use lambda_http::{Body, Request, RequestExt, Response};
use model::{
    Age, Fault, FilterError, IssueFilter, IssueNumber, IssueState, Principal, ProjectId, Refusal, Target,
    TaskKey, UpTo, Version,
};
use runtime::Failed;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use settings::Settings;
use workflow::act::{self, SetBaseline};
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::ledger::{
    AuditLedger, Commit, IssueLedger, OpenIssueLedger, PlanLedger, SettingsLedger, TargetLedger, TextLedger,
    WriteBackLedger,
};
use workflow::ports::queue::Nudges;
use workflow::show::Shower;

pub(crate) struct App<L, Q, C> {
    pub(crate) ledger: L,
    pub(crate) queue: Q,
    pub(crate) clock: C,
}

/// The most characters of a reason.
const LONGEST_REASON: usize = 1000;
/// How many things a page of the API holds where the caller does not say.
const PAGE: u32 = 20;
/// How many it holds at most.
const LARGEST_PAGE: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineBody {
    up_to: UpToBody,
    target: Option<Target>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum UpToBody {
    None,
    All,
    Version(Version),
}

pub(crate) async fn receive<L, Q, C>(app: &App<L, Q, C>, request: Request) -> Result<Response<String>, Failed>
where
    L: SettingsLedger
        + PlanLedger
        + IssueLedger
        + OpenIssueLedger
        + TargetLedger
        + TextLedger
        + WriteBackLedger
        + AuditLedger
        + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    let answered = match understand(&request) {
        Ok((principal, route)) => {
            tracing::info!(
                event = "request",
                principal = principal.arn,
                request.id = principal.request_id,
                route = ?route,
                "a request of {}",
                principal.arn
            );
            answer(app, &principal, route, &request).await?
        }
        Err(refusal) => Err(refusal),
    };
    match answered {
        Ok(response) => Ok(response),
        Err(refusal) => {
            tracing::info!(
                event = "refused",
                code = refusal.code,
                "refused: {}",
                refusal.code
            );
            Ok(answer::refused(&refusal)?)
        }
    }
}

fn understand(request: &Request) -> Result<(Principal, Route), Refusal> {
    let principal = caller(request)?;
    let route = Route::read(request.method(), path(request))?;
    Ok((principal, route))
}

/// The path without the stage, which is part of it in some shapes of the event.
fn path(request: &Request) -> &str {
    let path = request.raw_http_path();
    if path.is_empty() {
        request.uri().path()
    } else {
        path
    }
}

pub(crate) type Answered = Result<Result<Response<String>, Refusal>, Fault>;

async fn answer<L, Q, C>(app: &App<L, Q, C>, by: &Principal, route: Route, request: &Request) -> Answered
where
    L: SettingsLedger
        + PlanLedger
        + IssueLedger
        + OpenIssueLedger
        + TargetLedger
        + TextLedger
        + WriteBackLedger
        + AuditLedger
        + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    match &route {
        Route::PutSettings => return documents::put_settings(app, by, request).await,
        // None of these has to be understood to be shown: also settings that this version would refuse.
        Route::Settings => return documents::show_settings(app).await,
        Route::SettingsHistory => return documents::list_settings(app, request).await,
        Route::SettingsVersion(version) => return documents::show_version_of_settings(app, *version).await,
        Route::Audit => return show_audit(app, request).await,
        Route::Read(_)
        | Route::Act(..)
        | Route::Baseline(_)
        | Route::PutBaseline(_)
        | Route::Freezes
        | Route::Freeze(_)
        | Route::Unfreeze(_) => {}
    }
    let Some((_, settings)) = workflow::settings_in_force(&app.ledger).await? else {
        return Ok(Err(workflow::no_settings()));
    };
    match route {
        Route::Read(what) => read(app, &settings, what, request).await,
        Route::Act(issue, what) => {
            let asked = Asked {
                app,
                settings: &settings,
                by,
                issue,
                request,
            };
            match asked.act(what).await? {
                Ok(()) => show_issue(&shower(app, &settings), issue).await,
                Err(refusal) => Ok(Err(refusal)),
            }
        }
        Route::Settings
        | Route::SettingsHistory
        | Route::SettingsVersion(_)
        | Route::PutSettings
        | Route::Audit => Err(Fault::Bug(
            "a route that needs no settings was answered before".to_owned(),
        )),
        Route::Baseline(project) => match act::show_baselines(&app.ledger, &settings, &project).await? {
            Ok(view) => answer::ok(&view).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        },
        Route::PutBaseline(project) => put_baseline(app, &settings, by, project, request).await,
        Route::Freezes => freezes::list(app, &settings),
        Route::Freeze(environment) => freezes::freeze(app, &settings, by, environment, request).await,
        Route::Unfreeze(environment) => freezes::unfreeze(app, &settings, by, environment, request).await,
    }
}

async fn read<L, Q, C>(app: &App<L, Q, C>, settings: &Settings, what: Read, request: &Request) -> Answered
where
    L: PlanLedger + IssueLedger + OpenIssueLedger + TargetLedger + TextLedger + WriteBackLedger + AuditLedger,
    C: Clock,
{
    let shower = shower(app, settings);
    match what {
        Read::Issues => {
            let filter = match filter(request, app.clock.now()) {
                Ok(filter) => filter,
                Err(error) => return Ok(Err(Refusal::new("filter-invalid", error.to_string()))),
            };
            let before = query(request, "before")
                .and_then(|text| text.parse().ok())
                .map(IssueNumber);
            let page = shower.issues(&filter, before, limit(request)).await?;
            answer::ok(&json!({ "issues": page.issues, "next": page.next })).map(Ok)
        }
        Read::Issue(number) => show_issue(&shower, number).await,
        Read::Versions(target) => {
            let before = query(request, "before").and_then(|text| Version::parse(&text).ok());
            let limit = limit(request);
            let revisions = app
                .ledger
                .revisions(&target, before.as_ref().map(Version::key), limit)
                .await?;
            let full = u32::try_from(revisions.len()).is_ok_and(|count| count == limit);
            let next = revisions
                .last()
                .filter(|_| full)
                .map(|last| last.change.version.clone());
            answer::ok(&json!({ "revisions": revisions, "next": next })).map(Ok)
        }
        Read::Version(target, version) => {
            let key = TaskKey {
                target,
                version: version.key().clone(),
            };
            match shower.revision(&key).await? {
                Ok(view) => answer::ok(&view).map(Ok),
                Err(refusal) => Ok(Err(refusal)),
            }
        }
    }
}

fn shower<'a, L, Q, C: Clock>(app: &'a App<L, Q, C>, settings: &'a Settings) -> Shower<'a, L> {
    Shower {
        ledger: &app.ledger,
        settings,
        now: app.clock.now(),
    }
}

async fn show_issue<L>(shower: &Shower<'_, L>, number: IssueNumber) -> Answered
where
    L: PlanLedger + IssueLedger + TargetLedger + TextLedger + WriteBackLedger + AuditLedger,
{
    let mut view = match shower.issue(number).await? {
        Ok(view) => view,
        Err(refusal) => return Ok(Err(refusal)),
    };
    view.activity = workflow::audit::activity(shower.ledger, number).await?;
    answer::ok(&view).map(Ok)
}

/// A part of the audit, of one issue or of all.
async fn show_audit<L, Q, C>(app: &App<L, Q, C>, request: &Request) -> Answered
where
    L: AuditLedger + PlanLedger + IssueLedger,
{
    let issue = match query(request, "issue").map(|text| route::issue(&text)) {
        None => None,
        Some(Ok(number)) => Some(number),
        Some(Err(refusal)) => return Ok(Err(refusal)),
    };
    let from = query(request, "from");
    match workflow::audit::show_audit(&app.ledger, issue, from.as_deref(), limit(request)).await? {
        Ok(page) => answer::ok(&page).map(Ok),
        Err(refusal) => Ok(Err(refusal)),
    }
}

async fn put_baseline<L, Q, C>(
    app: &App<L, Q, C>,
    settings: &Settings,
    by: &Principal,
    project: ProjectId,
    request: &Request,
) -> Answered
where
    L: PlanLedger + Commit,
    C: Clock,
{
    let body: BaselineBody = match body(request) {
        Ok(body) => body,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let wish = SetBaseline {
        project,
        target: body.target,
        up_to: match body.up_to {
            UpToBody::None => UpTo::Nothing,
            UpToBody::All => UpTo::All(None),
            UpToBody::Version(version) => UpTo::Version(version),
        },
        by: by.clone(),
    };
    match act::set_baseline(&app.ledger, &app.clock, settings, &wish).await? {
        Ok(view) => answer::ok(&view).map(Ok),
        Err(refusal) => Ok(Err(refusal)),
    }
}

pub(crate) fn too_long(because: &str) -> bool {
    because.chars().count() > LONGEST_REASON
}

/// What is wrong with a reason where one has to be given.
pub(crate) fn bad_reason(because: &str) -> Option<Refusal> {
    if because.trim().is_empty() {
        let message = "say why, for those who read it afterwards: `because`";
        return Some(Refusal::new("reason-missing", message));
    }
    too_long(because).then(reason_too_long)
}

pub(crate) fn reason_too_long() -> Refusal {
    Refusal::new(
        "reason-too-long",
        format!("a reason has {LONGEST_REASON} characters at most"),
    )
}

pub(crate) fn query(request: &Request, name: &str) -> Option<String> {
    request
        .query_string_parameters_ref()
        .and_then(|map| map.first(name))
        .map(ToOwned::to_owned)
}

/// Which issues the caller asks for. An empty value asks for nothing.
fn filter(request: &Request, now: Timestamp) -> Result<IssueFilter, FilterError> {
    let asked = |name| query(request, name).filter(|value| !value.is_empty());
    let then = |name| {
        asked(name)
            .map(|text| Age::parse(&text).map(|age| age.before(now)))
            .transpose()
    };
    Ok(IssueFilter {
        state: asked("state").map(|text| IssueState::parse(&text)).transpose()?,
        environment: asked("environment"),
        database: asked("database"),
        author: asked("author"),
        until: then("older_than")?,
        since: then("newer_than")?,
    })
}

pub(crate) fn limit(request: &Request) -> u32 {
    query(request, "limit")
        .and_then(|text| text.parse().ok())
        .unwrap_or(PAGE)
        .clamp(1, LARGEST_PAGE)
}

pub(crate) fn text(request: &Request) -> Result<&str, Refusal> {
    let refusal = || Refusal::new("body-invalid", "the body is no UTF-8 text");
    match request.body() {
        Body::Empty => Ok(""),
        Body::Text(text) => Ok(text),
        Body::Binary(bytes) => std::str::from_utf8(bytes).map_err(|_| refusal()),
        _ => Err(refusal()),
    }
}

pub(crate) fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    serde_json::from_str(text(request)?)
        .map_err(|error| Refusal::new("body-invalid", format!("the body is not as expected: {error}")))
}

pub(crate) fn optional_body<T: DeserializeOwned + Default>(request: &Request) -> Result<T, Refusal> {
    if text(request)?.trim().is_empty() {
        Ok(T::default())
    } else {
        body(request)
    }
}
