//! The server: one connection after the other, one request after the other on each.

use crate::config::Config;
use crate::desk::Desk;
use crate::faults::{self, What};
use crate::message::{Answer, Asked};
use crate::{Trouble, buttons, control, deliveries, emulator, etag, pulls, refs};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;
use tokio::net::TcpListener;

/// Serves until the process is ended.
pub async fn serve(config: Config) -> Result<(), Trouble> {
    let port = config.port;
    let desk = Arc::new(Desk::new(config)?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| Trouble(format!("port {port} can't be listened on: {error}")))?;
    loop {
        let (connection, _) = listener
            .accept()
            .await
            .map_err(|error| Trouble(format!("no connection can be taken: {error}")))?;
        let desk = Arc::clone(&desk);
        beside(async move {
            let service = service_fn(|request| handle(Arc::clone(&desk), request));
            // Whoever hangs up hangs up; there is nobody to tell.
            let _ended = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(connection), service)
                .await;
        });
    }
}

async fn handle(desk: Arc<Desk>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Trouble> {
    let (parts, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map_err(|error| Trouble(format!("a request broke off: {error}")))?
        .to_bytes();
    let asked = Asked {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
    };
    if let Some(answer) = control::answer(&desk, &asked).await {
        return Ok(response(answer));
    }
    let (at, began) = (Timestamp::now(), Instant::now());
    let is_app = desk.is_app(&asked);
    let ordered = desk.faults().take(&asked, is_app);
    let answer = match &ordered {
        None | Some(What::LostReply) => Some(real(&desk, &asked, is_app).await),
        Some(What::Silence) => None,
        Some(What::Answer {
            status,
            headers,
            body,
        }) => Some(faults::answer(*status, headers, body)),
    };
    let lost = matches!(ordered, Some(What::LostReply | What::Silence));
    if let (Some(answer), true) = (&answer, is_app) {
        desk.calls().note(&asked, answer, at, began.elapsed());
    }
    match answer {
        Some(answer) if !lost => Ok(response(answer)),
        // The connection ends without a word.
        Some(_) | None => Err(Trouble("an ordered silence".to_owned())),
    }
}

/// What GitHub would answer, with what it would tell of it afterwards.
async fn real(desk: &Arc<Desk>, asked: &Asked, is_app: bool) -> Answer {
    if let Some(answer) = deliveries::answer(desk, asked).await {
        return etag::conditional(asked, answer);
    }
    let refusal = is_app.then(|| desk.rules().refusal(asked)).flatten();
    if let Some(refusal) = refusal.or_else(|| buttons::refusal(asked)) {
        return refusal;
    }
    if let Some(answer) = pulls::files(desk, asked).await {
        return etag::conditional(asked, answer);
    }
    let (moved, pull) = (refs::moved(desk, asked).await, pulls::before(desk, asked).await);
    let mut answer = emulator::pass(desk, asked).await;
    if answer.status == StatusCode::NOT_FOUND
        && let Some(found) = pulls::of_a_fork(desk, asked).await
    {
        answer = found;
    }
    let answer = pulls::renewed(desk, asked, answer).await;
    buttons::note(desk, asked, &answer);
    if answer.status.is_success() && (moved.is_some() || pull.is_some()) {
        let (desk, asked, answer) = (Arc::clone(desk), asked.clone(), answer.clone());
        // As with GitHub, nobody who pushes waits for those who are told of it.
        beside(async move {
            if let Some(moved) = moved {
                refs::tell(&desk, asked.token(), &moved).await;
            }
            if let Some(before) = pull {
                pulls::changed(&desk, &asked, &answer, &before).await;
            }
        });
    }
    etag::conditional(asked, answer)
}

/// Goes on with something while the next request comes.
#[expect(
    clippy::disallowed_methods,
    reason = "this is a server on somebody's machine, and nothing freezes it"
)]
fn beside(work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(work);
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}
