//! What a rule of EventBridge and a subscriber of the notification topic hear of a real push.

use driver::{Trouble, Who};
use e2e::{Ground, SOON};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A queue that hears everything, and one that is told what a person has to know.
struct Ears<'g> {
    ground: &'g Ground,
    rule: String,
    queues: [String; 2],
}

impl<'g> Ears<'g> {
    fn open(ground: &'g Ground) -> Result<Self, Trouble> {
        let rule = format!("heard-{}", jiff::Timestamp::now().as_millisecond());
        let driver = &ground.driver;
        let make = |name: &str| -> Result<(String, String), Trouble> {
            let made = driver.sqs("CreateQueue", &json!({ "QueueName": name }))?;
            let url = made["QueueUrl"].as_str().unwrap_or_default().to_owned();
            let asked = json!({ "QueueUrl": url, "AttributeNames": ["QueueArn"] });
            let answer = driver.sqs("GetQueueAttributes", &asked)?;
            let arn = answer["Attributes"]["QueueArn"].as_str().unwrap_or_default();
            let services = ["events.amazonaws.com", "sns.amazonaws.com"];
            let policy = json!({ "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": { "Service": services }, "Action": "sqs:SendMessage", "Resource": arn,
            }] });
            let attributes = json!({ "QueueUrl": url, "Attributes": { "Policy": policy.to_string() } });
            driver.sqs("SetQueueAttributes", &attributes)?;
            Ok((url, arn.to_owned()))
        };
        let (heard, heard_arn) = make(&rule)?;
        let (told, told_arn) = make(&format!("{rule}-told"))?;
        let pattern = json!({ "source": ["sluice"] }).to_string();
        driver.event_bridge("PutRule", &json!({ "Name": rule, "EventPattern": pattern }))?;
        let targets = json!({ "Rule": rule, "Targets": [{ "Id": "heard", "Arn": heard_arn }] });
        driver.event_bridge("PutTargets", &targets)?;
        let topic = driver
            .outputs("sluice")?
            .remove("NotificationTopicArn")
            .unwrap_or_default();
        let subscription = [
            ("TopicArn", topic.as_str()),
            ("Protocol", "sqs"),
            ("Endpoint", &told_arn),
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            ("Attributes.entry.1.value", "true"),
        ];
        driver.sns("Subscribe", &subscription)?;
        Ok(Self {
            ground,
            rule,
            queues: [heard, told],
        })
    }

    /// The messages of a queue until one of them is what is waited for.
    fn until(&self, queue: usize, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>, Trouble> {
        let mut all: Vec<String> = Vec::new();
        let what = format!("the message that is waited for in {}", self.queues[queue]);
        SOON.until(&what, || {
            let asked = json!({ "QueueUrl": self.queues[queue], "MaxNumberOfMessages": 10 });
            let answer = self.ground.driver.sqs("ReceiveMessage", &asked)?;
            for message in answer["Messages"].as_array().into_iter().flatten() {
                let done =
                    json!({ "QueueUrl": self.queues[queue], "ReceiptHandle": message["ReceiptHandle"] });
                self.ground.driver.sqs("DeleteMessage", &done)?;
                all.push(message["Body"].as_str().unwrap_or_default().to_owned());
            }
            if all.iter().any(|body| wanted(body)) {
                Ok(Ok(()))
            } else {
                Ok(Err(format!("{all:?}")))
            }
        })?;
        Ok(all)
    }

    fn close(self) -> Result<(), Trouble> {
        let driver = &self.ground.driver;
        driver.event_bridge("RemoveTargets", &json!({ "Rule": self.rule, "Ids": ["heard"] }))?;
        driver.event_bridge("DeleteRule", &json!({ "Name": self.rule }))?;
        for queue in &self.queues {
            driver.sqs("DeleteQueue", &json!({ "QueueUrl": queue }))?;
        }
        Ok(())
    }
}

#[test]
fn a_rule_hears_what_waits_fails_and_is_done() -> Result<(), Trouble> {
    let mut ground = Ground::take("events")?;
    let project = ground.project("STORY", &[("prod", 1)])?;
    let ears = Ears::open(&ground)?;
    project.begin(&ground.driver, &project.branch)?;
    let bad = "CREATE TABLE heard (what VARCHAR(20));\nINSERT INTO heard VALUES ('4711-secret'), ('4711-secret');\n\
               ALTER TABLE heard ADD UNIQUE KEY (what);\n";
    let commit = project.push(&ground.driver, &[project.ddl(0, "1", bad)], "Be heard")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    let approve = || -> Result<(), Trouble> {
        ground.driver.issue_once(number, "Waiting", SOON)?;
        let approved = ground
            .driver
            .sluice(Who::Dba, &["issue", "approve", &number.to_string()])?;
        assert_eq!(approved.code, Some(0), "{}", approved.stderr);
        Ok(())
    };
    approve()?;
    ground.driver.issue_once(number, "Failed", SOON)?;
    let good = bad.replace("UNIQUE KEY", "KEY");
    project.push(&ground.driver, &[project.ddl(0, "1", &good)], "Mend it")?;
    approve()?;
    ground.driver.issue_once(number, "Done", SOON)?;

    let is = |body: &str, kind: &str| -> Option<Value> {
        let event: Value = serde_json::from_str(body).ok()?;
        let ours = event["detail-type"] == kind && event["detail"]["issue"] == number;
        ours.then_some(event)
    };
    let bodies = ears.until(0, |body| is(body, "sluice.issue.done").is_some())?;
    let mut heard: BTreeMap<String, Value> = BTreeMap::new();
    for body in &bodies {
        assert!(!body.contains("secret") && !body.contains("ALTER"), "{body}");
        let event: Value = serde_json::from_str(body).map_err(|error| Trouble(error.to_string()))?;
        if event["detail"]["issue"] == number {
            heard.insert(
                event["detail"]["id"].as_str().unwrap_or_default().to_owned(),
                event,
            );
        }
    }
    let kinds = |kind: &str| {
        heard
            .values()
            .filter(|event| event["detail-type"] == kind)
            .count()
    };
    for (kind, count) in [
        ("sluice.issue.planned", 1),
        ("sluice.issue.waiting_for_approval", 2),
        ("sluice.issue.approved", 2),
        ("sluice.task.failed", 1),
        ("sluice.task.replaced", 1),
        ("sluice.task.done", 1),
        ("sluice.issue.done", 1),
    ] {
        assert_eq!(kinds(kind), count, "{kind}: {heard:#?}");
    }
    let failed = heard
        .values()
        .find(|event| event["detail-type"] == "sluice.task.failed");
    let failed = &failed.ok_or_else(|| Trouble("nothing failed".to_owned()))?["detail"];
    assert_eq!(
        (&failed["code"], &failed["statement"]),
        (&json!("mysql-1062"), &json!(3))
    );

    let told = ears.until(1, |body| {
        body.contains(&format!("issue {number} of")) && body.contains("sluice.issue.done")
    })?;
    let waiting = told
        .iter()
        .find(|body| body.contains("waits for an approval of `prod`"));
    let waiting = waiting.ok_or_else(|| Trouble(format!("nobody was told: {told:?}")))?;
    assert!(
        waiting.contains(&format!("`sluice issue approve {number}`")),
        "{waiting}"
    );
    ears.close()
}
