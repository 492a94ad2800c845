//! Policies on the deployed template, with an IAM user for each person: steps in order, and twenty clicks at once.

use driver::{NewDatabase, NewProject, Ran, Trouble, Who};
use e2e::{Ground, Place, Project, SOON, only_task};
use model::{ApprovalStatus, IssueView, TaskStatus};

/// A project on a database in an environment of the story's own, which asks the DBA first and the administrator then.
fn project_in_steps(ground: &mut Ground) -> Result<Project, Trouble> {
    let names = ground.names("steps");
    let place = Place::new(&names.environment, "demo-prod", &names.database);
    ground.sql.run(&format!("CREATE DATABASE `{}`", names.database))?;
    let environment = format!(
        "\n[[environments]]\nname = \"{}\"\nsteps = [\n  {{ name = \"dba\", approvers = {{ roles = [\"dba\"] }} }},\n  \
         {{ name = \"lead\", approvers = {{ roles = [\"lead\"] }} }},\n]\n",
        names.environment
    );
    let folder = ground.folder.path();
    ground.driver.edit_settings(folder, |text| {
        // The administrator is a lead from now on, and somebody on GitHub.
        let led = text.replacen(
            "roles = [\"admin\"]",
            "roles = [\"admin\", \"lead\"]\ngithub_id = 900",
            1,
        );
        led + &environment
    })?;
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
    Ok(project)
}

fn approve(ground: &Ground, who: Who, issue: &IssueView) -> Result<Ran, Trouble> {
    let number = issue.issue.number.to_string();
    let digest = issue.stages[0].digest.to_string();
    let words = ["issue", "approve", number.as_str(), "--digest", digest.as_str()];
    ground.driver.sluice(who, &words)
}

#[test]
fn steps_are_taken_in_order_and_twenty_at_once_are_one() -> Result<(), Trouble> {
    let mut ground = Ground::take("steps")?;
    let project = project_in_steps(&mut ground)?;
    project.begin(&ground.driver, &project.branch)?;
    let file = project.ddl(0, "1", "CREATE TABLE led (id INT);\n");
    let commit = project.push(&ground.driver, &[file], "Lead the way")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    let issue = ground.driver.issue_once(number, "Waiting", SOON)?;

    let early = approve(&ground, Who::Admin, &issue)?;
    assert_eq!(early.code, Some(1), "{}", early.stderr);
    assert!(early.stderr.contains("step `dba`"), "{}", early.stderr);
    let own = approve(&ground, Who::Developer, &issue)?;
    assert_eq!(own.code, Some(1), "{}", own.stderr);
    assert!(own.stderr.contains("pushed or wrote"), "{}", own.stderr);

    let twenty: Vec<Result<Ran, Trouble>> = std::thread::scope(|scope| {
        let clicks: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| approve(&ground, Who::Dba, &issue)))
            .collect();
        clicks.into_iter().map(|click| click.join().unwrap()).collect()
    });
    for click in twenty {
        let click = click?;
        assert_eq!(click.code, Some(0), "{}", click.stderr);
    }
    let halfway = ground.driver.issue(number)?;
    assert_eq!(
        halfway.stages[0].decisions.len(),
        1,
        "{:?}",
        halfway.stages[0].decisions
    );
    let ApprovalStatus::Waiting { needs: 2, has: 1, .. } = halfway.stages[0].approval else {
        panic!("{:?}", halfway.stages[0].approval);
    };
    assert!(matches!(only_task(&halfway)?.status, TaskStatus::Waiting(_)));

    let last = approve(&ground, Who::Admin, &issue)?;
    assert_eq!(last.code, Some(0), "{}", last.stderr);
    let done = ground.driver.issue_once(number, "Done", SOON)?;
    let people = &ground.driver.stack.principals;
    let by = vec![people.dba.arn.clone(), people.admin.arn.clone()];
    assert_eq!(done.stages[0].approval, ApprovalStatus::Approved { by });
    let number = number.to_string();
    let audit = ground
        .driver
        .sluice(Who::Admin, &["audit", "export", "--issue", &number])?;
    let approvals = audit.stdout.matches("\"stage_approved\"").count();
    assert_eq!(approvals, 2, "{}", audit.stdout);
    Ok(())
}
