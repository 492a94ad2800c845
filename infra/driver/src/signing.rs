//! Signature Version 4, for whoever drives the AWS emulator.

use crate::Trouble;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use std::time::{Duration, SystemTime};

/// Who signs, and for where.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// Access key id.
    pub access_key_id: &'a str,
    /// Its secret.
    pub secret_access_key: &'a str,
    /// The region.
    pub region: &'a str,
}

impl Signer<'_> {
    /// The headers that a request needs on top of those given.
    pub fn headers(
        &self,
        service: &str,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Trouble> {
        self.headers_at(now(), service, method, url, headers, body)
    }

    /// The same, signed at a time.
    pub fn headers_at(
        &self,
        time: SystemTime,
        service: &str,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Trouble> {
        let trouble =
            |what: &dyn std::fmt::Display| Trouble(format!("cannot sign a {service} request: {what}"));
        let identity: Identity = Credentials::new(
            self.access_key_id,
            self.secret_access_key,
            None,
            None,
            "local stack",
        )
        .into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(service)
            .time(time)
            .settings(settings(service))
            .build()
            .map_err(|error| trouble(&error))?
            .into();
        let signed = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let content = if service == "s3" {
            SignableBody::UnsignedPayload
        } else {
            SignableBody::Bytes(body)
        };
        let request = SignableRequest::new(method, url, signed, content).map_err(|error| trouble(&error))?;
        let (instructions, _signature) = sign(request, &parameters)
            .map_err(|error| trouble(&error))?
            .into_parts();
        Ok(instructions
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }
}

fn settings(service: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
    }
    settings
}

/// The time, as signing takes it.
fn now() -> SystemTime {
    let seconds = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
