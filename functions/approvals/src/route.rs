//! Which use case a request asks for.

use lambda_http::http::Method;
use model::{EnvironmentId, IssueNumber, ProjectId, Refusal, Target, Version};

/// A request that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Read(Read),
    Act(IssueNumber, Act),
    Settings,
    /// Who applied which version, and when; newest first.
    SettingsHistory,
    SettingsVersion(u64),
    PutSettings,
    Baseline(ProjectId),
    PutBaseline(ProjectId),
    /// Who decided and did what.
    Audit,
    /// What is frozen.
    Freezes,
    Freeze(EnvironmentId),
    Unfreeze(EnvironmentId),
}

/// What is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    Issues,
    Issue(IssueNumber),
    Versions(Target),
    Version(Target, Version),
}

/// What is to be done with an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Approve,
    Reject,
    /// Let it past its policy.
    Bypass,
    Retry,
    Cancel,
    /// Say whether a statement happened of which nothing tells.
    Resolve,
    /// Never run a task, or anything of an issue, and go on as if it had been.
    Skip,
    /// Let wait again what was canceled or skipped.
    Reopen,
    /// Say when tasks may begin.
    RunAt,
    /// Say which issue comes first.
    Depend,
}

impl Route {
    /// Reads method and path, without the stage.
    pub(crate) fn read(method: &Method, path: &str) -> Result<Self, Refusal> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let get = method == Method::GET;
        let post = method == Method::POST;
        match segments.as_slice() {
            ["issues"] if get => Ok(Self::Read(Read::Issues)),
            ["issues", number] if get => Ok(Self::Read(Read::Issue(issue(number)?))),
            ["issues", number, "approve"] if post => Ok(Self::Act(issue(number)?, Act::Approve)),
            ["issues", number, "reject"] if post => Ok(Self::Act(issue(number)?, Act::Reject)),
            ["issues", number, "bypass"] if post => Ok(Self::Act(issue(number)?, Act::Bypass)),
            ["issues", number, "retry"] if post => Ok(Self::Act(issue(number)?, Act::Retry)),
            ["issues", number, "cancel"] if post => Ok(Self::Act(issue(number)?, Act::Cancel)),
            ["issues", number, "resolve"] if post => Ok(Self::Act(issue(number)?, Act::Resolve)),
            ["issues", number, "skip"] if post => Ok(Self::Act(issue(number)?, Act::Skip)),
            ["issues", number, "reopen"] if post => Ok(Self::Act(issue(number)?, Act::Reopen)),
            ["issues", number, "depends"] if post => Ok(Self::Act(issue(number)?, Act::Depend)),
            ["issues", number, "run"] if post => Ok(Self::Act(issue(number)?, Act::RunAt)),
            ["targets", instance, database, "versions"] if get => {
                Ok(Self::Read(Read::Versions(Target::new(*instance, *database))))
            }
            ["targets", instance, database, "versions", version] if get => {
                let version = Version::parse(version)
                    .map_err(|error| Refusal::new("version-invalid", error.to_string()))?;
                Ok(Self::Read(Read::Version(
                    Target::new(*instance, *database),
                    version,
                )))
            }
            ["projects", project, "baseline"] if get => Ok(Self::Baseline(ProjectId::new(*project))),
            ["projects", project, "baseline"] if method == Method::PUT => {
                Ok(Self::PutBaseline(ProjectId::new(*project)))
            }
            ["settings"] if get => Ok(Self::Settings),
            ["settings", "versions"] if get => Ok(Self::SettingsHistory),
            ["settings", "versions", version] if get => match version.parse() {
                Ok(version) => Ok(Self::SettingsVersion(version)),
                Err(_) => Err(Refusal::new(
                    "version-invalid",
                    format!("`{version}` is no version of the settings; they count 1, 2, 3"),
                )),
            },
            ["settings"] if method == Method::PUT => Ok(Self::PutSettings),
            ["audit"] if get => Ok(Self::Audit),
            ["freezes"] if get => Ok(Self::Freezes),
            ["freezes", environment] if method == Method::PUT => {
                Ok(Self::Freeze(EnvironmentId::new(*environment)))
            }
            ["freezes", environment, "lift"] if post => Ok(Self::Unfreeze(EnvironmentId::new(*environment))),
            _ => Err(Refusal::new(
                "route-unknown",
                format!("there is no {method} {path}"),
            )),
        }
    }
}

/// The number of an issue.
pub(crate) fn issue(text: &str) -> Result<IssueNumber, Refusal> {
    text.parse()
        .map(IssueNumber)
        .map_err(|_| Refusal::new("issue-invalid", format!("`{text}` is no issue number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_routes_or_refused() {
        for (method, path, expected) in [
            (Method::GET, "/issues", Some(Route::Read(Read::Issues))),
            (
                Method::GET,
                "/issues/7",
                Some(Route::Read(Read::Issue(IssueNumber(7)))),
            ),
            (
                Method::POST,
                "/issues/7/approve",
                Some(Route::Act(IssueNumber(7), Act::Approve)),
            ),
            (
                Method::POST,
                "/issues/7/reopen",
                Some(Route::Act(IssueNumber(7), Act::Reopen)),
            ),
            (Method::GET, "/issues/7/approve", None),
            (Method::GET, "/issues/x", None),
            (
                Method::GET,
                "/targets/a/b/versions",
                Some(Route::Read(Read::Versions(Target::new("a", "b")))),
            ),
            (
                Method::GET,
                "/targets/a/b/versions/1.0",
                Some(Route::Read(Read::Version(
                    Target::new("a", "b"),
                    Version::parse("1.0").unwrap(),
                ))),
            ),
            (Method::PUT, "/settings", Some(Route::PutSettings)),
            (Method::GET, "/settings/versions", Some(Route::SettingsHistory)),
            (
                Method::GET,
                "/settings/versions/3",
                Some(Route::SettingsVersion(3)),
            ),
            (Method::GET, "/settings/versions/x", None),
            (Method::DELETE, "/settings", None),
            (
                Method::PUT,
                "/projects/shop/baseline",
                Some(Route::PutBaseline(ProjectId::new("shop"))),
            ),
            (Method::POST, "/projects/shop/baseline", None),
            (Method::GET, "/audit", Some(Route::Audit)),
            (Method::GET, "/freezes", Some(Route::Freezes)),
            (
                Method::PUT,
                "/freezes/prod",
                Some(Route::Freeze(EnvironmentId::new("prod"))),
            ),
            (
                Method::POST,
                "/freezes/prod/lift",
                Some(Route::Unfreeze(EnvironmentId::new("prod"))),
            ),
            (Method::DELETE, "/freezes/prod", None),
            (Method::PUT, "/audit", None),
            (Method::GET, "/", None),
        ] {
            assert_eq!(Route::read(&method, path).ok(), expected, "{method} {path}");
        }
    }
}
