//! CreateStack or UpdateStack, and waiting for the end.

use super::Values;
use crate::aws::Client;
use crate::fault::Fault;
use std::time::{Duration, Instant};
use url::Url;

const VERSION: &str = "2010-05-15";
const PATIENCE: Duration = Duration::from_mins(1);

/// Where a template is.
pub(crate) enum Template {
    /// Here, at most 51,200 bytes.
    Body(String),
    /// In S3.
    Url(Url),
}

/// Creates or updates a stack and returns its outputs.
pub(crate) fn deploy(
    client: &Client,
    name: &str,
    template: &Template,
    parameters: &Values,
) -> Result<Values, Fault> {
    let exists = describe(client, name)?.is_some();
    let action = if exists { "UpdateStack" } else { "CreateStack" };
    let answer = client.query(
        "cloudformation",
        VERSION,
        action,
        &request(name, template, parameters),
    )?;
    if answer.status != 200 && !answer.body.contains("No updates are to be performed") {
        answer.ok(&format!("CloudFormation {action} of {name}"))?;
    }
    finished(client, name)
}

/// The outputs of a stack that is there and whole.
pub(crate) fn finished(client: &Client, name: &str) -> Result<Values, Fault> {
    let began = Instant::now();
    loop {
        let body =
            describe(client, name)?.ok_or_else(|| Fault::told(format!("the stack {name} is not there")))?;
        let status = text_of(&body, "StackStatus").unwrap_or_default();
        match status.as_str() {
            "CREATE_COMPLETE" | "UPDATE_COMPLETE" => return Ok(outputs(&body)),
            _ if status.ends_with("_IN_PROGRESS") && began.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(50));
            }
            _ => return Err(failed(client, name, &status)),
        }
    }
}

fn request(name: &str, template: &Template, parameters: &Values) -> Vec<(String, String)> {
    let mut request = vec![("StackName".to_owned(), name.to_owned())];
    request.push(match template {
        Template::Body(body) => ("TemplateBody".to_owned(), body.clone()),
        Template::Url(url) => ("TemplateURL".to_owned(), url.to_string()),
    });
    for (number, capability) in
        (1..).zip(["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"])
    {
        request.push((format!("Capabilities.member.{number}"), capability.to_owned()));
    }
    for (number, (key, value)) in (1..).zip(parameters) {
        request.push((format!("Parameters.member.{number}.ParameterKey"), key.clone()));
        request.push((
            format!("Parameters.member.{number}.ParameterValue"),
            value.clone(),
        ));
    }
    request
}

fn describe(client: &Client, name: &str) -> Result<Option<String>, Fault> {
    let request = [("StackName".to_owned(), name.to_owned())];
    let answer = client.query("cloudformation", VERSION, "DescribeStacks", &request)?;
    if answer.status == 400 && answer.body.contains("does not exist") {
        return Ok(None);
    }
    answer
        .ok(&format!("CloudFormation DescribeStacks of {name}"))
        .map(Some)
}

fn failed(client: &Client, name: &str, status: &str) -> Fault {
    let request = [("StackName".to_owned(), name.to_owned())];
    let events = client
        .query("cloudformation", VERSION, "DescribeStackEvents", &request)
        .and_then(|answer| answer.ok("CloudFormation DescribeStackEvents"));
    let reasons = match &events {
        Ok(events) => members(events)
            .filter(|event| {
                text_of(event, "ResourceStatus").is_some_and(|status| status.ends_with("_FAILED"))
            })
            .filter_map(|event| {
                Some(format!(
                    "\n  {}: {}",
                    text_of(event, "LogicalResourceId")?,
                    text_of(event, "ResourceStatusReason").unwrap_or_default()
                ))
            })
            .collect::<String>(),
        Err(fault) => format!("\n  {fault}"),
    };
    Fault::told(format!("the stack {name} ended as {status}{reasons}"))
}

fn outputs(body: &str) -> Values {
    members(body)
        .filter_map(|member| Some((text_of(member, "OutputKey")?, text_of(member, "OutputValue")?)))
        .collect()
}

fn members(body: &str) -> impl Iterator<Item = &str> {
    body.split("<member>").skip(1)
}

/// The text of the first element of that name.
pub(crate) fn text_of(xml: &str, element: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{element}>"))?;
    let (text, _) = rest.split_once(&format!("</{element}>"))?;
    let unescaped = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'");
    Some(
        unescaped
            .replace("&#39;", "'")
            .replace("&#x27;", "'")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests {
    use super::outputs;

    #[test]
    fn reads_outputs() {
        let body = "<Stacks><member><StackName>s</StackName><Outputs><member><OutputKey>A</OutputKey>\
                    <OutputValue>x&amp;y</OutputValue></member><member><OutputKey>B</OutputKey>\
                    <OutputValue>2</OutputValue></member></Outputs></member></Stacks>";
        let found: Vec<(String, String)> = outputs(body).into_iter().collect();
        assert_eq!(
            found,
            [
                ("A".to_owned(), "x&y".to_owned()),
                ("B".to_owned(), "2".to_owned())
            ]
        );
    }
}
