//! Principals as settings name them: ARNs that can mean somebody.

use model::Whom;

/// The most characters of a session's name.
const LONGEST: usize = 64;

/// What is wrong with an ARN, and what to write; none where it can mean somebody.
pub(super) fn wrong(arn: &str) -> Option<String> {
    if !arn.starts_with("arn:") {
        return Some(format!(
            "`{arn}` is no ARN; write that of an IAM user or role, as `aws sts get-caller-identity` says it"
        ));
    }
    let whom = Whom::read(arn);
    let Some(session) = whom.session() else {
        return arn.contains('*').then(|| {
            "`*` stands for a part of a session's name alone; write `arn:aws:sts::ACCOUNT:assumed-role/ROLE/ada@*`"
                .to_owned()
        });
    };
    if session.chars().all(|c| c == '*') {
        return Some("any session would do; leave the session out, and the role alone is meant".to_owned());
    }
    let before = arn.strip_suffix(session).unwrap_or(arn);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-*".contains(c);
    (before.contains('*') || session.len() > LONGEST || !session.chars().all(plain)).then(|| {
        format!(
            "no session can be called so; behind the role's name, which has no path here, stand at most {LONGEST} of \
             letters, digits, `_+=,.@-`, and `*` for any of them: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/ada@*`"
        )
    })
}
