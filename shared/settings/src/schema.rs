//! What settings hold. Written by people as TOML (or JSON); unknown keys are refused.

use jiff::SignedDuration;
use model::{Age, DatabaseName, EnvironmentId, Freezes, InstanceId, ProjectId, RepositoryRef, Target};
use serde::{Deserialize, Serialize};

/// Everything that is configured, in one document with one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Repositories and what is read from them.
    pub projects: Vec<Project>,
    /// Environments, in rollout order.
    pub environments: Vec<Environment>,
    /// Database servers.
    pub instances: Vec<Instance>,
    /// People.
    #[serde(default)]
    pub members: Vec<Member>,
    /// The environments in which nothing begins for a while. No part of the document: people freeze and unfreeze without
    /// changing it, and applying a document lifts no freeze.
    #[serde(skip)]
    pub freezes: Freezes,
}

/// One repository with its branch, base directory, path templates and databases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Its name.
    #[cfg_attr(test, schemars(with = "crate::json_schema::Name"))]
    pub name: ProjectId,
    /// The repository, by numeric id and installation.
    #[cfg_attr(test, schemars(with = "crate::json_schema::Repository"))]
    pub repository: RepositoryRef,
    /// The branch: exact, or with `*` inside one segment and `**` for any.
    pub branch: String,
    /// The folder that is ours, segment by segment; empty for the root.
    #[serde(default)]
    pub base_directory: String,
    /// How a change's path is read, below the base directory.
    #[serde(default = "default_file_path_template")]
    pub file_path_template: String,
    /// Where the latest schema goes, below the base directory; empty turns write-back off.
    #[serde(default = "default_schema_path_template")]
    pub schema_path_template: String,
    /// How the latest schema is written back.
    #[serde(default)]
    pub write_back: WriteBack,
    /// Its databases.
    #[serde(default)]
    pub databases: Vec<Database>,
}

/// How the latest schema reaches the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WriteBack {
    /// As a commit on the pushed branch; in a pull request where the branch takes none.
    #[default]
    Commit,
    /// As a pull request into the pushed branch.
    PullRequest,
    /// Not at all.
    Off,
}

/// One environment and its policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// Its name, as in paths.
    #[cfg_attr(test, schemars(with = "crate::json_schema::Name"))]
    pub name: EnvironmentId,
    /// What becomes of a version that is lower than the newest one applied.
    #[serde(default)]
    pub order: VersionOrder,
    /// From which weight on a finding of review refuses a change.
    #[serde(default)]
    pub review: ReviewLevel,
    /// How many approvals a stage needs.
    #[serde(default)]
    pub approvals: u32,
    /// Who may give them.
    #[serde(default)]
    pub approvers: Approvers,
    /// Approvals in steps, one after the other, in place of `approvals` and `approvers`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Further steps that only some changes need; they come after the others, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RiskRule>,
    /// After that time an approval counts no longer, unless what it covers has begun: `36h`, `7d`. Where it is not set,
    /// approvals do not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approvals_expire_after: Option<String>,
    /// Whether approving and rejecting on GitHub counts: by the buttons on a commit's check run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approve_on_github: bool,
    /// What becomes of a change that was approved where others changed the schema since Sluice's last version there.
    #[serde(default, skip_serializing_if = "Drift::is_ask")]
    pub drift: Drift,
    /// When tasks may begin; at any time where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Rollout>,
    /// A statement that blocks writes to a table larger than so many MiB has to be approved, as such. Where it is not
    /// set, it is 1024 where approvals are asked for, and nothing is asked where they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocking_over_mib: Option<u64>,
    /// One statement may change so many rows, as the server estimates; 0 for any number. Where it is not set, it is
    /// [`MAX_ROWS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_rows: Option<u64>,
}

/// What becomes of an approved change whose target is not as Sluice left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// It goes back to its approvers, who see what changed.
    #[default]
    Ask,
    /// It runs, and its version says what changed.
    Tell,
}

impl Drift {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes what it asks about by reference"
    )]
    fn is_ask(&self) -> bool {
        *self == Self::Ask
    }
}

/// One step of an environment's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name, for people.
    pub name: String,
    /// How many approvals it needs.
    #[serde(default = "one")]
    pub approvals: u32,
    /// Who may give them.
    pub approvers: Approvers,
}

/// A step that is asked for where any of what it names is in a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RiskRule {
    /// The step's name, for people.
    pub name: String,
    /// Findings of review, by the names of their rules: `destructive`, `dml-without-where`, `type-mismatch`…
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
    /// Tables whose rows or definition is changed: `orders`, `billing_*`, `audit.*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<String>,
    /// A statement that keeps others from writing to a large table, as `blocking_over_mib` says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocking: bool,
    /// A statement that changes rows and looks at more than so many, as the server estimates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_over: Option<u64>,
    /// A statement that changes rows and goes through a table from end to end, for no key leads to them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_key: bool,
    /// How many approvals it needs.
    #[serde(default = "one")]
    pub approvals: u32,
    /// Who may give them.
    pub approvers: Approvers,
}

/// What [`RiskRule::findings`] may name: the rules of review that warn.
pub const FINDINGS: [&str; 3] = ["destructive", "dml-without-where", "type-mismatch"];

/// When tasks of an environment may begin. What has begun goes on to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// The days on which it opens; every day where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// When it opens, `HH:MM`.
    pub from: String,
    /// When it closes, `HH:MM`: on the next day where that is not later than `from`.
    pub to: String,
    /// The time zone of both, by its IANA name: `Europe/Amsterdam`, `UTC`.
    pub time_zone: String,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

/// What becomes of a version that is lower than the newest one applied to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VersionOrder {
    /// It becomes a task, with a warning: what was merged late may still be applied.
    #[default]
    AllowGaps,
    /// It is refused.
    Strict,
}

/// From which weight on a finding of review refuses a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReviewLevel {
    /// Only what can't run, or must not, is refused.
    #[default]
    Error,
    /// What is worth a second look is refused, too.
    Warning,
}

/// How many rows one statement may change where settings say nothing: a transaction of that size still ends, and is
/// undone, in minutes.
pub const MAX_ROWS: u64 = 1_000_000;

/// Over how many MiB of a table blocking it has to be approved where approvals are asked for and settings say nothing.
const BLOCKING_OVER_MIB: u64 = 1024;

impl Environment {
    /// Over how many bytes of a table blocking it has to be approved; none where it never has.
    pub fn blocking_over(&self) -> Option<u64> {
        let mib = match self.blocking_over_mib {
            Some(mib) => mib,
            None if self.approvals > 0 || !self.steps.is_empty() => BLOCKING_OVER_MIB,
            None if self.rules.iter().any(|rule| rule.blocking) => BLOCKING_OVER_MIB,
            None => return None,
        };
        Some(mib.saturating_mul(1 << 20))
    }

    /// When an approval counts no longer; never where it is none. Settings were checked when they were applied: what can't
    /// be read counts for no time at all.
    pub fn approvals_expire_after(&self) -> Option<SignedDuration> {
        let text = self.approvals_expire_after.as_ref()?;
        Some(Age::parse(text).map_or(SignedDuration::ZERO, Age::duration))
    }

    /// Over how many rows of one statement its rules ask for more, each once and in order.
    pub fn rows_over(&self) -> Vec<u64> {
        let mut all: Vec<u64> = self.rules.iter().filter_map(|rule| rule.rows_over).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether any of its rules asks for more where no key leads to rows.
    pub fn asks_for_keys(&self) -> bool {
        self.rules.iter().any(|rule| rule.without_key)
    }

    /// Whether any change may need somebody's approval.
    pub fn asks_anybody(&self) -> bool {
        self.approvals > 0 || !self.steps.is_empty() || !self.rules.is_empty()
    }

    /// How many rows one statement may change; none for any number.
    pub fn max_rows(&self) -> Option<u64> {
        Some(self.max_rows.unwrap_or(MAX_ROWS)).filter(|rows| *rows > 0)
    }
}

/// Who may approve; any one match suffices. With neither, nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Approvers {
    /// Members with one of these roles.
    #[serde(default)]
    pub roles: Vec<String>,
    /// IAM users and roles, by ARN. A role without a session's name is any session of it; only
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` asks for one, in which `*` is any run of characters.
    #[serde(default)]
    pub principals: Vec<String>,
    /// Members with one of these GitHub ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub github_ids: Vec<u64>,
}

/// One Aurora cluster, or any MySQL server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Its name.
    #[cfg_attr(test, schemars(with = "crate::json_schema::Name"))]
    pub name: InstanceId,
    /// The secret with user name, password, host and port, as RDS writes it.
    pub secret_arn: String,
    /// The writer endpoint, where the secret does not name the host.
    #[serde(default)]
    pub host: Option<String>,
    /// The port, where the secret does not name it.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is secured.
    #[serde(default)]
    pub tls: Tls,
}

/// How the connection to a server is secured.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum Tls {
    /// Chain and host name are verified, against the RDS roots where no other is given.
    #[default]
    VerifyIdentity,
    /// Chain and host name are verified, against this authority (PEM).
    VerifyIdentityWith {
        /// The certificate of the authority, PEM.
        ca: String,
    },
    /// The chain alone is verified, against this authority (PEM): for servers whose certificate names no host.
    VerifyCa {
        /// The certificate of the authority, PEM.
        ca: String,
    },
    /// Not at all. Accepted for loopback addresses only.
    Disabled,
}

/// One database of a project in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The name, as in paths.
    #[cfg_attr(test, schemars(with = "crate::json_schema::Name"))]
    pub name: DatabaseName,
    /// The environment.
    #[cfg_attr(test, schemars(with = "crate::json_schema::Name"))]
    pub environment: EnvironmentId,
    /// The instance.
    #[cfg_attr(test, schemars(with = "crate::json_schema::Name"))]
    pub instance: InstanceId,
    /// The MySQL schema, where it is not called as the database.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<crate::json_schema::Name>"))]
    pub schema: Option<DatabaseName>,
    /// Other schemas of the same server that its changes may name (`audit.log`). Sluice keeps no versions of them, and
    /// can't rehearse what is done to them.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub allowed_schemas: Vec<DatabaseName>,
}

impl Database {
    /// Where its changes are applied.
    pub fn target(&self) -> Target {
        let database = self.schema.as_ref().unwrap_or(&self.name);
        Target {
            instance: self.instance.clone(),
            database: database.clone(),
        }
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The name.
    pub name: String,
    /// The e-mail address in that person's commits.
    #[serde(default)]
    pub email: Option<String>,
    /// The GitHub login.
    #[serde(default)]
    pub github_login: Option<String>,
    /// The GitHub numeric id: what is trusted.
    #[serde(default)]
    pub github_id: Option<u64>,
    /// IAM users and roles, by ARN. A role without a session's name is whoever assumes it and is no other member; with one
    /// (`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, `*` is any run of characters) it is those sessions.
    #[serde(default)]
    pub principals: Vec<String>,
    /// Roles: `admin` may change settings; others are named by approvers.
    #[serde(default)]
    pub roles: Vec<String>,
}

fn one() -> u32 {
    1
}

fn default_file_path_template() -> String {
    "{{ENV_ID}}/{{DB_NAME}}##{{VERSION}}##{{TYPE}}##{{DESCRIPTION}}.sql".to_owned()
}

fn default_schema_path_template() -> String {
    "{{ENV_ID}}/.{{DB_NAME}}##LATEST.sql".to_owned()
}
