//! The branch on which the latest schema is proposed.

use model::{Checksum, ProjectId};
use settings::branch::OURS;

/// Our own branch for a branch of a project: one each, and always a name that git takes.
pub(super) fn own_branch(project: &ProjectId, branch: &str) -> String {
    format!("{OURS}{}/{}", safe(project.as_str()), safe(branch))
}

/// The text as one segment of a ref. Where anything had to be replaced, digits of its checksum keep it apart.
fn safe(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let plain = !text.is_empty()
        && text.chars().all(allowed)
        && !text.starts_with('.')
        && !text.ends_with('.')
        && text.strip_suffix(".lock").is_none()
        && !text.contains("..");
    if plain {
        return text.to_owned();
    }
    let replaced: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(60)
        .collect();
    format!("{replaced}-{}", Checksum::of(text.as_bytes()).short())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_our_branch_is_one_that_git_takes_and_nobody_else_has() {
        let name = |branch: &str| own_branch(&ProjectId::new("demo"), branch);
        assert_eq!(name("main"), "sluice/write-back/demo/main");
        assert_eq!(name("v1.2"), "sluice/write-back/demo/v1.2");
        for branch in ["release/1", "release-1.lock", ".x", "a..b", "größe", "a b", "x."] {
            let name = name(branch);
            let last = name.strip_prefix("sluice/write-back/demo/").unwrap();
            assert!(
                last.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
                "{branch}: {name}"
            );
        }
        assert_ne!(name("release/1"), name("release-1"));
        assert_ne!(name("release/1"), name("release 1"));
    }
}
