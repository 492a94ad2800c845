//! What a push means, case by case: each case of the contract and each mistake of its model that is not to be made
//! again, on the deployed template; what can't be told there is told elsewhere, and the list says where.

use driver::{FileChange, Trouble, Who};
use e2e::{Ground, Project, SOON, only_task};
use model::RevisionView;
use std::fmt::Write as _;

/// The cases of the contract: what changed, whether it was applied already, what comes of it.
const CASES: [&str; 13] = [
    "new file, new version",
    "new file, version applied, same checksum",
    "new file, version applied, other checksum",
    "two files, same target and version",
    "version lower than the newest applied, gaps allowed",
    "version lower than the newest applied, strict order",
    "content changed, not applied",
    "content changed, applied",
    "renamed, same version and checksum, not applied",
    "renamed, same version and checksum, applied",
    "deleted, not applied",
    "deleted, applied",
    "empty, or only comments",
];

/// The mistakes of the model.
const DEFECTS: [&str; 22] = [
    "unanchored match",
    "base directory prefix without `/`",
    "greedy `##`",
    "versions ordered as text",
    "silently ignored files",
    "silently ignored edits of applied files",
    "duplicate version in one push marked done without running",
    "rename applied again",
    "deletion unseen",
    "`distinct:false` commits dropped",
    "a redelivered push makes a second issue",
    "compare API not paginated",
    "one bad file aborts the rest",
    "failing write-back marks the task failed",
    "retry re-runs the whole file from statement 1",
    "SQL executed twice",
    "author e-mail trusted",
    "history keeps only the first 10 KiB of a statement",
    "running tasks marked canceled on restart though MySQL finished",
    "approval not enforced on the GitOps path",
    "Aurora syntax refused",
    "false diffs between identical databases",
];

/// What is told by another test: the line, the file, the test.
const ELSEWHERE: [(&str, &str, &str); 15] = [
    (
        "version lower than the newest applied, strict order",
        "tests/scenarios/tests/stories/baseline.rs",
        "a_late_version_fills_the_gap_with_a_warning_or_is_refused_where_the_order_is_strict",
    ),
    (
        "content changed, not applied",
        "tests/scenarios/tests/stories/approvals.rs",
        "an_approval_gets_stale_when_the_text_changes",
    ),
    (
        "`distinct:false` commits dropped",
        "tests/e2e/tests/pushes.rs",
        "a_long_lived_branch_is_merged_as_what_it_changed",
    ),
    (
        "a redelivered push makes a second issue",
        "tests/e2e/tests/tutorial.rs",
        "the_same_delivery_again_changes_nothing",
    ),
    (
        "compare API not paginated",
        "tests/e2e/tests/pushes.rs",
        "a_push_of_any_size_is_planned_in_whole",
    ),
    (
        "failing write-back marks the task failed",
        "tests/e2e/tests/lost.rs",
        "a_github_that_was_away_is_told_later",
    ),
    (
        "retry re-runs the whole file from statement 1",
        "tests/scenarios/tests/stories/failure.rs",
        "a_retry_goes_on_at_the_statement_that_failed",
    ),
    ("SQL executed twice", "tests/e2e/tests/killed.rs", "worker"),
    (
        "SQL executed twice",
        "tests/gate/tests/cells.rs",
        "every_step_outlives_its_fault",
    ),
    (
        "author e-mail trusted",
        "tests/scenarios/tests/stories/approvals.rs",
        "nobody_approves_what_they_pushed_under_another_name",
    ),
    (
        "running tasks marked canceled on restart though MySQL finished",
        "tests/scenarios/tests/stories/race.rs",
        "a_statement_goes_on_although_its_worker_is_dead",
    ),
    (
        "approval not enforced on the GitOps path",
        "tests/e2e/tests/tutorial.rs",
        "prod_waits_for_somebody_else_and_for_test",
    ),
    (
        "Aurora syntax refused",
        "shared/sql/tests/refusals.rs",
        "the_rest_is_not_refused",
    ),
    (
        "false diffs between identical databases",
        "infra/cli/tests/sluice/schema.rs",
        "the_same_schema_written_differently_does_not_differ",
    ),
    (
        "false diffs between identical databases",
        "shared/mysql/tests/between.rs",
        "statements_lead_from_each_schema_to_the_other_and_back",
    ),
];

const CREATE: &str = "CREATE TABLE t (id INT);\n";
const OTHER: &str = "CREATE TABLE t (id BIGINT);\n";

/// A line of a check run that is waited for: what it shows, the path, the status and what is said.
struct Line {
    of: &'static [&'static str],
    path: String,
    status: &'static str,
    says: &'static str,
}

fn line(of: &'static [&'static str], path: &str, status: &'static str, says: &'static str) -> Line {
    Line {
        of,
        path: path.to_owned(),
        status,
        says,
    }
}

/// The lines of the contract and of the mistakes that a story showed.
#[derive(Default)]
struct Shown(Vec<&'static str>);

impl Shown {
    /// Waits until the check run of a commit has each of these lines.
    fn answers(&mut self, ground: &Ground, commit: &str, lines: &[Line]) -> Result<(), Trouble> {
        SOON.until("each file has its answer", || {
            let runs = ground.driver.check_runs(commit)?;
            let summary = runs
                .first()
                .and_then(|run| run.output.summary.clone())
                .unwrap_or_default();
            let answered = |line: &&Line| {
                let mut rows = summary
                    .lines()
                    .filter(|row| row.contains(&format!("`{}`", line.path)));
                rows.any(|row| row.contains(&format!("| {} |", line.status)) && row.contains(line.says))
            };
            let missing: Vec<&str> = lines
                .iter()
                .filter(|line| !answered(line))
                .map(|line| line.path.as_str())
                .collect();
            Ok(if missing.is_empty() {
                Ok(())
            } else {
                Err(format!("{missing:?} are answered otherwise in\n{summary}"))
            })
        })?;
        self.0.extend(lines.iter().flat_map(|line| line.of));
        Ok(())
    }

    fn show(&mut self, line: &'static str) {
        self.0.push(line);
    }
}

fn push(ground: &Ground, project: &Project, files: &[(&str, Option<&str>)]) -> Result<String, Trouble> {
    let files: Vec<FileChange<'_>> = files
        .iter()
        .map(|(path, text)| FileChange { path, text: *text })
        .collect();
    ground.driver.push_to(&project.branch, &files, "Case by case")
}

#[test]
fn every_case_has_its_outcome() -> Result<(), Trouble> {
    let mut ground = Ground::take("table")?;
    let project = ground.project("STORY", &[("test", 10), ("prod", 3)])?;
    project.begin(&ground.driver, &project.branch)?;
    let mut shown = Shown::default();
    let at = |place: usize, version: &str| project.ddl(place, version, "").0;
    let named = |place: usize, rest: &str| at(place, "1").replace("1##ddl##story", rest);
    // In `prod` everything waits for an approval.
    let (edited, renamed, deleted) = (at(10, "1"), at(11, "1"), at(12, "1"));
    let long = format!("INSERT INTO t VALUES {};\n", vec!["(1)"; 5000].join(", "));
    let long_path = project.dml(9, "2", "").0;
    let first = push(
        &ground,
        &project,
        &[
            (&at(0, "1"), Some(CREATE)),
            (&at(1, "1"), Some(CREATE)),
            (&at(2, "1"), Some(CREATE)),
            (&at(4, "5"), Some(CREATE)),
            (&at(5, "1"), Some(CREATE)),
            (
                &named(6, "1##dml##once"),
                Some("CREATE TABLE once (id INT); INSERT INTO once VALUES (1);\n"),
            ),
            (&at(7, "1"), Some(CREATE)),
            (&at(9, "1"), Some(CREATE)),
            (&long_path, Some(&long)),
            (&edited, Some(CREATE)),
            (&renamed, Some(CREATE)),
            (&deleted, Some(CREATE)),
        ],
    )?;
    shown.answers(
        &ground,
        &first,
        &[
            line(
                &["new file, new version"],
                &at(0, "1"),
                "Done",
                "Applied by issue",
            ),
            line(&[], &at(1, "1"), "Done", ""),
            line(&[], &at(2, "1"), "Done", ""),
            line(&[], &at(4, "5"), "Done", ""),
            line(&[], &at(5, "1"), "Done", ""),
            line(&[], &named(6, "1##dml##once"), "Done", ""),
            line(&[], &at(7, "1"), "Done", ""),
            line(&[], &long_path, "Done", ""),
            line(
                &["approval not enforced on the GitOps path"],
                &edited,
                "Waiting",
                "Waiting for approval",
            ),
            line(&[], &renamed, "Waiting", ""),
            line(&[], &deleted, "Waiting", ""),
        ],
    )?;
    whole_history(&ground, &project, &long)?;
    shown.show("history keeps only the first 10 KiB of a statement");
    second(&ground, &project, &mut shown, [&edited, &renamed, &deleted])?;
    third(&ground, &project, &mut shown)?;
    let list = told(shown)?;
    println!("{list}");
    Ok(())
}

/// The history of a change holds all of its text.
fn whole_history(ground: &Ground, project: &Project, long: &str) -> Result<(), Trouble> {
    assert!(long.len() > 10 * 1024, "{} bytes", long.len());
    let target = &project.places[9].target;
    let version: RevisionView = ground
        .driver
        .sluice(Who::Developer, &["--json", "version", "show", target, "2"])?
        .json()?;
    assert_eq!(version.sql, long);
    Ok(())
}

/// What people do to files that were pushed before, all in one push with files that are wrong.
#[expect(clippy::too_many_lines, reason = "a table")]
fn second(
    ground: &Ground,
    project: &Project,
    shown: &mut Shown,
    [edited, renamed, deleted]: [&str; 3],
) -> Result<(), Trouble> {
    let at = |place: usize, version: &str| project.ddl(place, version, "").0;
    let named = |place: usize, rest: &str| at(place, "1").replace("1##ddl##story", rest);
    let once = "CREATE TABLE once (id INT); INSERT INTO once VALUES (1);\n";
    let readme = format!("{}/README.md", project.directory);
    let beside = at(0, "2").replacen(&project.directory, &format!("{}2", project.directory), 1);
    let backup = at(0, "2") + ".bak";
    let renamed_to = named(11, "1##ddl##another_name");
    let files: Vec<(String, Option<&str>)> = vec![
        (at(1, "1"), None),
        (at(2, "1"), None),
        (named(3, "1##ddl##a"), Some(CREATE)),
        (named(3, "1##ddl##b"), Some(OTHER)),
        (at(4, "3"), Some("CREATE TABLE lower (id INT);\n")),
        (edited.to_owned(), Some(OTHER)),
        (at(5, "1"), Some(OTHER)),
        (renamed.to_owned(), None),
        (renamed_to.clone(), Some(CREATE)),
        (named(6, "1##dml##once"), None),
        (named(6, "1##dml##only_once"), Some(once)),
        (deleted.to_owned(), None),
        (at(7, "1"), None),
        (at(8, "1"), Some("")),
        (at(8, "2"), Some("-- later\n/* or never */\n")),
        // Mistakes of the model.
        (backup.clone(), Some(CREATE)),
        (beside.clone(), Some(CREATE)),
        (named(8, "3##ddl##a##b"), Some("CREATE TABLE v (nine INT);\n")),
        (
            named(8, "9##ddl##nine"),
            Some("ALTER TABLE v ADD COLUMN ten INT;\n"),
        ),
        (
            named(8, "10##ddl##ten"),
            Some("ALTER TABLE v ADD COLUMN eleven INT AFTER ten;\n"),
        ),
        (readme.clone(), Some("read me\n")),
        (at(10, "7"), Some("LOAD DATA FROM S3 's3://b/k' INTO TABLE t;\n")),
    ];
    let borrowed: Vec<(&str, Option<&str>)> =
        files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let commit = push(ground, project, &borrowed)?;
    let twice = &[
        "two files, same target and version",
        "duplicate version in one push marked done without running",
    ];
    let changed = &[
        "content changed, applied",
        "silently ignored edits of applied files",
    ];
    shown.answers(
        ground,
        &commit,
        &[
            line(twice, &named(3, "1##ddl##a"), "Refused", "1##ddl##b.sql"),
            line(twice, &named(3, "1##ddl##b"), "Refused", "1##ddl##a.sql"),
            line(
                &["version lower than the newest applied, gaps allowed"],
                &at(4, "3"),
                "Done",
                "",
            ),
            line(
                &["content changed, not applied"],
                edited,
                "Waiting",
                "The open task took this text.",
            ),
            line(changed, &at(5, "1"), "Refused", "change-applied"),
            line(
                &["renamed, same version and checksum, not applied"],
                &renamed_to,
                "Known",
                "goes by this name now",
            ),
            line(
                &["renamed, same version and checksum, applied"],
                &named(6, "1##dml##only_once"),
                "Known",
                "already applied",
            ),
            line(
                &["deleted, not applied", "deletion unseen"],
                deleted,
                "Gone",
                "canceled",
            ),
            line(
                &["deleted, applied", "deletion unseen"],
                &at(7, "1"),
                "Gone",
                "stays applied",
            ),
            line(
                &["empty, or only comments"],
                &at(8, "1"),
                "Refused",
                "nothing-to-run",
            ),
            line(
                &["empty, or only comments"],
                &at(8, "2"),
                "Refused",
                "nothing-to-run",
            ),
            line(&["unanchored match"], &backup, "Ignored", ""),
            line(&["greedy `##`"], &named(8, "3##ddl##a##b"), "Done", ""),
            line(
                &["one bad file aborts the rest", "versions ordered as text"],
                &named(8, "10##ddl##ten"),
                "Done",
                "",
            ),
            line(&["silently ignored files"], &readme, "Ignored", ""),
            line(&["Aurora syntax refused"], &at(10, "7"), "Waiting", ""),
        ],
    )?;
    let runs = ground.driver.check_runs(&commit)?;
    let summary = runs.first().and_then(|run| run.output.summary.clone());
    assert!(
        !summary.unwrap_or_default().contains(&beside),
        "a folder beside ours is none of ours"
    );
    shown.show("base directory prefix without `/`");
    let name = |place: usize| &project.places[place].name;
    assert_eq!(ground.sql.columns(name(8), "v")?, ["nine", "ten", "eleven"]);
    let rows = ground.sql.column(&format!("SELECT id FROM `{}`.once", name(6)))?;
    assert_eq!(rows, ["1"], "what was renamed ran again");
    shown.show("rename applied again");
    assert!(ground.sql.columns(name(3), "t")?.is_empty(), "one of two ran");
    let issue = ground.whole(ground.newest()?)?;
    let tasks = e2e::tasks(&issue);
    let described = tasks
        .iter()
        .find(|view| view.task.change.version.to_string() == "3" && view.task.change.path.contains("a##b"));
    assert_eq!(
        described.map(|view| view.task.change.description.as_str()),
        Some("a##b")
    );
    Ok(())
}

/// Files that come back: as they were, and otherwise.
fn third(ground: &Ground, project: &Project, shown: &mut Shown) -> Result<(), Trouble> {
    let at = |place: usize| project.ddl(place, "1", "").0;
    let commit = push(ground, project, &[(&at(1), Some(CREATE)), (&at(2), Some(OTHER))])?;
    shown.answers(
        ground,
        &commit,
        &[
            line(
                &["new file, version applied, same checksum"],
                &at(1),
                "Known",
                "already applied",
            ),
            line(
                &["new file, version applied, other checksum"],
                &at(2),
                "Refused",
                "change-applied",
            ),
        ],
    )?;
    // The next push is the next issue: those between made none.
    let before = ground.newest()?;
    let next = push(
        ground,
        project,
        &[(&project.ddl(0, "2", "").0, Some("DROP TABLE t;\n"))],
    )?;
    let issue = ground.driver.issue_of(&next, SOON)?;
    only_task(&issue)?;
    assert_eq!(issue.issue.number.0, before + 1);
    Ok(())
}

/// What ran where. Each line of the contract ran here or is told by a test that exists.
fn told(Shown(mut here): Shown) -> Result<String, Trouble> {
    let mut list = String::new();
    here.sort_unstable();
    here.dedup();
    for line in CASES.into_iter().chain(DEFECTS) {
        let mut places: Vec<String> = Vec::new();
        if here.contains(&line) {
            places.push("deployed template: every_case_has_its_outcome".to_owned());
        }
        for (_, file, test) in ELSEWHERE.iter().filter(|(of, ..)| *of == line) {
            let text = tidy::sources::text(file).map_err(|error| Trouble(error.to_string()))?;
            assert!(text.contains(&format!("fn {test}")), "{file} has no test {test}");
            let kind = match file.split('/').collect::<Vec<_>>().as_slice() {
                ["tests", "e2e", ..] => "deployed template",
                ["tests", ..] => "scenario",
                _ => "unit",
            };
            places.push(format!("{kind}: {test}"));
        }
        let _infallible = writeln!(list, "{line:70} {}", places.join("; "));
        assert!(!places.is_empty(), "nothing shows: {line}");
    }
    let known = |line: &str| CASES.contains(&line) || DEFECTS.contains(&line);
    assert!(here.iter().all(|line| known(line)), "{here:?}");
    assert!(ELSEWHERE.iter().all(|(line, ..)| known(line)));
    Ok(list)
}
