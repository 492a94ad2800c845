//! Who called, in the platform's words.

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
}

impl Principal {
    /// Whether an ARN of settings means this principal. A role may be written as IAM shows it
    /// (`arn:aws:iam::1:role/path/dba`) or as STS does (`arn:aws:sts::1:assumed-role/dba`).
    pub fn is(&self, arn: &str) -> bool {
        let own = self.policy_arn();
        own == arn || (as_assumed(arn).as_deref() == Some(own))
    }
}

/// The ARN that somebody has who assumed this IAM role; paths of roles are not in it.
fn as_assumed(arn: &str) -> Option<String> {
    let mut parts = arn.splitn(6, ':');
    let (_arn, partition, _iam, _region) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let (account, resource) = (parts.next()?, parts.next()?);
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    Some(format!("arn:{partition}:sts::{account}:assumed-role/{name}"))
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
    fn a_role_is_known_however_settings_write_it() {
        let dba = principal("arn:aws:sts::1:assumed-role/dba/alice");
        for arn in [
            "arn:aws:sts::1:assumed-role/dba",
            "arn:aws:iam::1:role/dba",
            "arn:aws:iam::1:role/x/y/dba",
        ] {
            assert!(dba.is(arn), "{arn}");
        }
        for arn in [
            "arn:aws:iam::2:role/dba",
            "arn:aws:iam::1:role/dbas",
            "arn:aws:iam::1:user/dba",
            "",
            "role/dba",
        ] {
            assert!(!dba.is(arn), "{arn}");
        }
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
