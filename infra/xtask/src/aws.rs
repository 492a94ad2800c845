//! A small signed client for the AWS emulator: as much of each service as setting up a stack takes.

use crate::fault::Fault;
use crate::services::parsed;
use serde::{Deserialize, Serialize};
use std::time::Duration;
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
        let signer = driver::Signer {
            access_key_id: &self.keys.access_key_id,
            secret_access_key: &self.keys.secret_access_key,
            region: &self.region,
        };
        signer
            .headers(service, method, url.as_str(), headers, body)
            .map_err(|trouble| Fault::told(trouble.to_string()))
    }
}
