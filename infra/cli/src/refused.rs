//! What an answer that is not "yes" means: whose "no" it is, and what to do about it.

use crate::exit::Stop;
use http::StatusCode;
use model::Refusal;
use serde_json::Value;

/// An answer with what is needed to explain it.
pub(crate) struct Answered<'a> {
    /// Method and URL.
    pub(crate) place: &'a str,
    /// The status.
    pub(crate) status: StatusCode,
    /// AWS's id of the request, for its logs.
    pub(crate) request_id: Option<&'a str>,
    /// The body, of any kind.
    pub(crate) body: &'a [u8],
    /// Who signed.
    pub(crate) access_key: &'a str,
    /// The region that was signed for.
    pub(crate) region: &'a str,
}

impl Answered<'_> {
    /// A success whose body is something else than the API's contract says.
    pub(crate) fn not_understood(&self, why: &serde_json::Error) -> Stop {
        Stop::Fault(format!(
            "{} answered {} with something that this version of sluice does not understand ({why}){}. \
             Check that --api-url is Sluice's API, and that this command is as new as the stack.",
            self.place,
            self.status,
            self.id()
        ))
    }

    fn id(&self) -> String {
        self.request_id
            .map(|id| format!(" (request {id})"))
            .unwrap_or_default()
    }

    /// The words of API Gateway, which spells their key in two ways; else the start of the body.
    fn words(&self) -> String {
        let value: Option<Value> = serde_json::from_slice(self.body).ok();
        let message = value
            .as_ref()
            .and_then(|value| value.get("message").or_else(|| value.get("Message")));
        match message.and_then(Value::as_str) {
            Some(message) => message.to_owned(),
            None => String::from_utf8_lossy(self.body)
                .trim()
                .chars()
                .take(200)
                .collect(),
        }
    }
}

/// Explains an answer other than success.
pub(crate) fn stop(answered: &Answered<'_>) -> Stop {
    let refusal = serde_json::from_slice::<Refusal>(answered.body);
    match refusal {
        Ok(refusal) if answered.status.is_client_error() => Stop::Refused(refusal),
        Ok(_) | Err(_) if answered.status == StatusCode::FORBIDDEN => forbidden(answered),
        Ok(refusal) => broken(answered, &refusal.message),
        Err(_) => broken(answered, &answered.words()),
    }
}

/// API Gateway's own "no", given before Sluice was asked.
fn forbidden(answered: &Answered<'_>) -> Stop {
    let words = answered.words();
    let remedy = if words.contains("Missing Authentication Token") || words == "Forbidden" {
        "There is no such route: check that --api-url ends with the stage, as the stack's output `ApiUrl` does."
    } else if words.contains("signature") || words.contains("security token") || words.contains("expired") {
        "The signature was not accepted: check the secret key, the session's age, --region and this machine's clock."
    } else {
        "This identity may not call it: ask for execute-api:Invoke on this route of the API."
    };
    Stop::refused(
        "not-allowed",
        format!(
            "{} was refused by API Gateway: {words}{}\nIt was signed with access key {} for {}. {remedy}",
            answered.place,
            answered.id(),
            answered.access_key,
            answered.region,
        ),
    )
}

fn broken(answered: &Answered<'_>, words: &str) -> Stop {
    let Answered { place, status, .. } = answered;
    let remedy = if *status == StatusCode::TOO_MANY_REQUESTS {
        "Too many calls at once: try again in a moment."
    } else if status.is_server_error() {
        "Try again; if it stays, look for the request in the log of the approvals function."
    } else {
        "This is not an answer of Sluice: check --api-url."
    };
    Stop::Fault(format!(
        "{place} answered {status}: {words}{}\n{remedy}",
        answered.id()
    ))
}
