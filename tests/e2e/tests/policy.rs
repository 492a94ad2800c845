//! Policies on the deployed template, with an IAM user for each person: each refusal and each wait ends as the policy says,
//! and the audit shows it.

use driver::{Keys, Ran, Trouble, Who};
use e2e::{Ground, Place, Project, SOON, only_task};
use jiff::{SignedDuration, Timestamp};
use model::{ApprovalStatus, Gate, IssueView, TaskStatus};

/// A story of one database in an environment of its own.
struct Story {
    ground: Ground,
    project: Project,
}

impl Story {
    /// Makes the environment with its policy, and a project that has one database there.
    fn under(what: &str, policy: &str) -> Result<Self, Trouble> {
        let mut ground = Ground::take(what)?;
        let folder = ground.folder.path();
        // The administrator is a lead from the first of these stories on, and somebody on GitHub.
        let lead = "roles = [\"admin\", \"lead\"]\ngithub_id = 900";
        ground.driver.edit_settings(folder, |text| {
            if text.contains(lead) {
                return text;
            }
            text.replacen("roles = [\"admin\"]", lead, 1)
        })?;
        let project = ground.ruled(policy, 1)?;
        Ok(Self { ground, project })
    }

    fn place(&self) -> &Place {
        &self.project.places[0]
    }

    /// Pushes a change, and answers its issue, once that waits.
    fn push(&self, version: &str, text: &str) -> Result<u64, Trouble> {
        let file = self.project.ddl(0, version, text);
        let commit = self.project.push(&self.ground.driver, &[file], "A change")?;
        let number = self.ground.driver.issue_of(&commit, SOON)?.issue.number.0;
        self.ground.driver.issue_once(number, "Waiting", SOON)?;
        Ok(number)
    }

    fn issue(&self, number: u64) -> Result<IssueView, Trouble> {
        self.ground.driver.issue(number)
    }

    fn done(&self, number: u64) -> Result<IssueView, Trouble> {
        self.ground.driver.issue_once(number, "Done", SOON)
    }

    fn status(&self, number: u64) -> Result<TaskStatus, Trouble> {
        Ok(only_task(&self.issue(number)?)?.status.clone())
    }

    /// The issue, once its approval stands as `seen` wants.
    fn once(&self, number: u64, what: &str, seen: impl Fn(&IssueView) -> bool) -> Result<IssueView, Trouble> {
        SOON.until(&format!("issue {number}: {what}"), || {
            let issue = self.issue(number)?;
            let stands = issue.stages[0].approval.to_string();
            Ok(if seen(&issue) { Ok(issue) } else { Err(stands) })
        })
    }

    fn run(&self, who: Who, words: &[&str]) -> Result<Ran, Trouble> {
        self.ground.driver.sluice(who, words)
    }

    /// Somebody does something that has to be taken.
    fn take(&self, who: Who, words: &[&str]) -> Result<(), Trouble> {
        let ran = self.run(who, words)?;
        assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.stderr);
        Ok(())
    }

    /// Somebody does something that has to be refused with this code.
    fn refuse(&self, who: Who, words: &[&str], code: &str) -> Result<(), Trouble> {
        let words: Vec<&str> = ["--json"].iter().chain(words).copied().collect();
        let ran = self.run(who, &words)?;
        assert_eq!(ran.code, Some(1), "{words:?}: {}{}", ran.stdout, ran.stderr);
        let said = format!("\"code\":\"{code}\"");
        assert!(
            ran.stderr.replace(": ", ":").contains(&said),
            "{words:?}: {}",
            ran.stderr
        );
        Ok(())
    }

    /// Approves exactly what an issue's only stage is.
    fn approve(&self, who: Who, issue: &IssueView) -> Result<Ran, Trouble> {
        let number = issue.issue.number.to_string();
        let digest = issue.stages[0].digest.to_string();
        self.run(who, &["issue", "approve", &number, "--digest", &digest])
    }

    /// The deeds of an issue's audit, in their order; the audit of it is whole.
    fn deeds(&self, number: u64) -> Result<Vec<String>, Trouble> {
        let number = number.to_string();
        self.take(Who::Developer, &["audit", "verify", "--issue", &number])?;
        self.deeds_of(&["audit", "export", "--issue", &number])
    }

    fn deeds_of(&self, words: &[&str]) -> Result<Vec<String>, Trouble> {
        let ran = self.run(Who::Developer, words)?;
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let lines = ran.stdout.lines().map(serde_json::from_str);
        let lines: Vec<serde_json::Value> = lines
            .collect::<Result<_, _>>()
            .map_err(|error| Trouble(error.to_string()))?;
        let deeds = lines.iter().filter_map(|line| line["deed"].as_str());
        Ok(deeds.map(ToOwned::to_owned).collect())
    }
}

fn is_approved(issue: &IssueView) -> bool {
    matches!(issue.stages[0].approval, ApprovalStatus::Approved { .. })
}

fn is_stale(issue: &IssueView) -> bool {
    matches!(
        issue.stages[0].approval,
        ApprovalStatus::Waiting { stale: true, .. }
    )
}

fn is_expired(issue: &IssueView) -> bool {
    matches!(
        issue.stages[0].approval,
        ApprovalStatus::Waiting { expired: true, .. }
    )
}

const BY_A_DBA: &str = "approvals = 1\napprovers = { roles = [\"dba\"] }";

#[test]
fn steps_are_taken_in_order_and_twenty_at_once_are_one() -> Result<(), Trouble> {
    let story = Story::under(
        "steps",
        "steps = [\n  { name = \"dba\", approvers = { roles = [\"dba\"] } },\n  \
         { name = \"lead\", approvers = { roles = [\"lead\"] } },\n]",
    )?;
    let number = story.push("1", "CREATE TABLE led (id INT);\n")?;
    let text = number.to_string();
    let issue = story.issue(number)?;
    story.refuse(Who::Admin, &["issue", "approve", &text], "step-later")?;
    story.refuse(Who::Developer, &["issue", "approve", &text], "approval-own")?;

    let twenty: Vec<Result<Ran, Trouble>> = std::thread::scope(|scope| {
        // Each with hands of its own: a driver is for one thread.
        let clicks: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| story.approve(Who::Dba, &issue)))
            .collect();
        clicks.into_iter().map(|click| click.join().unwrap()).collect()
    });
    for click in twenty {
        let click = click?;
        assert_eq!(click.code, Some(0), "{}", click.stderr);
    }
    let halfway = story.issue(number)?;
    let decisions = &halfway.stages[0].decisions;
    assert_eq!(decisions.len(), 1, "{decisions:?}");
    let ApprovalStatus::Waiting { needs: 2, has: 1, .. } = halfway.stages[0].approval else {
        panic!("{:?}", halfway.stages[0].approval);
    };
    assert!(matches!(only_task(&halfway)?.status, TaskStatus::Waiting(_)));

    story.take(Who::Admin, &["issue", "approve", &text])?;
    let done = story.done(number)?;
    let people = &story.ground.driver.stack.principals;
    let by = vec![people.dba.arn.clone(), people.admin.arn.clone()];
    assert_eq!(done.stages[0].approval, ApprovalStatus::Approved { by });
    assert_eq!(
        story.deeds(number)?,
        [
            "issue_planned",
            "stage_approved",
            "stage_approved",
            "task_begun",
            "task_done"
        ]
    );
    Ok(())
}

#[test]
fn one_person_under_two_names_is_one_of_two() -> Result<(), Trouble> {
    let story = Story::under(
        "quorum",
        "approvals = 2\napprovers = { roles = [\"dba\", \"lead\"] }",
    )?;
    let other: Keys = story.ground.driver.new_user(&story.place().name)?;
    let dba = story.ground.driver.stack.principals.dba.arn.clone();
    let folder = story.ground.folder.path();
    story.ground.driver.edit_settings(folder, |text| {
        let one = format!("\"{dba}\"");
        text.replacen(&one, &format!("{one}, \"{}\"", other.arn), 1)
    })?;
    let number = story.push("1", "CREATE TABLE counted (id INT);\n")?;
    let text = number.to_string();
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.take(Who::Dba, &["issue", "approve", &text])?;
    let again = story.ground.driver.sluice_as(
        &other,
        &[
            "issue",
            "approve",
            &text,
            "--environment",
            &story.place().environment,
        ],
    )?;
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    let issue = story.issue(number)?;
    let ApprovalStatus::Waiting { needs: 2, has: 1, .. } = issue.stages[0].approval else {
        panic!("{:?}", issue.stages[0].approval);
    };
    story.take(Who::Admin, &["issue", "approve", &text])?;
    story.done(number)?;
    let deeds = story.deeds(number)?;
    assert_eq!(deeds.last().map(String::as_str), Some("task_done"), "{deeds:?}");
    Ok(())
}

#[test]
fn what_is_not_signed_or_signed_by_others_is_refused() -> Result<(), Trouble> {
    let story = Story::under("unsigned", BY_A_DBA)?;
    let number = story.push("1", "CREATE TABLE signed (id INT);\n")?;
    let issue = story.issue(number)?;
    let driver = &story.ground.driver;
    let path = format!("/issues/{number}/approve");
    let body = format!("{{\"digest\":\"{}\"}}", issue.stages[0].digest);
    let unsigned = driver.call(None, "POST", &path, &[], &body)?;
    assert_eq!(unsigned.status, 403, "{}", unsigned.body);
    // A key that IAM does not know, and a secret that is not that key's.
    let people = &driver.stack.principals;
    for keys in [
        Keys {
            access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            ..people.dba.clone()
        },
        Keys {
            secret_access_key: people.developer.secret_access_key.clone(),
            ..people.dba.clone()
        },
    ] {
        let forged = driver.call(Some(&keys), "POST", &path, &[], &body)?;
        assert_eq!(forged.status, 403, "{}", forged.body);
    }
    // Who somebody claims to be is not looked at: neither in a header nor in the body.
    let dba = people.dba.arn.as_str();
    for (headers, body) in [
        (
            vec![("x-amzn-iam-user-arn", dba), ("x-amzn-caller-arn", dba)],
            body.clone(),
        ),
        (
            Vec::new(),
            format!(
                "{{\"digest\":\"{}\",\"by\":{{\"arn\":\"{dba}\"}}}}",
                issue.stages[0].digest
            ),
        ),
        (
            Vec::new(),
            format!(
                "{{\"digest\":\"{}\",\"requestContext\":{{\"identity\":{{\"userArn\":\"{dba}\"}}}}}}",
                issue.stages[0].digest
            ),
        ),
    ] {
        let claimed = driver.call(Some(&people.developer), "POST", &path, &headers, &body)?;
        assert!(
            (400..404).contains(&claimed.status),
            "{}: {}",
            claimed.status,
            claimed.body
        );
    }
    let text = number.to_string();
    story.refuse(Who::Admin, &["issue", "approve", &text], "approver-unknown")?;
    assert_eq!(story.issue(number)?.stages[0].decisions, []);
    assert_eq!(story.deeds(number)?, ["issue_planned"]);
    Ok(())
}

#[test]
fn an_approval_is_of_what_was_shown_and_not_of_an_edit() -> Result<(), Trouble> {
    let story = Story::under("edit", BY_A_DBA)?;
    let number = story.push("1", "CREATE TABLE shown (id INT);\n")?;
    let shown = story.issue(number)?;
    let file = story.project.ddl(0, "1", "CREATE TABLE edited (id INT);\n");
    story
        .project
        .push(&story.ground.driver, &[file], "Another text")?;
    let digest = shown.stages[0].digest.clone();
    story.once(number, "it has another digest", |issue| {
        issue.stages[0].digest != digest
    })?;
    let text = number.to_string();
    let old = ["issue", "approve", &text, "--digest", digest.as_str()];
    story.refuse(Who::Dba, &old, "digest-stale")?;

    // The other way round: approved, then edited.
    let environment = story.place().environment.clone();
    let freeze = ["freeze", &environment, "--until", "8h", "--because", "the story"];
    story.take(Who::Dba, &freeze)?;
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.once(number, "it is approved", is_approved)?;
    let file = story.project.ddl(0, "1", "CREATE TABLE edited_again (id INT);\n");
    story.project.push(&story.ground.driver, &[file], "Once more")?;
    story.once(number, "it is stale", is_stale)?;
    story.take(Who::Dba, &["unfreeze", &environment, "--because", "the story"])?;
    assert!(!story.ground.driver.sweep()?.failed);
    assert!(matches!(
        story.status(number)?,
        TaskStatus::Waiting(Gate::Approval(_))
    ));
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.done(number)?;
    let schema = &story.place().name;
    assert_eq!(story.ground.sql.columns(schema, "edited_again")?, ["id"]);
    assert_eq!(story.ground.sql.columns(schema, "edited")?, Vec::<String>::new());
    assert_eq!(
        story.deeds(number)?,
        [
            "issue_planned",
            "task_replaced",
            "stage_approved",
            "task_replaced",
            "stage_approved",
            "task_begun",
            "task_done"
        ]
    );
    Ok(())
}

#[test]
fn nothing_begins_in_a_freeze_and_an_approval_may_expire_in_it() -> Result<(), Trouble> {
    let story = Story::under("freeze", &format!("{BY_A_DBA}\napprovals_expire_after = \"15s\""))?;
    let environment = story.place().environment.clone();
    let freeze = ["freeze", &environment, "--until", "8h", "--because", "inventory"];
    story.take(Who::Dba, &freeze)?;
    let number = story.push("1", "CREATE TABLE frozen (id INT);\n")?;
    let text = number.to_string();
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.once(number, "it is frozen", |issue| {
        let task = only_task(issue);
        task.is_ok_and(|task| matches!(&task.status, TaskStatus::Waiting(Gate::Frozen { because, .. }) if because.starts_with("inventory")))
    })?;
    assert!(!story.ground.driver.sweep()?.failed);
    let lift = ["unfreeze", &environment, "--because", "counted"];
    story.refuse(Who::Developer, &lift, "freeze-of-others")?;
    story.once(number, "its approval has expired", is_expired)?;
    story.take(Who::Dba, &lift)?;
    assert!(!story.ground.driver.sweep()?.failed);
    assert!(matches!(
        story.status(number)?,
        TaskStatus::Waiting(Gate::Approval(_))
    ));
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.done(number)?;
    assert_eq!(
        story.deeds(number)?,
        [
            "issue_planned",
            "stage_approved",
            "stage_approved",
            "task_begun",
            "task_done"
        ]
    );
    let settings = story.deeds_of(&["audit", "export"])?;
    for deed in ["environment_frozen", "environment_unfrozen"] {
        assert!(settings.iter().any(|found| found == deed), "{deed}");
    }
    Ok(())
}

#[test]
fn what_others_changed_after_the_approval_is_asked_about_again() -> Result<(), Trouble> {
    let story = Story::under("drift", BY_A_DBA)?;
    let environment = story.place().environment.clone();
    let first = story.push("1", "CREATE TABLE t (id INT);\n")?;
    story.take(Who::Dba, &["issue", "approve", &first.to_string()])?;
    story.done(first)?;
    let freeze = ["freeze", &environment, "--until", "8h", "--because", "the story"];
    story.take(Who::Dba, &freeze)?;
    let number = story.push("2", "ALTER TABLE t ADD COLUMN planned INT;\n")?;
    let text = number.to_string();
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.once(number, "it is approved", is_approved)?;
    let schema = story.place().name.clone();
    let by_hand = format!("ALTER TABLE `{schema}`.t ADD COLUMN by_hand INT");
    story.ground.sql.run(&by_hand)?;
    story.take(Who::Dba, &["unfreeze", &environment, "--because", "the story"])?;
    assert!(!story.ground.driver.sweep()?.failed);
    let held = story.once(number, "it goes back to the approvers", is_stale)?;
    let drift = only_task(&held)?.task.drift.clone();
    assert!(drift.is_some_and(|drift| drift.to_string().contains("by_hand")));
    assert_eq!(story.ground.sql.columns(&schema, "t")?, ["id", "by_hand"]);
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.done(number)?;
    assert_eq!(
        story.ground.sql.columns(&schema, "t")?,
        ["id", "by_hand", "planned"]
    );
    assert_eq!(
        story.deeds(number)?,
        [
            "issue_planned",
            "stage_approved",
            "task_held",
            "stage_approved",
            "task_begun",
            "task_done"
        ]
    );
    Ok(())
}

#[test]
fn what_is_approved_waits_for_its_window_and_another_window_is_another_policy() -> Result<(), Trouble> {
    // Closed now, in whatever minute this is: it opens in six hours, for one.
    let at = |hours: i64| {
        let then = Timestamp::now() + SignedDuration::from_hours(hours);
        then.strftime("%H:%M").to_string()
    };
    let (from, to) = (at(6), at(7));
    let closed = format!("rollout = {{ from = \"{from}\", to = \"{to}\", time_zone = \"UTC\" }}");
    let story = Story::under("window", &format!("{BY_A_DBA}\n{closed}"))?;
    let number = story.push("1", "CREATE TABLE nightly (id INT);\n")?;
    let text = number.to_string();
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.once(number, "it is approved", is_approved)?;
    assert!(!story.ground.driver.sweep()?.failed);
    let status = story.status(number)?;
    let TaskStatus::Waiting(Gate::Window { opens }) = status else {
        panic!("{status:?}");
    };
    assert!(
        opens > Timestamp::now() + SignedDuration::from_hours(5),
        "{opens}"
    );
    let open = closed.replacen(&from, &at(-1), 1).replacen(&to, &at(1), 1);
    let folder = story.ground.folder.path();
    story
        .ground
        .driver
        .edit_settings(folder, |text| text.replacen(&closed, &open, 1))?;
    story.once(number, "it is stale", is_stale)?;
    story.take(Who::Dba, &["issue", "approve", &text])?;
    story.done(number)?;
    assert_eq!(
        story.deeds(number)?,
        [
            "issue_planned",
            "stage_approved",
            "stage_approved",
            "task_begun",
            "task_done"
        ]
    );
    Ok(())
}

#[test]
fn two_administrators_let_a_stage_past_its_policy() -> Result<(), Trouble> {
    let story = Story::under("emergency", BY_A_DBA)?;
    let other: Keys = story.ground.driver.new_user(&story.place().name)?;
    let member = format!(
        "\n[[members]]\nname = \"{0}\"\nprincipals = [\"{1}\"]\nroles = [\"admin\"]\n",
        story.place().name,
        other.arn
    );
    let folder = story.ground.folder.path();
    story.ground.driver.edit_settings(folder, |text| text + &member)?;
    let number = story.push("1", "CREATE TABLE urgent (id INT);\n")?;
    let text = number.to_string();
    let bypass = ["issue", "bypass", &text, "--because", "the shop is down"];
    story.refuse(Who::Dba, &bypass, "not-an-administrator")?;
    story.take(Who::Admin, &bypass)?;
    story.take(Who::Admin, &bypass)?;
    assert!(matches!(
        story.status(number)?,
        TaskStatus::Waiting(Gate::Approval(_))
    ));
    let second = story.ground.driver.sluice_as(&other, &bypass)?;
    assert_eq!(second.code, Some(0), "{}", second.stderr);
    let done = story.done(number)?;
    let page = story.run(Who::Developer, &["issue", "show", &text])?.stdout;
    assert!(
        page.contains("EMERGENCY BYPASS by")
            && page.contains("the shop is down")
            && page.contains("stage bypassed"),
        "{page}"
    );
    let check = story
        .ground
        .driver
        .check_once(done.issue.commit.as_str(), "success", SOON)?;
    let summary = format!("{check:?}");
    assert!(summary.contains("EMERGENCY BYPASS"), "{summary}");
    assert_eq!(
        story.deeds(number)?,
        [
            "issue_planned",
            "stage_bypassed",
            "stage_bypassed",
            "task_begun",
            "task_done"
        ]
    );
    Ok(())
}
