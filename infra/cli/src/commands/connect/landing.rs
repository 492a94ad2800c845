//! The page on this machine: it leads to GitHub, and GitHub leads back to it.

use super::manifest::message;
use crate::exit::Stop;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::cell::RefCell;
use std::convert::Infallible;
use std::future::ready;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;

/// The path that GitHub leads back to.
const CREATED: &str = "/created";

/// A port of this machine that only this machine reaches.
pub(super) struct Landing {
    listener: TcpListener,
    address: SocketAddr,
}

/// What is served, and what came back.
struct Visit<'a> {
    address: SocketAddr,
    page: &'a str,
    state: &'a str,
    code: RefCell<Option<String>>,
}

impl Landing {
    /// Opens the port; any free one for 0.
    pub(super) async fn open(port: u16) -> Result<Self, Stop> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let unopened = |error: std::io::Error| {
            Stop::Fault(format!(
                "The port {port} of this machine can't be opened: {error}. Choose another one with --port."
            ))
        };
        let listener = listener.map_err(unopened)?;
        let address = listener.local_addr().map_err(unopened)?;
        Ok(Self { listener, address })
    }

    /// What to open in a browser.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Where GitHub is to lead back to.
    pub(super) fn redirect_url(&self) -> String {
        format!("http://{}{CREATED}", self.address)
    }

    /// Shows the page until GitHub leads back with this state; answers the code that came along.
    pub(super) async fn code(&self, page: &str, state: &str) -> Result<String, Stop> {
        let visit = Visit {
            address: self.address,
            page,
            state,
            code: RefCell::default(),
        };
        // Browsers open connections that they never use: each is served beside the others.
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    // One that is gone again is none.
                    if let Ok((stream, _)) = accepted {
                        let answer = service_fn(|request| ready(Ok::<_, Infallible>(visit.answer(&request))));
                        open.push(http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), answer));
                    }
                }
                Some(_) = open.next(), if !open.is_empty() => {
                    // The answer is out, and the browser shows it.
                    if let Some(code) = visit.code.take() {
                        return Ok(code);
                    }
                }
            }
        }
    }
}

impl Visit<'_> {
    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let host = request
            .headers()
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        if host != Some(self.address.to_string().as_str()) {
            // Another site's name that was made to point here.
            return reply(
                StatusCode::MISDIRECTED_REQUEST,
                &message("This page has another address."),
            );
        }
        if request.method() != Method::GET {
            return reply(
                StatusCode::METHOD_NOT_ALLOWED,
                &message("This page is only read."),
            );
        }
        match request.uri().path() {
            "/" => reply(StatusCode::OK, self.page),
            CREATED => self.created(request.uri().query().unwrap_or_default()),
            _ => reply(StatusCode::NOT_FOUND, &message("There is nothing here.")),
        }
    }

    fn created(&self, query: &str) -> Response<Full<Bytes>> {
        let value = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        if value("state").as_deref() != Some(self.state) {
            return reply(
                StatusCode::BAD_REQUEST,
                &message("This does not come from the page that the command opened: open that one again."),
            );
        }
        match value("code").filter(|code| !code.is_empty()) {
            None => reply(
                StatusCode::BAD_REQUEST,
                &message("GitHub sent no code. Go back, and try again."),
            ),
            Some(code) => {
                *self.code.borrow_mut() = Some(code);
                reply(
                    StatusCode::OK,
                    &message("GitHub made the App. Go back to the terminal: its key is being stored."),
                )
            }
        }
    }
}

fn reply(status: StatusCode, page: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(page.to_owned())));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
