//! Approving on GitHub, on the deployed template: by the buttons on a commit's check run.

use driver::{Account, CheckRun, NewDatabase, NewProject, Trouble, Who};
use e2e::{Ground, Place, Project, SOON};
use model::{ApprovalStatus, Decider};

/// Who pushes, as GitHub knows her.
const DANA: Account<'_> = Account { id: 3, login: "dana" };
/// Who approves.
const DEE: Account<'_> = Account { id: 4, login: "dee" };
/// Somebody else, who calls himself as the DBA was once called.
const STRANGER: Account<'_> = Account {
    id: 583_231,
    login: "dee",
};

const ON: &str = "approve_on_github = true\n";

/// A project on a database in an environment of the story's own, which takes decisions on GitHub.
fn project_on_github(ground: &mut Ground) -> Result<Project, Trouble> {
    let names = ground.names("clicks");
    let place = Place::new(&names.environment, "demo-prod", &names.database);
    ground.sql.run(&format!("CREATE DATABASE `{}`", names.database))?;
    let environment = format!(
        "\n[[environments]]\nname = \"{}\"\napprovals = 1\napprovers = {{ roles = [\"dba\"] }}\n{ON}",
        names.environment
    );
    let folder = ground.folder.path();
    ground.driver.edit_settings(folder, |text| text + &environment)?;
    let project = Project {
        directory: format!("stories/{}", names.project),
        branch: names.project.clone(),
        places: vec![place],
    };
    let new = NewProject {
        name: names.project,
        branch: project.branch.clone(),
        base_directory: project.directory.clone(),
        databases: vec![NewDatabase {
            environment: names.environment,
            name: names.database,
            instance: "demo-prod".to_owned(),
        }],
    };
    ground.driver.add_project(&new, folder)?;
    project.begin(&ground.driver, &project.branch)?;
    Ok(project)
}

/// The commit's check run, once it says why a click came to nothing.
fn told(ground: &Ground, commit: &str, code: &str) -> Result<CheckRun, Trouble> {
    SOON.until(&format!("the check run of {commit} tells of {code}"), || {
        let runs = ground.driver.check_runs(commit)?;
        let [run] = runs.as_slice() else {
            return Ok(Err(format!("{} check runs", runs.len())));
        };
        let summary = run.output.summary.clone().unwrap_or_default();
        Ok(if summary.contains(&format!("`{code}`")) {
            Ok(run.clone())
        } else {
            Err(summary)
        })
    })
}

/// Sends the last click again, twenty times at once, and waits until each was looked at.
fn twenty_times_more(ground: &Ground) -> Result<(), Trouble> {
    let driver = &ground.driver;
    let action = Some("requested_action");
    let seen = driver.exchanges()?.deliveries;
    let click = seen
        .iter()
        .find(|delivery| delivery.event == "check_run" && delivery.action.as_deref() == action)
        .ok_or_else(|| Trouble("nobody clicked".to_owned()))?;
    std::thread::scope(|scope| {
        let again: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| driver.redeliver(click.id)))
            .collect();
        again.into_iter().try_for_each(|sent| match sent.join() {
            Ok(sent) => sent,
            Err(_panic) => Err(Trouble("a redelivery panicked".to_owned())),
        })
    })?;
    SOON.until("every delivery of the click was looked at", || {
        let log = driver.log_of("planner")?;
        let looked = log
            .lines()
            .filter(|line| line.contains("click_taken") && line.contains(&click.guid));
        let count = looked.count();
        Ok((count >= 21)
            .then_some(())
            .ok_or_else(|| format!("{count} of 21")))
    })
}

#[test]
fn a_click_approves_what_was_shown_once_and_nobody_elses_does() -> Result<(), Trouble> {
    let mut ground = Ground::take("clicks")?;
    let project = project_on_github(&mut ground)?;
    let driver = &ground.driver;
    let file = |text: &str| [project.ddl(0, "1", text)];
    let first = project.push(driver, &file("CREATE TABLE clicked (id INT);\n"), "Click me")?;
    let number = driver.issue_of(&first, SOON)?.issue.number.0;
    let (run, old) = driver.button_once(&first, "Approve", &[], SOON)?;
    assert_eq!(driver.buttons(&run)?.len(), 2);

    driver.click(DANA, &run, &old)?;
    let own = told(&ground, &first, "approval-own")?;
    let summary = own.output.summary.unwrap_or_default();
    assert!(
        summary.contains("dana (GitHub account 3) would approve"),
        "{summary}"
    );
    driver.click(STRANGER, &run, &old)?;
    told(&ground, &first, "approver-unknown")?;

    let second = project.push(driver, &file("CREATE TABLE clicked (id BIGINT);\n"), "Wider")?;
    let (wider, new) = driver.button_once(&second, "Approve", &[&old], SOON)?;
    driver.click(DEE, &run, &old)?;
    told(&ground, &first, "digest-stale")?;
    let undecided = driver.issue(number)?;
    assert!(undecided.stages[0].decisions.is_empty(), "{undecided:?}");

    driver.click(DEE, &wider, &new)?;
    let done = driver.issue_once(number, "Done", SOON)?;
    twenty_times_more(&ground)?;
    let stage = &driver.issue(number)?.stages[0];
    let [decision] = stage.decisions.as_slice() else {
        panic!("{:?}", stage.decisions);
    };
    let Decider::Github(by) = &decision.by else {
        panic!("{decision:?}");
    };
    assert_eq!((by.github_id, by.login.as_str()), (DEE.id, DEE.login));
    assert_eq!(decision.member.as_deref(), Some("Dee DBA"));
    let by = vec!["dee (GitHub account 4)".to_owned()];
    assert_eq!(done.stages[0].approval, ApprovalStatus::Approved { by });
    let place = &project.places[0];
    assert_eq!(ground.sql.columns(&place.name, "clicked")?, ["id"]);
    let audit = driver.sluice(Who::Admin, &["audit", "export", "--issue", &number.to_string()])?;
    assert_eq!(
        audit.stdout.matches("\"stage_approved\"").count(),
        1,
        "{}",
        audit.stdout
    );
    let verified = driver.sluice(Who::Admin, &["audit", "verify"])?;
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);

    // Where it is off again, what GitHub still shows does nothing.
    let third = [project.ddl(0, "2", "CREATE TABLE unclicked (id INT);\n")];
    let third = project.push(driver, &third, "Too late")?;
    let (run, button) = driver.button_once(&third, "Approve", &[], SOON)?;
    driver.edit_settings(ground.folder.path(), |text| text.replacen(ON, "", 1))?;
    driver.click(DEE, &run, &button)?;
    let off = told(&ground, &third, "github-off")?;
    assert!(driver.buttons(&off)?.is_empty());
    let waiting = driver.issue_of(&third, SOON)?;
    let ApprovalStatus::Waiting { has: 0, .. } = waiting.stages[0].approval else {
        panic!("{:?}", waiting.stages[0].approval);
    };
    Ok(())
}
