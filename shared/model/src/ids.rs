//! Identifiers, each a type of its own, so that a branch never passes for a database.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_id {
    ($(#[doc = $doc:literal] $name:ident;)+) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps text that was already checked by whoever read it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_id! {
    /// A project's name, as in settings.
    ProjectId;
    /// An environment's name, as in settings and paths.
    EnvironmentId;
    /// An instance's name, as in settings: one Aurora cluster.
    InstanceId;
    /// The name of a database.
    DatabaseName;
    /// GitHub's id of one webhook POST (`X-GitHub-Delivery`), opaque text.
    DeliveryId;
    /// A git commit, 40 hexadecimal digits.
    CommitSha;
    /// A git blob, 40 hexadecimal digits.
    BlobSha;
}

impl CommitSha {
    /// Whether this is git's "no commit" (all zeros): the `before` of a new branch, the `after` of a deleted one.
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|byte| byte == b'0')
    }

    /// The first seven digits, for people.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }
}

macro_rules! number_id {
    ($(#[doc = $doc:literal] $name:ident;)+) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    )+};
}

number_id! {
    /// The number of an issue, counted from 1 without gaps.
    IssueNumber;
    /// The number of a pull request in its repository.
    PullRequestNumber;
    /// GitHub's numeric id of a repository; survives renames.
    RepositoryId;
}
