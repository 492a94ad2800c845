//! The page for people: every statement with its purpose.

use super::purpose::purpose;
use super::statement::{Effect, Statement};
use std::fmt::Write as _;

const HEAD: &str = "# Permissions

Every IAM statement of `template.yaml`: what it permits, the story that breaks without it, and how that is shown.
This page is written by `cargo run -p tidy` and held to the template by a test.

- **recorded calls**: the end-to-end stories record every call that the functions make and compare both ways: no
  call without a statement, no statement, action or key pattern without a call.
- **ledger's tests**: an entity too large for one item is stored beside it; the ledger's own tests show it on a table.
- **kms's tests**: only there when a key in KMS signs as the GitHub App (`GitHubAppKmsKeyArn`).
- **queue's tests**: what could not be done for now comes back later; the queue's own tests show it on a queue.
- **AWS's contract**: the platform itself acts with the role (event pollers, log delivery, network interfaces); these
  are the actions that AWS's documentation asks for, narrowed to the one resource.
- **created network**: only there when the stack creates its own VPC and cluster.

| statement | actions | on | keys | story | shown by |
|---|---|---|---|---|---|
";

/// The page for people: every statement with its purpose.
pub fn page(statements: &[Statement]) -> String {
    let mut page = HEAD.to_owned();
    for statement in statements {
        let (story, proof) =
            purpose(&statement.sid).map_or(("", ""), |found| (found.story, found.proof.word()));
        let effect = match statement.effect {
            Effect::Allow => "",
            Effect::Deny => "**never** ",
        };
        let _infallible = writeln!(
            page,
            "| {} | {effect}{} | {} | {} | {story} | {proof} |",
            statement.sid,
            quoted(&statement.actions),
            quoted(&statement.resources),
            quoted(statement.keys.as_deref().unwrap_or_default()),
        );
    }
    page
}

fn quoted(words: &[String]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(" ")
}
