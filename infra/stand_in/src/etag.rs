//! Conditional requests: an answer carries a tag of its content, and who has that content already gets none.

use crate::message::{Answer, Asked};
use hyper::{Method, StatusCode};
use sha2::{Digest, Sha256};

/// Tags the answer to a GET, and leaves its body out where the asker named that tag.
pub(crate) fn conditional(asked: &Asked, mut answer: Answer) -> Answer {
    if asked.method != Method::GET || answer.status != StatusCode::OK {
        return answer;
    }
    let digest = hex::encode(Sha256::digest(&answer.body));
    let tag = format!("\"{digest}\"");
    let known = asked.header("if-none-match");
    // Tags are compared weakly, as the standard wants it here.
    let matches = known
        .split(',')
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|known| known == tag);
    if matches {
        let mut unchanged = Answer::empty(StatusCode::NOT_MODIFIED);
        unchanged.headers = answer.headers;
        unchanged.headers.remove("content-type");
        answer = unchanged;
    }
    answer.set("etag", &format!("W/{tag}"));
    answer
}

#[cfg(test)]
mod tests {
    use super::conditional;
    use crate::message::{Answer, Asked};
    use hyper::{HeaderMap, Method, StatusCode};
    use serde_json::json;

    fn asked(known: Option<&str>) -> Asked {
        let mut headers = HeaderMap::new();
        if let Some(known) = known {
            headers.insert("if-none-match", known.parse().unwrap());
        }
        Asked {
            method: Method::GET,
            path: "/".to_owned(),
            query: String::new(),
            headers,
            body: bytes::Bytes::new(),
        }
    }

    #[test]
    fn who_has_it_already_gets_no_body() {
        let answer = |n: u32| Answer::json(StatusCode::OK, &json!({ "n": n }));
        let first = conditional(&asked(None), answer(1));
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        let again = conditional(&asked(Some(&tag)), answer(1));
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        let other = conditional(&asked(Some(&tag)), answer(2));
        assert_eq!(other.status, StatusCode::OK);
    }
}
