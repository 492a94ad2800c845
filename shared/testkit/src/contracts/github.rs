//! What every GitHub does: the suite that holds the fake and the real adapter to the same contract.
//!
//! Each statement gets a [`Stage`] of its own and returns the fault that stopped it, if any.

use model::{BlobSha, CommitSha, Fault, PullRequestNumber, RepositoryRef};
use std::future::Future;
use workflow::ports::commits::{
    Commits, Content, Landed, NewCommit, NewFile, Opened, Proposals, Proposed, PullRequestState,
};
use workflow::ports::github::{
    Annotation, AnnotationLevel, Annotations, CheckRun, CheckRuns, CheckState, Comments, OwnAccount,
    PullRequests, Repositories, TreeEntry,
};

/// The name under which a stage commits.
pub const AUTHOR: (&str, &str) = ("Dana Developer", "dana@example.com");

/// A commit that no repository has.
const NOWHERE: &str = "1234567812345678123456781234567812345678";

/// A repository with a branch that nobody else touches.
pub trait Stage: Send + Sync {
    /// What is held to the contract.
    type GitHub: Repositories
        + CheckRuns
        + Commits
        + Proposals
        + OwnAccount
        + PullRequests
        + Annotations
        + Comments;

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

    /// Opens a pull request into the branch, from a branch of its own with one more commit; answers that commit.
    fn open_pull(&self) -> impl Future<Output = Result<(PullRequestNumber, CommitSha), Fault>> + Send;

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
            a_path_of_a_commit_has_a_file_room_for_one_or_neither,
            a_commit_is_made_and_no_branch_moves,
            a_commit_may_have_two_parents,
            a_branch_moves_forward_and_never_aside,
            a_branch_is_made_once,
            a_vanished_branch_does_not_come_back,
            a_commit_leads_to_those_after_it,
            a_pull_request_is_opened_reworded_and_found_again,
            the_app_has_a_login,
            a_pull_request_is_read,
            two_branches_part_where_they_parted,
            a_comment_is_found_by_its_marker_and_edited_in_place,
            any_number_of_notes_is_taken,
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
        actions: Vec::new(),
    }
}

/// A commit of ours on top of another one.
fn on_top(base: &CommitSha, files: &[(&str, &str)]) -> NewCommit {
    NewCommit {
        parents: vec![base.clone()],
        base: base.clone(),
        files: files
            .iter()
            .map(|(path, text)| NewFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect(),
        message: "Latest schema\n\nSluice-Write-Back: c1/db_demo 1\n".to_owned(),
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
        let found = github.branches(&repository, beginning).await?;
        assert_eq!(found, std::slice::from_ref(&ours), "{beginning}");
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

/// The schema's own file name; a directory; below a file; a path that would leave the repository.
pub async fn a_path_of_a_commit_has_a_file_room_for_one_or_neither(stage: &impl Stage) -> Result<(), Fault> {
    let text = "CREATE TABLE größe (id INT);\n";
    let (path, repository) = ("test/.db_demo##LATEST.sql", stage.repository());
    let before = stage.commit("One", &[(path, Some(text))]).await?;
    let after = stage.commit("Two", &[(path, Some("other"))]).await?;
    let content = |commit, path| stage.github().content(&repository, commit, path);
    assert_eq!(
        content(&before, path).await?,
        Content::File(text.as_bytes().to_vec())
    );
    assert_eq!(content(&after, path).await?, Content::File(b"other".to_vec()));
    for room in [
        "test/.other##LATEST.sql",
        "test/deep/er/x.sql",
        "new/x.sql",
        "x.sql",
    ] {
        assert_eq!(content(&after, room).await?, Content::Nothing, "{room}");
    }
    for other in [
        "test",
        &format!("{path}/x.sql"),
        "../a.sql",
        "test/../b.sql",
        "",
        "/a.sql",
    ] {
        assert_eq!(content(&after, other).await?, Content::Other, "{other}");
    }
    Ok(())
}

/// It has its parent's files but for those named, the message, and no branch.
pub async fn a_commit_is_made_and_no_branch_moves(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository, path) = (stage.github(), stage.repository(), "test/.db_demo##LATEST.sql");
    let head = stage
        .commit(
            "One",
            &[
                ("a.sql", Some("1")),
                (path, Some("theirs")),
                ("test/b.sql", Some("2")),
            ],
        )
        .await?;
    let new = on_top(&head, &[(path, "größe\n"), ("new/x.sql", "x")]);
    let made = github.make_commit(&repository, &new).await?;
    assert_ne!(made, head);
    assert_eq!(github.head(&repository, &stage.branch()).await?, Some(head));
    for (path, expected) in [
        (path, "größe\n"),
        ("new/x.sql", "x"),
        ("a.sql", "1"),
        ("test/b.sql", "2"),
    ] {
        assert_eq!(
            text(stage, &made, path).await?.as_deref(),
            Some(expected),
            "{path}"
        );
    }
    let info = github.commit(&repository, &made).await?;
    assert_eq!(info.map(|info| info.message), Some(new.message));
    Ok(())
}

/// The files are those of the base, whatever the other parent has.
pub async fn a_commit_may_have_two_parents(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let first = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let aside = github
        .make_commit(&repository, &on_top(&first, &[("a.sql", "aside")]))
        .await?;
    let second = stage.commit("Two", &[("a.sql", Some("2"))]).await?;
    let both = NewCommit {
        parents: vec![aside.clone(), second.clone()],
        ..on_top(&second, &[("x.sql", "x")])
    };
    let both = github.make_commit(&repository, &both).await?;
    assert_eq!(text(stage, &both, "a.sql").await?.as_deref(), Some("2"));
    for parent in [&aside, &second] {
        assert!(github.leads_to(&repository, parent, &both).await?, "{parent}");
    }
    Ok(())
}

/// Twice is as good as once; who comes second with another commit has to look again, and nothing of theirs is lost.
pub async fn a_branch_moves_forward_and_never_aside(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository, branch) = (stage.github(), stage.repository(), stage.branch());
    let head = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let ours = github
        .make_commit(&repository, &on_top(&head, &[("x.sql", "1")]))
        .await?;
    let other = github
        .make_commit(&repository, &on_top(&head, &[("x.sql", "2")]))
        .await?;
    for _ in 0..2 {
        let landed = github.land(&repository, &branch, Some(&head), &ours).await?;
        assert_eq!(landed, Landed::Yes);
        assert_eq!(github.head(&repository, &branch).await?, Some(ours.clone()));
    }
    let landed = github.land(&repository, &branch, Some(&head), &other).await?;
    assert_eq!(landed, Landed::Moved);
    let theirs = stage.commit("Theirs", &[("a.sql", Some("2"))]).await?;
    for late in [&ours, &other] {
        let landed = github.land(&repository, &branch, Some(&head), late).await?;
        assert_eq!(landed, Landed::Moved);
    }
    let nowhere = CommitSha::new(NOWHERE);
    let landed = github.land(&repository, &branch, Some(&theirs), &nowhere).await?;
    assert_eq!(landed, Landed::Unknown);
    assert_eq!(github.head(&repository, &branch).await?, Some(theirs));
    Ok(())
}

/// Who comes second has to look again.
pub async fn a_branch_is_made_once(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let branch = format!("{}-new", stage.branch());
    let head = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let made = github
        .make_commit(&repository, &on_top(&head, &[("x.sql", "1")]))
        .await?;
    assert_eq!(github.land(&repository, &branch, None, &made).await?, Landed::Yes);
    assert_eq!(
        github.land(&repository, &branch, None, &head).await?,
        Landed::Moved
    );
    assert_eq!(github.head(&repository, &branch).await?, Some(made));
    Ok(())
}

/// Moving what is gone does not make it anew.
pub async fn a_vanished_branch_does_not_come_back(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let branch = format!("{}-gone", stage.branch());
    let head = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let landed = github.land(&repository, &branch, Some(&head), &head).await?;
    assert_eq!(landed, Landed::Moved);
    assert_eq!(github.head(&repository, &branch).await?, None);
    Ok(())
}

/// And to itself, but not to those before it, nor to what nobody has.
pub async fn a_commit_leads_to_those_after_it(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let first = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let aside = github
        .make_commit(&repository, &on_top(&first, &[("x.sql", "1")]))
        .await?;
    let second = stage.commit("Two", &[("a.sql", Some("2"))]).await?;
    for (commit, head, expected) in [
        (&first, &first, true),
        (&first, &second, true),
        (&first, &aside, true),
        (&second, &first, false),
        (&aside, &second, false),
    ] {
        let leads = github.leads_to(&repository, commit, head).await?;
        assert_eq!(leads, expected, "{commit} to {head}");
    }
    let nowhere = CommitSha::new(NOWHERE);
    assert!(!github.leads_to(&repository, &nowhere, &second).await?);
    Ok(())
}

/// By both its branches, and by nothing else.
pub async fn a_pull_request_is_opened_reworded_and_found_again(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let head = stage.commit("One", &[("a.sql", Some("1"))]).await?;
    let made = github
        .make_commit(&repository, &on_top(&head, &[("x.sql", "1")]))
        .await?;
    let mut proposed = Proposed {
        from: format!("sluice/write-back/{}", stage.branch()),
        into: stage.branch(),
        title: "Latest schema of größe".to_owned(),
        body: "| File |\n|---|\n| `x.sql` |\n".to_owned(),
    };
    assert_eq!(
        github.land(&repository, &proposed.from, None, &made).await?,
        Landed::Yes
    );
    let find = || github.find_proposal(&repository, &proposed.from, &proposed.into);
    assert_eq!(find().await?, None);
    let Opened::Yes(opened) = github.propose(&repository, &proposed).await? else {
        panic!("a first pull request must be opened");
    };
    assert!(opened.url.ends_with(&opened.number.to_string()), "{}", opened.url);
    assert_eq!(opened.state, PullRequestState::Open);
    assert_eq!(find().await?, Some(opened.clone()));
    let elsewhere = github
        .find_proposal(&repository, &proposed.into, &proposed.from)
        .await?;
    assert_eq!(elsewhere, None);
    proposed = Proposed {
        title: "Latest schemas of 2 databases".to_owned(),
        body: "Two".to_owned(),
        ..proposed
    };
    github.reword(&repository, opened.number, &proposed).await?;
    let found = github
        .find_proposal(&repository, &proposed.from, &proposed.into)
        .await?;
    let said = found.map(|found| (found.number, found.title, found.body));
    assert_eq!(said, Some((opened.number, proposed.title, proposed.body)));
    Ok(())
}

/// The name of a bot, the same each time.
pub async fn the_app_has_a_login(stage: &impl Stage) -> Result<(), Fault> {
    let login = stage.github().own_login().await?;
    assert!(login.ends_with("[bot]") && login.len() > 5, "{login}");
    assert_eq!(stage.github().own_login().await?, login);
    Ok(())
}

/// Where it comes from and where it goes to; one that does not exist is none.
pub async fn a_pull_request_is_read(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let (number, head) = stage.open_pull().await?;
    let Some(pull) = github.pull_request(&repository, number).await? else {
        panic!("pull request {number} is not found");
    };
    assert_eq!((pull.open, pull.merged, pull.draft), (true, false, false));
    assert_eq!((pull.base, pull.head), (stage.branch(), head));
    assert_eq!(pull.head_repository, Some(repository.id));
    let nowhere = PullRequestNumber(999_999_999);
    assert_eq!(github.pull_request(&repository, nowhere).await?, None);
    Ok(())
}

/// Whatever was committed since, on either side.
pub async fn two_branches_part_where_they_parted(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let parted = stage.commit("Before", &[("a.sql", Some("1"))]).await?;
    let (_, head) = stage.open_pull().await?;
    let base = stage.commit("Since", &[("b.sql", Some("2"))]).await?;
    let merge_base = github.merge_base(&repository, &base, &head).await?;
    assert_eq!(merge_base, Some(parted));
    let nowhere = CommitSha::new(NOWHERE);
    assert_eq!(github.merge_base(&repository, &base, &nowhere).await?, None);
    Ok(())
}

/// Only on its own pull request, only with its own marker, and gone where it was deleted.
pub async fn a_comment_is_found_by_its_marker_and_edited_in_place(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let (number, _) = stage.open_pull().await?;
    let (marker, other) = ("<!-- sluice-review 1 -->", "<!-- sluice-review 2 -->");
    assert_eq!(github.find_comment(&repository, number, marker).await?, None);
    let id = github
        .create_comment(&repository, number, &format!("{marker}\nOne"))
        .await?;
    assert_eq!(github.find_comment(&repository, number, marker).await?, Some(id));
    assert_eq!(github.find_comment(&repository, number, other).await?, None);
    let body = format!("{marker}\nTwo, `größe` 🐬");
    assert!(github.update_comment(&repository, id, &body).await?);
    assert_eq!(github.find_comment(&repository, number, marker).await?, Some(id));
    assert!(!github.update_comment(&repository, 999_999_999, &body).await?);
    Ok(())
}

/// More than GitHub takes at once; the check run stays as it is.
pub async fn any_number_of_notes_is_taken(stage: &impl Stage) -> Result<(), Fault> {
    let (github, repository) = (stage.github(), stage.repository());
    let commit = stage.commit("A commit", &[("a.sql", Some("1"))]).await?;
    let run = check_run(&commit, "notes", CheckState::Failure);
    let id = github.create_check_run(&repository, &run).await?;
    let levels = [
        AnnotationLevel::Notice,
        AnnotationLevel::Warning,
        AnnotationLevel::Failure,
    ];
    let notes: Vec<Annotation> = (1..=51)
        .zip(levels.into_iter().cycle())
        .map(|(line, level)| Annotation {
            path: "a.sql".to_owned(),
            line,
            level,
            title: "destructive".to_owned(),
            message: "It drops a table.".to_owned(),
        })
        .collect();
    github.annotate(&repository, id, &run, &notes).await?;
    let shown = stage.shown(id).await?;
    assert_eq!(
        (shown.0.as_str(), shown.1.as_deref()),
        ("completed", Some("failure"))
    );
    assert_eq!(shown.2, run.title);
    Ok(())
}
