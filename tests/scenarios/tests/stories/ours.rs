//! What we push ourselves is not planned; what only looks like it is.

use scenarios::{DEVELOPER, Setup, World, scenario, whole_file};
use workflow::ports::github::CheckState;

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";
const SCHEMA: &str = "bytebase/test/.db_demo##LATEST.sql";
const OURS: (&str, &str) = ("sluice[bot]", "sluice[bot]@users.noreply.github.com");

async fn applied(t: &World) {
    t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
    t.settle().await;
    assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
}

#[tokio::test]
async fn our_own_commit_is_not_planned() {
    scenario(Setup::small(), async |t| {
        applied(t).await;
        let (head, message) = t.head_and_message();
        assert!(message.contains("Sluice-Write-Back: "), "{message}");
        assert_eq!(t.check_runs(&head), 0);
        assert_eq!((t.issues().await, t.write_backs()), (1, 1));
    })
    .await;
}

/// Our commit of the latest schema may land on a push whose delivery was lost. Then nobody reads what is said there.
#[tokio::test]
async fn a_push_that_was_heard_of_late_is_answered_where_it_was_pushed() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.plan_all().await;
        t.work_all().await;
        let change = whole_file("test/db_demo", "2");
        let unheard = t.push_unheard(&[(&change, "ALTER TABLE t ADD n INT;\n")]);
        t.settle().await;
        assert_eq!(t.status(2).await, "Done; test/db_demo 2 Done");
        assert_eq!(t.check_runs(&unheard), 0);

        t.deliver_late().await;
        t.settle().await;
        let answers = t.answers(&unheard).await;
        assert!(answers[&change].starts_with("taken"), "{answers:?}");
        assert_eq!(t.check(&unheard).state, CheckState::Success);
        assert_eq!(t.check_runs(&unheard), 1);

        t.deliver_late().await;
        t.settle().await;
        assert_eq!(t.check_runs(&unheard), 1);
        assert_eq!(t.issues().await, 2);
    })
    .await;
}

/// The trailer, the name and the path are anybody's; who pushed is not.
#[tokio::test]
async fn what_only_looks_like_our_own_commit_is_answered() {
    scenario(Setup::small(), async |t| {
        applied(t).await;
        let (_, message) = t.head_and_message();
        let edited = t
            .push_saying(DEVELOPER, OURS, &message, &[(SCHEMA, "-- by hand\n")])
            .await;
        t.settle().await;
        let answer = "ignored: Sluice writes this file; the next change of the schema replaces what is in it";
        let answers = t.answers(&edited).await;
        assert_eq!(answers.get(SCHEMA).map(String::as_str), Some(answer));
        assert_eq!(t.check(&edited).state, CheckState::Neutral);

        // Under the same trailer a change is a change.
        let change = whole_file("test/db_demo", "2");
        t.push_saying(
            DEVELOPER,
            OURS,
            &message,
            &[(SCHEMA, "-- again\n"), (&change, "ALTER TABLE t ADD n INT;\n")],
        )
        .await;
        t.settle().await;
        assert_eq!(t.status(2).await, "Done; test/db_demo 2 Done");
        let written = t.written_back(SCHEMA).unwrap();
        assert_eq!(written, t.revision("test/db_demo", "2").await.schema);
        assert_eq!((t.issues().await, t.write_backs()), (2, 2));
    })
    .await;
}
