//! Calls of the API: signed, bounded in time, and answered by JSON or by the reason why not.

use crate::args::Global;
use crate::credentials;
use crate::exit::{Stop, causes};
use crate::refused::{Answered, stop};
use crate::signing::Signer;
use http::{Method, header};
use jiff::Timestamp;
use serde_json::Value;
use std::time::{Duration, SystemTime};
use url::{Host, Url};

/// API Gateway itself gives up after 29 seconds.
const TIMEOUT: Duration = Duration::from_secs(35);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const NO_API_URL: &str = "\
The API's URL is not known. It is the output `ApiUrl` of Sluice's stack:
  aws cloudformation describe-stacks --stack-name <stack> --query \"Stacks[0].Outputs[?OutputKey=='ApiUrl'].OutputValue\" --output text
Pass it with --api-url, or set SLUICE_API_URL.";

/// Signs and sends.
pub(crate) struct Client {
    base: Url,
    signer: Signer,
    http: reqwest::Client,
    now: fn() -> Timestamp,
}

/// One call of the API.
#[derive(Debug, Clone, Default)]
pub(crate) struct Call {
    method: Method,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    if_match: Option<u64>,
    content: Option<(&'static str, Vec<u8>)>,
}

impl Call {
    /// Reads.
    pub(crate) fn get<S: ToString>(path: impl IntoIterator<Item = S>) -> Self {
        Self {
            path: path.into_iter().map(|segment| segment.to_string()).collect(),
            ..Self::default()
        }
    }

    /// Acts.
    pub(crate) fn post<S: ToString>(path: impl IntoIterator<Item = S>, body: &Value) -> Self {
        Self {
            method: Method::POST,
            content: Some(("application/json", body.to_string().into_bytes())),
            ..Self::get(path)
        }
    }

    /// Replaces a document, which must still have this version where one is named.
    pub(crate) fn put<S: ToString>(
        path: impl IntoIterator<Item = S>,
        toml: &str,
        if_match: Option<u64>,
    ) -> Self {
        Self {
            method: Method::PUT,
            if_match,
            content: Some(("application/toml", toml.as_bytes().to_vec())),
            ..Self::get(path)
        }
    }

    /// Replaces what is not a document.
    pub(crate) fn put_json<S: ToString>(path: impl IntoIterator<Item = S>, body: &Value) -> Self {
        Self {
            method: Method::PUT,
            ..Self::post(path, body)
        }
    }

    /// Narrows what is read, where there is something to narrow by.
    pub(crate) fn with(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    fn request(&self, base: &Url) -> Result<http::Request<Vec<u8>>, Stop> {
        let url = self.url(base)?;
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(url.as_str());
        if let Some((content_type, _)) = &self.content {
            request = request.header(header::CONTENT_TYPE, *content_type);
        }
        if let Some(version) = self.if_match {
            request = request.header(header::IF_MATCH, version.to_string());
        }
        let body = self
            .content
            .as_ref()
            .map(|(_, body)| body.clone())
            .unwrap_or_default();
        request
            .body(body)
            .map_err(|error| Stop::Usage(format!("{url} can't be called: {error}. Check --api-url.")))
    }

    fn url(&self, base: &Url) -> Result<Url, Stop> {
        // As a URL's segment, `..` would climb to another route.
        if let Some(dots) = self
            .path
            .iter()
            .find(|segment| [".", ".."].contains(&segment.as_str()))
        {
            return Err(Stop::Usage(format!("`{dots}` is no name of anything.")));
        }
        let mut url = base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(&self.path);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
            // Signature Version 4 writes a space as %20, and so do we; a plus that was meant is %2B by now.
            let query = url.query().map(|query| query.replace('+', "%20"));
            url.set_query(query.as_deref());
        }
        Ok(url)
    }
}

impl Client {
    /// Gets ready: finds the URL, the region and the credentials.
    pub(crate) async fn connect(global: &Global, now: fn() -> Timestamp) -> Result<Self, Stop> {
        let base = base_url(global.api_url.as_deref())?;
        let signer = credentials::signer(global, &base).await?;
        Self::new(base, signer, now)
    }

    /// A client of this URL for this caller.
    pub(crate) fn new(base: Url, signer: Signer, now: fn() -> Timestamp) -> Result<Self, Stop> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("sluice/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT);
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let http = builder
            .build()
            .map_err(|error| Stop::Fault(format!("No HTTP client could be made: {}.", causes(&error))))?;
        Ok(Self {
            base,
            signer,
            http,
            now,
        })
    }

    /// Calls, and waits for the answer.
    pub(crate) async fn send(&self, call: &Call) -> Result<Value, Stop> {
        let mut request = call.request(&self.base)?;
        let place = format!("{} {}", request.method(), request.uri());
        let now = SystemTime::try_from((self.now)())
            .map_err(|error| Stop::Fault(format!("This machine's clock can't be used: {error}. Set it.")))?;
        self.signer.sign(&mut request, now)?;
        let unreachable = |error: reqwest::Error| no_answer(&place, error);
        let request = reqwest::Request::try_from(request).map_err(unreachable)?;
        let response = self.http.execute(request).await.map_err(unreachable)?;
        let status = response.status();
        let request_id = response
            .headers()
            .get("x-amzn-requestid")
            .or_else(|| response.headers().get("x-amz-apigw-id"))
            .and_then(|id| id.to_str().ok())
            .map(str::to_owned);
        let body = response.bytes().await.map_err(unreachable)?;
        let answered = Answered {
            place: &place,
            status,
            request_id: request_id.as_deref(),
            body: &body,
            access_key: self.signer.credentials.access_key_id(),
            region: &self.signer.region,
        };
        if !status.is_success() {
            return Err(stop(&answered));
        }
        serde_json::from_slice(&body).map_err(|error| answered.not_understood(&error))
    }
}

fn no_answer(place: &str, error: reqwest::Error) -> Stop {
    let outcome = if error.is_connect() || error.is_builder() {
        "Nothing was done. Check the API URL and the network."
    } else {
        "Whether it was done is not known: look, then try again."
    };
    Stop::Fault(format!(
        "{place} got no answer: {}.\n{outcome}",
        causes(&error.without_url())
    ))
}

/// The API's URL, from the command line or the environment.
pub(crate) fn base_url(text: Option<&str>) -> Result<Url, Stop> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Stop::Usage(NO_API_URL.to_owned()))?;
    let url = Url::parse(text)
        .map_err(|error| Stop::Usage(format!("`{text}` is no URL ({error}).\n{NO_API_URL}")))?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !["http", "https"].contains(&url.scheme()) || !url.has_host() || !plain || url.fragment().is_some() {
        return Err(Stop::Usage(format!(
            "`{text}` is not the URL of an API: https, a host and the stage, nothing else.\n{NO_API_URL}"
        )));
    }
    Ok(url)
}

/// Whether a URL is of this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
pub(crate) mod tests;
