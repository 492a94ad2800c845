//! Policy in words.

use settings::Approvers;

/// Who may approve.
pub(crate) fn who(approvers: &Approvers) -> String {
    let roles = approvers.roles.iter();
    let roles = roles.map(|role| format!("members with the role `{role}`"));
    let accounts = approvers.github_ids.iter();
    let accounts = accounts.map(|id| format!("GitHub account {id}"));
    let named: Vec<String> = roles
        .chain(approvers.principals.iter().cloned())
        .chain(accounts)
        .collect();
    if named.is_empty() {
        "nobody".to_owned()
    } else {
        named.join(", ")
    }
}
