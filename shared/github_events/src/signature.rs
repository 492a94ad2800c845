//! `X-Hub-Signature-256`: HMAC-SHA256 over the raw bytes of the body.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// `sha256=` and 64 hexadecimal digits; anything else was not written by GitHub.
const HEADER_LENGTH: usize = 71;

/// The body of a delivery whose signature holds. Only [`verify`] makes one.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    body: &'a [u8],
}

impl<'a> Verified<'a> {
    pub(crate) fn body(&self) -> &'a [u8] {
        self.body
    }
}

impl std::fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verified")
            .field("bytes", &self.body.len())
            .finish()
    }
}

/// Why a delivery is not believed. For our logs: the sender is told nothing but 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// Nothing to check against: no secret, or an empty one. An operator has to store it.
    #[error("the webhook secret is not configured, or empty; store it in the webhook's secret")]
    NoSecret,
    /// No `X-Hub-Signature-256`.
    #[error("the header X-Hub-Signature-256 is missing; set a secret in the webhook's settings on GitHub")]
    Missing,
    /// Not `sha256=` and 64 hexadecimal digits.
    #[error("the header X-Hub-Signature-256 is not `sha256=` and 64 hexadecimal digits")]
    Malformed,
    /// Signed with another secret, or changed on the way.
    #[error(
        "the signature does not match the body; compare the webhook's secret on GitHub with the stored one"
    )]
    Mismatch,
}

/// Checks the signature of a delivery against each secret (the current one and, while it is replaced, the previous).
///
/// `body` must be the raw bytes as GitHub sent them. Comparing takes the same time wherever the first difference is.
pub fn verify<'a>(
    secrets: &[&[u8]],
    body: &'a [u8],
    signature_header: Option<&str>,
) -> Result<Verified<'a>, BadSignature> {
    if secrets.is_empty() || secrets.iter().any(|secret| secret.is_empty()) {
        return Err(BadSignature::NoSecret);
    }
    let signature = claimed(signature_header.ok_or(BadSignature::Missing)?)?;
    let mut holds = false;
    for secret in secrets {
        holds |= signed_with(secret, body, &signature);
    }
    if holds {
        Ok(Verified { body })
    } else {
        Err(BadSignature::Mismatch)
    }
}

fn claimed(header: &str) -> Result<[u8; 32], BadSignature> {
    if header.len() != HEADER_LENGTH {
        return Err(BadSignature::Malformed);
    }
    let digits = header.strip_prefix("sha256=").ok_or(BadSignature::Malformed)?;
    let mut signature = [0; 32];
    hex::decode_to_slice(digits, &mut signature).map_err(|_| BadSignature::Malformed)?;
    Ok(signature)
}

fn signed_with(secret: &[u8], body: &[u8], signature: &[u8; 32]) -> bool {
    // HMAC takes keys of any length; the error can't happen, and if it could it would be a "no".
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The vector of GitHub's documentation.
    const SECRET: &[u8] = b"It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const DIGITS: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn outcome(secrets: &[&[u8]], body: &[u8], header: Option<&str>) -> Result<(), BadSignature> {
        verify(secrets, body, header).map(|verified| assert_eq!(verified.body(), body))
    }

    #[test]
    fn the_documented_vector_holds_in_either_case_and_with_either_secret() {
        let lower = format!("sha256={DIGITS}");
        let upper = format!("sha256={}", DIGITS.to_uppercase());
        assert_eq!(outcome(&[SECRET], BODY, Some(&lower)), Ok(()));
        assert_eq!(outcome(&[SECRET], BODY, Some(&upper)), Ok(()));
        assert_eq!(outcome(&[b"next", SECRET], BODY, Some(&lower)), Ok(()));
        assert_eq!(outcome(&[SECRET, b"previous"], BODY, Some(&lower)), Ok(()));
    }

    #[test]
    fn every_other_header_is_refused() {
        use BadSignature::{Malformed, Mismatch, Missing};
        let good = format!("sha256={DIGITS}");
        let cases = [
            ("no header", None, Missing),
            ("an empty header", Some(String::new()), Malformed),
            ("no prefix", Some(DIGITS.to_owned()), Malformed),
            (
                "sha1",
                Some("sha1=757107ea0eb2509fc211221cce984b8a37570b6d".into()),
                Malformed,
            ),
            (
                "sha1 by name",
                Some(good.replace("sha256=", "sha1=00")),
                Malformed,
            ),
            ("prefix in capitals", Some(good.replace("sha", "SHA")), Malformed),
            ("too short", Some(good.trim_end_matches('7').into()), Malformed),
            ("too long", Some(format!("{good}0")), Malformed),
            ("a space before", Some(format!(" {good}")), Malformed),
            ("a line end after", Some(format!("{good}\n")), Malformed),
            ("two merged by a comma", Some(format!("{good},{good}")), Malformed),
            ("not hexadecimal", Some(good.replace("e17", "g17")), Malformed),
            ("71 bytes, not ASCII", Some(good.replace("e17", "1é")), Malformed),
            ("one bit off", Some(good.replace("e17", "e16")), Mismatch),
        ];
        for (name, header, expected) in cases {
            assert_eq!(
                outcome(&[SECRET], BODY, header.as_deref()),
                Err(expected),
                "{name}"
            );
        }
    }

    #[test]
    fn every_other_secret_and_body_is_refused() {
        use BadSignature::{Mismatch, NoSecret};
        let good = format!("sha256={DIGITS}");
        let refused = |secrets: &[&[u8]], body| outcome(secrets, body, Some(&good));
        assert_eq!(refused(&[], BODY), Err(NoSecret));
        assert_eq!(refused(&[b""], BODY), Err(NoSecret));
        assert_eq!(
            refused(&[SECRET, b""], BODY),
            Err(NoSecret),
            "one empty secret of two"
        );
        assert_eq!(refused(&[b"other"], BODY), Err(Mismatch));
        assert_eq!(refused(&[SECRET], b"Hello, World?"), Err(Mismatch));
        assert_eq!(refused(&[SECRET], b""), Err(Mismatch));
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic_or_pass(header in any::<Option<String>>(), body in any::<Vec<u8>>()) {
            prop_assert!(verify(&[SECRET], &body, header.as_deref()).is_err());
        }

        #[test]
        fn no_right_length_header_makes_it_panic_or_pass(header in "sha256=\\PC{16,64}") {
            prop_assert!(verify(&[SECRET], BODY, Some(&header)).is_err());
        }
    }
}
