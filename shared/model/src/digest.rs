//! Digests: what an approval covers.

use crate::checksum::Checksum;
use crate::ids::EnvironmentId;
use crate::task::{Reach, Task};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The hash of all that an approval covers: environment, policy, and in order each task's target, version, text
/// commit, what of it blocks writes or looks at many rows, and what others changed there. Anything changed is another digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of the stage that these tasks form. `policy` is the environment's policy in its stored form.
    pub fn of_stage(environment: &EnvironmentId, policy: &str, tasks: &[&Task]) -> Self {
        let mut text = String::from("stage/1\n");
        let mut line = |part: &str| {
            // Lengths, so that no text can pass for two.
            text.push_str(&part.len().to_string());
            text.push(':');
            text.push_str(part);
            text.push('\n');
        };
        line(environment.as_str());
        line(policy);
        for task in tasks {
            line(&task.target.to_string());
            line(task.change.version.key().as_str());
            line(task.change.checksum.as_str());
            line(task.change.commit.as_str());
            for blocking in &task.blocks {
                line(&format!("blocks {} {}", blocking.statement, blocking.table));
            }
            for reach in &task.reaches {
                let Reach {
                    statement,
                    rows,
                    without_key,
                } = reach;
                line(&format!("reaches {statement} {rows} {without_key}"));
            }
            if let Some(drift) = &task.drift {
                line(&format!("drift {}", drift.schema));
            }
            // What policy asked for was asked for these.
            for finding in &task.risk.findings {
                line(&format!("finding {finding}"));
            }
            for table in &task.risk.tables {
                line(&format!("table {table}"));
            }
        }
        Self(Checksum::of(text.as_bytes()).as_str().to_owned())
    }

    /// The digest that a caller sent, to be compared and nothing else.
    pub fn claimed(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
