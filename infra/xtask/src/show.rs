//! A stack for people: a table, and lines to paste into a shell.

use crate::stack::Stack;

/// The table and the `export` lines.
pub(crate) fn table(stack: &Stack) -> String {
    let principals = &stack.principals;
    let mut rows = vec![
        ("API", stack.api_url.clone()),
        (
            "AWS endpoint",
            format!("{} ({})", stack.aws_endpoint_url, stack.region),
        ),
        ("Ledger", stack.table.clone()),
        ("MySQL", stack.mysql_url.clone()),
        ("GitHub API", stack.github_api_url.clone()),
        (
            "Repository",
            format!(
                "{} ({}), branch {}",
                stack.repository, stack.repository_id, stack.branch
            ),
        ),
        ("sluice", stack.cli.display().to_string()),
        ("Logs", stack.logs.display().to_string()),
    ];
    for database in &stack.databases {
        rows.push((
            "Database",
            format!(
                "{}/{} in {}",
                database.instance, database.schema, database.environment
            ),
        ));
    }
    for (name, principal) in [
        ("admin", &principals.admin),
        ("dba", &principals.dba),
        ("developer", &principals.developer),
    ] {
        rows.push(("Principal", format!("{name}: {}", principal.arn)));
    }
    let rows = rows
        .into_iter()
        .map(|(name, value)| format!("{name:<13} {value}"));
    let exports = exports(stack).map(|(name, value)| format!("export {name}={value}"));
    let lines: Vec<String> = rows
        .chain([String::new(), "# As the admin, in this shell:".to_owned()])
        .chain(exports)
        .collect();
    lines.join("\n") + "\n"
}

fn exports(stack: &Stack) -> [(&'static str, &str); 6] {
    let keys = &stack.principals.admin.keys;
    [
        ("AWS_ENDPOINT_URL", &stack.aws_endpoint_url),
        ("AWS_REGION", &stack.region),
        ("AWS_ACCESS_KEY_ID", &keys.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &keys.secret_access_key),
        ("SLUICE_API_URL", &stack.api_url),
        ("GITHUB_TOKEN", &stack.github_token),
    ]
}
