//! The three servers of the local stack, each on a free port of the loopback interface.

pub(crate) mod emulate;
pub(crate) mod ministack;
pub(crate) mod mysql;

use crate::aws::Http;
use crate::context::Context;
use crate::fault::{At, Fault, tail};
use crate::processes::Group;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};
use url::Url;

/// A port that nobody listens on right now.
pub(crate) fn free_port() -> Result<u16, Fault> {
    let fault = |source| Fault::Io {
        what: "no free port on 127.0.0.1".to_owned(),
        source,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(fault)?;
    Ok(listener.local_addr().map_err(fault)?.port())
}

/// `http://127.0.0.1:{port}`.
pub(crate) fn local_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// A URL that we put together ourselves.
pub(crate) fn parsed(text: &str) -> Result<Url, Fault> {
    Url::parse(text).map_err(|error| Fault::told(format!("{text} is no URL: {error}")))
}

/// Random bytes as text, for secrets.
pub(crate) fn random(bytes: usize) -> Result<String, Fault> {
    let path = Path::new("/dev/urandom");
    let mut buffer = vec![0; bytes];
    std::fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut buffer))
        .at("read", path)?;
    Ok(hex::encode(buffer))
}

/// Waits until a service answers; gives the reason and the end of its log when it dies or takes too long.
pub(crate) fn wait_until_ready(
    context: &Context,
    group: &Group,
    patience: Duration,
    ready: impl Fn() -> Result<(), String>,
) -> Result<(), Fault> {
    let began = Instant::now();
    loop {
        let reason = match ready() {
            Ok(()) => return Ok(()),
            Err(reason) => reason,
        };
        let log = context.log_file(&group.name)?;
        if !group.runs() {
            return Err(Fault::told(format!(
                "{} ended at once; its log is {}\n{}",
                group.name,
                log.display(),
                tail(&log)
            )));
        }
        if began.elapsed() > patience {
            let seconds = patience.as_secs();
            return Err(Fault::Deadline {
                what: group.name.clone(),
                seconds,
                reason,
                tail: tail(&log),
                log,
            });
        }
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Whether a GET is answered with 200.
pub(crate) fn answers(http: &Http, url: &str) -> Result<(), String> {
    let parsed = Url::parse(url).map_err(|error| error.to_string())?;
    match http.send("health", "GET", parsed, &[], Vec::new()) {
        Ok(answer) if answer.status == 200 => Ok(()),
        Ok(answer) => Err(format!("{url} answers {}", answer.status)),
        Err(fault) => Err(fault.to_string()),
    }
}
