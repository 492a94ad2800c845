//! The emulator behind us.

use crate::desk::Desk;
use crate::message::{Answer, Asked};
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};
use serde_json::Value;

/// What belongs to one connection and not to what is said over it.
const OF_THE_CONNECTION: [HeaderName; 7] = [
    hyper::header::HOST,
    hyper::header::CONNECTION,
    hyper::header::CONTENT_LENGTH,
    hyper::header::TRANSFER_ENCODING,
    hyper::header::ACCEPT_ENCODING,
    hyper::header::IF_NONE_MATCH,
    HeaderName::from_static("keep-alive"),
];

/// Passes a request on as it is.
pub(crate) async fn pass(desk: &Desk, asked: &Asked) -> Answer {
    let mut headers = travelling(&asked.headers);
    let token = asked.token();
    let shown = desk.token_for(token);
    if shown != token
        && let Ok(value) = HeaderValue::from_str(&format!("Bearer {shown}"))
    {
        headers.insert(AUTHORIZATION, value);
    }
    let url = format!("{}{}", desk.config.emulator, asked.target());
    let request = desk
        .client
        .request(asked.method.clone(), url)
        .headers(headers)
        .body(asked.body.clone());
    match read(request).await {
        Ok(answer) => answer,
        Err(error) => Answer::refused(
            StatusCode::BAD_GATEWAY,
            &format!("the emulator gave no answer: {error}"),
        ),
    }
}

/// Asks something on our own account, as the first person we know; none where the answer is no success.
pub(crate) async fn ask(desk: &Desk, path: &str) -> Option<Value> {
    let person = desk.config.people.first()?;
    ask_as(desk, &person.token, path).await
}

/// Asks with this token.
pub(crate) async fn ask_as(desk: &Desk, token: &str, path: &str) -> Option<Value> {
    let request = desk
        .client
        .request(Method::GET, format!("{}{path}", desk.config.emulator))
        .bearer_auth(desk.token_for(token))
        .header("user-agent", "stand-in");
    let answer = read(request).await.ok()?;
    answer.status.is_success().then(|| answer.read())
}

/// Sends a request and reads its answer to the end.
pub(crate) async fn read(request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
    let answer = request.send().await?;
    Ok(Answer {
        status: answer.status(),
        headers: travelling(answer.headers()),
        body: answer.bytes().await?,
    })
}

fn travelling(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
    headers
}
