//! A call that a function made, as CloudTrail tells it.

use serde_json::Value;
use std::collections::BTreeMap;

/// Physical names to logical ids: the table's name, queue URLs, secret ARNs.
pub type Names = BTreeMap<String, String>;

/// All executions of the account and region, as the template names them.
const EXECUTIONS: &str = "arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:automation-execution/*";

/// A call that a function made: what IAM is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The function.
    pub function: String,
    /// The action that IAM checks.
    pub action: String,
    /// What it was about, by logical id where that is known.
    pub resource: String,
    /// The partition keys that it named.
    pub keys: Vec<String>,
}

/// The function that made a call: the SDKs put the application's name, `sluice-` and the function's name, into the
/// user agent.
pub fn function_of(event: &Value) -> Option<&str> {
    let agent = event["userAgent"].as_str()?;
    agent
        .split_whitespace()
        .find_map(|word| word.strip_prefix("app/sluice-"))
}

/// What IAM was asked for one event of CloudTrail; several for a transaction, none for what needs no permission.
pub fn calls(event: &Value, function: &str, names: &Names) -> Vec<Call> {
    let parameters = &event["requestParameters"];
    let logical = |name: &str| names.get(name).map_or_else(|| name.to_owned(), Clone::clone);
    let call = |action: &str, resource: &str, keys: Vec<String>| Call {
        function: function.to_owned(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        keys,
    };
    let source = event["eventSource"].as_str().unwrap_or_default();
    let name = event["eventName"].as_str().unwrap_or_default();
    match source.split('.').next().unwrap_or_default() {
        "dynamodb" => asked(name, parameters)
            .into_iter()
            .map(|asked| {
                let table = logical(&asked.table);
                let resource = asked
                    .index
                    .map_or_else(|| table.clone(), |index| format!("{table}/index/{index}"));
                call(&format!("dynamodb:{}", asked.action), &resource, asked.keys)
            })
            .collect(),
        "sqs" => {
            let queue = logical(parameters["QueueUrl"].as_str().unwrap_or_default());
            vec![call(
                &format!("sqs:{}", name.trim_end_matches("Batch")),
                &queue,
                Vec::new(),
            )]
        }
        "secretsmanager" => {
            let secret = logical(parameters["SecretId"].as_str().unwrap_or_default());
            vec![call(&format!("secretsmanager:{name}"), &secret, Vec::new())]
        }
        // Of an execution the runbook's function knows the id alone; which it may read, its statement says by account and region.
        "ssm" => vec![call(&format!("ssm:{name}"), EXECUTIONS, Vec::new())],
        "events" => {
            let entry = &parameters["Entries"][0];
            let bus = logical(entry["EventBusName"].as_str().unwrap_or("default"));
            vec![call(&format!("events:{name}"), &bus, Vec::new())]
        }
        other => vec![call(&format!("{other}:{name}"), "*", Vec::new())],
    }
}

struct Asked {
    action: String,
    table: String,
    index: Option<String>,
    keys: Vec<String>,
}

fn asked(name: &str, parameters: &Value) -> Vec<Asked> {
    let one = |action: &str, body: &Value, keys: Vec<String>| Asked {
        action: action.to_owned(),
        table: body["TableName"].as_str().unwrap_or_default().to_owned(),
        index: body["IndexName"].as_str().map(str::to_owned),
        keys,
    };
    match name {
        "TransactWriteItems" | "TransactGetItems" => parameters["TransactItems"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .flatten()
            .map(|(kind, body)| one(&format!("{}Item", kind.trim_end_matches("Item")), body, key(body)))
            .collect(),
        "BatchGetItem" => parameters["RequestItems"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(table, body)| Asked {
                action: name.to_owned(),
                table: table.clone(),
                index: None,
                keys: body["Keys"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(partition)
                    .collect(),
            })
            .collect(),
        "Query" => vec![one(name, parameters, queried(parameters).into_iter().collect())],
        _ => vec![one(name, parameters, key(parameters))],
    }
}

fn key(body: &Value) -> Vec<String> {
    [&body["Key"], &body["Item"]]
        .into_iter()
        .filter_map(partition)
        .collect()
}

fn partition(item: &Value) -> Option<String> {
    item["pk"]["S"].as_str().map(str::to_owned)
}

/// The partition key of a query: the value that its key condition compares `pk` with.
fn queried(parameters: &Value) -> Option<String> {
    let condition = parameters["KeyConditionExpression"].as_str()?.replace('=', " = ");
    let words: Vec<&str> = condition
        .split(|letter: char| letter.is_whitespace() || "()".contains(letter))
        .collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let is_partition =
        |word: &str| word == "pk" || parameters["ExpressionAttributeNames"][word].as_str() == Some("pk");
    let value = words
        .windows(3)
        .find(|three| is_partition(three[0]) && three[1] == "=")?[2];
    parameters["ExpressionAttributeValues"][value]["S"]
        .as_str()
        .map(str::to_owned)
}
