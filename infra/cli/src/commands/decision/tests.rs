//! Decisions against a listener that plays the API.

use super::*;
use crate::client::tests::{answer as reply, with_api};
use crate::output::tests::recorded;
use crate::render::samples;

fn ok(view: &IssueView) -> String {
    reply("200 OK", &serde_json::to_string(view).unwrap())
}

fn body(asked: &str) -> Value {
    serde_json::from_str(asked.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn approve() -> Verdict {
    Verdict::Approve { because: None }
}

#[tokio::test]
async fn what_was_shown_is_what_is_approved() {
    let (output, out, _) = recorded(false);
    let view = samples::issue();
    let act = async |client| decide(7, &StageChoice::default(), approve(), &client, &output).await;
    let (result, asked) = with_api(&[ok(&view), ok(&view)], act).await;
    assert_eq!(result, Ok(()));
    assert!(asked[0].starts_with("GET /v1/issues/7 "), "{}", asked[0]);
    assert!(asked[1].starts_with("POST /v1/issues/7/approve "), "{}", asked[1]);
    assert_eq!(
        body(&asked[1]),
        serde_json::json!({ "environment": "prod", "digest": "bbbb" })
    );
    assert!(
        out.text()
            .starts_with("To approve: stage prod of issue 7, Create t2 (1 task)\n"),
        "{}",
        out.text()
    );
    assert!(out.text().contains("  digest  bbbb\n"), "{}", out.text());
}

#[tokio::test]
async fn a_digest_that_was_read_elsewhere_is_sent_as_it_is() {
    let (output, _, _) = recorded(true);
    let choice = StageChoice {
        environment: None,
        digest: Some("cccc".into()),
    };
    let verdict = Verdict::Reject {
        because: "too late".into(),
    };
    let act = async |client| decide(7, &choice, verdict, &client, &output).await;
    let (result, asked) = with_api(&[ok(&samples::issue())], act).await;
    assert_eq!(result, Ok(()));
    assert!(asked[0].starts_with("POST /v1/issues/7/reject "), "{}", asked[0]);
    assert_eq!(
        body(&asked[0]),
        serde_json::json!({ "digest": "cccc", "because": "too late" })
    );
}

#[tokio::test]
async fn programs_get_one_document() {
    let (output, out, err) = recorded(true);
    let view = samples::issue();
    let act = async |client| decide(7, &StageChoice::default(), approve(), &client, &output).await;
    let (result, _) = with_api(&[ok(&view), ok(&view)], act).await;
    assert_eq!(result, Ok(()));
    assert_eq!(serde_json::from_str::<IssueView>(&out.text()).unwrap(), view);
    assert!(err.text().starts_with("To approve:"), "{}", err.text());
}

#[test]
fn a_stage_is_chosen_or_has_to_be_named() {
    let mut view = samples::issue();
    assert_eq!(choose(&view, None).unwrap().environment.as_str(), "prod");
    assert_eq!(choose(&view, Some("test")).unwrap().environment.as_str(), "test");
    assert_eq!(choose(&view, Some("moon")).unwrap_err().code(), "no-such-stage");
    view.stages[0].approval = view.stages[1].approval.clone();
    assert_eq!(choose(&view, None).unwrap_err().code(), "several-wait");
    for stage in &mut view.stages {
        stage.approval = ApprovalStatus::NotRequired;
    }
    let stop = choose(&view, None).unwrap_err();
    assert_eq!((stop.code(), stop.exit_code()), ("nothing-waits", 1));
}
