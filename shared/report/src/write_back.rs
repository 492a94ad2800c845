//! What people read of the latest schema: the commit that brings it into the repository, or the pull request.

use crate::MOST;
use crate::text::{code_span, prose, visible};
use model::write_back::Written;
use model::{Revision, Target, Version};

/// The trailer by which our own commits are known again.
const TRAILER: &str = "Sluice-Write-Back";

/// The message of the commit that brings the latest schemas after these changes of one issue into the repository.
///
/// `commit_url` is where GitHub shows the commit of the changes. Nothing that a pusher chose freely is in the message:
/// a description could close GitHub's issues or stop its workflows.
pub fn write_back_message(revisions: &[&Revision], commit_url: &str) -> String {
    let title = match revisions {
        [one] => format!(
            "Latest schema of {} in {}, after version {}",
            visible(one.database.as_str()),
            visible(one.environment.as_str()),
            one.change.version
        ),
        several => format!("Latest schemas of {} databases", several.len()),
    };
    let mut lines: Vec<String> = revisions
        .iter()
        .map(|revision| applied(revision, revisions.len() > 1))
        .collect();
    lines.extend([visible(commit_url), String::new()]);
    lines.extend(
        revisions
            .iter()
            .map(|revision| format!("{TRAILER}: {} {}", revision.target, revision.change.version)),
    );
    format!("{title}\n\n{}\n", lines.join("\n"))
}

/// What was applied, and where, if it is one of several.
fn applied(revision: &Revision, of_several: bool) -> String {
    let change = &revision.change;
    let place = if of_several {
        format!(
            " to {} in {}: version {}",
            visible(revision.database.as_str()),
            visible(revision.environment.as_str()),
            change.version
        )
    } else {
        String::new()
    };
    format!(
        "Sluice applied the {} change of issue {} ({}){place}.",
        change.change_type,
        revision.issue,
        change.commit.short(),
    )
}

/// What the pull request says that proposes the latest schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalText {
    /// One line.
    pub title: String,
    /// Markdown, at most [`MOST`] bytes.
    pub body: String,
}

/// Renders the pull request into a branch; of several versions of one file it names the last.
pub fn write_back_proposal(branch: &str, files: &[Written]) -> ProposalText {
    let mut newest: Vec<&Written> = Vec::new();
    for file in files {
        match newest.iter_mut().find(|known| known.path == file.path) {
            Some(known) => *known = file,
            None => newest.push(file),
        }
    }
    let title = match newest.as_slice() {
        [one] => format!(
            "Latest schema of {} in {}",
            visible(one.target.database.as_str()),
            visible(one.environment.as_str())
        ),
        several => format!("Latest schemas of {} databases", several.len()),
    };
    let mut body = format!(
        "Sluice applied these versions, and proposes the schemas that they led to for {}. Merging runs nothing: the \
         files only say what is. Versions that are applied meanwhile are added here.\n\n\
         | File | Target | After version |\n|---|---|---|\n",
        code_span(branch)
    );
    for (index, file) in newest.iter().enumerate() {
        let line = format!(
            "| {} | {}, {} | {} |\n",
            code_span(&file.path),
            prose(file.environment.as_str()),
            code_span(&file.target.to_string()),
            code_span(file.version.as_str())
        );
        let rest = format!("\nand {} more\n", newest.len() - index);
        if body.len() + line.len() + rest.len() > MOST {
            body.push_str(&rest);
            break;
        }
        body.push_str(&line);
    }
    ProposalText { title, body }
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
        let message = write_back_message(
            &[&revision()],
            "https://github.com/sluice-demo/shop/commit/85dc488",
        );
        insta::assert_snapshot!(message, @r#"
        Latest schema of db_demo in test, after version 1

        Sluice applied the ddl change of issue 7 (85dc488).
        https://github.com/sluice-demo/shop/commit/85dc488

        Sluice-Write-Back: cluster1/db_demo 1
        "#);
        assert!(is_write_back(&message));
    }

    #[test]
    fn a_message_of_several_databases_names_each() {
        let mut other = revision();
        other.target = Target::new("cluster1", "db_other");
        other.database = model::DatabaseName::new("db_other");
        let message = write_back_message(&[&revision(), &other], "https://github.com/x");
        insta::assert_snapshot!(message, @r"
        Latest schemas of 2 databases

        Sluice applied the ddl change of issue 7 (85dc488) to db_demo in test: version 1.
        Sluice applied the ddl change of issue 7 (85dc488) to db_other in test: version 1.
        https://github.com/x

        Sluice-Write-Back: cluster1/db_demo 1
        Sluice-Write-Back: cluster1/db_other 1
        ");
        assert!(is_write_back(&message));
    }

    fn written(path: &str, version: &str) -> Written {
        Written {
            target: Target::new("cluster1", "db_demo"),
            environment: model::EnvironmentId::new("test"),
            version: Version::parse(version).unwrap(),
            path: path.to_owned(),
            finished_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_proposal_names_the_last_version_of_each_file() {
        let path = "bytebase/test/.db_demo##LATEST.sql";
        let text = write_back_proposal("main", &[written(path, "1"), written(path, "2")]);
        assert_eq!(text.title, "Latest schema of db_demo in test");
        insta::assert_snapshot!(text.body, @r"
        Sluice applied these versions, and proposes the schemas that they led to for `main`. Merging runs nothing: the files only say what is. Versions that are applied meanwhile are added here.

        | File | Target | After version |
        |---|---|---|
        | `bytebase/test/.db_demo##LATEST.sql` | test, `cluster1/db_demo` | `2` |
        ");
        let hostile = "a|b`](x) @dee #12";
        let several = write_back_proposal("main", &[written(path, "1"), written(hostile, "2")]);
        assert_eq!(several.title, "Latest schemas of 2 databases");
        assert!(several.body.ends_with(
            "| <code>a&#124;b&#96;&#93;&#40;x&#41; &#64;dee &#35;12</code> | test, `cluster1/db_demo` | `2` |\n"
        ), "{}", several.body);
    }

    #[test]
    fn a_proposal_of_very_many_files_stays_within_githubs_limit() {
        let files: Vec<Written> = (0..2_000)
            .map(|n| {
                written(
                    &format!("bytebase/test/.a_database_with_a_long_name_{n}##LATEST.sql"),
                    "1",
                )
            })
            .collect();
        let text = write_back_proposal("main", &files);
        assert!(text.body.len() <= MOST, "{}", text.body.len());
        assert!(text.body.contains("\nand "), "what is left out is counted");
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
