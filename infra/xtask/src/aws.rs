//! A small signed client for the AWS emulator: as much of each service as setting up a stack takes.

use crate::fault::Fault;
use crate::services::parsed;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};
use url::Url;

/// Somebody who signs requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Keys {
    /// Access key id.
    pub(crate) access_key_id: String,
    /// Its secret.
    pub(crate) secret_access_key: String,
}

impl Keys {
    /// The emulator's account root.
    pub(crate) fn root() -> Self {
        Self {
            access_key_id: "test".to_owned(),
            secret_access_key: "test".to_owned(),
        }
    }
}

/// A client of one endpoint, signing as one principal.
pub(crate) struct Client {
    http: Http,
    endpoint: Url,
    region: String,
    keys: Keys,
}

/// The time, as signing takes it.
fn now() -> SystemTime {
    let seconds = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// An answer: status and text.
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: String,
}

/// A plain HTTP client that blocks.
pub(crate) struct Http {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Http {
    /// One connection pool and the thread that serves it.
    pub(crate) fn new() -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| Fault::Io {
                what: "cannot start the HTTP client".to_owned(),
                source,
            })?;
        let client = reqwest::Client::builder()
            .timeout(Duration::from_mins(1))
            // Everything here is on this machine; a proxy would not find it.
            .no_proxy()
            .build()
            .map_err(|source| Fault::Unreachable {
                operation: "the HTTP client".to_owned(),
                source,
            })?;
        Ok(Self { runtime, client })
    }

    /// Sends one request.
    pub(crate) fn send(
        &self,
        operation: &str,
        method: &str,
        url: Url,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Result<Answer, Fault> {
        let unreachable = |source| Fault::Unreachable {
            operation: operation.to_owned(),
            source,
        };
        let method = reqwest::Method::from_bytes(method.as_bytes())
            .map_err(|_| Fault::told(format!("{method} is no HTTP method")))?;
        let mut request = self.client.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.map_err(unreachable)?;
            let status = answer.status().as_u16();
            let body = answer.text().await.map_err(unreachable)?;
            Ok(Answer { status, body })
        })
    }
}

impl Answer {
    /// The body of a 2xx answer.
    pub(crate) fn ok(self, operation: &str) -> Result<String, Fault> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        Err(Fault::Refused {
            operation: operation.to_owned(),
            status: self.status,
            body: self.body,
        })
    }
}

impl Client {
    /// Signs as `keys` for the emulator at `endpoint`.
    pub(crate) fn new(endpoint: &str, region: &str, keys: Keys) -> Result<Self, Fault> {
        Ok(Self {
            http: Http::new()?,
            endpoint: parsed(endpoint)?,
            region: region.to_owned(),
            keys,
        })
    }

    /// Calls a service of the query kind (CloudFormation, IAM); the answer is XML.
    pub(crate) fn query(
        &self,
        service: &str,
        version: &str,
        action: &str,
        parameters: &[(String, String)],
    ) -> Result<Answer, Fault> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", action)
            .append_pair("Version", version)
            .extend_pairs(parameters);
        let headers = [(
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        )];
        self.call(
            service,
            "POST",
            self.endpoint.clone(),
            &headers,
            form.finish().into_bytes(),
        )
    }

    /// Calls a service of the JSON kind (Logs, Secrets Manager).
    pub(crate) fn json(
        &self,
        service: &str,
        target: &str,
        body: &serde_json::Value,
    ) -> Result<Answer, Fault> {
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.call(
            service,
            "POST",
            self.endpoint.clone(),
            &headers,
            body.to_string().into_bytes(),
        )
    }

    /// Stores an object.
    pub(crate) fn put_object(&self, bucket: &str, key: &str, content: Vec<u8>) -> Result<(), Fault> {
        let url = self.path(&[bucket, key])?;
        self.call("s3", "PUT", url, &[], content)?
            .ok("S3 PutObject")
            .map(|_empty| ())
    }

    /// An address below the endpoint.
    pub(crate) fn path(&self, segments: &[&str]) -> Result<Url, Fault> {
        let mut url = self.endpoint.clone();
        url.path_segments_mut()
            .map_err(|()| Fault::told(format!("{} cannot have a path", self.endpoint)))?
            .extend(segments);
        Ok(url)
    }

    /// Sends one signed request to a service.
    pub(crate) fn call(
        &self,
        service: &str,
        method: &str,
        url: Url,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Result<Answer, Fault> {
        let mut all = headers.to_vec();
        all.extend(self.signature(service, method, &url, headers, &body)?);
        self.http.send(
            &format!("{service} {method} {}", url.path()),
            method,
            url,
            &all,
            body,
        )
    }

    fn signature(
        &self,
        service: &str,
        method: &str,
        url: &Url,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Fault> {
        let fault =
            |what: &dyn std::fmt::Display| Fault::told(format!("cannot sign a {service} request: {what}"));
        let identity: Identity = Credentials::new(
            &self.keys.access_key_id,
            &self.keys.secret_access_key,
            None,
            None,
            "local stack",
        )
        .into();
        let mut settings = SigningSettings::default();
        if service == "s3" {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            settings.percent_encoding_mode = PercentEncodingMode::Single;
        }
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service)
            .time(now())
            .settings(settings)
            .build()
            .map_err(|error| fault(&error))?
            .into();
        let signed = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let content = if service == "s3" {
            SignableBody::UnsignedPayload
        } else {
            SignableBody::Bytes(body)
        };
        let request =
            SignableRequest::new(method, url.as_str(), signed, content).map_err(|error| fault(&error))?;
        let (instructions, _signature) = sign(request, &parameters)
            .map_err(|error| fault(&error))?
            .into_parts();
        Ok(instructions
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }
}
