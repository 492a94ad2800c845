//! A server that answers by a script, and remembers what it was asked.

use super::ClockAt;
use super::described::Described;
use crate::{Access, App, GitHub, Identity};
use jiff::{SignedDuration, Timestamp};
use model::{Fault, RepositoryId, RepositoryRef};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// One answer.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
    hang_up: bool,
}

pub(super) fn reply(status: u16, body: Value) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body,
        hang_up: false,
    }
}

/// GitHub's way of saying no.
pub(super) fn no(status: u16, message: &str) -> Reply {
    reply(status, json!({"message": message}))
}

/// The connection ends without an answer.
pub(super) fn hang_up() -> Reply {
    Reply {
        hang_up: true,
        ..reply(200, Value::Null)
    }
}

impl Reply {
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What was asked.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// `GET /path?query`.
    pub(super) line: String,
    pub(super) headers: Vec<String>,
    pub(super) body: Value,
}

/// A request as it came.
pub(super) struct Asked {
    /// `GET /path?query`.
    pub(super) line: String,
    /// Its lines up to the body, the first one too.
    pub(super) head: Vec<String>,
    pub(super) bytes: Vec<u8>,
    /// The body as JSON; null where it is none.
    pub(super) body: Value,
}

/// A token for an hour, for the repository under this name.
pub(super) fn token(token: &str, name: &str) -> Reply {
    let expires_at = Timestamp::now() + SignedDuration::from_hours(1);
    reply(
        201,
        json!({"token": token, "expires_at": expires_at, "repositories": [{"id": 7, "full_name": name}]}),
    )
}

/// The adapter in front of a script.
pub(super) struct Scripted {
    pub(super) github: GitHub,
    pub(super) clock: Arc<ClockAt>,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// Every request must be one that GitHub describes.
    _described: Described,
}

impl Scripted {
    /// Everything that was asked, as `METHOD /path`.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// What was asked, but for tokens and below the repository.
    pub(super) fn asked(&self) -> Vec<String> {
        self.lines()
            .iter()
            .filter(|line| !line.contains("/access_tokens"))
            .map(|line| line.replace("/repos/sluice-demo/shop", ""))
            .collect()
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

pub(super) fn repository() -> RepositoryRef {
    RepositoryRef {
        id: RepositoryId(7),
        installation_id: 5001,
        name: "sluice-demo/shop".to_owned(),
    }
}

/// The adapter in front of these answers; tokens are given freely.
pub(super) fn scripted(answers: Vec<Reply>) -> Scripted {
    scripted_with(Access::Write, vec![token("ghs_1", "sluice-demo/shop")], answers)
}

/// The adapter in front of these answers and these tokens; the last token is given again and again.
pub(super) fn scripted_with(access: Access, tokens: Vec<Reply>, answers: Vec<Reply>) -> Scripted {
    scripted_below("", access, tokens, answers)
}

/// The same, where the API is below a path of its server.
pub(super) fn scripted_below(
    path: &str,
    access: Access,
    tokens: Vec<Reply>,
    answers: Vec<Reply>,
) -> Scripted {
    answered_by(path, access, in_turn(tokens, answers))
}

/// The adapter of this App.
pub(super) fn scripted_as(
    identity: Identity,
    access: Access,
    tokens: Vec<Reply>,
    answers: Vec<Reply>,
) -> Scripted {
    answered_as(identity, "", access, in_turn(tokens, answers))
}

/// These answers one after the other, and the last token again and again.
fn in_turn(tokens: Vec<Reply>, answers: Vec<Reply>) -> impl FnMut(&Asked) -> Reply + Send + 'static {
    let (mut tokens, mut answers) = (VecDeque::from(tokens), VecDeque::from(answers));
    move |asked| {
        if !asked.line.contains("/access_tokens") {
            answers
                .pop_front()
                .unwrap_or_else(|| no(418, "the script is over"))
        } else if tokens.len() > 1 {
            tokens.pop_front().unwrap()
        } else {
            tokens.front().unwrap().clone()
        }
    }
}

/// The adapter in front of whoever answers.
pub(super) fn answered_by(
    path: &str,
    access: Access,
    answer: impl FnMut(&Asked) -> Reply + Send + 'static,
) -> Scripted {
    let app = App {
        id: 1001,
        private_key: include_str!("no_app.pem").to_owned().into(),
    };
    answered_as(Identity::with_own_key(&app).unwrap(), path, access, answer)
}

fn answered_as(
    identity: Identity,
    path: &str,
    access: Access,
    mut answer: impl FnMut(&Asked) -> Reply + Send + 'static,
) -> Scripted {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}{path}", listener.local_addr().unwrap());
    let described = Described::default();
    let (seen, clock, notes) = (Arc::default(), ClockAt::now(), described.0.clone());
    let scripted = Scripted {
        github: GitHub::speaking_as(&url, identity, access, clock.clone()).unwrap(),
        clock,
        seen: Arc::clone(&seen),
        _described: described,
    };
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let asked = read(&stream);
            let reply = answer(&asked);
            notes.hold(&asked);
            seen.lock().unwrap().push(Seen {
                line: asked.line,
                headers: asked.head.into_iter().skip(1).collect(),
                body: asked.body,
            });
            write(stream, &reply);
        }
    });
    scripted
}

pub(super) fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let length = head
        .iter()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).unwrap();
    Asked {
        line: head[0].trim_end_matches(" HTTP/1.1").to_owned(),
        head,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
        bytes,
    }
}

fn write(mut stream: TcpStream, answer: &Reply) {
    if answer.hang_up {
        return;
    }
    let body = answer.body.to_string();
    let mut head = format!(
        "HTTP/1.1 {} x\r\nconnection: close\r\ncontent-length: {}\r\n",
        answer.status,
        body.len()
    );
    for (name, value) in &answer.headers {
        head = format!("{head}{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
}

/// How long a fault asks to wait, in seconds; it must be one that another try may cure.
pub(super) fn wait<T: std::fmt::Debug>(result: Result<T, Fault>) -> u64 {
    match result {
        Err(Fault::Retry { after, .. }) => after.as_secs(),
        other @ (Ok(_) | Err(Fault::Operator { .. } | Fault::Bug(_))) => {
            panic!("not for another try: {other:?}")
        }
    }
}

/// The chain of a fault; it must be one for the operator.
pub(super) fn operator<T: std::fmt::Debug>(result: Result<T, Fault>) -> String {
    match result {
        Err(fault @ Fault::Operator { .. }) => fault.chain(),
        other @ (Ok(_) | Err(Fault::Retry { .. } | Fault::Bug(_))) => {
            panic!("not for the operator: {other:?}")
        }
    }
}
