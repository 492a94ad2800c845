//! The steps that a stage's approval takes: those of its environment, then those that its risk asks for.

use model::pattern::matches;
use model::risk::ANY_TABLE;
use model::{Risk, Task};
use settings::{Approvers, Environment, RiskRule};

/// Nobody.
static NOBODY: Approvers = Approvers {
    roles: Vec::new(),
    principals: Vec::new(),
    github_ids: Vec::new(),
};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'a> {
    /// Its name; empty where the environment has no steps of its own.
    pub name: &'a str,
    /// How many approvals it needs.
    pub needs: u32,
    /// Who may give them.
    pub approvers: &'a Approvers,
    /// Why it is asked for, where only some changes need it.
    pub because: Option<String>,
}

/// What the worker found about changes when they were about to begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether any keeps others from writing to a large table.
    pub blocks: bool,
    /// The most rows that one statement looks at; 0 where none is known.
    pub rows: u64,
    /// Whether a statement goes through a table from end to end.
    pub without_key: bool,
}

impl Found {
    /// What was found about these.
    pub fn of(tasks: &[&Task]) -> Self {
        let reaches = || tasks.iter().flat_map(|task| &task.reaches);
        Self {
            blocks: tasks.iter().any(|task| !task.blocks.is_empty()),
            rows: reaches().map(|reach| reach.rows).max().unwrap_or_default(),
            without_key: reaches().any(|reach| reach.without_key),
        }
    }
}

/// The steps for changes with these risks, about which this was found. An environment that settings do
/// not know lets nothing through.
pub fn steps<'a>(environment: Option<&'a Environment>, risks: &[&Risk], found: Found) -> Vec<Step<'a>> {
    let Some(environment) = environment else {
        return vec![Step {
            name: "",
            needs: u32::MAX,
            approvers: &NOBODY,
            because: Some("settings do not know the environment any more".to_owned()),
        }];
    };
    let mut steps: Vec<Step<'a>> = environment
        .steps
        .iter()
        .map(|step| Step {
            name: &step.name,
            needs: step.approvals,
            approvers: &step.approvers,
            because: None,
        })
        .collect();
    if environment.approvals > 0 {
        steps.push(Step {
            name: "",
            needs: environment.approvals,
            approvers: &environment.approvers,
            because: None,
        });
    }
    for rule in &environment.rules {
        if let Some(because) = applies(rule, risks, found) {
            steps.push(Step {
                name: &rule.name,
                needs: rule.approvals,
                approvers: &rule.approvers,
                because: Some(because),
            });
        }
    }
    if steps.is_empty() && found.blocks {
        // What keeps others from writing is approved as such, by somebody at least.
        steps.push(Step {
            name: "",
            needs: 1,
            approvers: &environment.approvers,
            because: Some("it keeps others from writing to a large table".to_owned()),
        });
    }
    steps
}

/// The steps for these tasks.
pub(crate) fn of_tasks<'a>(environment: Option<&'a Environment>, tasks: &[&Task]) -> Vec<Step<'a>> {
    let risks: Vec<&Risk> = tasks.iter().map(|task| &task.risk).collect();
    steps(environment, &risks, Found::of(tasks))
}

/// Why a rule applies; none where it does not.
fn applies(rule: &RiskRule, risks: &[&Risk], found: Found) -> Option<String> {
    for risk in risks {
        if let Some(finding) = risk.findings.iter().find(|found| rule.findings.contains(found)) {
            return Some(format!("review found `{finding}`"));
        }
        let named = |table: &&String| {
            let table = table.to_lowercase();
            let mut patterns = rule.tables.iter();
            patterns.any(|pattern| table == ANY_TABLE || matches(&pattern.to_lowercase(), &table))
        };
        match risk.tables.iter().find(named).map(String::as_str) {
            Some(ANY_TABLE) => return Some("it changes more tables than can be listed".to_owned()),
            Some(table) => return Some(format!("it changes `{table}`")),
            None => {}
        }
    }
    if rule.blocking && found.blocks {
        return Some("it keeps others from writing to a large table".to_owned());
    }
    if let Some(over) = rule.rows_over.filter(|over| found.rows > *over) {
        return Some(format!("a statement of it looks at more than {over} rows"));
    }
    (rule.without_key && found.without_key).then(|| {
        "a statement of it goes through a table from end to end, for no key leads to its rows".to_owned()
    })
}
