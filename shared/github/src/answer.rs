//! GitHub's answers, and which fault an unhappy one is.

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use model::Fault;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// What GitHub asks for when it names no time itself.
const PATIENCE: Duration = Duration::from_mins(1);
/// The longest wait that is believed: limits are counted by the hour.
const LONGEST: Duration = Duration::from_hours(1);

/// An answer that arrived whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// An unhappy answer, as the cause of a fault.
#[derive(Debug, thiserror::Error)]
#[error("GitHub answered {status}: {message}")]
struct Unhappy {
    status: u16,
    message: String,
}

impl Answer {
    /// GitHub's own words, in one line.
    pub(crate) fn message(&self) -> String {
        #[derive(Deserialize)]
        struct Body {
            message: String,
        }
        let message = serde_json::from_str::<Body>(&self.body).map_or_else(
            |_| {
                self.status
                    .canonical_reason()
                    .unwrap_or("nothing readable")
                    .to_owned()
            },
            |body| body.message,
        );
        let words = message.split(|c: char| c.is_whitespace() || c.is_control());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join(" ").chars().take(300).collect()
    }

    /// The body as JSON; the fault of the answer where it is not a success.
    pub(crate) fn json<T: DeserializeOwned>(&self, operation: &str) -> Result<T, Fault> {
        if !self.status.is_success() {
            return Err(self.fault(operation));
        }
        // Half an answer of a proxy, rather than a new GitHub: worth another try.
        serde_json::from_str(&self.body).map_err(|error| Fault::retry(operation, error))
    }

    /// The fault for an answer that the caller has no use for.
    pub(crate) fn fault(&self, operation: &str) -> Fault {
        let remedy = match self.status {
            StatusCode::UNAUTHORIZED => "check the GitHub App's id and private key in its secret".to_owned(),
            StatusCode::FORBIDDEN => match self.header("x-accepted-github-permissions") {
                Some(needed) => format!(
                    "grant the GitHub App `{needed}` and accept it where it is installed; \
                     check that the repository is not archived"
                ),
                None => "check the permissions of the GitHub App, and that the repository is not archived"
                    .to_owned(),
            },
            StatusCode::NOT_FOUND => "check that the GitHub App is installed on this repository".to_owned(),
            _ => "read GitHub's answer; if our request is wrong, it is a defect of Sluice".to_owned(),
        };
        Fault::operator(operation, remedy, self.cause())
    }

    /// The fault for an answer that may be another one later: something not there yet.
    pub(crate) fn not_yet(&self, operation: &str) -> Fault {
        Fault::retry(operation, self.cause())
    }

    /// The fault if another try may go well whatever was asked: limits, and GitHub's own troubles.
    pub(crate) fn trouble(&self, operation: &str, now: Timestamp) -> Option<Fault> {
        let limited = self.is_limited();
        if !limited && !self.status.is_server_error() && self.status != StatusCode::REQUEST_TIMEOUT {
            return None;
        }
        let after = self
            .wait(now)
            .unwrap_or(if limited { PATIENCE } else { Duration::ZERO });
        Some(Fault::Retry {
            operation: operation.to_owned(),
            after: after.min(LONGEST),
            source: self.cause(),
        })
    }

    /// The query of the page after this one, as GitHub names it; none after the last.
    pub(crate) fn next_query(&self) -> Option<String> {
        let mut links = self.header("link")?.split(',');
        let next = links.find_map(|link| link.trim().strip_suffix("rel=\"next\""));
        let address = next?.split_once('<')?.1.split_once('>')?.0;
        address.split_once('?').map(|(_, query)| query.to_owned())
    }

    fn is_limited(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            || self.status == StatusCode::FORBIDDEN
                && (self.header("retry-after").is_some()
                    || self.header("x-ratelimit-remaining") == Some("0")
                    || self.message().to_ascii_lowercase().contains("rate limit"))
    }

    fn wait(&self, now: Timestamp) -> Option<Duration> {
        if let Some(seconds) = self.number("retry-after") {
            return Some(Duration::from_secs(seconds));
        }
        if self.header("x-ratelimit-remaining") != Some("0") {
            return None;
        }
        let reset = i64::try_from(self.number("x-ratelimit-reset")?).ok()?;
        let seconds = reset.saturating_sub(now.as_second()).max(1);
        u64::try_from(seconds).ok().map(Duration::from_secs)
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn cause(&self) -> Box<dyn std::error::Error + Send + Sync> {
        Box::new(Unhappy {
            status: self.status.as_u16(),
            message: self.message(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: map,
            body: body.to_owned(),
        }
    }

    fn wait(answer: &Answer) -> Option<u64> {
        let now = Timestamp::from_second(1_000).unwrap();
        answer.trouble("asking", now).map(|fault| match fault {
            Fault::Retry { after, .. } => after.as_secs(),
            other @ (Fault::Operator { .. } | Fault::Bug(_)) => panic!("{other:?}"),
        })
    }

    #[test]
    fn limits_and_troubles_say_how_long_to_wait() {
        let reset = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1090")];
        let past = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "900")];
        let plenty = [("x-ratelimit-remaining", "4999"), ("x-ratelimit-reset", "1090")];
        let secondary = r#"{"message": "You have exceeded a secondary rate limit. Please wait"}"#;
        for (name, answer, expected) in [
            ("retry-after", answer(429, &[("retry-after", "7")], ""), Some(7)),
            ("429 without a time", answer(429, &[], ""), Some(60)),
            (
                "403 with retry-after",
                answer(403, &[("retry-after", "30")], ""),
                Some(30),
            ),
            ("403, none remaining", answer(403, &reset, ""), Some(90)),
            ("403, reset just passed", answer(403, &past, ""), Some(1)),
            ("403 in words", answer(403, &plenty, secondary), Some(60)),
            ("nonsense", answer(429, &[("retry-after", "soon")], ""), Some(60)),
            (
                "for ever",
                answer(429, &[("retry-after", "99999999")], ""),
                Some(3600),
            ),
            ("500", answer(500, &[], "<html>"), Some(0)),
            ("502", answer(502, &plenty, ""), Some(0)),
            ("503", answer(503, &[("retry-after", "5")], ""), Some(5)),
            (
                "a plain 403",
                answer(403, &plenty, r#"{"message": "Resource not accessible"}"#),
                None,
            ),
            ("404", answer(404, &[], ""), None),
            ("200", answer(200, &reset, ""), None),
        ] {
            assert_eq!(wait(&answer), expected, "{name}");
        }
    }

    #[test]
    fn the_next_page_is_where_github_says() {
        for (link, expected) in [
            (
                r#"<https://h/app/hook/deliveries?per_page=100&cursor=v1_7>; rel="next""#,
                Some("per_page=100&cursor=v1_7"),
            ),
            (
                r#"<https://h/a?page=1>; rel="prev", <https://h/a?page=3>; rel="next", <https://h/a?page=9>; rel="last""#,
                Some("page=3"),
            ),
            (r#"<https://h/a?page=1>; rel="prev""#, None),
            ("nonsense", None),
        ] {
            let found = answer(200, &[("link", link)], "").next_query();
            assert_eq!(found.as_deref(), expected, "{link}");
        }
        assert_eq!(answer(200, &[], "").next_query(), None);
    }

    #[test]
    fn faults_name_a_remedy_and_githubs_words() {
        let needed = [("x-accepted-github-permissions", "checks=write")];
        let fault =
            answer(403, &needed, "{\"message\": \"Resource not\\naccessible\"}").fault("making a check run");
        let text = fault.chain();
        assert!(text.contains("grant the GitHub App `checks=write`"), "{text}");
        assert!(
            text.contains("GitHub answered 403: Resource not accessible"),
            "{text}"
        );
        assert_eq!(fault.class(), "fault.operator");
    }
}
