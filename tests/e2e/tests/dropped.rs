//! Every webhook of an hour is dropped. The sweeper finds what was pushed meanwhile, and everything ends as it would
//! have if none had been.

use driver::Trouble;
use e2e::{Files, Ground, Project, SOON, SWEPT};
use model::TaskView;
use std::collections::BTreeMap;

/// What people pushed within the hour to one branch: versions that run and versions that wait, one that is edited
/// before it was approved, one that is deleted again, and one that is refused.
fn hour(project: &Project) -> Vec<Files> {
    let gone = |(path, _): (String, String)| (path, String::new());
    vec![
        vec![
            project.ddl(0, "1", "ALTER TABLE t ADD COLUMN one INT;\n"),
            project.ddl(1, "1", "CREATE TABLE t (id INT);\n"),
            project.dml(1, "9", "INSERT INTO t VALUES (9);\n"),
        ],
        vec![
            project.ddl(0, "2", "ALTER TABLE t ADD COLUMN two INT AFTER one;\n"),
            project.ddl(1, "1", "CREATE TABLE t (id BIGINT);\n"),
            project.dml(0, "3", "-- nothing yet\n"),
        ],
        vec![gone(project.dml(1, "9", ""))],
    ]
}

/// Pushes files; those without a text are deleted.
fn push(ground: &Ground, project: &Project, files: &Files) -> Result<String, Trouble> {
    let files: Vec<driver::FileChange<'_>> = files
        .iter()
        .map(|(path, text)| driver::FileChange {
            path,
            text: Some(text.as_str()).filter(|text| !text.is_empty()),
        })
        .collect();
    ground.driver.push_to(&project.branch, &files, "Within the hour")
}

/// A project whose first change is done.
fn begun(ground: &mut Ground) -> Result<Project, Trouble> {
    let project = ground.project("STORY", &[("test", 1), ("prod", 1)])?;
    project.begin(&ground.driver, &project.branch)?;
    let first = vec![project.ddl(0, "0", "CREATE TABLE t (id INT);\n")];
    let commit = push(ground, &project, &first)?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    ground.driver.issue_once(number, "Done", SOON)?;
    // Its schema is written back, so that nothing of ours comes between the pushes of the hour.
    SWEPT.until("the schema is written back", || {
        let head = ground.driver.head_of(&project.branch)?;
        Ok(if head.as_deref() == Some(commit.as_str()) {
            Err("the branch is where it was".to_owned())
        } else {
            Ok(())
        })
    })?;
    Ok(project)
}

/// Each version of the project's databases, and where its task stands.
fn stands(ground: &Ground, project: &Project) -> Result<BTreeMap<String, String>, Trouble> {
    let places: BTreeMap<&str, usize> = (0..)
        .zip(&project.places)
        .map(|(at, place)| (place.target.as_str(), at))
        .collect();
    let mut found = BTreeMap::new();
    for issue in ground.driver.issues()? {
        let tasks = issue.stages.into_iter().flat_map(|stage| stage.tasks);
        for TaskView { task, status, .. } in tasks {
            if let Some(place) = places.get(task.target.to_string().as_str()) {
                found.insert(
                    format!("{place}: {}", task.change.version),
                    status.word().to_owned(),
                );
            }
        }
    }
    Ok(found)
}

/// Pushes the hour and waits until all is done that nobody has to approve.
fn lived(ground: &Ground, project: &Project) -> Result<BTreeMap<String, String>, Trouble> {
    for files in hour(project) {
        let commit = push(ground, project, &files)?;
        // GitHub hears of each push, whatever is in it.
        SOON.until("the push is answered", || {
            let runs = ground.driver.check_runs(&commit)?;
            Ok(if runs.is_empty() {
                Err("no check run".to_owned())
            } else {
                Ok(())
            })
        })?;
    }
    let expected = [
        ("0: 0", "Done"),
        ("0: 1", "Done"),
        ("0: 2", "Done"),
        ("1: 1", "Waiting"),
        ("1: 9", "Canceled"),
    ];
    let expected: BTreeMap<String, String> = expected
        .map(|(task, word)| (task.to_owned(), word.to_owned()))
        .into();
    SOON.until("the hour is over", || {
        let found = stands(ground, project)?;
        Ok(if found == expected {
            Ok(found)
        } else {
            Err(format!("{found:?}"))
        })
    })
}

#[test]
fn an_hour_without_webhooks_ends_as_any_other() -> Result<(), Trouble> {
    let mut ground = Ground::take("dropped")?;
    let heard = begun(&mut ground)?;
    let unheard = [begun(&mut ground)?, begun(&mut ground)?];
    let mut expected = lived(&ground, &heard)?;
    // What came and went within the hour was never there for who looks afterwards.
    expected.remove("1: 9");

    let failed = || -> Result<usize, Trouble> {
        let seen = ground.driver.exchanges()?.deliveries;
        let lost = seen
            .iter()
            .filter(|delivery| delivery.status == "failed to connect to host");
        Ok(lost.count())
    };
    let failed_before = failed()?;
    ground.driver.drop_webhooks(true)?;
    let pushed: Result<Vec<String>, Trouble> = unheard
        .iter()
        .flat_map(|project| hour(project).into_iter().map(move |files| (project, files)))
        .map(|(project, files)| push(&ground, project, &files))
        .collect();
    // Deliveries go out behind the pushes.
    let lost = SOON.until("every delivery is lost", || {
        let lost = failed()? - failed_before;
        Ok(if lost >= 6 {
            Ok(())
        } else {
            Err(format!("{lost} are"))
        })
    });
    ground.driver.drop_webhooks(false)?;
    lost?;
    let pushed = pushed?;
    let swept = ground.driver.sweep()?;
    assert!(!swept.failed, "{}", swept.payload);
    for project in &unheard {
        SWEPT.until("what was missed is made good", || {
            let found = stands(&ground, project)?;
            Ok(if found == expected {
                Ok(())
            } else {
                Err(format!("{found:?}"))
            })
        })?;
        let columns = |at: usize| ground.sql.columns(&project.places[at].name, "t");
        assert_eq!(columns(0)?, ["id", "one", "two"]);
        assert_eq!(columns(1)?, Vec::<String>::new(), "nobody approved");
    }
    // Each branch's head has its answer, also on the file that is refused.
    for head in [&pushed[2], &pushed[5]] {
        let run = ground.driver.check_once(head, "failure", SOON)?;
        let summary = run.output.summary.unwrap_or_default();
        assert!(
            summary.contains("nothing to run") || summary.contains("nothing-to-run"),
            "{summary}"
        );
    }
    Ok(())
}
