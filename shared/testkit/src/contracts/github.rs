//! What every GitHub does: the suite that holds the fake and the real adapter to the same contract.
//!
//! Each statement gets a [`Stage`] of its own and returns the fault that stopped it, if any.

use model::{BlobSha, CommitSha, Fault, RepositoryRef};
use std::future::Future;
use workflow::ports::github::{
    CheckRun, CheckRuns, CheckState, FileWrite, FileWritten, Files, Repositories, TreeEntry,
};

/// The name under which a stage commits.
pub const AUTHOR: (&str, &str) = ("Dana Developer", "dana@example.com");

/// A commit that no repository has.
const NOWHERE: &str = "1234567812345678123456781234567812345678";

/// A repository with a branch that nobody else touches.
pub trait Stage: Send + Sync {
    /// What is held to the contract.
    type GitHub: Repositories + CheckRuns + Files;

    /// The adapter.
    fn github(&self) -> &Self::GitHub;

    /// The repository.
    fn repository(&self) -> RepositoryRef;

    /// The branch, which exists and has at least one commit.
    fn branch(&self) -> String;

    /// Commits files to the branch as [`AUTHOR`] (none: deleted), in one commit or several; answers the last one.
    fn commit(
        &self,
        message: &str,
        files: &[(&str, Option<&str>)],
    ) -> impl Future<Output = Result<CommitSha, Fault>> + Send;

    /// Status, conclusion and title of a check run, as GitHub shows it.
    fn shown(
        &self,
        check_run: u64,
    ) -> impl Future<Output = Result<(String, Option<String>, String), Fault>> + Send;
}

/// Makes a test of every statement: `github_contract!(stage)`, where `stage(name)` is an async function that answers
/// a [`Stage`] whose branch is named after the statement.
#[macro_export]
macro_rules! github_contract {
    ($stage:path) => {
        $crate::github_contract!($stage:
            a_branch_has_a_head,
            branches_are_found_by_how_they_begin,
            a_tree_lists_what_is_below_a_directory_and_nothing_else,
            a_tree_of_nothing_is_empty,
            a_tree_is_of_its_commit,
            any_file_name_is_found,
            a_blob_is_its_bytes,
            a_commit_says_who_and_what,
            a_check_run_is_found_by_its_key,
            a_check_run_shows_every_state,
            a_file_is_written_once,
            a_file_is_written_over,
            a_file_name_with_hashes_is_written,
            a_vanished_branch_is_refused,
            a_directory_is_not_written_over,
        );
    };
    ($stage:path: $($statement:ident),+ $(,)?) => {$(
        #[tokio::test]
        async fn $statement() {
            let stage = $stage(stringify!($statement)).await;
            if let Err(fault) = $crate::contracts::github::$statement(&stage).await {
                panic!("{}", fault.chain());
            }
        }
    )+};
}

fn paths(tree: &[TreeEntry]) -> Vec<&str> {
    tree.iter().map(|entry| entry.path.as_str()).collect()
}

fn check_run(commit: &CommitSha, external_id: &str, state: CheckState) -> CheckRun {
    CheckRun {
        external_id: external_id.to_owned(),
        name: "sluice".to_owned(),
        commit: commit.clone(),
        state,
        title: format!("It is {state:?}"),
        summary: "| File | Answer |\n|---|---|\n| `a.sql` | Done |".to_owned(),
    }
}

fn write(stage: &impl Stage, path: &str, text: &str) -> FileWrite {
    FileWrite {
        branch: stage.branch(),
        path: path.to_owned(),
        text: text.to_owned(),
        message: format!("Write {path}"),
    }
}

/// The text at a path of a commit.
async fn text(stage: &impl Stage, commit: &CommitSha, path: &str) -> Result<Option<String>, Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let tree = github.tree(&repository, commit, "").await?;
    match tree.into_iter().find(|entry| entry.path == path) {
        Some(entry) => {
            let bytes = github.blob(&repository, &entry.blob).await?;
            Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
        }
        None => Ok(None),
    }
}

/// The head follows the commits; a branch that does not exist has none, even as the beginning of another's name.
pub async fn a_branch_has_a_head(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository, branch) = (stage.github(), stage.repository(), stage.branch());
    let first = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    assert_eq!(github.head(&repository, &branch).await?, Some(first.clone()));
    let second = stage.commit("Two", &[("a.sql", Some("2"))]).await?;
    assert_ne!(first, second);
    assert_eq!(github.head(&repository, &branch).await?, Some(second));
    let shorter: String = branch.chars().take(branch.chars().count() - 1).collect();
    for missing in [shorter, format!("{branch}x"), format!("{branch}/x")] {
        assert_eq!(github.head(&repository, &missing).await?, None, "{missing}");
    }
    Ok(())
}

/// Wherever the beginning ends; with their heads, in the order of their names.
pub async fn branches_are_found_by_how_they_begin(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository, branch) = (stage.github(), stage.repository(), stage.branch());
    let head = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let shorter: String = branch.chars().take(branch.chars().count() - 2).collect();
    let ours = (branch.clone(), head);
    for beginning in [&branch, &shorter] {
        assert_eq!(
            github.branches(&repository, beginning).await?,
            [ours.clone()],
            "{beginning}"
        );
    }
    for beginning in ["contract/", ""] {
        let found = github.branches(&repository, beginning).await?;
        assert!(
            found.contains(&ours) && found.is_sorted(),
            "{beginning}: {found:?}"
        );
        assert!(
            found.iter().all(|(name, _)| name.starts_with(beginning)),
            "{found:?}"
        );
    }
    for beginning in [format!("{branch}x"), format!("{branch}/")] {
        assert_eq!(github.branches(&repository, &beginning).await?, [], "{beginning}");
    }
    Ok(())
}

/// Whole paths, files of all depths, and no neighbour whose name only begins alike.
pub async fn a_tree_lists_what_is_below_a_directory_and_nothing_else(
    stage: &impl Stage,
) -> Result<(), Fault> {
    let files = [
        ("db/test/a.sql", Some("SELECT 1;")),
        ("db/test/deep/er/b.sql", Some("SELECT 2;")),
        ("db/prod/a.sql", Some("SELECT 3;")),
        ("db2/test/a.sql", Some("SELECT 4;")),
    ];
    let commit = stage.commit("Files", &files).await?;
    let (github, repository) = (stage.github(), stage.repository());
    let tree = github.tree(&repository, &commit, "db/test").await?;
    assert_eq!(paths(&tree), ["db/test/a.sql", "db/test/deep/er/b.sql"]);
    assert!(tree.iter().all(|entry| entry.mode == "100644"), "{tree:?}");
    assert!(
        tree.iter().all(|entry| entry.size.is_none_or(|size| size == 9)),
        "{tree:?}"
    );
    let tree = github.tree(&repository, &commit, "db").await?;
    assert_eq!(
        paths(&tree),
        ["db/prod/a.sql", "db/test/a.sql", "db/test/deep/er/b.sql"]
    );
    let root = github.tree(&repository, &commit, "").await?;
    for (path, _) in files {
        assert!(paths(&root).contains(&path), "{path} in {root:?}");
    }
    Ok(())
}

/// No such directory, and a file where a directory is asked for.
pub async fn a_tree_of_nothing_is_empty(stage: &impl Stage) -> Result<(), Fault> {
    let commit = stage.commit("File", &[("db/a.sql", Some("1"))]).await?;
    for directory in ["nowhere", "db/nowhere", "d", "db/a.sql", "db/a.sql/x"] {
        let tree = stage
            .github()
            .tree(&stage.repository(), &commit, directory)
            .await?;
        assert_eq!(tree, [], "{directory}");
    }
    Ok(())
}

/// Later commits change nothing of an earlier tree; equal texts have equal blobs, other texts others.
pub async fn a_tree_is_of_its_commit(stage: &impl Stage) -> Result<(), Fault> {
    let first = stage
        .commit("One", &[("db/a.sql", Some("1")), ("db/b.sql", Some("1"))])
        .await?;
    let second = stage
        .commit("Two", &[("db/a.sql", Some("2")), ("db/b.sql", None)])
        .await?;
    let (github, repository) = (stage.github(), stage.repository());
    let before = github.tree(&repository, &first, "db").await?;
    let after = github.tree(&repository, &second, "db").await?;
    assert_eq!(paths(&before), ["db/a.sql", "db/b.sql"]);
    assert_eq!(paths(&after), ["db/a.sql"]);
    let blobs = |tree: &[TreeEntry]| {
        tree.iter()
            .map(|entry| entry.blob.clone())
            .collect::<Vec<BlobSha>>()
    };
    let (before, after) = (blobs(&before), blobs(&after));
    assert_eq!(before.first(), before.last(), "the same text is the same blob");
    assert_ne!(before.first(), after.first(), "another text is another blob");
    Ok(())
}

/// Names that mean something in URLs, in globs or in shells.
pub async fn any_file_name_is_found(stage: &impl Stage) -> Result<(), Fault> {
    let names = [
        "odd/.db_demo##LATEST.sql",
        "odd/100%.sql",
        "odd/a b+c&d=e?.sql",
        "odd/db_demo##202303100000##ddl##create.sql",
        "odd/größe.sql",
    ];
    let files: Vec<(&str, Option<&str>)> = names.iter().map(|name| (*name, Some(*name))).collect();
    let commit = stage.commit("Names", &files).await?;
    let tree = stage.github().tree(&stage.repository(), &commit, "odd").await?;
    assert_eq!(paths(&tree), names);
    for name in names {
        assert_eq!(text(stage, &commit, name).await?.as_deref(), Some(name));
    }
    Ok(())
}

/// Nothing added, nothing lost, whatever the text.
pub async fn a_blob_is_its_bytes(stage: &impl Stage) -> Result<(), Fault> {
    let long = "-- a line of a long file\n".repeat(4_000);
    let texts = [
        "SELECT 'größe 🦀';\r\n",
        "no line end",
        "\u{feff}BOM",
        "\n\n",
        long.as_str(),
    ];
    for (index, expected) in texts.iter().enumerate() {
        let path = format!("blobs/{index}.sql");
        let commit = stage.commit("Text", &[(&path, Some(expected))]).await?;
        let found = text(stage, &commit, &path).await?;
        assert!(found.as_deref() == Some(expected), "text {index}: {found:?}");
    }
    Ok(())
}

/// The first line, the whole message, the author; none for a commit that does not exist.
pub async fn a_commit_says_who_and_what(stage: &impl Stage) -> Result<(), Fault> {
    let message = "Add the orders table\n\nBecause orders need one.";
    let commit = stage.commit(message, &[("a.sql", Some("1"))]).await?;
    let (github, repository) = (stage.github(), stage.repository());
    let found = github.commit(&repository, &commit).await?;
    let Some(info) = found else {
        panic!("no commit {commit}");
    };
    assert_eq!(
        (info.title.as_str(), info.message.as_str()),
        ("Add the orders table", message)
    );
    assert_eq!((info.author_name.as_str(), info.author_email.as_str()), AUTHOR);
    assert!(info.url.ends_with(commit.as_str()), "{}", info.url);
    assert_eq!(github.commit(&repository, &CommitSha::new(NOWHERE)).await?, None);
    Ok(())
}

/// By our own key on that commit, and by nothing else.
pub async fn a_check_run_is_found_by_its_key(stage: &impl Stage) -> Result<(), Fault> {
    let first = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let second = stage.commit("Two", &[("a.sql", Some("2"))]).await?;
    let (github, repository) = (stage.github(), stage.repository());
    // Equal commits of two stages may be one commit, so the keys must tell the stages apart.
    let (shop_key, blog_key) = (
        format!("shop {}", stage.branch()),
        format!("blog {}", stage.branch()),
    );
    let part = shop_key.get(1..).unwrap_or_default();
    assert_eq!(github.find_check_run(&repository, &first, &shop_key).await?, None);
    let shop = github
        .create_check_run(&repository, &check_run(&first, &shop_key, CheckState::Queued))
        .await?;
    let blog = github
        .create_check_run(&repository, &check_run(&first, &blog_key, CheckState::Queued))
        .await?;
    assert_ne!(shop, blog);
    assert_eq!(
        github.find_check_run(&repository, &first, &shop_key).await?,
        Some(shop)
    );
    assert_eq!(
        github.find_check_run(&repository, &first, &blog_key).await?,
        Some(blog)
    );
    assert_eq!(github.find_check_run(&repository, &first, part).await?, None);
    assert_eq!(
        github.find_check_run(&repository, &second, &shop_key).await?,
        None
    );
    assert_eq!(
        github
            .find_check_run(&repository, &CommitSha::new(NOWHERE), &shop_key)
            .await?,
        None
    );
    Ok(())
}

/// Made and updated in any state, from any other, and found afterwards under the same id.
pub async fn a_check_run_shows_every_state(stage: &impl Stage) -> Result<(), Fault> {
    let commit = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let (github, repository) = (stage.github(), stage.repository());
    let states = [
        (CheckState::Queued, "queued", None),
        (CheckState::ActionRequired, "completed", Some("action_required")),
        (CheckState::InProgress, "in_progress", None),
        (CheckState::Failure, "completed", Some("failure")),
        (CheckState::InProgress, "in_progress", None),
        (CheckState::Success, "completed", Some("success")),
        (CheckState::Neutral, "completed", Some("neutral")),
    ];
    let key = format!("shop {}", stage.branch());
    let mut id = None;
    for (state, status, conclusion) in states {
        let run = check_run(&commit, &key, state);
        let id = match id {
            Some(id) => {
                github.update_check_run(&repository, id, &run).await?;
                id
            }
            None => *id.insert(github.create_check_run(&repository, &run).await?),
        };
        let shown = stage.shown(id).await?;
        assert_eq!(
            shown,
            (status.to_owned(), conclusion.map(str::to_owned), run.title),
            "{state:?}"
        );
        assert_eq!(github.find_check_run(&repository, &commit, &key).await?, Some(id));
    }
    Ok(())
}

/// A new file is a commit on the branch with the message; the same text again is none.
pub async fn a_file_is_written_once(stage: &impl Stage) -> Result<(), Fault> {
    let before = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let (github, repository) = (stage.github(), stage.repository());
    let file = write(stage, "test/.db_demo.sql", "CREATE TABLE größe (id INT);\n");
    let FileWritten::Committed(commit) = github.write_file(&repository, &file).await? else {
        panic!("a new file must be committed");
    };
    assert_ne!(commit, before);
    assert_eq!(
        github.head(&repository, &stage.branch()).await?,
        Some(commit.clone())
    );
    assert_eq!(text(stage, &commit, &file.path).await?.as_ref(), Some(&file.text));
    assert_eq!(
        text(stage, &commit, "a.sql").await?.as_deref(),
        Some("1"),
        "nothing else changes"
    );
    let info = github.commit(&repository, &commit).await?;
    assert_eq!(info.map(|info| info.message), Some(file.message.clone()));
    assert_eq!(
        github.write_file(&repository, &file).await?,
        FileWritten::Unchanged
    );
    assert_eq!(github.head(&repository, &stage.branch()).await?, Some(commit));
    Ok(())
}

/// Whoever wrote last before us: the text becomes ours, by a commit on top of theirs.
pub async fn a_file_is_written_over(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository, path) = (stage.github(), stage.repository(), "test/latest.sql");
    stage.commit("Theirs", &[(path, Some("theirs"))]).await?;
    let written = github
        .write_file(&repository, &write(stage, path, "ours 1"))
        .await?;
    assert!(matches!(written, FileWritten::Committed(_)), "{written:?}");
    let theirs = stage
        .commit(
            "Theirs again",
            &[(path, Some("theirs again")), ("b.sql", Some("b"))],
        )
        .await?;
    let FileWritten::Committed(commit) = github
        .write_file(&repository, &write(stage, path, "ours 2"))
        .await?
    else {
        panic!("another text must be committed");
    };
    assert_ne!(commit, theirs);
    assert_eq!(text(stage, &commit, path).await?.as_deref(), Some("ours 2"));
    assert_eq!(
        text(stage, &commit, "b.sql").await?.as_deref(),
        Some("b"),
        "their commit is kept"
    );
    Ok(())
}

/// The name that the default template gives to the latest schema.
pub async fn a_file_name_with_hashes_is_written(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository, path) = (stage.github(), stage.repository(), "test/.db_demo##LATEST.sql");
    for text_now in ["one", "two"] {
        let written = github
            .write_file(&repository, &write(stage, path, text_now))
            .await?;
        let FileWritten::Committed(commit) = written else {
            panic!("{written:?}");
        };
        assert_eq!(text(stage, &commit, path).await?.as_deref(), Some(text_now));
    }
    assert_eq!(
        github.write_file(&repository, &write(stage, path, "two")).await?,
        FileWritten::Unchanged
    );
    Ok(())
}

/// A branch that is gone is no fault: it stays gone.
pub async fn a_vanished_branch_is_refused(stage: &impl Stage) -> Result<(), Fault> {
    let file = FileWrite {
        branch: format!("{}-gone", stage.branch()),
        ..write(stage, "a.sql", "1")
    };
    let written = stage.github().write_file(&stage.repository(), &file).await?;
    assert!(matches!(written, FileWritten::Refused(_)), "{written:?}");
    Ok(())
}

/// Nor is a path that can't be a file, or would leave the repository.
pub async fn a_directory_is_not_written_over(stage: &impl Stage) -> Result<(), Fault> {
    stage.commit("One", &[("dir/a.sql", Some("1"))]).await?;
    for path in ["dir", "../a.sql", "dir/../b.sql", "", "/a.sql"] {
        let written = stage
            .github()
            .write_file(&stage.repository(), &write(stage, path, "x"))
            .await?;
        assert!(matches!(written, FileWritten::Refused(_)), "{path}: {written:?}");
    }
    Ok(())
}
