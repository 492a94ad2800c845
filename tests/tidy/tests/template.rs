//! What template.yaml must say, whatever else it says.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tidy::fault::TidyError;
use tidy::template::{Resource, Template, strings, target_of};

const FUNCTION: &str = "AWS::Serverless::Function";
const QUEUE: &str = "AWS::SQS::Queue";

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

/// The events of a function: name, type, properties.
fn events<'a>(function: &Resource<'a>) -> Vec<(&'a str, &'a str, &'a Value)> {
    let events = function.body["Properties"]["Events"]
        .as_object()
        .into_iter()
        .flatten();
    events
        .map(|(name, event)| {
            (
                name.as_str(),
                event["Type"].as_str().unwrap_or_default(),
                &event["Properties"],
            )
        })
        .collect()
}

#[test]
fn the_functions_are_the_seven_of_the_architecture() -> Result<(), TidyError> {
    let template = Template::load()?;
    let mut found = BTreeMap::new();
    for function in template.of_kind(FUNCTION) {
        let binary = function.body["Metadata"]["BuildProperties"]["Binary"]
            .as_str()
            .unwrap_or_default();
        assert_eq!(
            function.property("CodeUri"),
            &json!(format!("functions/{binary}")),
            "{}",
            function.id
        );
        assert_eq!(
            function.body["Metadata"]["BuildMethod"], "rust-cargolambda",
            "{}",
            function.id
        );
        let kinds: BTreeSet<&str> = events(&function).into_iter().map(|(_, kind, _)| kind).collect();
        found.insert(
            function.id.to_owned(),
            (binary.to_owned(), kinds.into_iter().collect::<String>()),
        );
    }
    let expected = [
        ("ApprovalsFunction", "approvals", "Api"),
        ("PlannerFunction", "planner", "SQS"),
        ("ReporterFunction", "reporter", "DynamoDB"),
        // The runbook invokes it, with a role of its own.
        ("RunbookFunction", "runbook", ""),
        ("SweeperFunction", "sweeper", "Schedule"),
        ("WebhookFunction", "webhook", "Api"),
        ("WorkerFunction", "worker", "SQS"),
    ];
    let expected =
        expected.map(|(id, binary, trigger)| (id.to_owned(), (binary.to_owned(), trigger.to_owned())));
    assert_eq!(found, BTreeMap::from(expected));
    Ok(())
}

#[test]
fn all_run_provided_al2023_for_the_processor_of_the_parameter() -> Result<(), TidyError> {
    let template = Template::load()?;
    let globals = &template.section("Globals")["Function"];
    assert_eq!(globals["Runtime"], "provided.al2023");
    assert_eq!(globals["Handler"], "bootstrap");
    assert_eq!(globals["Architectures"], json!([{"Ref": "Architecture"}]));
    let allowed = strings(&template.section("Parameters")["Architecture"]["AllowedValues"]);
    assert_eq!(allowed, ["x86_64", "arm64"]);
    for function in template.of_kind(FUNCTION) {
        let memory = number(function.property("MemorySize"));
        assert!((256..=512).contains(&memory), "{}: {memory} MB", function.id);
    }
    Ok(())
}

#[test]
fn the_worker_alone_is_in_the_network() -> Result<(), TidyError> {
    for function in Template::load()?.of_kind(FUNCTION) {
        let inside = !function.property("VpcConfig").is_null();
        assert_eq!(inside, function.id == "WorkerFunction", "{}", function.id);
    }
    Ok(())
}

#[test]
fn the_created_network_has_no_way_out() -> Result<(), TidyError> {
    let template = Template::load()?;
    for way in [
        "InternetGateway",
        "NatGateway",
        "Route",
        "EgressOnlyInternetGateway",
        "TransitGateway",
    ] {
        assert!(
            template.of_kind(&format!("AWS::EC2::{way}")).is_empty(),
            "a way out: {way}"
        );
    }
    for resource in template.resources().into_iter().filter(|resource| {
        let kind = resource.kind();
        kind.starts_with("AWS::EC2::") || kind.starts_with("AWS::RDS::")
    }) {
        assert_eq!(resource.body["Condition"], "CreatesNetwork", "{}", resource.id);
    }
    let services: BTreeSet<String> = template
        .of_kind("AWS::EC2::VPCEndpoint")
        .iter()
        .filter_map(|endpoint| endpoint.property("ServiceName")["Fn::Sub"].as_str())
        .filter_map(|name| name.rsplit('.').next().map(str::to_owned))
        .collect();
    assert_eq!(
        services,
        BTreeSet::from(["dynamodb", "secretsmanager", "sqs"].map(str::to_owned))
    );
    let egress = template.resource("WorkerEgressGroup")?;
    for rule in egress
        .property("SecurityGroupEgress")
        .as_array()
        .into_iter()
        .flatten()
    {
        let ports = (number(&rule["FromPort"]), number(&rule["ToPort"]));
        assert!([(3306, 3306), (443, 443)].contains(&ports), "{rule}");
    }
    Ok(())
}

#[test]
fn only_the_webhook_is_open_and_it_is_throttled() -> Result<(), TidyError> {
    let template = Template::load()?;
    let api = template.resource("Api")?;
    assert_eq!(api.property("Auth")["DefaultAuthorizer"], "AWS_IAM");
    assert_eq!(
        api.property("Auth")["InvokeRole"],
        "NONE",
        "else callers need the right to invoke functions"
    );
    let (mut open, mut routes) = (Vec::new(), BTreeSet::new());
    for function in template.of_kind(FUNCTION) {
        for (_, _, route) in events(&function)
            .into_iter()
            .filter(|(_, kind, _)| *kind == "Api")
        {
            assert_eq!(
                route["RestApiId"],
                json!({"Ref": "Api"}),
                "{}: a second API",
                function.id
            );
            let word = |name: &str| route[name].as_str().unwrap_or_default().to_owned();
            let named = format!("{} {}", word("Method"), word("Path"));
            if route["Auth"].is_null() {
                routes.insert(named);
            } else {
                open.push(named);
            }
        }
    }
    assert_eq!(open, ["POST /webhooks/github"]);
    let expected = [
        "GET /audit",
        "GET /freezes",
        "GET /issues",
        "GET /issues/{number}",
        "GET /projects/{project}/baseline",
        "PUT /projects/{project}/baseline",
        "GET /settings",
        "GET /settings/versions",
        "GET /settings/versions/{version}",
        "GET /targets/{instance}/{database}/versions",
        "GET /targets/{instance}/{database}/versions/{version}",
        "POST /freezes/{environment}/lift",
        "POST /issues/{number}/approve",
        "POST /issues/{number}/bypass",
        "POST /issues/{number}/cancel",
        "POST /issues/{number}/resolve",
        "POST /issues/{number}/skip",
        "POST /issues/{number}/reopen",
        "POST /issues/{number}/run",
        "POST /issues/{number}/depends",
        "POST /issues/{number}/reject",
        "POST /issues/{number}/retry",
        "PUT /freezes/{environment}",
        "PUT /settings",
    ];
    assert_eq!(routes, BTreeSet::from(expected.map(str::to_owned)));
    let throttled = api
        .property("MethodSettings")
        .as_array()
        .into_iter()
        .flatten()
        .any(|setting| {
            setting["ResourcePath"] == "/~1webhooks~1github" && !setting["ThrottlingRateLimit"].is_null()
        });
    assert!(throttled, "the open route is throttled");
    assert!(!api.property("AccessLogSetting").is_null(), "access logs");
    Ok(())
}

#[test]
fn visibility_is_six_times_the_timeout_and_batches_answer_in_part() -> Result<(), TidyError> {
    let template = Template::load()?;
    let mut read = BTreeSet::new();
    for function in template.of_kind(FUNCTION) {
        for (_, kind, source) in events(&function)
            .into_iter()
            .filter(|(_, kind, _)| *kind != "Api")
        {
            let partial = strings(&source["FunctionResponseTypes"]) == ["ReportBatchItemFailures"];
            assert_eq!(
                partial,
                kind != "Schedule",
                "{}: partial batch responses",
                function.id
            );
            let Some(queue) = target_of(&source["Queue"]) else {
                continue;
            };
            let queue = template.resource(queue)?;
            read.insert(queue.id);
            let (visible, timeout) = (
                number(queue.property("VisibilityTimeout")),
                number(function.property("Timeout")),
            );
            assert!(
                visible >= 6 * timeout,
                "{}: {visible} s for a function of {timeout} s",
                queue.id
            );
            if queue.property("FifoQueue") == &json!(true) {
                assert_eq!(
                    source["BatchSize"], 1,
                    "{}: a deadline belongs to one target",
                    function.id
                );
            }
        }
    }
    let with_dead_letters: BTreeSet<&str> = template
        .of_kind(QUEUE)
        .into_iter()
        .filter(|queue| !queue.property("RedrivePolicy").is_null())
        .map(|queue| queue.id)
        .collect();
    assert_eq!(
        read, with_dead_letters,
        "each queue that is read has dead letters"
    );
    Ok(())
}

#[test]
fn dead_letters_are_of_the_kind_of_their_queue_and_raise_an_alarm() -> Result<(), TidyError> {
    let template = Template::load()?;
    let alarms = template.of_kind("AWS::CloudWatch::Alarm");
    let watched: BTreeSet<&str> = alarms
        .iter()
        .filter_map(|alarm| target_of(&alarm.body["Properties"]["Dimensions"][0]["Value"]))
        .collect();
    for queue in template.of_kind(QUEUE) {
        let name = queue.property("QueueName")["Fn::Sub"]
            .as_str()
            .unwrap_or_default();
        assert!(name.starts_with("${AWS::StackName}-"), "{}: {name}", queue.id);
        let fifo = name.rsplit_once('.').is_some_and(|(_, kind)| kind == "fifo");
        assert_eq!(fifo, queue.property("FifoQueue") == &json!(true), "{name}");
        if let Some(dead) = target_of(&queue.property("RedrivePolicy")["deadLetterTargetArn"]) {
            let dead = template.resource(dead)?;
            assert_eq!(
                dead.property("FifoQueue"),
                queue.property("FifoQueue"),
                "{}",
                dead.id
            );
        } else {
            assert!(
                watched.contains(queue.id),
                "{} fills unseen: give it an alarm",
                queue.id
            );
        }
    }
    let failures = template.resource("TaskFailures")?;
    assert_eq!(
        failures.property("FilterPattern"),
        r#"{ $.fields.event = "task_failed" }"#
    );
    assert_eq!(failures.property("LogGroupName"), &json!({"Ref": "WorkerLogs"}));
    let metric = &failures.property("MetricTransformations")[0];
    let alarm = template.resource("TaskFailedAlarm")?;
    assert_eq!(alarm.property("MetricName"), &metric["MetricName"]);
    assert_eq!(alarm.property("Namespace"), &metric["MetricNamespace"]);
    Ok(())
}

#[test]
fn every_log_ends_some_day() -> Result<(), TidyError> {
    let template = Template::load()?;
    for group in template.of_kind("AWS::Logs::LogGroup") {
        assert_eq!(
            group.property("RetentionInDays"),
            &json!({"Ref": "LogRetentionDays"}),
            "{}",
            group.id
        );
    }
    for function in template.of_kind(FUNCTION) {
        let group = target_of(&function.property("LoggingConfig")["LogGroup"]).unwrap_or_default();
        let group = template.resource(group)?;
        let named = function.property("FunctionName")["Fn::Sub"]
            .as_str()
            .unwrap_or_default();
        assert_eq!(
            group.property("LogGroupName"),
            &json!({"Fn::Sub": format!("/aws/lambda/{named}")})
        );
    }
    Ok(())
}

#[test]
fn the_ledger_outlives_mistakes() -> Result<(), TidyError> {
    let template = Template::load()?;
    let ledger = template.resource("Ledger")?;
    assert_eq!(
        ledger.property("PointInTimeRecoverySpecification")["PointInTimeRecoveryEnabled"],
        true
    );
    assert_eq!(
        ledger.property("DeletionProtectionEnabled"),
        &json!({"Ref": "DeletionProtection"})
    );
    assert_eq!(
        ledger.property("TimeToLiveSpecification")["AttributeName"],
        "expires_at"
    );
    assert_eq!(
        ledger.property("StreamSpecification")["StreamViewType"],
        "NEW_AND_OLD_IMAGES"
    );
    for id in ["Ledger", "DatabaseCluster", "DatabaseInstance"] {
        let resource = template.resource(id)?;
        assert_eq!(resource.body["DeletionPolicy"], "Retain", "{id}");
        assert_eq!(resource.body["UpdateReplacePolicy"], "Retain", "{id}");
    }
    Ok(())
}

#[test]
fn the_reporter_is_woken_by_the_outbox_only() -> Result<(), TidyError> {
    let template = Template::load()?;
    let reporter = template.resource("ReporterFunction")?;
    let stream = &reporter.property("Events")["Outbox"]["Properties"];
    let pattern = stream["FilterCriteria"]["Filters"][0]["Pattern"]
        .as_str()
        .unwrap_or_default();
    let pattern: Value = serde_json::from_str(pattern)?;
    assert_eq!(
        pattern["dynamodb"]["Keys"]["pk"]["S"],
        json!([{"prefix": "OUTBOX"}])
    );
    assert_eq!(
        pattern["eventName"],
        json!(["INSERT", "MODIFY"]),
        "a delivered item's deletion is no news"
    );
    assert_eq!(stream["BisectBatchOnFunctionError"], true);
    for limit in ["MaximumRetryAttempts", "MaximumRecordAgeInSeconds"] {
        assert!(
            number(&stream[limit]) > 0,
            "{limit}: else one bad item blocks the shard for a day"
        );
    }
    assert_eq!(
        target_of(&stream["DestinationConfig"]["OnFailure"]["Destination"]),
        Some("OutboxDeadLetters")
    );
    Ok(())
}
