//! Executions in memory.

use crate::fixtures;
use model::{Fault, Verdict};
use std::collections::BTreeMap;
use workflow::ports::executions::{Execution, ExecutionId, Executions, Step, StepState, Word};

/// The document of the story's runbook.
pub const RUNBOOK: &str = "sluice-ApproveRunbook-4S5NXXL2VQXP";

/// Executions that a test made.
#[derive(Debug, Clone, Default)]
pub struct FixedExecutions(BTreeMap<ExecutionId, Execution>);

impl FixedExecutions {
    /// Those that the contract asks for.
    pub fn of_the_contract() -> Self {
        let mut fake = Self::default();
        for (number, execution) in recorded() {
            fake.put(number, execution);
        }
        fake
    }

    /// Puts an execution under the id of this number.
    pub fn put(&mut self, number: u32, execution: Execution) {
        self.0.insert(execution_id(number), execution);
    }
}

impl Executions for FixedExecutions {
    async fn execution(&self, id: &ExecutionId) -> Result<Option<Execution>, Fault> {
        Ok(self.0.get(id).cloned())
    }
}

/// The id of this number.
#[track_caller]
pub fn execution_id(number: u32) -> ExecutionId {
    let text = format!("{number:08}-f944-41e6-9d32-8fb2db27a909");
    match ExecutionId::parse(&text) {
        Some(id) => id,
        None => panic!("{text} is no id"),
    }
}

/// What somebody said, so many seconds into the story.
pub fn word(user: &str, verdict: Verdict, seconds: i64) -> Word {
    Word {
        by: format!("arn:aws:iam::000000000000:user/{user}"),
        verdict,
        at: fixtures::time(seconds),
        because: None,
    }
}

/// An execution for issue 7 in `prod`, whose step stands so after these words.
pub fn execution(state: StepState, words: Vec<Word>) -> Execution {
    let one = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
    let approve = Step {
        name: "Approve".to_owned(),
        action: "aws:approve".to_owned(),
        state,
        overridden: false,
        words,
    };
    let tell = Step {
        name: "Tell".to_owned(),
        action: "aws:invokeLambdaFunction".to_owned(),
        state: StepState::Open, // it runs while the execution is read
        overridden: false,
        words: Vec::new(),
    };
    Execution {
        document: RUNBOOK.to_owned(),
        version: "1".to_owned(),
        automatic: true,
        canceled: false,
        parameters: BTreeMap::from([
            one("Issue", "7"),
            one("Environment", "prod"),
            one("Digest", &"5f".repeat(32)),
        ]),
        steps: vec![approve, tell],
    }
}

/// The executions of the contract, by number.
pub fn recorded() -> Vec<(u32, Execution)> {
    let approved = |user, seconds| word(user, Verdict::Approved, seconds);
    let role = Word {
        by: "arn:aws:sts::000000000000:assumed-role/dba/dee@example.com".to_owned(),
        because: Some("read it with Dana".to_owned()),
        ..approved("dba", 60)
    };
    let rejected = Word {
        because: Some("not on a Friday".to_owned()),
        ..word("dba", Verdict::Rejected, 60)
    };
    let mut canceled = execution(StepState::Failed, vec![approved("dba", 60)]);
    canceled.canceled = true;
    let mut by_hand = execution(StepState::Succeeded, vec![approved("dba", 60)]);
    by_hand.automatic = false;
    by_hand.steps[0].overridden = true;
    let foreign = Execution {
        document: "arn:aws:ssm:us-east-1:111122223333:document/sluice-ApproveRunbook".to_owned(),
        version: "3".to_owned(),
        ..execution(StepState::Succeeded, vec![approved("dba", 60)])
    };
    vec![
        (1, execution(StepState::Succeeded, vec![role])),
        (2, execution(StepState::Open, Vec::new())),
        (
            3,
            execution(StepState::Failed, vec![approved("security", 30), rejected]),
        ),
        (4, execution(StepState::Failed, Vec::new())),
        (5, canceled),
        (6, by_hand),
        (7, foreign),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::executions as contract;

    #[tokio::test]
    async fn the_fake_keeps_the_contract() {
        let fake = FixedExecutions::of_the_contract();
        contract::each_execution_is_told_as_it_is(&fake).await;
        contract::an_execution_that_is_not_there_is_none(&fake).await;
    }
}
