//! Faults on order: what GitHub answers instead, how often, and to whom.

use crate::message::{Answer, Asked};
use crate::route::matches;
use bytes::Bytes;
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fault, as it is ordered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// The method it is for; none for any.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// The path it is for, where `*` is any run of characters.
    pub(crate) path: String,
    /// How often; until it is taken back where there is none.
    #[serde(default)]
    pub(crate) times: Option<u32>,
    /// Also for people; else for the App alone.
    #[serde(default)]
    pub(crate) everybody: bool,
    /// What happens.
    pub(crate) what: What,
}

/// What happens to a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum What {
    /// It is answered so, and nothing is done.
    Answer {
        status: u16,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        body: String,
    },
    /// Nothing is done, and the connection ends without a word.
    Silence,
    /// It is done, and the connection ends without a word.
    LostReply,
}

/// The faults that are ordered.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn order(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn left(&self) -> &[Fault] {
        &self.0
    }

    /// What happens to this request, if anything does; it is used up by that.
    pub(crate) fn take(&mut self, asked: &Asked, is_app: bool) -> Option<What> {
        let fits = |fault: &Fault| {
            (is_app || fault.everybody)
                && fault
                    .method
                    .as_ref()
                    .is_none_or(|method| method.as_str() == asked.method.as_str())
                && matches(&fault.path, &asked.path)
        };
        let at = self.0.iter().position(fits)?;
        let fault = self.0.get_mut(at)?;
        let what = fault.what.clone();
        match &mut fault.times {
            None => {}
            Some(times) if *times > 1 => *times -= 1,
            Some(_) => {
                self.0.remove(at);
            }
        }
        Some(what)
    }
}

/// The answer that was ordered.
pub(crate) fn answer(status: u16, headers: &BTreeMap<String, String>, body: &str) -> Answer {
    let mut answer = Answer::empty(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY));
    answer.set("content-type", "application/json; charset=utf-8");
    for (name, value) in headers {
        answer.set(name, value);
    }
    answer.body = Bytes::from(body.to_owned());
    answer
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults, What};
    use crate::message::Asked;
    use hyper::{HeaderMap, Method};

    fn asked(method: Method, path: &str) -> Asked {
        Asked {
            method,
            path: path.to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: bytes::Bytes::new(),
        }
    }

    #[test]
    fn a_fault_comes_as_often_as_it_was_ordered_and_to_whom() {
        let mut faults = Faults::default();
        faults.order(Fault {
            method: Some("PUT".to_owned()),
            path: "/repos/*/contents/*".to_owned(),
            times: Some(2),
            everybody: false,
            what: What::Silence,
        });
        let put = asked(Method::PUT, "/repos/o/r/contents/a");
        assert!(faults.take(&put, false).is_none());
        assert!(
            faults
                .take(&asked(Method::GET, "/repos/o/r/contents/a"), true)
                .is_none()
        );
        assert!(faults.take(&put, true).is_some());
        assert!(faults.take(&put, true).is_some());
        assert!(faults.take(&put, true).is_none());
        assert!(faults.left().is_empty());
    }
}
