//! The IAM statements: each is named, narrow, explained, and on the page for people.

use serde_json::json;
use std::collections::BTreeSet;
use tidy::fault::TidyError;
use tidy::permissions::{Call, Effect, Names, PURPOSES, calls, function_of, idle, page, refused, statements};
use tidy::sources;
use tidy::template::Template;

const PAGE: &str = "docs/permissions.md";

/// Statements about every resource, and why no narrower one will do.
const ABOUT_EVERYTHING: [(&str, &str); 2] = [
    (
        "WorkerJoinsNetwork",
        "Lambda manages network interfaces that do not exist when the statement is written",
    ),
    ("WorkerCodeLeavesNetworkAlone", "it denies"),
];

/// Roles that no function has: API Gateway takes the one, Systems Manager the other.
const TAKEN_BY_SERVICES: [&str; 2] = ["ApiGatewayLogs", "ApproveRunbook"];

#[test]
fn the_page_says_what_the_template_says() -> Result<(), TidyError> {
    let expected = page(&statements(&Template::load()?)?);
    let hint = "run `cargo run -p tidy`";
    assert_eq!(sources::text(PAGE)?, expected, "{PAGE} is old: {hint}");
    Ok(())
}

#[test]
fn every_statement_has_a_purpose_and_every_purpose_a_statement() -> Result<(), TidyError> {
    let statements = statements(&Template::load()?)?;
    let said: Vec<&str> = statements
        .iter()
        .map(|statement| statement.sid.as_str())
        .collect();
    let explained: Vec<&str> = PURPOSES.iter().map(|purpose| purpose.sid).collect();
    assert_eq!(
        said, explained,
        "template.yaml and permissions/purpose.rs, in the same order"
    );
    assert_eq!(
        said.iter().collect::<BTreeSet<_>>().len(),
        said.len(),
        "a Sid is there twice"
    );
    Ok(())
}

#[test]
fn no_statement_says_more_than_it_must() -> Result<(), TidyError> {
    for statement in statements(&Template::load()?)? {
        let sid = &statement.sid;
        assert!(
            !statement.actions.is_empty() && !statement.resources.is_empty(),
            "{sid} says nothing"
        );
        for action in &statement.actions {
            assert!(
                !action.contains('*'),
                "{sid}: name the actions instead of {action}"
            );
        }
        let everything = statement.resources.iter().any(|resource| resource == "*");
        let excused = ABOUT_EVERYTHING.iter().any(|(excused, _reason)| excused == sid);
        assert!(!everything || excused, "{sid}: name the resource instead of *");
        let data = statement.effect == Effect::Allow
            && statement.function().is_some()
            && statement.resources.iter().any(|resource| resource == "Ledger");
        assert!(
            !data || statement.keys.is_some(),
            "{sid}: name the keys of the ledger"
        );
    }
    Ok(())
}

#[test]
fn roles_hold_nothing_but_their_statements() -> Result<(), TidyError> {
    let template = Template::load()?;
    for role in template.of_kind("AWS::IAM::Role") {
        assert!(
            role.property("ManagedPolicyArns").is_null(),
            "{}: write the statements out",
            role.id
        );
        let Some(function) = role
            .id
            .strip_suffix("Role")
            .filter(|name| !TAKEN_BY_SERVICES.contains(name))
        else {
            continue;
        };
        let trust = &role.property("AssumeRolePolicyDocument")["Statement"];
        let lambda = json!([{
            "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
        }]);
        assert_eq!(trust, &lambda, "{}: Lambda alone takes the role", role.id);
        let function = template.resource(&format!("{function}Function"))?;
        assert_eq!(
            function.property("Role"),
            &json!({"Fn::GetAtt": format!("{}.Arn", role.id)})
        );
    }
    for function in template.of_kind("AWS::Serverless::Function") {
        assert!(
            function.property("Policies").is_null(),
            "{}: no policy macros",
            function.id
        );
        assert!(
            !function.property("Role").is_null(),
            "{}: a role of its own",
            function.id
        );
    }
    Ok(())
}

#[test]
fn the_ledgers_endpoint_passes_what_the_worker_may_do_and_no_more() -> Result<(), TidyError> {
    let statements = statements(&Template::load()?)?;
    let of = |holder: &str| -> BTreeSet<(String, String)> {
        let held = statements.iter().filter(|statement| statement.holder == holder);
        let pairs = held.flat_map(|statement| {
            let resources = statement
                .resources
                .iter()
                .filter(|resource| resource.starts_with("Ledger"));
            resources.flat_map(|resource| {
                statement
                    .actions
                    .iter()
                    .map(|action| (action.clone(), resource.clone()))
            })
        });
        pairs.collect()
    };
    let (worker, endpoint) = (of("WorkerRole"), of("DynamoDbEndpoint"));
    assert!(worker.is_subset(&endpoint), "{:?}", worker.difference(&endpoint));
    let actions = |pairs: &BTreeSet<(String, String)>| -> BTreeSet<String> {
        pairs.iter().map(|(action, _)| action.clone()).collect()
    };
    assert_eq!(actions(&worker), actions(&endpoint));
    Ok(())
}

#[test]
fn secrets_go_to_whom_they_belong() -> Result<(), TidyError> {
    let mut readers: BTreeSet<(String, String)> = BTreeSet::new();
    for statement in statements(&Template::load()?)? {
        let reads = statement
            .actions
            .iter()
            .any(|action| action.starts_with("secretsmanager:"));
        if let Some(function) = statement.function().filter(|_| reads) {
            readers.extend(
                statement
                    .resources
                    .iter()
                    .map(|secret| (secret.clone(), function.clone())),
            );
        }
    }
    let expected = [
        ("DatabaseCluster/secret", "worker"),
        ("DatabaseSecretArns", "worker"),
        ("GitHubAppSecretArn", "planner"),
        ("GitHubAppSecretArn", "reporter"),
        ("GitHubAppSecretArn", "sweeper"),
        ("WebhookSecretArn", "webhook"),
    ];
    let expected = expected.map(|(secret, function)| (secret.to_owned(), function.to_owned()));
    assert_eq!(readers, BTreeSet::from(expected));
    Ok(())
}

#[test]
fn the_apps_key_signs_for_whom_it_belongs_and_for_nothing_else() -> Result<(), TidyError> {
    let template = Template::load()?;
    let statements = statements(&template)?;
    let signing: Vec<_> = statements
        .iter()
        .filter(|statement| statement.actions.iter().any(|action| action.starts_with("kms:")))
        .collect();
    let signers: Vec<Option<String>> = signing.iter().map(|statement| statement.function()).collect();
    let expected = ["planner", "reporter", "sweeper"].map(|name| Some(name.to_owned()));
    assert_eq!(signers, expected);
    for statement in signing {
        assert_eq!(statement.actions, ["kms:Sign"], "{}", statement.sid);
        assert_eq!(statement.resources, ["GitHubAppKmsKeyArn"], "{}", statement.sid);
        assert_eq!(statement.when.as_deref(), Some("SignsInKms"), "{}", statement.sid);
    }
    Ok(())
}

#[test]
fn recorded_calls_are_judged_by_action_resource_and_key() -> Result<(), TidyError> {
    let names = Names::from([
        ("sluice-Ledger-1".to_owned(), "Ledger".to_owned()),
        (
            "http://localhost/0/sluice-changes.fifo".to_owned(),
            "ChangesQueue".to_owned(),
        ),
    ]);
    let event = |service: &str, name: &str, parameters| {
        json!({
            "eventSource": format!("{service}.amazonaws.com"), "eventName": name, "requestParameters": parameters,
            "userAgent": "aws-sdk-rust/1 os/linux app/sluice-worker",
        })
    };
    let table = "sluice-Ledger-1";
    let transaction = event(
        "dynamodb",
        "TransactWriteItems",
        json!({"TransactItems": [
            {"Put": {"TableName": table, "Item": {"pk": {"S": "TARGET#a/b"}}}},
            {"ConditionCheck": {"TableName": table, "Key": {"pk": {"S": "SETTINGS"}}}},
        ]}),
    );
    let query = event(
        "dynamodb",
        "Query",
        json!({
            "TableName": table, "IndexName": "open", "KeyConditionExpression": "#p=:p AND begins_with(#s, :s)",
            "ExpressionAttributeNames": {"#p": "pk", "#s": "open"},
            "ExpressionAttributeValues": {":p": {"S": "TARGET#a/b"}, ":s": {"S": "x"}},
        }),
    );
    let queue = json!({"QueueUrl": "http://localhost/0/sluice-changes.fifo"});
    let send = event("sqs", "SendMessageBatch", queue);
    assert_eq!(function_of(&send), Some("worker"));
    let made: Vec<Call> = [&transaction, &query, &send]
        .into_iter()
        .flat_map(|event| calls(event, "worker", &names))
        .collect();
    let told: Vec<(&str, &str, &str)> = made
        .iter()
        .map(|call| {
            let key = call.keys.first().map_or("", String::as_str);
            (call.action.as_str(), call.resource.as_str(), key)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("dynamodb:PutItem", "Ledger", "TARGET#a/b"),
            ("dynamodb:ConditionCheckItem", "Ledger", "SETTINGS"),
            ("dynamodb:Query", "Ledger/index/open", "TARGET#a/b"),
            ("sqs:SendMessage", "ChangesQueue", ""),
        ]
    );
    let statements = statements(&Template::load()?)?;
    let refused: Vec<&str> = refused(&statements, &made)
        .iter()
        .map(|call| call.action.as_str())
        .collect();
    assert_eq!(
        refused,
        ["dynamodb:ConditionCheckItem"],
        "the worker has no business with settings' item"
    );
    let idle = idle(&statements, &made);
    assert!(
        !idle.contains(&"WorkerNudgesTargets: sqs:SendMessage".to_owned()),
        "{idle:?}"
    );
    assert!(
        idle.contains(&"WorkerTakesLeases: dynamodb:UpdateItem".to_owned()),
        "{idle:?}"
    );
    Ok(())
}
