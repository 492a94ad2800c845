//! Principals as settings name them: a user, a role whoever assumed it, or a role under certain session names.

use crate::pattern;
use crate::principal::Principal;

/// Whom an ARN of settings means.
///
/// A role may be written as IAM shows it (`arn:aws:iam::1:role/path/dba`) or as STS does
/// (`arn:aws:sts::1:assumed-role/dba`): then the session's name does not matter. With a session behind it
/// (`arn:aws:sts::1:assumed-role/dba/ada@*`) only sessions of that name are meant, `*` being any run of characters. No
/// role that is written as IAM shows it has a session: what stands before its name is a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Whom {
    /// The ARN without a session, a role's as STS writes it.
    arn: String,
    /// The session's name, with `*`.
    session: Option<String>,
}

impl Whom {
    /// Reads an ARN of settings.
    pub fn read(text: &str) -> Self {
        let mut parts = text.splitn(6, ':');
        let whole = || Self {
            arn: text.to_owned(),
            session: None,
        };
        let (Some(_arn), Some(partition), Some(_service), Some(_region), Some(account), Some(resource)) = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        ) else {
            return whole();
        };
        let assumed = |role: &str| format!("arn:{partition}:sts::{account}:assumed-role/{role}");
        if let Some(role) = resource.strip_prefix("role/") {
            return Self {
                arn: assumed(role.rsplit('/').next().unwrap_or_default()),
                session: None,
            };
        }
        match resource
            .strip_prefix("assumed-role/")
            .and_then(|rest| rest.split_once('/'))
        {
            Some((role, session)) => Self {
                arn: assumed(role),
                session: Some(session.to_owned()),
            },
            None => whole(),
        }
    }

    /// Whether this principal is meant.
    pub fn means(&self, principal: &Principal) -> bool {
        self.arn == principal.policy_arn()
            && self.session.as_deref().is_none_or(|wanted| {
                principal
                    .session()
                    .is_some_and(|session| pattern::matches(wanted, session))
            })
    }

    /// The session's name that is asked for; none where any will do.
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// Whether there may be a principal whom both mean.
    pub fn shares(&self, other: &Self) -> bool {
        let sessions = self.session.as_deref().zip(other.session.as_deref());
        self.arn == other.arn && sessions.is_none_or(|(own, others)| pattern::meet(own, others))
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

    #[test]
    fn a_role_is_known_however_settings_write_it() {
        let dba = principal("arn:aws:sts::1:assumed-role/dba/alice");
        for (arn, means) in [
            ("arn:aws:sts::1:assumed-role/dba", true),
            ("arn:aws:iam::1:role/dba", true),
            ("arn:aws:iam::1:role/x/y/dba", true),
            ("arn:aws:iam::2:role/dba", false),
            ("arn:aws:iam::1:role/dbas", false),
            ("arn:aws:iam::1:user/dba", false),
            ("arn:aws:iam::1:role/dba/alice", false),
            ("", false),
            ("role/dba", false),
        ] {
            assert_eq!(Whom::read(arn).means(&dba), means, "{arn}");
        }
    }

    #[test]
    fn a_session_is_asked_for_only_where_settings_name_one() {
        for (arn, session, means) in [
            ("arn:aws:sts::1:assumed-role/dba/alice", "alice", true),
            ("arn:aws:sts::1:assumed-role/dba/alice", "Alice", false),
            ("arn:aws:sts::1:assumed-role/dba/alice", "alice2", false),
            (
                "arn:aws:sts::1:assumed-role/dba/alice@*",
                "alice@example.com",
                true,
            ),
            ("arn:aws:sts::1:assumed-role/dba/alice@*", "mallory", false),
            (
                "arn:aws:sts::1:assumed-role/dba/*@example.com",
                "bob@example.com",
                true,
            ),
            ("arn:aws:sts::1:assumed-role/dba", "whoever", true),
            ("arn:aws:iam::1:role/dba", "whoever", true),
        ] {
            let who = principal(&format!("arn:aws:sts::1:assumed-role/dba/{session}"));
            assert_eq!(Whom::read(arn).means(&who), means, "{arn} {session}");
        }
        // A user of that name, and another role under that session, are somebody else.
        let alice = Whom::read("arn:aws:sts::1:assumed-role/dba/alice");
        for other in [
            "arn:aws:iam::1:user/alice",
            "arn:aws:iam::1:user/dba/alice",
            "arn:aws:sts::1:assumed-role/dev/alice",
            "arn:aws:sts::2:assumed-role/dba/alice",
            "arn:aws:sts::1:federated-user/alice",
        ] {
            assert!(!alice.means(&principal(other)), "{other}");
        }
    }

    #[test]
    fn an_assumed_role_called_like_somebody_is_nobody_but_the_role() {
        for (named, session) in [
            ("arn:aws:iam::1:user/ada", "arn:aws:sts::1:assumed-role/dev/ada"),
            ("arn:aws:iam::1:role/dba", "arn:aws:sts::1:assumed-role/dev/dba"),
            (
                "arn:aws:sts::1:assumed-role/dba",
                "arn:aws:sts::1:assumed-role/dev/dba",
            ),
            (
                "arn:aws:iam::1:role/dev/dba",
                "arn:aws:sts::1:assumed-role/dev/dba",
            ),
        ] {
            assert!(!Whom::read(named).means(&principal(session)), "{named} {session}");
        }
    }

    #[test]
    fn who_is_meant_by_two_names_is_known_before_anybody_comes() {
        let role = Whom::read("arn:aws:iam::1:role/x/dba");
        let ada = Whom::read("arn:aws:sts::1:assumed-role/dba/ada@*");
        let all = Whom::read("arn:aws:sts::1:assumed-role/dba/*@example.com");
        let bob = Whom::read("arn:aws:sts::1:assumed-role/dba/bob@*");
        let user = Whom::read("arn:aws:iam::1:user/ada");
        assert!(role.shares(&ada) && ada.shares(&role) && ada.shares(&all));
        assert!(!ada.shares(&bob) && !user.shares(&ada) && user.shares(&user));
    }
}
