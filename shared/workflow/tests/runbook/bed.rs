//! An issue that waits for two approvals, and an execution to be named.

use jiff::{SignedDuration, Timestamp};
use model::{
    ApprovalStatus, AuditChain, AuditItem, AuditRecord, Decision, Digest, EnvironmentId, IssueNumber,
    Refusal, Target, Verdict,
};
use settings::Settings;
use testkit::fixed_executions::{RUNBOOK, execution, execution_id};
use testkit::{FixedExecutions, ManualClock, MemoryLedger, MemoryQueue, SequentialIds, fixtures};
use workflow::act::{self, Actor, Approve, Heard};
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::executions::{Execution, StepState, Word};
use workflow::ports::ledger::{AuditLedger as _, Commit as _, Committed, IssueLedger as _, Write};
use workflow::show::Shower;

#[derive(Default)]
pub(crate) struct Time(ManualClock, SequentialIds);

impl Clock for Time {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

impl Ids for Time {
    fn next_id(&self) -> String {
        self.1.next_id()
    }
}

/// The number of the execution that is named.
pub(crate) const NAMED: u32 = 50;

pub(crate) struct Bed {
    pub(crate) ledger: MemoryLedger,
    pub(crate) queue: MemoryQueue,
    pub(crate) settings: Settings,
    time: Time,
}

/// The settings: two of three people approve in `prod`, within an hour; a fourth pushed.
fn settings() -> Settings {
    let people = [("sam", 8), ("ada", 9), ("dev", 42)].map(|(name, id)| {
        format!(
            "\n[[members]]\nname = \"{name}\"\ngithub_id = {id}\nroles = [\"dba\"]\n\
             principals = [\"arn:aws:iam::000000000000:user/{name}\"]\n"
        )
    });
    let text = fixtures::SETTINGS.replace("approvals = 1", "approvals = 2\napprovals_expire_after = \"1h\"");
    Settings::read(&(text + &people.concat())).unwrap()
}

impl Bed {
    pub(crate) async fn make() -> Self {
        let ledger = MemoryLedger::default();
        let prod = EnvironmentId::new("prod");
        let target = Target::new("demo-prod", "db_demo");
        let mut task = fixtures::task(7, &target, "1");
        task.environment = prod.clone();
        let mut issue = fixtures::issue(7);
        issue.environments = vec![prod];
        issue.tasks = vec![task.key()];
        let made = ledger.commit(vec![Write::Issue(issue), Write::Task(task)]).await;
        assert_eq!(made.unwrap(), Committed::Yes);
        let bed = Self {
            ledger,
            queue: MemoryQueue::default(),
            settings: settings(),
            time: Time::default(),
        };
        bed.time.0.advance(SignedDuration::from_mins(2));
        bed
    }

    pub(crate) fn wait(&self, minutes: i64) {
        self.time.0.advance(SignedDuration::from_mins(minutes));
    }

    fn actor(&self) -> Actor<'_, MemoryLedger, MemoryQueue, Time> {
        Actor {
            ledger: &self.ledger,
            queue: &self.queue,
            clock: &self.time,
        }
    }

    /// What somebody who decides now is shown.
    pub(crate) async fn digest(&self) -> Digest {
        self.stage().await.0
    }

    /// Where the approval stands.
    pub(crate) async fn standing(&self) -> ApprovalStatus {
        self.stage().await.1
    }

    async fn stage(&self) -> (Digest, ApprovalStatus) {
        let shower = Shower {
            ledger: &self.ledger,
            settings: &self.settings,
            now: self.time.now(),
        };
        let issue = self.ledger.issues(&[IssueNumber(7)]).await.unwrap().remove(0);
        let view = shower.issue_view(issue).await.unwrap();
        let stage = view.stages.into_iter().next().unwrap();
        (stage.digest, stage.approval)
    }

    /// An execution for what is there now, whose step stands so after these words.
    pub(crate) async fn execution(&self, state: StepState, words: Vec<Word>) -> Execution {
        let mut execution = execution(state, words);
        let digest = self.digest().await.to_string();
        execution.parameters.insert("Digest".to_owned(), vec![digest]);
        execution
    }

    /// An execution that succeeded after these words is named.
    pub(crate) async fn approved(&self, words: Vec<Word>) -> Result<Heard, Refusal> {
        let execution = self.execution(StepState::Succeeded, words).await;
        self.hear(execution).await
    }

    /// The function is told that there is this execution.
    pub(crate) async fn hear(&self, execution: Execution) -> Result<Heard, Refusal> {
        let mut executions = FixedExecutions::default();
        executions.put(NAMED, execution);
        let id = execution_id(NAMED);
        self.name(&executions, id.as_str()).await
    }

    /// The function is handed this text.
    pub(crate) async fn name(&self, executions: &FixedExecutions, id: &str) -> Result<Heard, Refusal> {
        act::hear(&self.actor(), executions, &self.settings, RUNBOOK, id)
            .await
            .unwrap()
    }

    /// Somebody decides through the API.
    pub(crate) async fn decide(&self, user: &str, verdict: Verdict) -> Result<(), Refusal> {
        let wish = Approve {
            issue: IssueNumber(7),
            environment: None,
            digest: self.digest().await,
            turn: None,
            verdict,
            because: None,
            by: fixtures::principal(user).into(),
        };
        act::decide(&self.actor(), &self.settings, &wish).await.unwrap()
    }

    pub(crate) async fn decisions(&self) -> Vec<Decision> {
        self.ledger.decisions(IssueNumber(7)).await.unwrap()
    }

    pub(crate) async fn audit(&self) -> Vec<AuditItem> {
        let chain = AuditChain::Issue(IssueNumber(7));
        let part = self.ledger.audit_items(chain, 0, 100).await.unwrap();
        let items = part.records.into_iter().map(|record| match record {
            AuditRecord::Item(item) => *item,
            AuditRecord::Unreadable { .. } => panic!("{record:?}"),
        });
        items.collect()
    }
}
