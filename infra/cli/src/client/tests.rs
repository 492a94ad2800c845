//! The client against a listener on loopback.

use super::*;
use crate::signing::SERVICE;
use aws_credential_types::Credentials;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn client(base: &str) -> Client {
    let signer = Signer {
        credentials: Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"),
        region: "eu-west-1".into(),
        service: SERVICE,
    };
    Client::new(Url::parse(base).unwrap(), signer, || Timestamp::UNIX_EPOCH).unwrap()
}

/// Runs against an API that gives these answers in turn; what it was asked comes with the result.
pub(crate) async fn with_api<T>(answers: &[String], act: impl AsyncFnOnce(Client) -> T) -> (T, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut asked = Vec::new();
    let serve = async {
        for answer in answers {
            asked.push(serve(&listener, answer).await);
        }
        // Whoever asks more than was foreseen is refused at once.
        drop(listener);
    };
    let both = async { tokio::join!(act(client(&format!("http://{address}/v1/"))), serve) };
    let (result, ()) = tokio::time::timeout(Duration::from_secs(20), both)
        .await
        .expect("the client made every foreseen call, and no other, within 20 s");
    (result, asked)
}

async fn serve(listener: &TcpListener, answer: &str) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut asked = Vec::new();
    while !is_whole(&asked) {
        let read = stream.read_buf(&mut asked).await.unwrap();
        assert!(read > 0, "the request ended early");
    }
    stream.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(asked).unwrap()
}

async fn exchange(call: Call, answer: &str) -> (Result<Value, Stop>, String) {
    let (result, asked) = with_api(&[answer.to_owned()], async |client| client.send(&call).await).await;
    (result, asked.concat())
}

/// Whether the head is there, and as much body as it announces.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// An HTTP response.
pub(crate) fn answer(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nx-amzn-RequestId: r-1\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

async fn refused(status: &str, body: &str) -> Stop {
    exchange(Call::get(["issues"]), &answer(status, body))
        .await
        .0
        .unwrap_err()
}

#[tokio::test]
async fn a_call_is_signed_and_its_answer_read() {
    let call = Call::get(["issues"])
        .with("limit", Some(2))
        .with("before", None::<u64>);
    let (result, asked) = exchange(call, &answer("200 OK", r#"{"issues":[]}"#)).await;
    assert_eq!(result, Ok(serde_json::json!({ "issues": [] })));
    assert!(
        asked.starts_with("GET /v1/issues?limit=2 HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(
        asked.contains(
            "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/19700101/eu-west-1/execute-api/"
        )
    );
    assert!(asked.contains("x-amz-date: 19700101T000000Z"), "{asked}");
}

#[tokio::test]
async fn a_document_is_sent_as_it_is_with_the_version_it_replaces() {
    let call = Call::put(["settings"], "projects = []\n", Some(4));
    let (result, asked) = exchange(call, &answer("200 OK", r#"{"version":5}"#)).await;
    assert_eq!(result, Ok(serde_json::json!({ "version": 5 })));
    assert!(asked.starts_with("PUT /v1/settings HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("content-type: application/toml\r\n"), "{asked}");
    assert!(asked.contains("if-match: 4\r\n"), "{asked}");
    assert!(
        asked.contains("SignedHeaders=content-type;host;if-match;x-amz-date"),
        "{asked}"
    );
    assert!(asked.ends_with("\r\n\r\nprojects = []\n"), "{asked}");
}

#[tokio::test]
async fn the_api_s_own_no_is_a_refusal() {
    let stop = refused(
        "409 Conflict",
        r#"{"code":"stale-digest","message":"The stage changed."}"#,
    )
    .await;
    assert_eq!(stop, Stop::refused("stale-digest", "The stage changed."));
    let stop = refused(
        "403 Forbidden",
        r#"{"code":"own-push","message":"You pushed it."}"#,
    )
    .await;
    assert_eq!(stop.code(), "own-push");
}

#[tokio::test]
async fn the_gateway_s_no_says_who_signed_and_what_is_missing() {
    for (words, remedy) in [
        (
            r#"{"Message":"User: arn:x is not authorized to perform: execute-api:Invoke"}"#,
            "ask for execute-api:Invoke",
        ),
        (
            r#"{"message":"Missing Authentication Token"}"#,
            "ends with the stage",
        ),
        (
            r#"{"message":"The security token included in the request is expired"}"#,
            "the session's age",
        ),
    ] {
        let stop = refused("403 Forbidden", words).await;
        let text = stop.to_string();
        assert_eq!(stop.exit_code(), 1, "{text}");
        assert!(text.contains("access key AKIDEXAMPLE for eu-west-1"), "{text}");
        assert!(text.contains(remedy), "{text}");
        assert!(text.contains("(request r-1)"), "{text}");
    }
}

#[tokio::test]
async fn what_broke_is_a_fault_with_the_request_s_id() {
    for (status, body, remedy) in [
        (
            "502 Bad Gateway",
            r#"{"message":"Internal server error"}"#,
            "Internal server error",
        ),
        (
            "500 Internal Server Error",
            r#"{"code":"fault.retry","message":"throttled"}"#,
            "throttled",
        ),
        (
            "429 Too Many Requests",
            r#"{"message":"Too Many Requests"}"#,
            "try again in a moment",
        ),
        ("404 Not Found", "<html>nginx</html>", "check --api-url"),
        ("301 Moved Permanently", "", "check --api-url"),
        ("200 OK", "<html>", "does not understand"),
    ] {
        let stop = refused(status, body).await;
        let text = stop.to_string();
        assert_eq!(stop.exit_code(), 2, "{text}");
        assert!(text.contains(remedy), "{text}");
        assert!(text.contains("(request r-1)"), "{text}");
        assert!(text.contains("/v1/issues"), "{text}");
    }
}

#[tokio::test]
async fn nobody_there_is_a_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let stop = client(&format!("http://{address}/v1"))
        .send(&Call::get(["issues"]))
        .await
        .unwrap_err();
    assert_eq!(stop.exit_code(), 2);
    assert!(stop.to_string().contains("got no answer"), "{stop}");
}

#[test]
fn names_become_segments_and_nothing_else() {
    let base = Url::parse("http://127.0.0.1:4566/_aws/execute-api/abc/v1").unwrap();
    let url = Call::get(["targets", "a b", "x/y?z#1", "versions"])
        .url(&base)
        .unwrap();
    assert_eq!(
        url.as_str(),
        "http://127.0.0.1:4566/_aws/execute-api/abc/v1/targets/a%20b/x%2Fy%3Fz%231/versions"
    );
    let stop = Call::get(["targets", "main", "..", "versions"])
        .url(&base)
        .unwrap_err();
    assert_eq!(stop.exit_code(), 64);
}

#[test]
fn a_missing_or_wrong_url_says_where_to_get_the_right_one() {
    for text in [
        None,
        Some(""),
        Some("abc"),
        Some("ftp://x/v1"),
        Some("https://u:p@x/v1"),
        Some("https://x/v1?a=b"),
    ] {
        let stop = base_url(text).unwrap_err();
        assert_eq!(stop.exit_code(), 64, "{text:?}");
        assert!(stop.to_string().contains("ApiUrl"), "{stop}");
    }
}
