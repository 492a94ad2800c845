//! Who called, in the platform's words.

use crate::whom::Whom;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An IAM principal, as API Gateway vouches for it after checking the signature; never what a caller claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// `requestContext.identity.userArn`.
    pub arn: String,
    /// `requestContext.identity.caller`: the unique id, `AROA…:session` for assumed roles.
    pub unique_id: String,
    /// The account.
    pub account: String,
    /// The id of the access key that signed.
    pub access_key: String,
    /// The source address.
    pub source_ip: String,
    /// The id of the request.
    pub request_id: String,
}

impl Principal {
    /// The ARN that policy is written on: an assumed role without its session name, which the caller may choose.
    pub fn policy_arn(&self) -> &str {
        let resource = self.arn.splitn(6, ':').nth(5).unwrap_or_default();
        match resource
            .strip_prefix("assumed-role/")
            .and_then(|rest| rest.find('/'))
        {
            Some(_) => self
                .arn
                .rsplit_once('/')
                .map_or(self.arn.as_str(), |(role, _session)| role),
            None => &self.arn,
        }
    }

    /// The session's name of an assumed role, which whoever assumes it may choose unless its trust policy says otherwise.
    pub fn session(&self) -> Option<&str> {
        let resource = self.arn.splitn(6, ':').nth(5)?;
        let (_role, session) = resource.strip_prefix("assumed-role/")?.split_once('/')?;
        Some(session)
    }

    /// Whether an ARN of settings means this principal; see [`Whom`].
    pub fn is(&self, arn: &str) -> bool {
        Whom::read(arn).means(self)
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(arn: &str) -> Principal {
        Principal {
            arn: arn.into(),
            unique_id: String::new(),
            account: String::new(),
            access_key: String::new(),
            source_ip: String::new(),
            request_id: String::new(),
        }
    }

    fn policy_arn(arn: &str) -> String {
        principal(arn).policy_arn().to_owned()
    }

    #[test]
    fn a_session_name_is_no_identity() {
        assert_eq!(
            policy_arn("arn:aws:sts::1:assumed-role/dba/alice"),
            "arn:aws:sts::1:assumed-role/dba"
        );
        assert_eq!(
            policy_arn("arn:aws:iam::1:user/path/dba"),
            "arn:aws:iam::1:user/path/dba"
        );
    }
}
