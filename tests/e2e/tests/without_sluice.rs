//! Approving with nothing but `curl` and the AWS CLI: the commands of docs/approve-without-sluice.md, as they stand there;
//! and what nobody gets past with either.

use driver::{Keys, Ran, Signer, Trouble, Who};
use e2e::{Ground, SOON};
use model::IssueView;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

const PAGE: &str = "docs/approve-without-sluice.md";

/// The commands of a section of the page, one script.
fn commands(section: &str) -> Result<String, Trouble> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE);
    let page = std::fs::read_to_string(&path).map_err(|error| Trouble(format!("{PAGE}: {error}")))?;
    let heading = format!("\n## {section}\n");
    let rest = page.split_once(&heading).map(|(_, rest)| rest);
    let rest = rest.ok_or_else(|| Trouble(format!("{PAGE} has no section `{section}`")))?;
    let text = rest.split("\n## ").next().unwrap_or_default();
    let blocks = text.split("```sh\n").skip(1);
    let script: String = blocks.filter_map(|block| block.split("```").next()).collect();
    assert!(script.lines().count() > 5, "{section}: {script}");
    Ok(script)
}

/// Runs a script with what the page has people set, and nothing of Sluice.
fn run(ground: &Ground, who: &Keys, issue: &IssueView, script: &str) -> Result<Ran, Trouble> {
    let stack = &ground.driver.stack;
    let tools = stack.aws_cli.parent().unwrap_or(Path::new("/"));
    let api = ground
        .driver
        .outputs("sluice")?
        .remove("ApiId")
        .unwrap_or_default();
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(ground.folder.path())
        .env_clear()
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", tools.display()),
        )
        .env("HOME", ground.folder.path())
        .env("SLUICE_API_URL", &stack.api_url)
        .env("API", api)
        .env("ISSUE", issue.issue.number.to_string())
        .env("ENVIRONMENT", issue.stages[0].environment.as_str())
        .env("AWS_ENDPOINT_URL", &stack.aws_endpoint_url)
        .env("AWS_REGION", &stack.region)
        .env("AWS_DEFAULT_REGION", &stack.region)
        .env("AWS_ACCESS_KEY_ID", &who.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &who.secret_access_key)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Trouble(format!("bash can't be run: {error}")))?;
    Ok(Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// An issue of the developer's that waits for the DBA.
fn waiting(ground: &mut Ground, table: &str) -> Result<IssueView, Trouble> {
    let place = ground.databases("prod", 1)?.remove(0);
    let file = place.ddl("1", &format!("CREATE TABLE {table} (id INT);\n"));
    let commit = ground.push(&[file], "Without Sluice")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    ground.driver.issue_once(number, "Waiting", SOON)
}

/// Who approved an issue, as its audit has it.
fn approvals(ground: &Ground, issue: &IssueView) -> Result<Vec<Value>, Trouble> {
    let number = issue.issue.number.to_string();
    let words = ["audit", "export", "--issue", number.as_str()];
    let exported = ground.driver.sluice(Who::Developer, &words)?;
    let lines = exported.stdout.lines().map(serde_json::from_str::<Value>);
    let lines: Vec<Value> = lines
        .collect::<Result<_, _>>()
        .map_err(|error| Trouble(error.to_string()))?;
    let approved = lines.into_iter().filter(|line| line["deed"] == "stage_approved");
    Ok(approved.map(|line| line["by"]["principal"].clone()).collect())
}

fn as_on_the_page(section: &str, story: &str, address: Option<&str>) -> Result<(), Trouble> {
    let mut ground = Ground::take(story)?;
    let issue = waiting(&mut ground, story)?;
    let dba = ground.driver.stack.principals.dba.clone();
    let ran = run(&ground, &dba, &issue, &commands(section)?)?;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    ground.driver.issue_once(issue.issue.number.0, "Done", SOON)?;
    let by = approvals(&ground, &issue)?;
    let [by] = by.as_slice() else {
        panic!("{by:?}: {}", ran.stdout);
    };
    assert_eq!(by["arn"], dba.arn.as_str());
    assert_eq!(by["access_key"], dba.access_key_id.as_str());
    assert!(
        by["unique_id"].as_str().is_some_and(|id| id.starts_with("AIDA")),
        "{by}"
    );
    assert!(by["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{by}");
    let from = by["source_ip"].as_str().unwrap_or_default();
    assert!(
        !from.is_empty() && address.is_none_or(|address| from == address),
        "{by}"
    );
    Ok(())
}

#[test]
fn the_commands_of_the_page_approve_with_curl_alone() -> Result<(), Trouble> {
    as_on_the_page("With curl", "curled", None)
}

#[test]
fn the_commands_of_the_page_approve_with_the_aws_cli_alone() -> Result<(), Trouble> {
    as_on_the_page("With the AWS CLI", "tested", Some("test-invoke-source-ip"))
}

/// A request that approves, signed by somebody some minutes ago; sent as often as wanted.
fn approve(
    ground: &Ground,
    who: &Keys,
    issue: &IssueView,
    minutes_ago: u64,
    extra: &[(&str, &str)],
) -> Result<SignedRequest, Trouble> {
    let stack = &ground.driver.stack;
    let url = format!("{}/issues/{}/approve", stack.api_url, issue.issue.number);
    let stage = &issue.stages[0];
    let body = json!({ "environment": stage.environment, "digest": stage.digest }).to_string();
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut headers: Vec<(String, String)> = extra.iter().map(own).collect();
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    let signer = Signer {
        access_key_id: &who.access_key_id,
        secret_access_key: &who.secret_access_key,
        region: &stack.region,
    };
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(now - minutes_ago * 60);
    headers.extend(signer.headers_at(at, "execute-api", "POST", &url, &headers, body.as_bytes())?);
    Ok(SignedRequest { url, headers, body })
}

struct SignedRequest {
    url: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl SignedRequest {
    fn send(&self, ground: &Ground) -> Result<driver::Answer, Trouble> {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        ground.driver.post(&self.url, &headers, &self.body)
    }
}

#[test]
fn the_same_signed_request_again_decides_nothing_again() -> Result<(), Trouble> {
    let mut ground = Ground::take("replayed")?;
    let issue = waiting(&mut ground, "replayed")?;
    let dba = ground.driver.stack.principals.dba.clone();
    let request = approve(&ground, &dba, &issue, 0, &[])?;
    let first = request.send(&ground)?;
    assert_eq!(first.status, 200, "{}", first.body);
    let again = request.send(&ground)?;
    assert!(
        [200, 409].contains(&again.status),
        "{} {}",
        again.status,
        again.body
    );
    ground.driver.issue_once(issue.issue.number.0, "Done", SOON)?;
    assert_eq!(approvals(&ground, &issue)?.len(), 1);
    let late = request.send(&ground)?;
    assert_eq!(late.status, 409, "{}", late.body);
    assert!(late.body.contains("stage-done"), "{}", late.body);
    Ok(())
}

#[test]
fn an_old_signature_and_none_are_refused_before_sluice_is_asked() -> Result<(), Trouble> {
    let mut ground = Ground::take("old")?;
    let issue = waiting(&mut ground, "old")?;
    let dba = ground.driver.stack.principals.dba.clone();
    let mut unsigned = approve(&ground, &dba, &issue, 0, &[])?;
    unsigned.headers.retain(|(name, _)| name == "content-type");
    for (request, told) in [
        (unsigned, "Missing Authentication Token"),
        (approve(&ground, &dba, &issue, 6, &[])?, "Signature expired"),
    ] {
        let answer = request.send(&ground)?;
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert!(answer.body.contains(told), "{}", answer.body);
    }
    assert_eq!(approvals(&ground, &issue)?, [Value::Null; 0]);
    Ok(())
}

#[test]
fn who_somebody_says_they_are_is_not_looked_at() -> Result<(), Trouble> {
    let mut ground = Ground::take("forged")?;
    let issue = waiting(&mut ground, "forged")?;
    let principals = ground.driver.stack.principals.clone();
    let dba = principals.dba.arn.as_str();
    let claims = [("x-amzn-iam-user-arn", dba), ("x-forwarded-user", dba)];
    let own = approve(&ground, &principals.developer, &issue, 0, &claims)?.send(&ground)?;
    assert_eq!(own.status, 403, "{}", own.body);
    assert!(own.body.contains("approval-own"), "{}", own.body);
    let mut named = approve(&ground, &principals.dba, &issue, 0, &[])?;
    named.body = named
        .body
        .replacen('{', &format!("{{\"by\":{{\"arn\":\"{dba}\"}},"), 1);
    let altered = named.send(&ground)?;
    assert_eq!(
        altered.status, 403,
        "the signature is of another body: {}",
        altered.body
    );
    assert_eq!(approvals(&ground, &issue)?, [Value::Null; 0]);
    Ok(())
}

#[test]
fn nobody_invokes_the_function_past_api_gateway() -> Result<(), Trouble> {
    let mut ground = Ground::take("past")?;
    let issue = waiting(&mut ground, "past")?;
    let principals = ground.driver.stack.principals.clone();
    let function = ground.driver.stack.functions["approvals"].clone();
    let event = json!({
        "resource": "/issues/{number}/approve", "path": format!("/issues/{}/approve", issue.issue.number),
        "httpMethod": "POST", "headers": {}, "multiValueHeaders": {}, "isBase64Encoded": false,
        "requestContext": { "identity": { "userArn": principals.dba.arn, "caller": "AIDAX", "sourceIp": "192.0.2.7" } },
        "body": json!({ "digest": issue.stages[0].digest }).to_string(),
    });
    let file = ground.folder.path().join("event.json");
    std::fs::write(&file, event.to_string()).map_err(|error| Trouble(error.to_string()))?;
    let invoke =
        format!("aws lambda invoke --function-name {function} --payload file://event.json answer.json");
    for who in [&principals.developer, &principals.dba] {
        let ran = run(&ground, who, &issue, &invoke)?;
        assert_ne!(ran.code, Some(0), "{}", ran.stdout);
        assert!(ran.stderr.contains("AccessDenied"), "{}", ran.stderr);
    }
    assert_eq!(approvals(&ground, &issue)?, [Value::Null; 0]);
    // Whom the function itself lets in: API Gateway, for the routes of this API.
    let root = Keys {
        access_key_id: "test".to_owned(),
        secret_access_key: "test".to_owned(),
        arn: String::new(),
    };
    let look = format!("aws lambda get-policy --function-name {function} --query Policy --output text");
    let policy: Value = run(&ground, &root, &issue, &look)?.json()?;
    let api = ground
        .driver
        .outputs("sluice")?
        .remove("ApiId")
        .unwrap_or_default();
    let statements = policy["Statement"].as_array().cloned().unwrap_or_default();
    assert!(statements.len() > 10, "{policy}");
    for statement in statements {
        assert_eq!(
            statement["Principal"],
            json!({ "Service": "apigateway.amazonaws.com" }),
            "{statement}"
        );
        assert_eq!(statement["Action"], "lambda:InvokeFunction", "{statement}");
        assert!(statement["Condition"].to_string().contains(&api), "{statement}");
    }
    Ok(())
}
