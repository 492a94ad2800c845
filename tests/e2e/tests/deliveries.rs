//! Deliveries that are none of Sluice's business, on the deployed API: each is answered for its reason, and none leaves
//! anything behind.

use base64::Engine as _;
use driver::{Answer, Trouble, signature};
use e2e::{Ground, SOON, only_task};
use serde_json::{Value, json};

const ZERO: &str = "0000000000000000000000000000000000000000";
const SOME: &str = "1111111111111111111111111111111111111111";

fn deliver(ground: &Ground, signed: Option<(&str, &str)>, body: &str) -> Result<Answer, Trouble> {
    let mut headers = vec![
        ("content-type", "application/json"),
        ("x-github-event", "push"),
        ("x-github-delivery", "bad"),
    ];
    headers.extend(signed);
    ground.driver.deliver(&headers, body)
}

/// The number that a push gets now: one more than the issues there are.
fn marker(ground: &mut Ground) -> Result<u64, Trouble> {
    let place = ground.database()?;
    let file = place.ddl("1", "CREATE TABLE marker (id INT);\n");
    let commit = ground.push(&[file], "Mark")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    only_task(&ground.driver.issue_once(number, "Done", SOON)?)?;
    Ok(number)
}

#[test]
fn a_wrong_signature_is_refused_without_detail() -> Result<(), Trouble> {
    let mut ground = Ground::take("forged")?;
    let first = marker(&mut ground)?;
    let head = ground.driver.head()?;
    let git_ref = format!("refs/heads/{}", ground.driver.stack.branch);
    let body = ground.driver.push_payload(&git_ref, &head, SOME);
    let right = ground.driver.signature(&body)?;
    let other_body = ground.driver.signature("{}")?;
    let wrong_secret = signature("It's a Secret to Everybody", &body)?;
    let truncated = &right[..right.len() - 2];
    let bare = right.trim_start_matches("sha256=");
    let cases = [
        ("missing", None),
        ("empty", Some(("x-hub-signature-256", ""))),
        ("forged", Some(("x-hub-signature-256", other_body.as_str()))),
        ("truncated", Some(("x-hub-signature-256", truncated))),
        ("without its scheme", Some(("x-hub-signature-256", bare))),
        (
            "sha1 only",
            Some(("x-hub-signature", "sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12")),
        ),
        (
            "wrong secret",
            Some(("x-hub-signature-256", wrong_secret.as_str())),
        ),
    ];
    for (case, signed) in cases {
        let answer = deliver(&ground, signed, &body)?;
        assert_eq!(answer.status, 401, "{case}: {}", answer.body);
        assert_eq!(answer.body, "unauthorized", "{case}: no detail");
    }
    assert_eq!(
        marker(&mut ground)?,
        first + 1,
        "a refused delivery left an issue"
    );
    Ok(())
}

#[test]
fn what_is_signed_and_not_ours_is_answered_with_the_reason() -> Result<(), Trouble> {
    let mut ground = Ground::take("others")?;
    let first = marker(&mut ground)?;
    let driver = &ground.driver;
    let head = driver.head()?;
    let main = format!("refs/heads/{}", driver.stack.branch);
    let push = |git_ref: &str, after: &str| driver.push_payload(git_ref, &head, after);
    let mut other: Value = serde_json::from_str(&push(&main, SOME)).unwrap();
    other["repository"]["id"] = json!(987_654);
    let cases = [
        ("no JSON", "push", "not JSON".to_owned(), 400, ""),
        ("no push", "push", "{}".to_owned(), 400, ""),
        ("unknown event", "weather", "{}".to_owned(), 202, "weather"),
        (
            "other repository",
            "push",
            other.to_string(),
            202,
            "repository 987654",
        ),
        ("tag", "push", push("refs/tags/v1", SOME), 202, "tags"),
        ("deleted branch", "push", push(&main, ZERO), 202, "deleted"),
        (
            "other branch",
            "push",
            push("refs/heads/elsewhere", SOME),
            202,
            "branch",
        ),
        (
            "ping",
            "ping",
            json!({ "zen": "Design for failure." }).to_string(),
            200,
            "pong",
        ),
    ];
    for (case, event, body, status, reason) in cases {
        let answer = driver.deliver_signed(event, &case.replace(' ', "-"), &body)?;
        assert_eq!(answer.status, status, "{case}: {}", answer.body);
        assert!(
            !answer.body.is_empty() && answer.body.contains(reason),
            "{case}: {}",
            answer.body
        );
    }
    assert_eq!(
        marker(&mut ground)?,
        first + 1,
        "an ignored delivery left an issue"
    );
    Ok(())
}

#[test]
fn a_body_of_megabytes_is_verified_and_read() -> Result<(), Trouble> {
    let ground = Ground::take("large")?;
    let main = format!("refs/heads/{}", ground.driver.stack.branch);
    let mut body: Value = serde_json::from_str(&ground.driver.push_payload(&main, SOME, ZERO)).unwrap();
    body["commits"] = json!("ü".repeat(5_500_000 / 2));
    let answer = ground.driver.deliver_signed("push", "large", &body.to_string())?;
    assert_eq!(
        (answer.status, answer.body.contains("deleted")),
        (202, true),
        "{}",
        answer.body
    );
    Ok(())
}

#[test]
fn a_body_in_base64_is_verified_over_its_bytes() -> Result<(), Trouble> {
    let ground = Ground::take("base64")?;
    let main = format!("refs/heads/{}", ground.driver.stack.branch);
    let body = ground.driver.push_payload(&main, SOME, ZERO);
    let encoded = base64::engine::general_purpose::STANDARD.encode(&body);
    let event = |signature: &str| {
        json!({
            "resource": "/webhooks/github", "path": "/webhooks/github", "httpMethod": "POST",
            "headers": { "x-github-event": "push", "x-github-delivery": "base64", "x-hub-signature-256": signature },
            "multiValueHeaders": {
                "x-github-event": ["push"], "x-github-delivery": ["base64"], "x-hub-signature-256": [signature],
            },
            "requestContext": {
                "resourcePath": "/webhooks/github", "path": "/v1/webhooks/github", "httpMethod": "POST", "stage": "v1",
                "accountId": "000000000000", "requestId": "base64", "identity": { "sourceIp": "127.0.0.1" },
            },
            "body": encoded, "isBase64Encoded": true,
        })
    };
    // The gateway does this for bodies that it takes for binary; ours it does not, so the function is asked directly.
    for (signed, status) in [
        (ground.driver.signature(&body)?, 202),
        (ground.driver.signature(&encoded)?, 401),
    ] {
        let answer = ground.driver.invoke("webhook", &event(&signed))?;
        assert_eq!(answer.payload["statusCode"], status, "{}", answer.payload);
    }
    Ok(())
}
