//! Entities come back as they were written.

use super::{Ledger, commit, write};
use crate::contracts::ok;
use crate::fixtures;
use model::approval::RulingKind;
use model::{
    Answer, Checksum, EnvironmentId, Failure, FileAnswer, IssueNumber, Ruling, Target, Task, TaskRun, Verdict,
};
use workflow::ports::ledger::{Committed, Write};

/// An issue and a push, with every field filled.
pub async fn what_is_written_is_read_back<L: Ledger>(ledger: &L) {
    let target = fixtures::target("db_demo");
    let task = fixtures::task(1, &target, "202303100000");
    let (mut issue, mut push) = (fixtures::issue(1), fixtures::push(2));
    issue.tasks = vec![task.key()];
    issue.creator.member = Some("Dev – »λ«".to_owned());
    issue.planned = false;
    push.issue = Some(issue.number);
    push.answers = every_answer(&task);
    let mut unanswered = fixtures::push(3);
    unanswered.base = None;
    let writes = vec![
        Write::Issue(issue.clone()),
        Write::Task(task.clone()),
        Write::Push(push.clone()),
        Write::Push(unanswered.clone()),
    ];
    write(ledger, writes).await;
    assert_eq!(ok(ledger.issues(&[issue.number]).await), [issue]);
    assert_eq!(ok(ledger.tasks(&[task.key()]).await), [task]);
    for push in [push, unanswered] {
        assert_eq!(ok(ledger.push(&push.project, &push.commit).await), Some(push));
    }
}

fn every_answer(task: &Task) -> Vec<FileAnswer> {
    let (issue, note) = (task.issue, "a note".to_owned());
    let answers = [
        Answer::Taken {
            issue,
            tasks: vec![task.key()],
            checksum: task.change.checksum.clone(),
            replaced: false,
            warnings: vec![note.clone()],
        },
        Answer::Known {
            issue,
            note: note.clone(),
        },
        Answer::Covered { note: note.clone() },
        Answer::Gone { note: note.clone() },
        Answer::Refused {
            code: "version-invalid".to_owned(),
            reason: note.clone(),
        },
        Answer::Waiting { reason: note.clone() },
        Answer::Ignored { reason: note },
    ];
    let with_path = |(index, answer)| FileAnswer {
        path: format!("bytebase/test/{index}.sql"),
        answer,
    };
    answers.into_iter().enumerate().map(with_path).collect()
}

/// Tasks in each state of their run, and with rulings.
pub async fn every_state_of_a_task_is_read_back<L: Ledger>(ledger: &L) {
    let failure = Failure {
        statement: Some(u32::MAX),
        line: None,
        code: "mysql-1064".to_owned(),
        message: String::new(),
        at: fixtures::time(3),
    };
    let runs = [
        TaskRun::Queued,
        TaskRun::Running { next: 1, of: 2 },
        TaskRun::Following {
            at: 2,
            of: 2,
            work: Some(model::Work {
                seconds: 9,
                stage: Some("copy to tmp table".into()),
                completed: 1,
                estimated: 3,
            }),
        },
        TaskRun::Resolved(model::Resolution {
            at: 2,
            applied: false,
            by: "somebody".into(),
            because: "looked".into(),
        }),
        TaskRun::Done,
        TaskRun::Failed(failure),
        TaskRun::Ambiguous {
            at: 1,
            evidence: "the server was restarted".to_owned(),
        },
    ];
    let target = fixtures::target("db_demo");
    for (index, run) in runs.into_iter().enumerate() {
        let mut task = fixtures::task(1, &target, &index.to_string());
        task.run = run;
        write(ledger, vec![Write::Task(task.clone())]).await;
        assert_eq!(ok(ledger.tasks(&[task.key()]).await), [task]);
    }
    let mut ruled = fixtures::task(1, &target, "9");
    ruled.ruling = Some(Ruling {
        kind: RulingKind::Skipped,
        by: "sluice".to_owned(),
        because: "the file was deleted".to_owned(),
        at: fixtures::time(4),
    });
    write(ledger, vec![Write::Task(ruled.clone())]).await;
    assert_eq!(ok(ledger.tasks(&[ruled.key()]).await), [ruled]);
}

/// Also when asked for twice, and without those that do not exist.
pub async fn issues_and_tasks_come_in_the_order_asked<L: Ledger>(ledger: &L) {
    let target = fixtures::target("db_demo");
    for number in 1..=3 {
        let task = fixtures::task(number, &target, &number.to_string());
        write(
            ledger,
            vec![Write::Issue(fixtures::issue(number)), Write::Task(task)],
        )
        .await;
    }
    let asked = [3, 9, 1, 3].map(IssueNumber);
    let found = ok(ledger.issues(&asked).await);
    let numbers: Vec<_> = found.iter().map(|issue| issue.number.0).collect();
    assert_eq!(numbers, [3, 1, 3]);
    let asked = ["3", "9", "1", "3"].map(|version| fixtures::task(1, &target, version).key());
    let found = ok(ledger.tasks(&asked).await);
    let issues: Vec<_> = found.iter().map(|task| task.issue.0).collect();
    assert_eq!(issues, [3, 1, 3]);
    assert_eq!(ok(ledger.issues(&[]).await), []);
    assert_eq!(ok(ledger.tasks(&[]).await), []);
}

/// 250 tasks of several targets at once.
pub async fn more_tasks_than_fit_a_batch<L: Ledger>(ledger: &L) {
    let targets = ["db_a", "db_b", "db_c"].map(fixtures::target);
    let of = |target: &Target| {
        let versions = 1..=84;
        let tasks = versions.map(|version| fixtures::task(1, target, &version.to_string()));
        tasks.collect::<Vec<_>>()
    };
    let mut all = Vec::new();
    for target in &targets {
        let tasks = of(target);
        write(ledger, tasks.iter().cloned().map(Write::Task).collect()).await;
        all.extend(tasks);
    }
    all.reverse();
    let keys: Vec<_> = all.iter().map(Task::key).collect();
    assert_eq!(ok(ledger.tasks(&keys).await), all);
}

/// 3,000 files: what GitHub lists of one commit at most, and more than an item of a table can hold.
pub async fn a_push_of_thousands_of_files_is_kept<L: Ledger>(ledger: &L) {
    let mut push = fixtures::push(2);
    push.answers = (0..3_000)
        .map(|index: u32| FileAnswer {
            path: format!("bytebase/test/db_demo##{index}##ddl##a_table_with_a_long_name.sql"),
            answer: Answer::Refused {
                code: "sql-refused".to_owned(),
                reason: Checksum::of(&index.to_be_bytes()).to_string(),
            },
        })
        .collect();
    write(ledger, vec![Write::Push(push.clone())]).await;
    let found = ok(ledger.push(&push.project, &push.commit).await);
    assert!(found.as_ref() == Some(&push), "the push came back changed");
    assert_eq!(
        commit(ledger, vec![Write::Push(push.clone())]).await,
        Committed::Conflict
    );
    push.edition = 2;
    write(ledger, vec![Write::Push(push)]).await;
}

/// Each decision of a principal on a digest has an ordinal, and only one has it: what is sent twice at once is one.
pub async fn every_decision_of_a_principal_is_kept<L: Ledger>(ledger: &L) {
    let first = fixtures::decision(1, "dba", 1);
    let mut again = fixtures::decision(1, "dba", 2);
    again.verdict = Verdict::Rejected;
    again.ordinal = 1;
    let mut by = fixtures::principal("dba");
    by.request_id = String::from("request-2");
    again.by = by.into();
    // Somebody else, whatever the account is called.
    let mut clicked = first.clone();
    clicked.by = fixtures::account(7);
    let mut other_digest = first.clone();
    other_digest.digest = model::Digest::claimed(Checksum::of(b"other").as_str());
    let mut other_stage = first.clone();
    other_stage.environment = EnvironmentId::new("test");
    for (decision, expected) in [
        (first, Committed::Yes),
        (again.clone(), Committed::Yes),
        (again, Committed::Conflict),
        (fixtures::decision(1, "dba", 3), Committed::Conflict),
        (fixtures::decision(1, "other", 1), Committed::Yes),
        (fixtures::decision(2, "dba", 1), Committed::Yes),
        (other_digest, Committed::Yes),
        (other_stage, Committed::Yes),
        (clicked.clone(), Committed::Yes),
        (clicked, Committed::Conflict),
    ] {
        let outcome = commit(ledger, vec![Write::Decision(decision.clone())]).await;
        assert_eq!(outcome, expected, "{decision:?}");
    }
    assert_eq!(ok(ledger.decisions(IssueNumber(1)).await).len(), 6);
}

/// All of one issue's, by time.
pub async fn decisions_come_oldest_first<L: Ledger>(ledger: &L) {
    let (b, c, a) = (
        fixtures::decision(1, "b", 1),
        fixtures::decision(1, "c", 2),
        fixtures::decision(1, "a", 3),
    );
    for decision in [&a, &b, &c] {
        write(ledger, vec![Write::Decision(decision.clone())]).await;
    }
    write(ledger, vec![Write::Decision(fixtures::decision(10, "d", 0))]).await;
    assert_eq!(ok(ledger.decisions(IssueNumber(1)).await), [b, c, a]);
    assert_eq!(ok(ledger.decisions(IssueNumber(2)).await), []);
}
