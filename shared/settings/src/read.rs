//! Reading a settings document: all of it right, or every problem named.

use crate::check;
use crate::node;
use crate::problem::Problem;
use crate::schema::Settings;
use crate::shape;

/// The most bytes that a document may have.
pub const MAX_BYTES: usize = 64 * 1024;

impl Settings {
    /// Reads a document, TOML or JSON.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        if text.len() > MAX_BYTES {
            let message = format!("{} bytes; at most {MAX_BYTES} are allowed", text.len());
            return Err(vec![Problem {
                line: None,
                key: String::new(),
                message,
            }]);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let read = if text.trim_start().starts_with('{') {
            node::of_json(text)
        } else {
            node::of_toml(text)
        };
        let mut root = read.map_err(|(line, message)| {
            vec![Problem {
                line,
                key: String::new(),
                message,
            }]
        })?;
        // Where editors find the schema of the document: for them alone.
        root.remove(&["$schema".into()]);
        let document = root.clone();
        let read = shape::read(&mut root);
        let mut problems = read.problems;
        if let Some(settings) = &read.settings
            && read.whole
        {
            problems.extend(check::problems(settings, &document));
        }
        problems.sort_by_key(|problem| problem.line);
        match read.settings {
            Some(settings) if problems.is_empty() => Ok(settings),
            Some(_) | None => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = include_str!("../fixtures/two-environments.toml");

    fn problems(text: &str) -> Vec<String> {
        match Settings::read(text) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    /// The good document with something replaced.
    fn with(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replacen(from, to, 1)
    }

    #[test]
    fn a_good_document_is_read_and_says_the_same_as_json() {
        let settings = Settings::read(GOOD).unwrap();
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(Settings::read(&json).unwrap(), settings);
        assert_eq!(Settings::read(&format!("\u{feff}{GOOD}")).unwrap(), settings);
    }

    /// What is replaced in the good document, by what, and what is said of it.
    const WRONG: &[(&str, &str, &str)] = &[
        (
            "branch = \"main\"",
            "brunch = \"main\"",
            "line 3: projects.demo.brunch: there is no such key; did you mean `branch`?",
        ),
        (
            "branch = \"main\"",
            "",
            "line 1: projects.demo: `branch` is missing; write `branch = \"main\"`",
        ),
        (
            "branch = \"main\"",
            "branch = 3",
            "line 3: projects.demo.branch: invalid type: integer `3`, expected a string",
        ),
        (
            "branch = \"main\"",
            "branch = \"refs/heads/main\"",
            "line 3: projects.demo.branch: write the branch alone: `main`",
        ),
        (
            "branch = \"main\"",
            "branch = \"main\"\nwrite_back = \"comit\"",
            "line 4: projects.demo.write_back: `comit` is not known here; did you mean `commit`?",
        ),
        (
            "instance = \"main\"\n",
            "instance = \"man\"\n",
            "line 10: projects.demo.databases.db_demo.instance: there is no instance `man`; did you mean `main`?",
        ),
        (
            "environment = \"test\"",
            "environment = \"staging\"",
            "line 9: projects.demo.databases.db_demo.environment: there is no environment `staging`; add it, or use \
                 `test`, `prod`",
        ),
        (
            "schema = \"db_demo_prod\"",
            "schema = \"db_demo\"",
            "line 12: projects.demo.databases.db_demo: `main/db_demo` is another database's schema already (see \
                 line 7); a schema has one stream of versions: give this one its own with `schema`",
        ),
        (
            "schema = \"db_demo_prod\"",
            "schema = \"_sluice\"",
            "line 12: projects.demo.databases.db_demo: `_sluice` belongs to Sluice itself; name another schema",
        ),
        (
            "environment = \"prod\"",
            "environment = \"test\"",
            "line 12: projects.demo.databases.db_demo: `db_demo` stands twice in `test` (see line 7); a path could \
                 mean both: give one another name",
        ),
        (
            "roles = [\"dba\"] }",
            "roles = [\"owner\"] }",
            "line 24: environments.prod.approvers.roles.1: no member has the role `owner`; give it to somebody, or \
                 name another one",
        ),
        (
            "approvers = { roles = [\"dba\"] }",
            "",
            "line 21: environments.prod.approvers: approvals are asked for, but nobody may give them; name roles, \
                 principals or GitHub ids",
        ),
        (
            "name = \"prod\"\napprovals",
            "name = \"Test\"\napprovals",
            "line 22: environments.Test.name: `Test` stands twice, but for case, (see line 18); names are unique: \
                 give it another one",
        ),
        (
            "name = \"prod\"\napprovals",
            "name = \"../prod\"\napprovals",
            "line 22: environments.../prod.name: a name has 1 to 64 of letters, digits, `_`, `-`, `.` and `$`; \
                 choose another one",
        ),
        (
            "name = \"db_demo\"\nenvironment = \"test\"",
            "name = \"..\"\nenvironment = \"test\"",
            "line 8: projects.demo.databases....name: a name of dots alone is a directory to every system; choose \
                 another one",
        ),
        (
            "base_directory = \"bytebase\"",
            "base_directory = \"../bytebase\"",
            "line 4: projects.demo.base_directory: a path of a repository holds no empty segment, `.`, `..` or \
                 `.git`; write `bytebase`",
        ),
        (
            "base_directory = \"bytebase\"",
            "base_directory = \"bytebase\"\nfile_path_template = \"{{DB_NAME}}##{{TYPE}}.sql\"",
            "line 5: projects.demo.file_path_template: {{VERSION}} is missing",
        ),
        (
            "base_directory = \"bytebase\"",
            "base_directory = \"bytebase\"\nfile_path_template = \"{{DB_NAME}}{{VERSION}}##{{TYPE}}.sql\"",
            "line 5: projects.demo.file_path_template: {{DB_NAME}} and {{VERSION}} stand side by side; put something \
                 between them",
        ),
        (
            "base_directory = \"bytebase\"",
            "schema_path_template = \"{{DB_NAME}}.sql\"",
            "line 4: projects.demo.schema_path_template: the latest schemas of `db_demo` in `test` and of `db_demo` \
                 in `prod` would go to one file, `db_demo.sql`; put {{ENV_ID}} into it, or make it empty to write none",
        ),
        (
            "base_directory = \"bytebase\"",
            "schema_path_template = \"{{ENV_ID}}/{{DB_NAME}}##1##ddl##latest.sql\"",
            "line 4: projects.demo.schema_path_template: the latest schema of `db_demo` would go to \
                 `test/db_demo##1##ddl##latest.sql`, which `file_path_template` reads as a change; change one of them",
        ),
        (
            "github_id = 3",
            "github_id = 2",
            "line 42: members.dee.github_id: the member of line 31 has the same; it has to tell one person from \
                 another",
        ),
        (
            "user/developer\"]",
            "user/dba\"]",
            "line 44: members.dee.principals.1: the member of line 31 has the same; it has to tell one person from \
                 another",
        ),
        (
            "\"arn:aws:iam::000000000000:user/admin\"",
            "\"arn:aws:sts::000000000000:assumed-role/admin/*\"",
            "line 49: members.ada.principals.1: any session would do; leave the session out, and the role alone is meant",
        ),
        (
            "\"arn:aws:iam::000000000000:user/admin\"",
            "\"arn:aws:iam::000000000000:role/admin*\"",
            "line 49: members.ada.principals.1: `*` stands for a part of a session's name alone; write \
                 `arn:aws:sts::ACCOUNT:assumed-role/ROLE/ada@*`",
        ),
        (
            "\"arn:aws:iam::000000000000:user/admin\"",
            "\"arn:aws:sts::000000000000:assumed-role/path/admin/ada\"",
            "line 49: members.ada.principals.1: no session can be called so; behind the role's name, which has no path \
                 here, stand at most 64 of letters, digits, `_+=,.@-`, and `*` for any of them: \
                 `arn:aws:sts::ACCOUNT:assumed-role/ROLE/ada@*`",
        ),
        (
            "\"arn:aws:iam::000000000000:user/admin\"",
            "\"arn:aws:iam::000000000000:user/admin\", \"arn:aws:sts::1:assumed-role/sso/*@example.com\"]\n\n[[members]]\nname \
             = \"eve\"\nprincipals = [\"arn:aws:sts::1:assumed-role/sso/eve@*\"",
            "line 53: members.eve.principals.1: the member of line 47 has the same; it has to tell one person from another",
        ),
        (
            "tls = { mode = \"disabled\" }",
            "tls = { mode = \"disable\" }",
            "line 29: instances.main.tls.mode: `disable` is not known here; did you mean `disabled`?",
        ),
    ];

    /// Policies in place of that of `prod`, and what is said of them.
    const WRONG_POLICIES: &[(&str, &str)] = &[
        (
            "approvals = 1\nsteps = [{ name = \"a\", approvers = { roles = [\"dba\"] } }]\napprovers = { roles = [\"dba\"] }",
            "line 24: environments.prod.steps: `steps` stand in place of `approvals` and `approvers`; leave those out, or \
             make them a step",
        ),
        (
            "steps = [{ name = \"a\", approvals = 0, approvers = { roles = [\"dba\"] } }]",
            "line 23: environments.prod.steps.a.approvals: it asks for nobody; leave it out",
        ),
        (
            "steps = [{ name = \"a\", approvals = 9, approvers = { roles = [\"dba\"] } }]",
            "line 23: environments.prod.steps.a.approvals: 9 asked for, but 1 members can give one: that takes an \
             approver's role, principal or GitHub id, `principals` to sign with (or `approve_on_github`), and a \
             `github_id` that tells them from who pushed",
        ),
        (
            "steps = [{ name = \"a\", approvers = {} }]",
            "line 23: environments.prod.steps.a.approvers: approvals are asked for, but nobody may give them; name \
             roles, principals or GitHub ids",
        ),
        (
            "rules = [{ name = \"a\", approvers = { roles = [\"dba\"] } }]",
            "line 23: environments.prod.rules.a: it would never apply; name `findings` or `tables`, or write `blocking = \
             true`, `rows_over = 10000` or `without_key = true`",
        ),
        (
            "rules = [{ name = \"a\", findings = [\"destructiv\"], approvers = { roles = [\"dba\"] } }]",
            "line 23: environments.prod.rules.a.findings.1: there is no finding that a rule can name `destructiv`; did you \
             mean `destructive`?",
        ),
        (
            "rules = [{ name = \"a\", tables = [\"`orders`\"], approvers = { roles = [\"dba\"] } }]",
            "line 23: environments.prod.rules.a.tables.1: write a table's name as it is, without quotes, or a pattern with \
             `*`: `orders`, `billing_*`, `audit.*`",
        ),
        (
            "steps = [{ name = \"a\" }]",
            "line 23: environments.prod.steps.a: `approvers` is missing; write `approvers = { roles = [\"dba\"] }`",
        ),
        (
            "rollout = { from = \"09:00\", time_zone = \"UTC\" }",
            "line 23: environments.prod.rollout: `to` is missing; write `to = \"09:30\"`",
        ),
        (
            "rollout = { from = \"9\", to = \"17:00\", time_zone = \"UTC\" }",
            "line 23: environments.prod.rollout.from: `9` is no time of day; write hours and minutes: `09:30`",
        ),
        (
            "rollout = { from = \"09:00\", to = \"17:00\", time_zone = \"Amsterdam\" }",
            "line 23: environments.prod.rollout.time_zone: there is no time zone `Amsterdam`; write its IANA name: \
             `Europe/Amsterdam`, `UTC`",
        ),
        (
            "approvals_expire_after = \"0h\"",
            "line 23: environments.prod.approvals_expire_after: an approval would count for no time at all; leave it out, \
             and approvals do not expire",
        ),
        (
            "approvals_expire_after = \"a week\"",
            "line 23: environments.prod.approvals_expire_after: `a week` is no time; write `36h` or `7d`",
        ),
        (
            "approvals = 1\napprovers = { github_ids = [9] }",
            "line 24: environments.prod.approvers.github_ids.1: no member has the `github_id` 9; add the person to \
             `members`, or name another one",
        ),
        (
            "approvals = 1\napprovers = { principals = [\"dba\"] }",
            "line 24: environments.prod.approvers.principals.1: `dba` is no ARN; write that of an IAM user or role, as `aws \
             sts get-caller-identity` says it",
        ),
        (
            "approvals = 1\napprovers = { principals = [\"arn:aws:iam::000000000000:user/dba\"] }\napprove_on_github = true",
            "line 25: environments.prod.approve_on_github: nobody could approve there: name approvers by `roles` or \
             `github_ids`, of members with a `github_id`, or leave it out",
        ),
        (
            "blocking_over_mib = 10\nrules = [{ name = \"a\", tables = [\"x\"], approvers = { roles = [\"dba\"] } }]",
            "line 23: environments.prod.blocking_over_mib: what blocks a large table has to be approved, but nobody can: \
             name approvers whose members have principals and a `github_id`",
        ),
    ];

    #[test]
    fn who_has_no_key_of_aws_approves_where_that_counts_on_github() {
        let policy = "approvals = 1\napprovers = { roles = [\"dba\"] }";
        let only = "principals = [\"arn:aws:iam::000000000000:user/dba\"]";
        let without = |policy_now: &str| with(policy, policy_now).replacen(only, "", 1);
        assert_eq!(
            problems(&without(&format!("{policy}\napprove_on_github = true"))),
            Vec::<String>::new()
        );
        assert_eq!(problems(&without(policy)).len(), 1);
    }

    #[test]
    fn every_problem_of_a_policy_is_named() {
        let policy = "approvals = 1\napprovers = { roles = [\"dba\"] }";
        for (wrong, expected) in WRONG_POLICIES {
            let found = problems(&with(policy, wrong));
            assert!(
                found.iter().any(|found| found == expected),
                "{expected}\n{found:#?}"
            );
        }
    }

    #[test]
    fn every_problem_is_named_with_line_key_and_remedy() {
        for (from, to, expected) in WRONG {
            let found = problems(&with(from, to));
            assert!(
                found.iter().any(|found| found == expected),
                "{expected}\n{found:#?}"
            );
        }
    }

    #[test]
    fn all_problems_come_at_once_from_top_to_bottom() {
        let text = with("branch = \"main\"", "branch = \"main\"\ncolour = \"red\"")
            .replacen("environment = \"test\"", "enviroment = \"test\"", 1)
            .replacen("instance = \"main\"", "instance = 7", 1)
            .replacen("approvals = 1", "approvals = \"one\"", 1)
            .replacen("name = \"ada\"", "", 1);
        let found = problems(&text);
        let starts = [
            "line 4: projects.demo.colour: there is no such key; leave it out, or use `name`, `repository`, `branch`",
            "line 10: projects.demo.databases.db_demo.enviroment: there is no such key; did you mean `environment`?",
            "line 11: projects.demo.databases.db_demo.instance: invalid type: integer `7`, expected a string",
            "line 24: environments.prod.approvals: invalid type: string \"one\", expected u32",
            "line 48: members.3: `name` is missing; write `name = \"…\"`",
        ];
        assert_eq!(found.len(), starts.len(), "{found:#?}");
        for (problem, start) in found.iter().zip(starts) {
            assert!(problem.starts_with(start), "{start}\n{problem}");
        }
    }

    #[test]
    fn what_is_left_out_does_not_hide_what_is_wrong_beside_it() {
        let found = problems(&with("branch = \"main\"", "branch = \"a b\"\ncolour = \"red\""));
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(
            found[0].starts_with("line 3: projects.demo.branch: no branch can hold ' '"),
            "{found:#?}"
        );
    }

    #[test]
    fn json_has_lines_too() {
        let settings = Settings::read(GOOD).unwrap();
        let json = serde_json::to_string_pretty(&settings).unwrap();
        let found = problems(&json.replacen("\"main\"", "\"refs/tags/x\"", 1));
        assert_eq!(found.len(), 1, "{found:?}");
        let line = 1 + json.lines().position(|line| line.contains("\"branch\"")).unwrap();
        assert!(
            found[0].starts_with(&format!("line {line}: projects.demo.branch: only branches")),
            "{found:?}"
        );
        let twice = json.replacen("\"branch\"", "\"branch\": \"x\",\n\"branch\"", 1);
        let found = problems(&twice);
        assert_eq!(
            found,
            [format!(
                "line {}: projects.demo.branch: stands twice; leave one of them out",
                line + 1
            )]
        );
    }

    #[test]
    fn several_projects_of_a_repository_have_files_of_their_own() {
        let other = |base: &str, more: &str| {
            format!(
                "{GOOD}\n[[projects]]\nname = \"other\"\nbranch = \"main\"\nbase_directory = \"{base}\"\n{more}\n\
                 repository = {{ id = 1, installation_id = 5001, name = \"sluice-demo/shop\" }}\n\
                 [[projects.databases]]\nname = \"users\"\nenvironment = \"test\"\ninstance = \"main\"\n"
            )
        };
        let template = "file_path_template = \"x/{{ENV_ID}}/{{DB_NAME}}##{{VERSION}}##{{TYPE}}.sql\"";
        for (base, more, fine) in [
            ("users", "", true),
            ("bytebase2", "", true),
            ("bytebase", "", false),
            ("bytebase/sub", "", true),
            ("bytebase", template, true),
            ("", "", true),
            (
                "",
                "file_path_template = \"**/{{DB_NAME}}##{{VERSION}}##{{TYPE}}.sql\"",
                false,
            ),
        ] {
            let found = problems(&other(base, more));
            assert_eq!(found.is_empty(), fine, "{base} {more}: {found:?}");
            assert!(
                fine || found[0].starts_with(
                    "line 52: projects.other: it could read the same files as the project of line 1"
                ),
                "{found:?}"
            );
        }
        let elsewhere = other("bytebase", "").replace(
            "branch = \"main\"\nbase_directory = \"bytebase\"\n\n",
            "branch = \"dev\"\nbase_directory = \"bytebase\"\n",
        );
        assert_eq!(problems(&elsewhere), Vec::<String>::new());
    }

    #[test]
    fn order_and_review_are_lenient_where_nothing_is_said() {
        let settings = Settings::read(&with(
            "approvals = 1",
            "approvals = 1\norder = \"strict\"\nreview = \"warning\"",
        ))
        .unwrap();
        let told: Vec<_> = settings
            .environments
            .iter()
            .map(|it| (it.order, it.review))
            .collect();
        assert_eq!(
            told,
            [
                (crate::VersionOrder::AllowGaps, crate::ReviewLevel::Error),
                (crate::VersionOrder::Strict, crate::ReviewLevel::Warning)
            ]
        );
    }

    #[test]
    fn nonsense_has_a_line() {
        for (text, start) in [
            ("projects = [\n", "line "),
            ("{\n!", "line 2: "),
            ("", "line 1: `projects` is missing"),
            ("projects = 1", "line 1: projects: invalid type: integer `1`"),
            ("{\"projects\": {}}", "line 1: projects: invalid type: map"),
        ] {
            let found = problems(text);
            assert!(found[0].starts_with(start), "{text}: {found:?}");
        }
        assert_eq!(problems("").len(), 3, "{:?}", problems(""));
    }

    proptest! {
        #[test]
        fn a_damaged_document_is_read_or_refused_with_a_line(at in 0..GOOD.len(), len in 0usize..40, put in "[\\[\\]{}=\"'\n a-z0-9]{0,3}") {
            let (at, end) = (GOOD.floor_char_boundary(at), GOOD.floor_char_boundary((at + len).min(GOOD.len())));
            let text = format!("{}{put}{}", &GOOD[..at], &GOOD[end..]);
            if let Err(problems) = Settings::read(&text) {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|problem| problem.line.is_some()), "{problems:?}");
            }
        }
    }
}
