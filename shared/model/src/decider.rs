//! Who decides: a principal that AWS signed for, or an account that GitHub did.

use crate::ids::DeliveryId;
use crate::principal::Principal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Who decided, in the words of whoever vouches for it. Stored without a tag: the two have no key in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Decider {
    /// A caller of the API, as AWS authenticated it.
    Principal(Principal),
    /// Somebody who clicked on GitHub, as GitHub authenticated it.
    Github(GithubAccount),
}

/// An account of GitHub, as a signed delivery names its sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GithubAccount {
    /// The numeric id: what is trusted.
    pub github_id: u64,
    /// The login, for people. Its owner may change it.
    pub login: String,
    /// The delivery that said so.
    pub delivery: DeliveryId,
}

impl Decider {
    /// What tells one from another for good: the unique id that AWS gave, or GitHub's.
    pub fn key(&self) -> String {
        match self {
            Self::Principal(by) => by.unique_id.clone(),
            Self::Github(by) => format!("github:{}", by.github_id),
        }
    }

    /// Who it is in the words of policy: an ARN without a session, or a GitHub account by its number.
    pub fn policy_name(&self) -> String {
        match self {
            Self::Principal(by) => by.policy_arn().to_owned(),
            Self::Github(by) => format!("GitHub account {}", by.github_id),
        }
    }

    /// What the request came as: API Gateway's id of it, or GitHub's of the delivery.
    pub fn request(&self) -> &str {
        match self {
            Self::Principal(by) => &by.request_id,
            Self::Github(by) => by.delivery.as_str(),
        }
    }
}

impl From<Principal> for Decider {
    fn from(by: Principal) -> Self {
        Self::Principal(by)
    }
}

/// An ARN, or `dana (GitHub account 4711)`.
impl fmt::Display for Decider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal(by) => by.fmt(f),
            Self::Github(by) => write!(f, "{} (GitHub account {})", by.login, by.github_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decided_is_read_as_it_was_stored() {
        let principal = Decider::Principal(Principal {
            arn: "arn:aws:iam::1:user/ada".into(),
            unique_id: "AIDA".into(),
            account: "1".into(),
            access_key: "AKIA".into(),
            source_ip: "192.0.2.1".into(),
            request_id: "r".into(),
        });
        let github = Decider::Github(GithubAccount {
            github_id: 4711,
            login: "dana".into(),
            delivery: DeliveryId::new("72d3162e"),
        });
        for by in [principal, github] {
            let stored = serde_json::to_string(&by).unwrap();
            assert_eq!(serde_json::from_str::<Decider>(&stored).unwrap(), by, "{stored}");
        }
    }
}
