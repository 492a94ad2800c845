//! What people see: issues, check runs, the repository, the databases.

use crate::setup::{self, BRANCH};
use crate::world::{World, must};
use model::{
    Answer, CommitSha, IssueFilter, IssueNumber, IssueState, IssueView, Revision, RevisionView, TaskKey,
    Version,
};
use settings::Settings;
use std::collections::BTreeMap;
use testkit::scratch::Administrator;
use workflow::ports::clock::Clock as _;
use workflow::ports::github::CheckRun;
use workflow::ports::ledger::{OpenIssueLedger, PlanLedger, TargetLedger};
use workflow::show::Shower;

impl World {
    /// An issue with where it stands.
    pub async fn view(&self, issue: u64) -> IssueView {
        let settings = self.settings().await;
        match must(
            "showing an issue",
            self.shower(&settings).issue(IssueNumber(issue)).await,
        ) {
            Ok(view) => view,
            Err(refusal) => panic!("{refusal}"),
        }
    }

    /// Where an issue stands, with each of its tasks: `Open; test/db_demo 1 Done; prod/db_demo 1 Waiting`.
    pub async fn status(&self, issue: u64) -> String {
        let view = self.view(issue).await;
        let tasks = view.stages.iter().flat_map(|stage| {
            // By name: the schemas on the server are called anything.
            let mut tasks: Vec<_> = stage.tasks.iter().collect();
            tasks.sort_by_key(|view| (&view.task.database, view.task.change.version.key()));
            tasks
        });
        let tasks = tasks.map(|view| {
            let task = &view.task;
            format!(
                "; {}/{} {} {}",
                task.environment,
                task.database,
                task.change.version,
                view.status.word()
            )
        });
        format!("{}{}", view.status, tasks.collect::<String>())
    }

    /// How many issues there are.
    pub async fn issues(&self) -> u64 {
        must("counting issues", self.ledger.inner().last_issue().await).0
    }

    /// The one check run of a commit.
    pub fn check(&self, commit: &CommitSha) -> CheckRun {
        let runs = self.github.inner().check_runs_of(&self.repository, commit);
        match <[CheckRun; 1]>::try_from(runs) {
            Ok([run]) => run,
            Err(runs) => panic!("{commit} has {} check runs: {runs:#?}", runs.len()),
        }
    }

    /// The answers that a commit's files got, by path.
    pub async fn answers(&self, commit: &CommitSha) -> BTreeMap<String, String> {
        let push = must(
            "reading a push",
            self.ledger.inner().push(&setup::project(), commit).await,
        );
        let Some(push) = push else {
            panic!("{commit} was not planned");
        };
        push.answers
            .into_iter()
            .map(|file| (file.path, words(&file.answer)))
            .collect()
    }

    /// The text of a file at the head of the branch.
    pub fn written_back(&self, path: &str) -> Option<String> {
        self.github.inner().text_of(&self.repository, BRANCH, path)
    }

    /// The head of the branch and the message of its commit.
    pub fn head_and_message(&self) -> (CommitSha, String) {
        let log = self.github.inner().log(&self.repository, BRANCH);
        match log.into_iter().next() {
            Some((commit, info)) => (commit, info.message),
            None => panic!("the branch is empty"),
        }
    }

    /// How many check runs a commit has.
    pub fn check_runs(&self, commit: &CommitSha) -> usize {
        self.github.inner().check_runs_of(&self.repository, commit).len()
    }

    /// How many commits write-back made.
    pub fn write_backs(&self) -> usize {
        self.memory().written_back.len()
    }

    /// The columns of a table on the server, in order.
    pub async fn columns(&self, place: &str, table: &str) -> Vec<String> {
        let schema = &self.target(place).database;
        let query = format!(
            "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{schema}' \
             AND TABLE_NAME = '{table}' ORDER BY ORDINAL_POSITION"
        );
        self.server
            .run(&query)
            .await
            .into_iter()
            .flatten()
            .flatten()
            .collect()
    }

    /// Asks a database something, or does something to it, behind Sluice's back.
    pub async fn sql(&self, place: &str, text: &str) -> Vec<Vec<Option<String>>> {
        let schema = &self.target(place).database;
        self.server.run(&format!("USE `{schema}`; {text}")).await
    }

    /// The versions applied to a database, in the order in which the server got their first statements.
    pub async fn applied(&self, place: &str) -> Vec<String> {
        let rows = self.journal(&self.target(place).database).await;
        let mut versions: Vec<String> = Vec::new();
        for row in rows.iter().filter(|row| row.outcome == "done") {
            let revision = self
                .revisions(place)
                .await
                .into_iter()
                .find(|r| r.change.version.key().as_str() == row.version);
            let version = revision.map_or_else(|| row.version.clone(), |r| r.change.version.to_string());
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
        versions
    }

    /// The numbers on the list of open issues, newest first.
    pub async fn listed_open(&self) -> Vec<u64> {
        let entries = self.ledger.inner().open_issues(None, u32::MAX).await;
        let entries = must("reading the list of open issues", entries);
        entries.iter().map(|entry| entry.number.0).collect()
    }

    /// The numbers of the issues that stand so, newest first, as people see them.
    pub async fn issues_in(&self, state: IssueState) -> Vec<u64> {
        let settings = self.settings().await;
        let filter = IssueFilter {
            state: Some(state),
            ..IssueFilter::default()
        };
        let page = self.shower(&settings).issues(&filter, None, 100).await;
        let page = must("listing issues", page);
        page.issues.iter().map(|view| view.issue.number.0).collect()
    }

    /// The revisions of a database, highest version first.
    pub async fn revisions(&self, place: &str) -> Vec<Revision> {
        let found = self
            .ledger
            .inner()
            .revisions(self.target(place), None, u32::MAX)
            .await;
        must("reading revisions", found)
    }

    /// A revision as people see it.
    pub async fn revision(&self, place: &str, version: &str) -> RevisionView {
        let version = match Version::parse(version) {
            Ok(version) => version,
            Err(error) => panic!("{error}"),
        };
        let key = TaskKey {
            target: self.target(place).clone(),
            version: version.key().clone(),
        };
        let settings = self.settings().await;
        match must("showing a revision", self.shower(&settings).revision(&key).await) {
            Ok(view) => view,
            Err(refusal) => panic!("{refusal}"),
        }
    }

    fn shower<'a>(&'a self, settings: &'a Settings) -> Shower<'a, testkit::MemoryLedger> {
        Shower {
            ledger: self.ledger.inner(),
            settings,
            now: self.clock.now(),
        }
    }
}

fn words(answer: &Answer) -> String {
    match answer {
        Answer::Taken {
            issue,
            replaced: false,
            ..
        } => format!("taken by issue {issue}"),
        Answer::Taken {
            issue,
            replaced: true,
            ..
        } => format!("new text of issue {issue}"),
        Answer::Known { note, .. } => format!("known: {note}"),
        Answer::Covered { note } => format!("covered: {note}"),
        Answer::Waiting { reason } => format!("waiting: {reason}"),
        Answer::Gone { note } => format!("gone: {note}"),
        Answer::Refused { code, reason } => format!("refused ({code}): {reason}"),
        Answer::Ignored { reason } => format!("ignored: {reason}"),
    }
}
