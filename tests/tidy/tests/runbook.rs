//! The runbook of the template, and who may invoke what.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use tidy::fault::TidyError;
use tidy::permissions::{Statement, statements};
use tidy::sources;
use tidy::template::Template;

const CONDITION: &str = "DecidesInSystemsManager";
const FUNCTION: &str = "${AWS::StackName}-runbook";

fn content(template: &Template) -> Result<Value, TidyError> {
    Ok(template.resource("ApproveRunbook")?.property("Content").clone())
}

/// The value of a constant of the use case that reads executions.
fn in_the_code(name: &str) -> Result<String, TidyError> {
    let source = sources::text("shared/workflow/src/act/runbook.rs")?;
    let constant = source
        .split_once(&format!("const {name}:"))
        .map_or("", |(_, rest)| rest);
    let value = constant.split_once(" = ").map_or("", |(_, value)| value);
    Ok(value.split(';').next().unwrap_or_default().to_owned())
}

#[test]
fn it_asks_people_and_tells_sluice_which_execution_and_nothing_else() -> Result<(), TidyError> {
    let template = Template::load()?;
    let content = content(&template)?;
    let Some([approve, tell]) = content["mainSteps"].as_array().map(Vec::as_slice) else {
        panic!("two steps: {content}");
    };
    assert_eq!(approve["action"], "aws:approve");
    assert_eq!(
        approve["inputs"]["Approvers"],
        json!({"Ref": "ApproversInSystemsManager"})
    );
    assert_eq!(approve["inputs"]["MinRequiredApprovals"], 1);
    let asked = approve["inputs"]["Message"].as_str().unwrap_or_default();
    for parameter in ["Issue", "Environment", "Digest"] {
        assert!(
            asked.contains(&format!("{{{{ {parameter} }}}}")),
            "approvers see {parameter}"
        );
    }
    assert_eq!(approve["nextStep"], tell["name"]);
    let otherwise = format!("step:{}", tell["name"].as_str().unwrap_or_default());
    assert_eq!(
        approve["onFailure"],
        otherwise.as_str(),
        "a rejection is told, too"
    );
    assert_eq!(tell["action"], "aws:invokeLambdaFunction");
    assert_eq!(tell["onFailure"], "Abort", "a refusal fails the execution");
    assert_eq!(
        tell["inputs"],
        json!({
            "FunctionName": {"Fn::Sub": FUNCTION},
            "InvocationType": "RequestResponse",
            "InputPayload": {"execution": "{{ automation:EXECUTION_ID }}"},
        })
    );
    Ok(())
}

#[test]
fn what_the_function_looks_for_is_what_the_document_has() -> Result<(), TidyError> {
    let template = Template::load()?;
    let content = content(&template)?;
    let (approve, parameters) = (in_the_code("APPROVE")?, in_the_code("PARAMETERS")?);
    for word in [
        &content["mainSteps"][0]["name"],
        &content["mainSteps"][0]["action"],
    ] {
        assert!(approve.contains(&word.to_string()), "{word}: {approve}");
    }
    let of_the_document = content["parameters"].as_object().into_iter().flatten();
    let mut names = BTreeSet::new();
    for (name, parameter) in of_the_document {
        names.insert(format!("\"{name}\""));
        let pattern = parameter["allowedPattern"].as_str().unwrap_or_default();
        assert!(
            pattern.starts_with('^') && pattern.ends_with('$'),
            "{name}: {pattern}"
        );
        assert!(
            parameter["default"].is_null(),
            "{name} is given by whoever starts it"
        );
    }
    assert_eq!(names.len(), 3);
    for name in names {
        assert!(parameters.contains(&name), "{name}: {parameters}");
    }
    let document = template.resource("ApproveRunbook")?;
    assert_eq!(document.property("DocumentType"), "Automation");
    assert!(
        document.property("Name").is_null(),
        "a change makes another document, with another name"
    );
    assert_eq!(document.property("UpdateMethod"), "Replace");
    let function = template.resource("RunbookFunction")?;
    assert_eq!(
        template.environment(&function)["SLUICE_RUNBOOK"],
        json!({"Ref": "ApproveRunbook"}),
        "the function knows ours by name"
    );
    Ok(())
}

#[test]
fn its_role_may_invoke_the_one_function_and_systems_manager_alone_takes_it() -> Result<(), TidyError> {
    let template = Template::load()?;
    let content = content(&template)?;
    assert_eq!(
        content["assumeRole"],
        json!({"Fn::GetAtt": "ApproveRunbookRole.Arn"})
    );
    let role = template.resource("ApproveRunbookRole")?;
    let trust = &role.property("AssumeRolePolicyDocument")["Statement"];
    let own = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:automation-execution/*";
    assert_eq!(
        trust,
        &json!([{
            "Effect": "Allow", "Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                "ArnLike": {"aws:SourceArn": {"Fn::Sub": own}},
            },
        }])
    );
    let statements = statements(&template)?;
    let held: Vec<&Statement> = statements
        .iter()
        .filter(|statement| statement.holder == role.id)
        .collect();
    let [one] = held.as_slice() else {
        panic!("one statement: {held:#?}");
    };
    assert_eq!(one.actions, ["lambda:InvokeFunction"]);
    let function = "arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:AWS::StackName-runbook";
    assert_eq!(one.resources, [function]);
    let named = template
        .resource("RunbookFunction")?
        .property("FunctionName")
        .clone();
    assert_eq!(named, json!({"Fn::Sub": FUNCTION}));
    Ok(())
}

#[test]
fn nothing_of_it_is_there_where_nobody_wants_it() -> Result<(), TidyError> {
    let template = Template::load()?;
    for id in [
        "RunbookFunction",
        "RunbookLogs",
        "RunbookRole",
        "ApproveRunbookRole",
        "ApproveRunbook",
    ] {
        assert_eq!(template.resource(id)?.body["Condition"], CONDITION, "{id}");
    }
    assert_eq!(
        template.section("Parameters")["ApproversInSystemsManager"]["Default"],
        ""
    );
    Ok(())
}

/// API Gateway is given its permission by SAM, for each route of this API. Nobody else is given any: who invokes
/// `approvals` directly writes the caller into the event.
#[test]
fn nobody_but_their_triggers_is_allowed_to_invoke_functions() -> Result<(), TidyError> {
    let template = Template::load()?;
    let given: BTreeSet<String> = statements(&template)?
        .into_iter()
        .filter(|statement| {
            statement
                .actions
                .iter()
                .any(|action| action.starts_with("lambda:"))
        })
        .map(|statement| statement.sid)
        .collect();
    assert_eq!(given, BTreeSet::from(["ApproveRunbookTellsSluice".to_owned()]));
    for kind in ["AWS::Lambda::Permission", "AWS::Lambda::Url"] {
        assert!(template.of_kind(kind).is_empty(), "{kind}");
    }
    for function in template.of_kind("AWS::Serverless::Function") {
        assert!(
            function.property("FunctionUrlConfig").is_null(),
            "{}",
            function.id
        );
    }
    let runbook = template.resource("RunbookFunction")?;
    assert!(
        runbook.property("Events").is_null(),
        "its role's statement is its only trigger"
    );
    Ok(())
}

#[test]
fn hearing_it_takes_no_more_of_the_ledger_than_approving() -> Result<(), TidyError> {
    let statements = statements(&Template::load()?)?;
    let of = |function: &str| -> BTreeSet<(String, String, String)> {
        let held = statements
            .iter()
            .filter(|it| it.function().as_deref() == Some(function));
        let wanted = held.filter(|it| it.resources.iter().any(|resource| resource.starts_with("Ledger")));
        wanted
            .flat_map(|it| {
                let keys = it.keys.clone().unwrap_or_default();
                it.actions.iter().flat_map(move |action| {
                    let (action, on) = (action.clone(), it.resources.join(" "));
                    keys.clone()
                        .into_iter()
                        .map(move |key| (action.clone(), on.clone(), key))
                })
            })
            .collect()
    };
    let (runbook, approvals) = (of("runbook"), of("approvals"));
    assert!(runbook.len() > 5, "the test reads the wrong statements");
    let more: Vec<_> = runbook.difference(&approvals).collect();
    assert!(more.is_empty(), "{more:?}");
    Ok(())
}
