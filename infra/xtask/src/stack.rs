//! A running stack: what `up --json` prints, and the file that remembers it with its processes.

use crate::aws::Keys;
use crate::context::Context;
use crate::deploy::{FUNCTIONS, Principals, Values};
use crate::fault::{At, Fault};
use crate::processes::{Group, end_all};
use crate::services::emulate::{BRANCH, GitHub, INSTALLATION_ID, OWNER, REPOSITORY};
use crate::services::ministack::REGION;
use crate::services::mysql::Mysql;
use crate::services::parsed;
use crate::tools::Venv;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Environment, database, schema and instance of each database of the demo: one server plays both instances.
pub(crate) const DATABASES: [[&str; 4]; 2] = [
    ["test", "db_demo", "db_demo", "demo-test"],
    ["prod", "db_demo", "db_demo_prod", "demo-prod"],
];

/// Everything a program needs to drive the stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stack {
    /// Base URL of our API, with the stage.
    pub(crate) api_url: String,
    /// The AWS emulator.
    pub(crate) aws_endpoint_url: String,
    /// Its region.
    pub(crate) region: String,
    /// The ledger's table.
    pub(crate) table: String,
    /// Queue URLs.
    pub(crate) queues: Queues,
    /// Function names by crate.
    pub(crate) functions: BTreeMap<String, String>,
    /// The MySQL server, as the user who may do everything.
    pub(crate) mysql_url: String,
    /// The GitHub emulator.
    pub(crate) github_api_url: String,
    /// The developer's token.
    pub(crate) github_token: String,
    /// `owner/name`.
    pub(crate) repository: String,
    /// GitHub's id of it.
    pub(crate) repository_id: u64,
    /// Id of the App's installation.
    pub(crate) installation_id: u64,
    /// The project that settings make of it.
    pub(crate) project: String,
    /// The branch that is watched.
    pub(crate) branch: String,
    /// Secret of the webhook.
    pub(crate) webhook_secret: String,
    /// Who may sign.
    pub(crate) principals: Principals,
    /// The databases of the demo.
    pub(crate) databases: Vec<Database>,
    /// The command line tool that was built.
    pub(crate) cli: PathBuf,
    /// The AWS CLI that was installed.
    pub(crate) aws_cli: PathBuf,
    /// Folder of the logs.
    pub(crate) logs: PathBuf,
}

/// URLs of the queues.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Queues {
    /// Deliveries to plan.
    pub(crate) deliveries: String,
    /// Deliveries that could not be planned.
    pub(crate) deliveries_dlq: String,
    /// Targets to work on.
    pub(crate) changes: String,
    /// Targets that could not be worked on.
    pub(crate) changes_dlq: String,
}

/// One database of the demo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Database {
    /// Its environment.
    pub(crate) environment: String,
    /// Its name in file names.
    pub(crate) name: String,
    /// Its MySQL schema.
    pub(crate) schema: String,
    /// The instance in settings.
    pub(crate) instance: String,
    /// The schema's address, as the user who may do everything.
    pub(crate) url: String,
}

impl Stack {
    /// Puts together what the parts of the stack are called.
    pub(crate) fn new(
        context: &Context,
        endpoint: &str,
        outputs: &Values,
        mysql: &Mysql,
        github: &GitHub,
        principals: Principals,
    ) -> Result<Self, Fault> {
        let output = |name: &str| {
            outputs
                .get(name)
                .cloned()
                .ok_or_else(|| Fault::told(format!("template.yaml has no output {name}")))
        };
        let functions = FUNCTIONS
            .iter()
            .map(|function| Ok(((*function).to_owned(), output(&function_output(function))?)))
            .collect::<Result<_, Fault>>()?;
        Ok(Self {
            api_url: api_url(endpoint, &output("ApiId")?, &output("ApiUrl")?),
            region: REGION.to_owned(),
            table: output("TableName")?,
            queues: Queues {
                deliveries: output("DeliveriesQueueUrl")?,
                deliveries_dlq: output("DeliveriesDeadLettersUrl")?,
                changes: output("ChangesQueueUrl")?,
                changes_dlq: output("ChangesDeadLettersUrl")?,
            },
            functions,
            mysql_url: mysql.url.clone(),
            github_api_url: github.url.clone(),
            github_token: github.developer_token.clone(),
            repository: format!("{OWNER}/{}", REPOSITORY.0),
            repository_id: REPOSITORY.1,
            installation_id: INSTALLATION_ID,
            project: REPOSITORY.0.to_owned(),
            branch: BRANCH.to_owned(),
            webhook_secret: github.webhook_secret.clone(),
            principals,
            databases: databases(&mysql.url)?,
            cli: context.root.join("target/debug/sluice"),
            aws_cli: Venv::install(context, "emulator")?.program("aws"),
            logs: context.logs(),
            aws_endpoint_url: endpoint.to_owned(),
        })
    }
}

/// The API as it is reached without DNS: the stage is the last part of the URL that AWS would give it.
pub(crate) fn api_url(endpoint: &str, id: &str, url: &str) -> String {
    let stage = url.rsplit('/').next().unwrap_or_default();
    format!("{endpoint}/_aws/execute-api/{id}/{stage}")
}

fn databases(server: &str) -> Result<Vec<Database>, Fault> {
    let server = parsed(server)?;
    let database = |[environment, name, schema, instance]: &[&str; 4]| {
        let mut url = server.clone();
        url.set_path(schema);
        Database {
            environment: (*environment).to_owned(),
            name: (*name).to_owned(),
            schema: (*schema).to_owned(),
            instance: (*instance).to_owned(),
            url: url.to_string(),
        }
    };
    Ok(DATABASES.iter().map(database).collect())
}

fn function_output(function: &str) -> String {
    let mut letters = function.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect::<String>() + "FunctionName"
}

/// What is remembered of a stack between commands.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Processes, in the order in which they started.
    pub(crate) processes: Vec<Group>,
    /// What it was made of, once everything was up.
    pub(crate) made: Option<Made>,
}

/// A stack that came up, with what another deployment needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Made {
    /// What people and programs see.
    pub(crate) stack: Stack,
    /// The database server.
    pub(crate) mysql: Mysql,
    /// GitHub's keys and tokens.
    pub(crate) github: GitHub,
    /// Outputs of the surroundings.
    pub(crate) surroundings: Values,
    /// Digest of the settings that were applied last.
    pub(crate) settings: Option<String>,
}

impl Record {
    /// Reads what was remembered; an unreadable record is as good as none.
    pub(crate) fn read(context: &Context) -> Self {
        let text = std::fs::read_to_string(Self::path(context)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Remembers.
    pub(crate) fn write(&self, context: &Context) -> Result<(), Fault> {
        let path = Self::path(context);
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Fault::told(format!("cannot write down the stack: {error}")))?;
        let temporary = path.with_extension("new");
        std::fs::write(&temporary, text).at("write", &temporary)?;
        std::fs::rename(&temporary, &path).at("replace", &path)
    }

    /// Adds a process and remembers it.
    pub(crate) fn add(&mut self, context: &Context, group: Group) -> Result<(), Fault> {
        self.processes.push(group);
        self.write(context)
    }

    /// Ends every process and forgets.
    pub(crate) fn end(&mut self, context: &Context) -> Result<(), Fault> {
        end_all(&self.processes);
        *self = Self::default();
        let path = Self::path(context);
        if path.exists() {
            std::fs::remove_file(&path).at("remove", &path)?;
        }
        Ok(())
    }

    /// The stack, if it is whole and all its processes run.
    pub(crate) fn running(&self) -> Option<&Made> {
        self.made
            .as_ref()
            .filter(|_| self.processes.iter().all(Group::runs))
    }

    fn path(context: &Context) -> PathBuf {
        context.home().join("stack.json")
    }
}

impl Made {
    /// The account root's keys and endpoint, for administration.
    pub(crate) fn root(&self) -> Result<crate::aws::Client, Fault> {
        crate::aws::Client::new(&self.stack.aws_endpoint_url, &self.stack.region, Keys::root())
    }
}

#[cfg(test)]
mod tests {
    use super::api_url;

    #[test]
    fn keeps_the_stage() {
        let url = api_url(
            "http://127.0.0.1:4566",
            "abc",
            "https://abc.execute-api.us-east-1.amazonaws.com/v1",
        );
        assert_eq!(url, "http://127.0.0.1:4566/_aws/execute-api/abc/v1");
    }
}
