//! Policies: everything that is asked for can be given, and every rule can apply.

use super::name::{unique, unknown};
use super::principal;
use crate::problem::{Place, Problems};
use crate::schema::{Approvers, Environment, FINDINGS, RiskRule, Settings, Step};
use model::Age;

pub(super) fn check(settings: &Settings, problems: &mut Problems<'_>) {
    for (index, environment) in settings.environments.iter().enumerate() {
        let place = Place::top("environments").at(index);
        let check = Check {
            settings,
            environment,
            place: &place,
        };
        check.base(problems);
        for (index, step) in environment.steps.iter().enumerate() {
            check.step(step, &place.at("steps").at(index), problems);
        }
        for (index, rule) in environment.rules.iter().enumerate() {
            check.rule(rule, &place.at("rules").at(index), problems);
        }
        let steps: Vec<&str> = environment.steps.iter().map(|step| step.name.as_str()).collect();
        let rules: Vec<&str> = environment.rules.iter().map(|rule| rule.name.as_str()).collect();
        unique(&place.at("steps"), &steps, problems);
        unique(&place.at("rules"), &rules, problems);
        if let Some(rollout) = &environment.rollout
            && let Err(wrong) = rollout.read()
        {
            problems.add(&place.at("rollout").at(wrong.key), wrong.message);
        }
    }
}

/// One environment and its place in the document.
struct Check<'a> {
    settings: &'a Settings,
    environment: &'a Environment,
    place: &'a Place,
}

impl Check<'_> {
    /// How many members can give an approval where these may.
    fn able(&self, approvers: &Approvers) -> usize {
        let members = self.settings.members.iter();
        let on_github = self.environment.approve_on_github;
        members
            .filter(|member| member.may_approve(approvers, on_github))
            .count()
    }

    /// Where approving on GitHub counts, somebody can: a principal's name says nothing of who clicks.
    fn on_github(&self, problems: &mut Problems<'_>) {
        let Environment {
            approvers,
            steps,
            rules,
            approve_on_github,
            ..
        } = self.environment;
        let mut asked = std::iter::once(approvers)
            .chain(steps.iter().map(|step| &step.approvers))
            .chain(rules.iter().map(|rule| &rule.approvers));
        let known = self
            .settings
            .members
            .iter()
            .filter(|member| member.github_id.is_some());
        let known: Vec<_> = known.collect();
        if *approve_on_github && !asked.any(|approvers| known.iter().any(|member| approvers.name(member))) {
            problems.add(
                &self.place.at("approve_on_github"),
                "nobody could approve there: name approvers by `roles` or `github_ids`, of members with a `github_id`, or \
                 leave it out",
            );
        }
    }

    /// `approvals` and `approvers`, and what rests on them.
    fn base(&self, problems: &mut Problems<'_>) {
        let Environment {
            approvals,
            approvers,
            steps,
            ..
        } = self.environment;
        if !steps.is_empty() && (*approvals > 0 || !approvers.is_empty()) {
            problems.add(
                &self.place.at("steps"),
                "`steps` stand in place of `approvals` and `approvers`; leave those out, or make them a step",
            );
        }
        self.enough(*approvals, approvers, self.place, problems);
        self.on_github(problems);
        self.expiry(problems);
        let asks = self.environment.rules.iter().any(|rule| rule.blocking);
        let somebody = self.able(approvers) > 0 || !steps.is_empty() || asks;
        if self.environment.blocking_over_mib.is_some() && !somebody {
            problems.add(
                &self.place.at("blocking_over_mib"),
                "what blocks a large table has to be approved, but nobody can: name approvers whose members have \
                 principals and a `github_id`",
            );
        }
    }

    fn expiry(&self, problems: &mut Problems<'_>) {
        let Some(text) = &self.environment.approvals_expire_after else {
            return;
        };
        let message = match Age::parse(text) {
            Ok(age) if age.duration().is_zero() => {
                "an approval would count for no time at all; leave it out, and approvals do not expire"
                    .to_owned()
            }
            Ok(_) => return,
            Err(_) => format!("`{text}` is no time; write `36h` or `7d`"),
        };
        problems.add(&self.place.at("approvals_expire_after"), message);
    }

    fn step(&self, step: &Step, place: &Place, problems: &mut Problems<'_>) {
        self.asks(step.approvals, &step.approvers, place, problems);
    }

    fn rule(&self, rule: &RiskRule, place: &Place, problems: &mut Problems<'_>) {
        self.asks(rule.approvals, &rule.approvers, place, problems);
        let asks_for_rows = rule.rows_over.is_some() || rule.without_key;
        if rule.findings.is_empty() && rule.tables.is_empty() && !rule.blocking && !asks_for_rows {
            problems.add(
                place,
                "it would never apply; name `findings` or `tables`, or write `blocking = true`, `rows_over = 10000` or \
                 `without_key = true`",
            );
        }
        for (index, finding) in rule.findings.iter().enumerate() {
            if !FINDINGS.contains(&finding.as_str()) {
                let message = unknown("finding that a rule can name", finding, FINDINGS.iter().copied());
                problems.add(&place.at("findings").at(index), message);
            }
        }
        for (index, table) in rule.tables.iter().enumerate() {
            if table.is_empty() || table.chars().any(char::is_whitespace) || table.contains('`') {
                problems.add(
                    &place.at("tables").at(index),
                    "write a table's name as it is, without quotes, or a pattern with `*`: `orders`, `billing_*`, \
                     `audit.*`",
                );
            }
        }
    }

    /// A step that is written down asks for somebody.
    fn asks(&self, approvals: u32, approvers: &Approvers, place: &Place, problems: &mut Problems<'_>) {
        if approvals == 0 {
            problems.add(&place.at("approvals"), "it asks for nobody; leave it out");
        }
        self.enough(approvals, approvers, place, problems);
    }

    /// So many approvals can be given.
    fn enough(&self, approvals: u32, approvers: &Approvers, place: &Place, problems: &mut Problems<'_>) {
        if approvals > 0 && approvers.is_empty() {
            problems.add(
                &place.at("approvers"),
                "approvals are asked for, but nobody may give them; name roles, principals or GitHub ids",
            );
        }
        let able = self.able(approvers);
        if able < usize::try_from(approvals).unwrap_or(usize::MAX) {
            problems.add(
                &place.at("approvals"),
                format!(
                    "{approvals} asked for, but {able} members can give one: that takes an approver's role, principal or \
                     GitHub id, `principals` to sign with (or `approve_on_github`), and a `github_id` that tells them \
                     from who pushed"
                ),
            );
        }
        for (index, role) in approvers.roles.iter().enumerate() {
            if !self.settings.members.iter().any(|member| member.has_role(role)) {
                problems.add(
                    &place.at("approvers").at("roles").at(index),
                    format!("no member has the role `{role}`; give it to somebody, or name another one"),
                );
            }
        }
        for (index, arn) in approvers.principals.iter().enumerate() {
            if let Some(wrong) = principal::wrong(arn) {
                problems.add(&place.at("approvers").at("principals").at(index), wrong);
            }
        }
        for (index, id) in approvers.github_ids.iter().enumerate() {
            if self.settings.member_by_github_id(*id).is_none() {
                problems.add(
                    &place.at("approvers").at("github_ids").at(index),
                    format!(
                        "no member has the `github_id` {id}; add the person to `members`, or name another one"
                    ),
                );
            }
        }
    }
}
