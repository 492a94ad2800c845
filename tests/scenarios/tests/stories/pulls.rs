//! Pull requests: reviewed, rehearsed, told of, and never left without a conclusion.

use github_events::PullRequestAction;
use jiff::SignedDuration;
use model::RehearsalOutcome;
use scenarios::{Afterwards, Blow, Mishap, Setup, World, scenario, whole_file};
use std::panic::AssertUnwindSafe;
use testkit::fake_github::{FakeFile, FakePullState};
use workflow::intake::Intake;
use workflow::ports::github::{AnnotationLevel, CheckState};
use workflow::ports::queue::Deliveries as _;

const TABLE: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";
const COLUMN: &str = "ALTER TABLE hits ADD COLUMN room INT;\n";

fn setup() -> Setup {
    Setup {
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20));",
        ..Setup::default()
    }
}

fn small() -> Setup {
    Setup {
        prepared: setup().prepared,
        ..Setup::small()
    }
}

/// Everything works until nothing is left to do, also what waits for its time.
async fn rest(t: &World) {
    t.settle().await;
    t.wait(SignedDuration::from_mins(11));
    t.sweep().await;
    t.settle().await;
}

/// Title and state of the check run.
fn check(t: &World, head: &model::CommitSha) -> (CheckState, String) {
    let check = t.review_check(head);
    (check.state, check.title)
}

/// Nothing of a pull request is on a server.
async fn untouched(t: &World) {
    assert_eq!(t.columns("test/db_demo", "hits").await, ["n", "what"]);
    assert_eq!(t.columns("test/db_demo", "t").await, Vec::<String>::new());
    assert_eq!(t.applied("test/db_demo").await, Vec::<String>::new());
    let schema = &t.target("test/db_demo").database;
    let left = t
        .sql(
            "test/db_demo",
            &format!("SHOW DATABASES WHERE `Database` LIKE '%{schema}%' AND `Database` <> '{schema}'"),
        )
        .await;
    assert_eq!(
        left,
        Vec::<Vec<Option<String>>>::new(),
        "a scratch schema is left"
    );
}

#[tokio::test]
async fn a_pull_request_is_told_what_its_push_will_do() {
    scenario(setup(), async |t| {
        let path = whole_file("test/db_demo", "1");
        let prod = whole_file("prod/db_demo", "1");
        let sql = format!("{TABLE}{COLUMN}");
        let head = t.open_pull(5, &[(&path, &sql), (&prod, COLUMN)]).await;
        t.plan_all().await;
        t.tell_all().await;
        assert_eq!(
            check(t, &head),
            (CheckState::InProgress, "2 to apply; rehearsing".to_owned())
        );
        t.settle().await;
        assert_eq!(check(t, &head), (CheckState::Success, "2 to apply".to_owned()));
        let [comment] = &t.comments(5)[..] else {
            panic!("one comment: {:#?}", t.comments(5));
        };
        for part in [
            "every statement runs",
            "+  `room` int DEFAULT NULL",
            "+CREATE TABLE `t` (",
            "| INSTANT | others go on |",
            "prod needs 1 approval by `dba`, and not by whoever merges",
            "test needs no approval",
        ] {
            assert!(comment.contains(part), "{part}\n{comment}");
        }
        assert!(t.review_check(&head).summary.contains("+  `room` int"));
        assert_eq!(t.issues().await, 0, "a pull request makes no issue");
        untouched(t).await;
        let merged = t.push(&[(&path, &sql)]).await;
        t.settle().await;
        assert_eq!(t.answers(&merged).await[&path], "taken by issue 1");
        t.change_pull(5, PullRequestAction::Closed, |pull| {
            pull.state = FakePullState::Merged;
        })
        .await;
        rest(t).await;
        assert_eq!(t.comments(5).len(), 1);
        assert!(t.comments(5)[0].contains("was merged into `main`"));
    })
    .await;
}

#[tokio::test]
async fn a_new_head_gets_a_check_run_of_its_own_and_the_same_comment() {
    scenario(small(), async |t| {
        let path = whole_file("test/db_demo", "1");
        let first = t.open_pull(5, &[(&path, "DROP TABLE hits;\n")]).await;
        t.settle().await;
        assert_eq!(check(t, &first), (CheckState::Success, "1 to apply".to_owned()));
        let notes = t.annotations(&first);
        assert_eq!(notes.len(), 1, "{notes:#?}");
        assert_eq!(
            (notes[0].title.as_str(), notes[0].line, notes[0].level),
            ("destructive", 1, AnnotationLevel::Warning)
        );
        let second = t.push_to_pull(5, &[(&path, COLUMN)]).await;
        t.settle().await;
        assert_eq!(check(t, &second), (CheckState::Success, "1 to apply".to_owned()));
        assert_eq!(t.annotations(&second), []);
        assert_eq!(t.comments(5).len(), 1);
        assert!(t.comments(5)[0].contains("`room`"), "{}", t.comments(5)[0]);
        rest(t).await;
        untouched(t).await;
    })
    .await;
}

#[tokio::test]
async fn what_fails_in_the_rehearsal_fails_the_check_on_its_line() {
    scenario(small(), async |t| {
        let path = whole_file("test/db_demo", "1");
        let sql = format!("{TABLE}\nALTER TABLE missing ADD COLUMN a INT;\n");
        let head = t.open_pull(5, &[(&path, &sql)]).await;
        t.settle().await;
        assert_eq!(
            check(t, &head),
            (CheckState::Failure, "1 to apply; a rehearsal failed".to_owned())
        );
        let [note] = &t.annotations(&head)[..] else {
            panic!("one note: {:#?}", t.annotations(&head));
        };
        assert_eq!((note.path.as_str(), note.line), (path.as_str(), 3));
        assert_eq!(
            (note.title.as_str(), note.level),
            ("mysql-1146", AnnotationLevel::Failure)
        );
        rest(t).await;
        assert_eq!(t.annotations(&head).len(), 1, "told once");
        untouched(t).await;
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_fork_reaches_a_server() {
    scenario(small(), async |t| {
        let path = whole_file("test/db_demo", "1");
        let mut pull = t.pull(5);
        pull.fork = true;
        t.fate.heal();
        let head = t.open(5, pull, &[(&path, TABLE)]).await;
        rest(t).await;
        assert_eq!(
            check(t, &head),
            (CheckState::Neutral, "1 to apply; not rehearsed".to_owned())
        );
        assert!(
            t.comments(5)[0].contains("It comes from a fork"),
            "{}",
            t.comments(5)[0]
        );
        let servers: Vec<_> = t
            .fate
            .calls()
            .into_iter()
            .filter(|call| call.starts_with("Databases::") || call.starts_with("Locked::"))
            .collect();
        assert_eq!(servers, Vec::<&str>::new());
        assert_eq!(t.rehearsal("test/db_demo", 5).await, None);
        untouched(t).await;
    })
    .await;
}

#[tokio::test]
async fn a_pull_request_without_our_files_concludes_and_is_not_commented_on() {
    scenario(small(), async |t| {
        let head = t.open_pull(5, &[("src/main.rs", "fn main() {}")]).await;
        t.settle().await;
        assert_eq!(check(t, &head), (CheckState::Success, "no changes".to_owned()));
        assert_eq!(t.comments(5), Vec::<String>::new());
        let read_only = t.open_pull(6, &[("bytebase/README.md", "# Changes")]).await;
        t.settle().await;
        assert_eq!(
            check(t, &read_only),
            (CheckState::Success, "1 with nothing to apply".to_owned())
        );
        assert_eq!(t.comments(6), Vec::<String>::new());
        let ours = t
            .open_pull(
                7,
                &[("bytebase/test/.db_demo##LATEST.sql", "CREATE TABLE t (id INT);")],
            )
            .await;
        t.settle().await;
        assert_eq!(check(t, &ours), (CheckState::Success, "no changes".to_owned()));
        // What a head before said is taken back in the comment that is there.
        let path = whole_file("test/db_demo", "1");
        t.push_to_pull(5, &[(&path, COLUMN)]).await;
        t.settle().await;
        assert_eq!(t.comments(5).len(), 1);
        let branch = t.pull(5).branch;
        let repository = t.stored_review(5).await.unwrap().repository;
        let author = ("Dana Developer", "dana@example.com");
        t.github.inner().commit_as(
            &repository,
            &branch,
            author,
            "Take it back",
            &[(&path, None::<FakeFile>)],
        );
        t.tell_of_pull(5, PullRequestAction::Synchronize).await;
        rest(t).await;
        assert_eq!(t.comments(5).len(), 1);
        assert!(t.comments(5)[0].contains("no changes"), "{}", t.comments(5)[0]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_reviewed_like_any_other() {
    scenario(small(), async |t| {
        let mut pull = t.pull(5);
        pull.draft = true;
        let head = t
            .open(5, pull, &[(&whole_file("test/db_demo", "1"), COLUMN)])
            .await;
        rest(t).await;
        assert_eq!(check(t, &head), (CheckState::Success, "1 to apply".to_owned()));
        let before = t.github.inner().calls().len();
        t.change_pull(5, PullRequestAction::ReadyForReview, |pull| pull.draft = false)
            .await;
        rest(t).await;
        let writes: Vec<_> = t.github.inner().calls().split_off(before);
        assert!(
            !writes
                .iter()
                .any(|call| call.contains("check_run") || call.contains("comment")),
            "nothing new is told: {writes:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_refused_file_is_refused_with_the_words_of_the_push() {
    scenario(small(), async |t| {
        let (one, two) = (
            "bytebase/test/db_demo##1##ddl##one.sql",
            "bytebase/test/db_demo##1##ddl##two.sql",
        );
        t.push(&[(one, TABLE)]).await;
        t.settle().await;
        let head = t
            .open_pull(
                5,
                &[(two, COLUMN), ("bytebase/tset/db_demo##2##ddl##x.sql", COLUMN)],
            )
            .await;
        rest(t).await;
        assert_eq!(check(t, &head), (CheckState::Failure, "2 refused".to_owned()));
        let summary = t.review_check(&head).summary;
        assert!(summary.contains("version 1 is also that of"), "{summary}");
        assert!(summary.contains("did you mean `test`"), "{summary}");
        assert_eq!(t.annotations(&head).len(), 2);
    })
    .await;
}

#[tokio::test]
async fn another_base_takes_back_what_was_said() {
    scenario(small(), async |t| {
        let head = t
            .open_pull(5, &[(&whole_file("test/db_demo", "1"), COLUMN)])
            .await;
        t.plan_all().await;
        let from = "main".to_owned();
        t.change_pull(5, PullRequestAction::BaseChanged { from }, |pull| {
            pull.base = "other".to_owned();
        })
        .await;
        rest(t).await;
        assert_eq!(
            check(t, &head),
            (CheckState::Success, "not into a branch that is read".to_owned())
        );
        let rehearsal = t.rehearsal("test/db_demo", 5).await.unwrap();
        assert_eq!(rehearsal.outcome, RehearsalOutcome::Dropped);
        let from = "other".to_owned();
        t.change_pull(5, PullRequestAction::BaseChanged { from }, |pull| {
            pull.base = "main".to_owned();
        })
        .await;
        rest(t).await;
        assert_eq!(check(t, &head), (CheckState::Success, "1 to apply".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_closed_pull_request_leaves_nothing_behind() {
    scenario(small(), async |t| {
        let path = whole_file("test/db_demo", "1");
        let head = t.open_pull(5, &[(&path, COLUMN)]).await;
        t.plan_all().await;
        t.change_pull(5, PullRequestAction::Closed, |pull| {
            pull.state = FakePullState::Closed;
        })
        .await;
        rest(t).await;
        let rehearsal = t.rehearsal("test/db_demo", 5).await.unwrap();
        assert_eq!(rehearsal.outcome, RehearsalOutcome::Dropped);
        assert_eq!(check(t, &head), (CheckState::Success, "1 to apply".to_owned()));
        assert_eq!(t.comments(5), Vec::<String>::new(), "none was made before");
        t.change_pull(5, PullRequestAction::Reopened, |pull| {
            pull.state = FakePullState::Open;
        })
        .await;
        rest(t).await;
        let rehearsal = t.rehearsal("test/db_demo", 5).await.unwrap();
        assert!(
            matches!(rehearsal.outcome, RehearsalOutcome::Runs(_)),
            "{rehearsal:?}"
        );
        assert_eq!(t.comments(5).len(), 1);
        untouched(t).await;
    })
    .await;
}

#[tokio::test]
async fn a_rehearsal_that_never_answers_does_not_hold_the_check_run() {
    scenario(small(), async |t| {
        let head = t
            .open_pull(5, &[(&whole_file("test/db_demo", "1"), COLUMN)])
            .await;
        t.plan_all().await;
        t.tell_all().await;
        t.lose_messages();
        assert_eq!(check(t, &head).0, CheckState::InProgress);
        t.wait(SignedDuration::from_mins(9));
        t.tell_all().await;
        assert_eq!(check(t, &head).0, CheckState::InProgress);
        t.wait(SignedDuration::from_mins(3));
        t.sweep().await;
        t.queue.inner().take_nudges();
        t.tell_all().await;
        assert_eq!(
            check(t, &head),
            (CheckState::Neutral, "1 to apply; not rehearsed".to_owned())
        );
        assert!(t.comments(5)[0].contains("did not answer within 10 minutes"));
        // A late answer still counts.
        t.sweep().await;
        t.settle().await;
        assert_eq!(check(t, &head), (CheckState::Success, "1 to apply".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_kills_its_worker_is_given_up() {
    scenario(small(), async |t| {
        let head = t
            .open_pull(5, &[(&whole_file("test/db_demo", "1"), COLUMN)])
            .await;
        for _ in 0..3 {
            t.fate.deal(Blow {
                nth: 1,
                of: Some("Locked::rehearse"),
                mishap: Mishap::RequestLost,
                afterwards: Afterwards::Dead,
            });
            t.wait(SignedDuration::from_mins(10));
            t.sweep().await;
            t.settle().await;
            assert!(t.died());
            t.revive();
        }
        t.recover().await;
        assert_eq!(
            check(t, &head),
            (CheckState::Neutral, "1 to apply; not rehearsed".to_owned())
        );
        let comment = &t.comments(5)[0];
        assert!(
            comment.contains("no worker came to an end with it, 3 times in a row"),
            "{comment}"
        );
        // A new head is tried anew.
        let head = t
            .push_to_pull(5, &[(&whole_file("test/db_demo", "1"), TABLE)])
            .await;
        rest(t).await;
        assert_eq!(check(t, &head), (CheckState::Success, "1 to apply".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_lost_nudge_is_found_by_the_sweeper() {
    scenario(small(), async |t| {
        let head = t
            .open_pull(5, &[(&whole_file("test/db_demo", "1"), COLUMN)])
            .await;
        t.plan_all().await;
        t.lose_messages();
        t.sweep().await;
        t.settle().await;
        assert_eq!(check(t, &head), (CheckState::Success, "1 to apply".to_owned()));
        rest(t).await;
    })
    .await;
}

#[tokio::test]
async fn a_redelivery_does_nothing_twice_and_what_was_lost_once() {
    scenario(small(), async |t| {
        let head = t
            .open_pull(5, &[(&whole_file("test/db_demo", "1"), COLUMN)])
            .await;
        // The planner never got it.
        t.lose_messages();
        t.settle().await;
        assert_eq!(t.stored_review(5).await, None);
        let again = t.tell_of_pull(5, PullRequestAction::Opened).await;
        assert_eq!(again, Some(Intake::Queued));
        let [pointer] = &t.queue.inner().take_pull_requests()[..] else {
            panic!("one pointer");
        };
        t.review(pointer).await;
        t.settle().await;
        let stored = t.stored_review(5).await;
        t.queue.inner().send_pull_request(pointer).await.unwrap();
        rest(t).await;
        assert_eq!(t.stored_review(5).await, stored);
        assert_eq!(check(t, &head), (CheckState::Success, "1 to apply".to_owned()));
        assert_eq!(t.comments(5).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_still_to_be_applied_is_run_before_it() {
    scenario(setup(), async |t| {
        // Waits for an approval.
        t.push(&[(&whole_file("prod/db_demo", "1"), TABLE)]).await;
        t.settle().await;
        let sql = "ALTER TABLE t ADD COLUMN room INT;\n";
        let head = t.open_pull(5, &[(&whole_file("prod/db_demo", "2"), sql)]).await;
        rest(t).await;
        assert_eq!(check(t, &head), (CheckState::Success, "1 to apply".to_owned()));
        let comment = &t.comments(5)[0];
        assert!(
            comment.contains("version 1 of issue 1 is still to be applied"),
            "{comment}"
        );
        assert!(comment.contains("+  `room` int DEFAULT NULL"), "{comment}");
        assert!(
            !comment.contains("+CREATE TABLE"),
            "that is not its own: {comment}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_deleted_comment_is_made_anew_when_there_is_something_new() {
    scenario(small(), async |t| {
        let path = whole_file("test/db_demo", "1");
        t.open_pull(5, &[(&path, COLUMN)]).await;
        t.settle().await;
        let repository = t.stored_review(5).await.unwrap().repository;
        t.github.inner().delete_comments(&repository);
        t.push_to_pull(5, &[(&path, TABLE)]).await;
        rest(t).await;
        assert_eq!(t.comments(5).len(), 1);
    })
    .await;
}

/// One pull request, until everything is at rest or the process is dead.
async fn story(t: &World) {
    let path = whole_file("test/db_demo", "1");
    t.open_pull(5, &[(&path, COLUMN)]).await;
    t.settle().await;
}

async fn cell(blow: Blow) -> bool {
    let told = scenario(small(), async |t| {
        t.fate.deal(blow);
        story(t).await;
        t.recover().await;
        if blow.afterwards == Afterwards::Well {
            t.take_faults();
        }
        // GitHub's delivery is not repeated by itself; somebody asks for it again.
        t.tell_of_pull(5, PullRequestAction::Opened).await;
        rest(t).await;
        let Some(review) = t.stored_review(5).await else {
            panic!("it was not reviewed");
        };
        assert_eq!(
            check(t, &review.head),
            (CheckState::Success, "1 to apply".to_owned())
        );
        assert_eq!(t.comments(5).len(), 1);
        untouched(t).await;
    });
    futures::FutureExt::catch_unwind(AssertUnwindSafe(Box::pin(told)))
        .await
        .is_ok()
}

/// Every call of every port fails once, in each way: the end is the same.
#[tokio::test]
async fn whatever_call_fails_a_pull_request_is_told_the_same() {
    let mut calls = Vec::new();
    scenario(small(), async |t| {
        story(t).await;
        calls = t.fate.calls();
        rest(t).await;
    })
    .await;
    let mut failed = Vec::new();
    for nth in 1..=calls.len() {
        for (mishap, afterwards) in [
            (Mishap::RequestLost, Afterwards::Dead),
            (Mishap::ReplyLost, Afterwards::Dead),
            (Mishap::RequestLost, Afterwards::Well),
            (Mishap::ReplyLost, Afterwards::Well),
        ] {
            let blow = Blow {
                nth,
                of: None,
                mishap,
                afterwards,
            };
            if !cell(blow).await {
                failed.push(format!(
                    "call {nth}, {}: {mishap:?}, {afterwards:?}",
                    calls[nth - 1]
                ));
            }
        }
    }
    assert_eq!(failed, Vec::<String>::new(), "of {} calls", calls.len());
}
