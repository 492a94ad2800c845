//! AWS Signature Version 4.

use crate::exit::Stop;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use std::time::SystemTime;

/// The name that API Gateway checks signatures for.
pub(crate) const SERVICE: &str = "execute-api";

/// Who signs, and for what.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    /// The caller's credentials.
    pub(crate) credentials: Credentials,
    /// The API's region.
    pub(crate) region: String,
    /// The API's service.
    pub(crate) service: &'static str,
}

impl Signer {
    /// Adds the signature's headers to a request, which must not be changed any more.
    pub(crate) fn sign(&self, request: &mut http::Request<Vec<u8>>, at: SystemTime) -> Result<(), Stop> {
        self.check()?;
        let instructions = {
            let identity = self.credentials.clone().into();
            let params = SigningParams::builder()
                .identity(&identity)
                .region(&self.region)
                .name(self.service)
                .time(at)
                .settings(SigningSettings::default())
                .build()
                .map_err(unsigned)?;
            let headers = request
                .headers()
                .iter()
                .filter_map(|(name, value)| value.to_str().ok().map(|value| (name.as_str(), value)));
            let signable = SignableRequest::new(
                request.method().as_str(),
                request.uri().to_string(),
                headers,
                SignableBody::Bytes(request.body()),
            )
            .map_err(unsigned)?;
            sign(signable, &params.into()).map_err(unsigned)?.into_parts().0
        };
        instructions.apply_to_request_http1x(request);
        Ok(())
    }

    /// What goes into headers must fit there: a line break copied along with a key does not.
    fn check(&self) -> Result<(), Stop> {
        let token = self.credentials.session_token().unwrap_or_default();
        for (name, text) in [
            ("The access key id", self.credentials.access_key_id()),
            ("The session token", token),
            ("The region", &self.region),
        ] {
            if !text.chars().all(|c| c.is_ascii_graphic()) {
                return Err(Stop::Fault(format!(
                    "{name} holds a space, a line break or another character that can't be in it. \
                     Check how it was copied into the environment or the profile."
                )));
            }
        }
        Ok(())
    }
}

fn unsigned(error: impl std::error::Error) -> Stop {
    Stop::Fault(format!(
        "The request can't be signed: {error}. Check the API URL, the region and the credentials."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// 2015-08-30T12:36:00Z, the moment of AWS's examples.
    const THEN: Duration = Duration::from_mins(24_015_636);

    fn signer(service: &'static str, token: Option<&str>) -> Signer {
        Signer {
            credentials: Credentials::new(
                "AKIDEXAMPLE",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                token.map(str::to_owned),
                None,
                "test",
            ),
            region: "us-east-1".into(),
            service,
        }
    }

    fn authorization(signer: &Signer, mut request: http::Request<Vec<u8>>) -> String {
        signer.sign(&mut request, SystemTime::UNIX_EPOCH + THEN).unwrap();
        assert_eq!(request.headers()["x-amz-date"], "20150830T123600Z");
        request.headers()["authorization"].to_str().unwrap().to_owned()
    }

    /// `get-vanilla` of AWS's Signature Version 4 test suite.
    #[test]
    fn the_suite_s_plainest_request_gets_the_suite_s_signature() {
        let request = http::Request::get("https://example.amazonaws.com/")
            .body(Vec::new())
            .unwrap();
        assert_eq!(
            authorization(&signer("service", None), request),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, \
             Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        );
    }

    /// The worked example of AWS's documentation: `ListUsers`.
    #[test]
    fn the_documentation_s_request_gets_the_documentation_s_signature() {
        let request = http::Request::get("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08")
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(Vec::new())
            .unwrap();
        assert_eq!(
            authorization(&signer("iam", None), request),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        );
    }

    #[test]
    fn a_key_with_a_line_break_is_a_fault_and_no_panic() {
        let mut signer = signer(SERVICE, Some("token\n"));
        let mut request = http::Request::get("http://127.0.0.1/").body(Vec::new()).unwrap();
        let stop = signer
            .sign(&mut request, SystemTime::UNIX_EPOCH + THEN)
            .unwrap_err();
        assert!(stop.to_string().starts_with("The session token"), "{stop}");
        signer.region = "eu west".into();
        assert_eq!(
            signer
                .sign(&mut request, SystemTime::UNIX_EPOCH + THEN)
                .unwrap_err()
                .exit_code(),
            2
        );
    }

    #[test]
    fn a_session_token_is_sent_and_signed() {
        let request = http::Request::get("http://127.0.0.1:4566/v1/issues")
            .body(Vec::new())
            .unwrap();
        let text = authorization(&signer(SERVICE, Some("token")), request);
        assert!(text.contains("/us-east-1/execute-api/aws4_request"), "{text}");
        assert!(
            text.contains("SignedHeaders=host;x-amz-date;x-amz-security-token"),
            "{text}"
        );
    }
}
