//! Pushes of every size and kind: the right tasks each time, and GitHub asked for no more than what changed.

use driver::{Patience, Shown, Trouble, total};
use e2e::{Files, Ground, Project, SOON, changes_of, tasks};
use model::IssueView;
use std::time::Instant;

/// How long the largest push may take from its commit to its last task.
const LARGE: Patience = Patience::seconds(180);

/// Changes of rows of a database, from one version to another.
fn changes(project: &Project, place: usize, versions: std::ops::RangeInclusive<usize>) -> Files {
    versions
        .map(|version| project.dml(place, &version.to_string(), "DO 1;\n"))
        .collect()
}

/// Each task of an issue: its database's environment, its version and where it stands.
fn told(issue: &IssueView) -> Vec<String> {
    issue
        .stages
        .iter()
        .flat_map(|stage| {
            let environment = &stage.environment;
            let tasks = stage.tasks.iter();
            tasks.map(move |view| {
                format!(
                    "{environment} {} {}",
                    view.task.change.version,
                    view.status.word()
                )
            })
        })
        .collect()
}

fn expected(environment: &str, versions: std::ops::RangeInclusive<usize>, word: &str) -> Vec<String> {
    versions
        .map(|version| format!("{environment} {version} {word}"))
        .collect()
}

/// The issue of a commit once it is planned, and a line about it. A plan may ask GitHub for two trees, level by level
/// down to the folder of the project and then whole, for each change that changed, and for a few things more.
/// Deliveries that come close together may be planned beside one another; each plan asks for the head first.
fn planned(ground: &Ground, commit: &str, what: &str, changed: u64) -> Result<(IssueView, String), Trouble> {
    let began = Instant::now();
    let issue = ground.driver.issue_of(commit, LARGE)?;
    // What the reporter tells meanwhile, also of what was before, is not the planner's.
    let mut calls = ground.driver.calls()?;
    calls.retain(|count| count.shown == Shown::Reading);
    let [plans, trees, blobs, all] =
        ["/git/ref/", "/git/trees/", "/git/blobs/", "/"].map(|path| total(&calls, path));
    let line = format!(
        "{what}: {} tasks, planned after {:.1} s; {trees} calls for trees, {blobs} for files, {plans} for heads, \
         {} others",
        tasks(&issue).len(),
        began.elapsed().as_secs_f64(),
        all - trees - blobs - plans,
    );
    assert!(trees <= 2 * 3 * plans, "{trees} calls for trees: {calls:#?}");
    assert!(
        blobs <= changed * plans,
        "{blobs} files were read, and {changed} changes changed"
    );
    assert!(all - trees - blobs <= 4 * plans, "{calls:#?}");
    Ok((issue, line))
}

/// Pushes files and waits until they are planned; so many changes are new.
fn push(
    ground: &Ground,
    project: &Project,
    files: &Files,
    changed: u64,
    what: &str,
) -> Result<(IssueView, String), Trouble> {
    ground.driver.forget_calls()?;
    let commit = project.push(&ground.driver, files, what)?;
    planned(ground, &commit, what, changed)
}

#[test]
fn a_push_of_any_size_is_planned_in_whole() -> Result<(), Trouble> {
    let mut ground = Ground::take("sizes")?;
    let project = ground.project("STORY", &[("test", 1), ("prod", 1)])?;
    project.begin(&ground.driver, &project.branch)?;
    let mut last = 0;
    for (size, runs) in [(1, 1), (300, 4), (301, 4_usize)] {
        let mut files = changes(&project, 0, last + 1..=last + runs);
        files.extend(project.notes(&format!("of-{size}"), size - runs));
        let (issue, line) = push(
            &ground,
            &project,
            &files,
            u64::try_from(runs).unwrap(),
            &format!("{size} files"),
        )?;
        println!("{line}");
        let issue = ground.driver.issue_once(issue.issue.number.0, "Done", LARGE)?;
        assert_eq!(told(&issue), expected("test", last + 1..=last + runs, "Done"));
        last += runs;
    }
    // Three hundred wait for somebody's approval, so that only planning them takes time.
    let mut files = changes(&project, 0, last + 1..=last + 20);
    files.extend(changes(&project, 1, 1..=300));
    files.extend(project.notes("of-3000", 3000 - files.len()));
    let (issue, line) = push(&ground, &project, &files, 320, "3,000 files")?;
    println!("{line}");
    let mut all = expected("test", last + 1..=last + 20, "Done");
    all.extend(expected("prod", 1..=300, "Waiting"));
    LARGE.until("the changes in test are done", || {
        let told = told(&ground.driver.issue(issue.issue.number.0)?);
        Ok(if told == all {
            Ok(())
        } else {
            Err(format!("{told:?}"))
        })
    })
}

#[test]
fn a_push_of_two_thousand_commits_is_one_comparison() -> Result<(), Trouble> {
    let mut ground = Ground::take("commits")?;
    let project = ground.project("STORY", &[("test", 1)])?;
    let first = project.begin(&ground.driver, &project.branch)?;
    let began = Instant::now();
    // The change is in a commit that no list of commits would hold: those of a push end at 2,048.
    let file = changes(&project, 0, 1..=1);
    let early = ground
        .driver
        .make_commit(&[&first], &changes_of(&file), "Early")?;
    let head = ground.driver.make_commits(&early, 2_099, "Say something")?;
    println!(
        "2,100 commits were made in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    ground.driver.forget_calls()?;
    ground.driver.force_push(&project.branch, &head)?;
    let (issue, line) = planned(&ground, &head, "2,100 commits", 1)?;
    println!("{line}");
    let issue = ground.driver.issue_once(issue.issue.number.0, "Done", SOON)?;
    assert_eq!(told(&issue), ["test 1 Done"]);
    Ok(())
}

#[test]
fn forcing_a_branch_back_and_forth_runs_nothing_twice() -> Result<(), Trouble> {
    let mut ground = Ground::take("forced")?;
    let project = ground.project("STORY", &[("test", 1), ("prod", 1)])?;
    let first = project.begin(&ground.driver, &project.branch)?;
    // One change is applied, another one waits.
    let mut files = changes(&project, 0, 1..=1);
    files.extend(changes(&project, 1, 1..=1));
    let (issue, line) = push(&ground, &project, &files, 2, "before force")?;
    println!("{line}");
    let number = issue.issue.number.0;
    let stands = |expected: &[&str], patience: Patience| {
        patience.until(&format!("issue {number} stands at {expected:?}"), || {
            let told = told(&ground.driver.issue(number)?);
            Ok(if told == expected {
                Ok(())
            } else {
                Err(format!("{told:?}"))
            })
        })
    };
    stands(&["test 1 Done", "prod 1 Waiting"], SOON)?;
    let head = issue.issue.commit.as_str().to_owned();

    ground.driver.force_push(&project.branch, &first)?;
    stands(&["test 1 Done", "prod 1 Canceled"], SOON)?;
    // The same move for the second time is no delivery that comes twice.
    ground.driver.force_push(&project.branch, &head)?;
    stands(&["test 1 Done", "prod 1 Waiting"], SOON)?;
    // On another history, with the same files and one more.
    let beside = ground
        .driver
        .make_commit(&[&first], &changes_of(&files), "The same beside")?;
    let more = changes(&project, 0, 2..=2);
    let beside = ground
        .driver
        .make_commit(&[&beside], &changes_of(&more), "One more")?;
    ground.driver.forget_calls()?;
    ground.driver.force_push(&project.branch, &beside)?;
    let (next, line) = planned(&ground, &beside, "force push", 1)?;
    println!("{line}");
    let next = ground.driver.issue_once(next.issue.number.0, "Done", SOON)?;
    assert_eq!(told(&next), ["test 2 Done"]);
    stands(&["test 1 Done", "prod 1 Waiting"], SOON)
}

#[test]
fn a_long_lived_branch_is_merged_as_what_it_changed() -> Result<(), Trouble> {
    let mut ground = Ground::take("merged")?;
    let project = ground.project("STORY", &[("test", 2)])?;
    let first = project.begin(&ground.driver, &project.branch)?;
    let long = format!("{}-long", project.branch);
    ground.driver.create_branch(&long, &first)?;
    for version in 1..=12 {
        let file = changes(&project, 0, version..=version);
        ground
            .driver
            .push_to(&long, &changes_of(&file), &format!("Work on {version}"))?;
    }
    // Meanwhile the branch itself goes on.
    let (issue, line) = push(
        &ground,
        &project,
        &changes(&project, 1, 1..=2),
        2,
        "beside the long branch",
    )?;
    println!("{line}");
    ground.driver.issue_once(issue.issue.number.0, "Done", SOON)?;
    ground.driver.forget_calls()?;
    let merge = ground
        .driver
        .merge(&long, &project.branch, "Merge the long branch")?;
    let (issue, line) = planned(&ground, &merge, "merge of 12 commits", 12)?;
    println!("{line}");
    let issue = ground.driver.issue_once(issue.issue.number.0, "Done", SOON)?;
    assert_eq!(told(&issue), expected("test", 1..=12, "Done"));
    Ok(())
}

#[test]
fn a_branch_made_of_another_runs_only_what_is_new() -> Result<(), Trouble> {
    let mut ground = Ground::take("branched")?;
    let mut project = ground.project("STORY/*", &[("test", 1)])?;
    let branch = |name: &str| project.branch.replace('*', name);
    let (one, two) = (branch("one"), branch("two"));
    project.begin(&ground.driver, &one)?;
    project.branch = one;
    let (issue, line) = push(
        &ground,
        &project,
        &changes(&project, 0, 1..=3),
        3,
        "on one branch",
    )?;
    println!("{line}");
    let number = issue.issue.number.0;
    ground.driver.issue_once(number, "Done", SOON)?;

    ground.driver.create_branch(&two, issue.issue.commit.as_str())?;
    project.branch = two;
    // A branch that was never planned is read as a whole: four changes, of which three are known.
    let (issue, line) = push(
        &ground,
        &project,
        &changes(&project, 0, 4..=4),
        4,
        "on another made of it",
    )?;
    println!("{line}");
    let issue = ground.driver.issue_once(issue.issue.number.0, "Done", SOON)?;
    assert_eq!(told(&issue), ["test 4 Done"]);
    assert_eq!(issue.issue.number.0, number + 1, "no issue in between");
    Ok(())
}
