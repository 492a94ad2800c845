//! Every environment variable that a function reads is set, and none that is set is unread.

use std::collections::BTreeSet;
use tidy::fault::TidyError;
use tidy::sources::variables_named;
use tidy::template::Template;

/// What the code of every function reads by way of `runtime`.
const EVERYWHERE: &str = "shared/runtime/src";

#[test]
fn each_function_is_given_exactly_what_it_reads() -> Result<(), TidyError> {
    let template = Template::load()?;
    let everywhere = variables_named(EVERYWHERE)?;
    for function in template.of_kind("AWS::Serverless::Function") {
        let folder = function.property("CodeUri").as_str().unwrap_or_default();
        let set: BTreeSet<String> = template.environment(&function).keys().cloned().collect();
        let read: BTreeSet<String> = variables_named(&format!("{folder}/src"))?
            .union(&everywhere)
            .cloned()
            .collect();
        let missing: Vec<&String> = read.difference(&set).collect();
        let unread: Vec<&String> = set.difference(&read).collect();
        assert!(
            missing.is_empty(),
            "{} reads {missing:?}, which template.yaml does not set",
            function.id
        );
        assert!(
            unread.is_empty(),
            "template.yaml sets {unread:?}, which {} does not read",
            function.id
        );
    }
    Ok(())
}

#[test]
fn no_variable_holds_a_secret() -> Result<(), TidyError> {
    let template = Template::load()?;
    for function in template.of_kind("AWS::Serverless::Function") {
        for (name, value) in template.environment(&function) {
            let resolves = value.to_string().contains("resolve:");
            assert!(
                !resolves,
                "{}: {name} would hold the secret; pass its ARN and read it",
                function.id
            );
        }
    }
    Ok(())
}
