//! What a story begins with: environments, databases, templates. Made into settings.

use crate::people::members;
use model::{
    DatabaseName, EnvironmentId, Freezes, InstanceId, ProjectId, RepositoryId, RepositoryRef, Target, UpTo,
};
use settings::{
    Approvers, Database, Environment, Instance, Project, ReviewLevel, Settings, Tls, VersionOrder, WriteBack,
};
use std::collections::BTreeMap;

/// The branch of every story.
pub(crate) const BRANCH: &str = "main";
/// The base directory of every story.
pub(crate) const BASE: &str = "bytebase";

/// What a story begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Environments in rollout order, each with the approvals that it needs.
    pub environments: Vec<(&'static str, u32)>,
    /// Databases, as environment and name.
    pub databases: Vec<(&'static str, String)>,
    /// The template of changes' paths; none for the default.
    pub file_path_template: Option<&'static str>,
    /// SQL that prepares every database before the story, behind Sluice's back.
    pub prepared: &'static str,
    /// What becomes of versions that come late, in every environment.
    pub order: VersionOrder,
    /// What counts as applied before the story begins; none where nobody said.
    pub baseline: Option<UpTo>,
    /// What has to be approved as such, in every environment.
    pub blocking_over_mib: Option<u64>,
    /// How many rows one statement may change, in every environment.
    pub max_rows: Option<u64>,
    /// What else an environment's policy says.
    pub policy: fn(&mut Environment),
}

impl Default for Setup {
    /// The tutorial: `db_demo` in `test`, which needs no approval, and in `prod`, which needs one.
    fn default() -> Self {
        Self {
            environments: vec![("test", 0), ("prod", 1)],
            databases: vec![("test", "db_demo".to_owned()), ("prod", "db_demo".to_owned())],
            file_path_template: None,
            prepared: "",
            order: VersionOrder::default(),
            baseline: Some(UpTo::Nothing),
            blocking_over_mib: None,
            max_rows: None,
            policy: |_| {},
        }
    }
}

impl Setup {
    /// `db_demo` in `test`, and nothing else.
    pub fn small() -> Self {
        Self {
            environments: vec![("test", 0)],
            databases: vec![("test", "db_demo".to_owned())],
            ..Self::default()
        }
    }

    /// So many databases in `test`, called `db_0`, `db_1`, …
    pub fn wide(databases: usize) -> Self {
        Self {
            databases: (0..databases).map(|n| ("test", format!("db_{n}"))).collect(),
            ..Self::small()
        }
    }
}

/// The repository of every story.
pub(crate) fn repository() -> RepositoryRef {
    RepositoryRef {
        id: RepositoryId(1),
        installation_id: 1,
        name: "octo/demo".to_owned(),
    }
}

/// The project of every story.
pub(crate) fn project() -> ProjectId {
    ProjectId::new("demo")
}

/// The secret of every instance.
pub(crate) fn secret_arn(environment: &str) -> String {
    format!("arn:aws:secretsmanager:us-east-1:000000000000:secret:{environment}")
}

/// The settings, with the schemas that the databases have on the server. `places` is keyed `environment/name`.
pub(crate) fn settings(setup: &Setup, places: &BTreeMap<String, Target>) -> Settings {
    let environments = setup.environments.iter().map(|(name, approvals)| {
        let mut environment = environment(setup, name, *approvals);
        (setup.policy)(&mut environment);
        environment
    });
    let instances = setup.environments.iter().map(|(name, _)| Instance {
        name: InstanceId::new(instance(name)),
        secret_arn: secret_arn(name),
        host: None,
        port: None,
        tls: Tls::Disabled,
    });
    let databases = setup.databases.iter().map(|(environment, name)| Database {
        name: DatabaseName::new(name.clone()),
        environment: EnvironmentId::new(*environment),
        instance: InstanceId::new(instance(environment)),
        schema: places
            .get(&format!("{environment}/{name}"))
            .map(|target| target.database.clone()),
        allowed_schemas: Vec::new(),
    });
    Settings {
        projects: vec![Project {
            name: project(),
            repository: repository(),
            branch: BRANCH.to_owned(),
            base_directory: BASE.to_owned(),
            file_path_template: setup
                .file_path_template
                .unwrap_or("{{ENV_ID}}/{{DB_NAME}}##{{VERSION}}##{{TYPE}}##{{DESCRIPTION}}.sql")
                .to_owned(),
            schema_path_template: "{{ENV_ID}}/.{{DB_NAME}}##LATEST.sql".to_owned(),
            write_back: WriteBack::Commit,
            databases: databases.collect(),
        }],
        environments: environments.collect(),
        instances: instances.collect(),
        members: members(),
        freezes: Freezes::default(),
    }
}

/// An environment as the tutorial has it.
fn environment(setup: &Setup, name: &str, approvals: u32) -> Environment {
    Environment {
        name: EnvironmentId::new(name),
        review: ReviewLevel::default(),
        approvals,
        approvers: Approvers {
            roles: if approvals > 0 {
                vec!["dba".to_owned()]
            } else {
                Vec::new()
            },
            principals: Vec::new(),
            github_ids: Vec::new(),
        },
        order: setup.order,
        steps: Vec::new(),
        rules: Vec::new(),
        approvals_expire_after: None,
        approve_on_github: false,
        drift: settings::Drift::default(),
        rollout: None,
        blocking_over_mib: setup.blocking_over_mib,
        max_rows: setup.max_rows,
    }
}

/// The instance of an environment.
pub(crate) fn instance(environment: &str) -> String {
    format!("demo-{environment}")
}

/// A change's path by the default template, below the base directory.
pub fn whole_file(place: &str, version: &str) -> String {
    format!("{BASE}/{place}##{version}##ddl##change.sql")
}

/// Whether these versions stand in the order given, each at least once.
pub fn in_order(applied: &[String], versions: &[&str]) -> bool {
    let positions: Vec<_> = versions
        .iter()
        .map(|version| applied.iter().position(|other| other == version))
        .collect();
    positions.iter().all(Option::is_some) && positions.is_sorted()
}
