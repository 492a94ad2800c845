//! The commit of the latest schema.

use crate::text::visible;
use model::{Revision, Target, Version};

/// The trailer by which our own commits are known again.
const TRAILER: &str = "Sluice-Write-Back";

/// The message of the commit that brings the latest schema into the repository.
///
/// `commit_url` is where GitHub shows the commit of the change. Nothing that a pusher chose freely is in the message:
/// a description could close GitHub's issues or stop its workflows.
pub fn write_back_message(revision: &Revision, commit_url: &str) -> String {
    let change = &revision.change;
    format!(
        "Latest schema of {} in {}, after version {}\n\n\
         Sluice applied the {} change of issue {} ({}).\n\
         {}\n\n\
         {TRAILER}: {} {}\n",
        visible(revision.database.as_str()),
        visible(revision.environment.as_str()),
        change.version,
        change.change_type,
        revision.issue,
        change.commit.short(),
        visible(commit_url),
        revision.target,
        change.version,
    )
}

/// Whether a message ends with our trailer. Anybody can write one: look at the author and the path as well.
pub fn is_write_back(message: &str) -> bool {
    let lines = message.trim_end().lines().rev();
    lines
        .map(str::trim_end)
        .take_while(|line| !line.is_empty())
        .any(is_trailer)
}

fn is_trailer(line: &str) -> bool {
    let Some(rest) = line
        .strip_prefix(TRAILER)
        .and_then(|rest| rest.strip_prefix(": "))
    else {
        return false;
    };
    match rest.split_once(' ') {
        Some((target, version)) => Target::parse(target).is_ok() && Version::parse(version).is_ok(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::revision;

    #[test]
    fn the_message_says_what_and_why() {
        let message = write_back_message(&revision(), "https://github.com/sluice-demo/shop/commit/85dc488");
        insta::assert_snapshot!(message, @r#"
        Latest schema of db_demo in test, after version 1

        Sluice applied the ddl change of issue 7 (85dc488).
        https://github.com/sluice-demo/shop/commit/85dc488

        Sluice-Write-Back: cluster1/db_demo 1
        "#);
        assert!(is_write_back(&message));
    }

    #[test]
    fn only_the_trailer_in_the_last_paragraph_counts() {
        for (message, expected) in [
            ("x\n\nSluice-Write-Back: c1/db_demo 1\n", true),
            (
                "x\n\nSluice-Write-Back: c1/db_demo 1\nCo-authored-by: a <b@c>\n",
                true,
            ),
            ("x\r\n\r\nSluice-Write-Back: c1/db_demo 1\r\n", true),
            ("Sluice-Write-Back: c1/db_demo 1\n\nx", false),
            ("x\n\nSluice-Write-Back: c1 1", false),
            ("x\n\nSluice-Write-Back: c1/db_demo", false),
            ("x\n\nSluice-Write-Back: c1/db_demo 1 2", false),
            ("x\n\nsluice-write-back: c1/db_demo 1", false),
            ("x\n\n Sluice-Write-Back: c1/db_demo 1", false),
            ("", false),
        ] {
            assert_eq!(is_write_back(message), expected, "{message:?}");
        }
    }
}
