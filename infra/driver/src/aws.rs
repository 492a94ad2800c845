//! The AWS emulator, as the account's root uses it: what an operator does in the console.

use crate::signing::Signer;
use crate::xml;
use crate::{Driver, Trouble};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Name of the stack that `cargo xtask up` makes of template.yaml.
const STACK: &str = "sluice";

/// What invoking a function came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoked {
    /// What the function answered, or what went wrong.
    pub payload: Value,
    /// Whether it failed or died.
    pub failed: bool,
}

impl Driver {
    /// Invokes one of our functions, as its trigger does.
    pub fn invoke(&self, function: &str, event: &Value) -> Result<Invoked, Trouble> {
        let name = self.function(function)?;
        let path = format!("/2015-03-31/functions/{name}/invocations");
        let body = self.aws("lambda", "POST", &path, &[], event.to_string().into_bytes())?;
        let payload: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
        let failed = payload.get("errorType").is_some() || payload.get("errorMessage").is_some();
        Ok(Invoked { payload, failed })
    }

    /// One sweep, without waiting for its minute.
    pub fn sweep(&self) -> Result<Invoked, Trouble> {
        self.invoke(
            "sweeper",
            &json!({ "source": "aws.events", "detail-type": "Scheduled Event", "detail": {} }),
        )
    }

    /// Sets how many of a function may run at once; none lifts the limit.
    pub fn limit(&self, function: &str, most: Option<u32>) -> Result<(), Trouble> {
        let name = self.function(function)?;
        let path = format!("/2017-10-31/functions/{name}/concurrency");
        match most {
            Some(most) => {
                let body = json!({ "ReservedConcurrentExecutions": most }).to_string();
                self.aws("lambda", "PUT", &path, &[], body.into_bytes())
            }
            None => self.aws("lambda", "DELETE", &path, &[], Vec::new()),
        }
        .map(|_answer| ())
    }

    /// Switches what feeds a function from a queue or stream on or off.
    pub fn feed(&self, function: &str, on: bool) -> Result<(), Trouble> {
        let name = self.function(function)?;
        let list = format!("/2015-03-31/event-source-mappings/?FunctionName={name}");
        let listed = read(&self.aws("lambda", "GET", &list, &[], Vec::new())?)?;
        let mappings = listed["EventSourceMappings"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        if mappings.is_empty() {
            return Err(Trouble(format!("{name} is fed by nothing: {listed}")));
        }
        for mapping in &mappings {
            let id = mapping["UUID"].as_str().unwrap_or_default();
            let path = format!("/2015-03-31/event-source-mappings/{id}");
            let body = json!({ "Enabled": on }).to_string();
            self.aws("lambda", "PUT", &path, &[], body.into_bytes())?;
        }
        Ok(())
    }

    /// What a function logged so far. The emulator writes an invocation's lines down when it ends.
    pub fn log_of(&self, function: &str) -> Result<String, Trouble> {
        let group = format!("/aws/lambda/{}", self.function(function)?);
        let mut request = json!({ "logGroupName": group });
        let mut text = String::new();
        loop {
            let page = self.json("logs", "Logs_20140328.FilterLogEvents", "1.1", &request)?;
            for event in page["events"].as_array().into_iter().flatten() {
                text.push_str(event["message"].as_str().unwrap_or_default());
                text.push('\n');
            }
            match page["nextToken"].as_str() {
                Some(next) => request["nextToken"] = json!(next),
                None => return Ok(text),
            }
        }
    }

    /// An operation of SQS, such as `PurgeQueue`.
    pub fn sqs(&self, operation: &str, request: &Value) -> Result<Value, Trouble> {
        self.json("sqs", &format!("AmazonSQS.{operation}"), "1.0", request)
    }

    /// An operation of EventBridge, such as `PutRule`.
    pub fn event_bridge(&self, operation: &str, request: &Value) -> Result<Value, Trouble> {
        self.json("events", &format!("AWSEvents.{operation}"), "1.1", request)
    }

    /// An operation of SNS; the answer is XML.
    pub fn sns(&self, action: &str, parameters: &[(&str, &str)]) -> Result<String, Trouble> {
        self.form("sns", "2010-03-31", action, parameters)
    }

    /// The newest calls that were made to AWS at or before a time, at most fifty, newest first.
    pub fn calls_before(&self, end: Option<f64>) -> Result<Vec<Value>, Trouble> {
        let mut request = json!({ "MaxResults": 50 });
        if let Some(end) = end {
            request["EndTime"] = json!(end);
        }
        let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
        let answer = self.json("cloudtrail", target, "1.1", &request)?;
        Ok(answer["Events"].as_array().cloned().unwrap_or_default())
    }

    /// The deployed stack's parameters.
    pub fn parameters(&self) -> Result<BTreeMap<String, String>, Trouble> {
        let answer = self.cloudformation("DescribeStacks", &[("StackName", STACK)])?;
        Ok(xml::pairs(&answer, "ParameterKey", "ParameterValue"))
    }

    /// The outputs of a stack.
    pub fn outputs(&self, stack: &str) -> Result<BTreeMap<String, String>, Trouble> {
        let answer = self.cloudformation("DescribeStacks", &[("StackName", stack)])?;
        Ok(xml::pairs(&answer, "OutputKey", "OutputValue"))
    }

    /// The deployed stack's resources: logical to physical ids.
    pub fn resources(&self) -> Result<BTreeMap<String, String>, Trouble> {
        let answer = self.cloudformation("DescribeStackResources", &[("StackName", STACK)])?;
        Ok(xml::pairs(&answer, "LogicalResourceId", "PhysicalResourceId"))
    }

    /// An operation of CloudFormation; the answer is XML.
    pub fn cloudformation(&self, action: &str, parameters: &[(&str, &str)]) -> Result<String, Trouble> {
        self.form("cloudformation", "2010-05-15", action, parameters)
    }

    /// An operation of IAM; the answer is XML.
    pub(crate) fn iam(&self, action: &str, parameters: &[(&str, &str)]) -> Result<String, Trouble> {
        self.form("iam", "2010-05-08", action, parameters)
    }

    fn form(
        &self,
        service: &str,
        version: &str,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, Trouble> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", action)
            .append_pair("Version", version)
            .extend_pairs(parameters);
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.aws(service, "POST", "/", &headers, form.finish().into_bytes())
    }

    fn json(&self, service: &str, target: &str, version: &str, request: &Value) -> Result<Value, Trouble> {
        let kind = format!("application/x-amz-json-{version}");
        let headers = [("content-type", kind.as_str()), ("x-amz-target", target)];
        let body = request.to_string().into_bytes();
        let answer = self.aws(service, "POST", "/", &headers, body)?;
        if answer.is_empty() {
            return Ok(Value::Null);
        }
        read(&answer)
    }

    /// Asks for an item of the ledger, or writes one, past everything that looks after it.
    pub fn ledger(&self, operation: &str, request: &Value) -> Result<Value, Trouble> {
        let table = self.resources()?.remove("Ledger").unwrap_or_default();
        let mut request = request.clone();
        request["TableName"] = Value::String(table);
        self.json(
            "dynamodb",
            &format!("DynamoDB_20120810.{operation}"),
            "1.0",
            &request,
        )
    }

    /// Sends one request signed by the account's root; the answer is the body of a 2xx.
    fn aws(
        &self,
        service: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<String, Trouble> {
        let url = format!("{}{path}", self.stack.aws_endpoint_url);
        let mut all: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let root = Signer {
            access_key_id: "test",
            secret_access_key: "test",
            region: &self.stack.region,
        };
        all.extend(root.headers(service, method, &url, &all, &body)?);
        let all: Vec<(&str, &str)> = all
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = self.http.send(method, &url, &all, body)?;
        if !(200..300).contains(&answer.status) {
            let status = answer.status;
            return Err(Trouble(format!(
                "{service} {method} {path} answered {status}: {}",
                answer.body
            )));
        }
        Ok(answer.body)
    }

    fn function(&self, function: &str) -> Result<&str, Trouble> {
        self.stack
            .functions
            .get(function)
            .map(String::as_str)
            .ok_or_else(|| Trouble(format!("there is no function {function}")))
    }
}

fn read(body: &str) -> Result<Value, Trouble> {
    serde_json::from_str(body).map_err(|error| Trouble(format!("AWS answered no JSON: {error}: {body}")))
}
