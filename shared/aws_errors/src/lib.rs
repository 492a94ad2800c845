//! What an answer of AWS means to us: try again, call an operator, or a bug.
//!
//! The adapters over AWS share this, so that a throttle of SQS and one of DynamoDB can't mean two things.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use model::Fault;
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// One call of AWS: what a person needs to find it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// The IAM action, `dynamodb:PutItem`.
    pub action: &'a str,
    /// What it is done to: a table's name, a queue's URL, a secret's ARN.
    pub resource: &'a str,
}

impl fmt::Display for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.action, self.resource)
    }
}

/// What the service said. Its message names principals and resources, never contents.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message}")]
struct Said {
    code: String,
    message: String,
}

/// How long a throttled caller should wait at least.
const AFTER_THROTTLE: Duration = Duration::from_secs(1);

/// Codes that mean: not now, there is too much of it.
const THROTTLES: [&str; 11] = [
    "Throttling",
    "ThrottlingException",
    "ThrottlingError",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "KmsThrottled",
];

/// Codes that mean: not now.
const PASSING: [&str; 12] = [
    "TransactionInProgressException",
    "ReplicatedWriteConflictException",
    "InternalServerError",
    "InternalServiceError",
    "InternalFailure",
    "ServiceUnavailable",
    "RequestTimeout",
    "RequestTimeoutException",
    "ExpiredTokenException",
    "DependencyTimeoutException",
    "KMSInternalException",
    "KeyUnavailableException",
];

/// Codes that mean: the caller may not.
const DENIALS: [&str; 9] = [
    "AccessDenied",
    "AccessDeniedException",
    "KmsAccessDenied",
    "KMSAccessDeniedException",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
];

/// Codes that mean: there is no such thing, or it can't be used as it is.
const MISSING: [&str; 12] = [
    "ResourceNotFoundException",
    "AWS.SimpleQueueService.NonExistentQueue",
    "QueueDoesNotExist",
    "DecryptionFailure",
    "KmsNotFound",
    "KmsDisabled",
    "KmsInvalidState",
    "ItemCollectionSizeLimitExceededException",
    "NotFoundException",
    "DisabledException",
    "KMSInvalidStateException",
    "InvalidKeyUsageException",
];

/// The fault of a call, by the service's error code and HTTP status.
pub fn classify(
    call: Call<'_>,
    code: Option<&str>,
    status: Option<u16>,
    source: impl Into<Box<dyn Error + Send + Sync>>,
) -> Fault {
    let source = source.into();
    let is = |codes: &[&str]| code.is_some_and(|code| codes.contains(&code));
    if is(&THROTTLES) || status == Some(429) {
        return Fault::Retry {
            operation: call.to_string(),
            after: AFTER_THROTTLE,
            source,
        };
    }
    if is(&PASSING) || status.is_none_or(|status| status >= 500) {
        return Fault::retry(call.to_string(), source);
    }
    if is(&DENIALS) {
        let remedy = format!("allow the caller `{}` on {}", call.action, call.resource);
        return Fault::operator(call.to_string(), remedy, source);
    }
    if is(&MISSING) {
        let remedy = format!(
            "make sure that {} exists, in this account and region, and can be used",
            call.resource
        );
        return Fault::operator(call.to_string(), remedy, source);
    }
    Fault::Bug(format!("{call} was refused: {source}"))
}

/// The fault of a call, from what the SDK returned. Without an answer the call may have happened or not.
pub fn fault<E>(call: Call<'_>, error: SdkError<E, HttpResponse>) -> Fault
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    let code = error.code().map(str::to_owned);
    let message = error.message().unwrap_or("no message").to_owned();
    match code {
        Some(code) => classify(call, Some(&code.clone()), status, Said { code, message }),
        None if matches!(error, SdkError::ConstructionFailure(_)) => {
            Fault::Bug(format!("{call} can't be made into a request: {}", chain(&error)))
        }
        None => classify(call, None, status.filter(|status| *status >= 400), error),
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Call<'static> = Call {
        action: "dynamodb:PutItem",
        resource: "ledger",
    };

    fn class(code: Option<&str>, status: Option<u16>) -> &'static str {
        classify(CALL, code, status, "why").class()
    }

    #[test]
    fn each_answer_is_for_the_program_the_operator_or_us() {
        for (code, status, expected) in [
            (Some("ThrottlingException"), Some(400), "fault.retry"),
            (
                Some("ProvisionedThroughputExceededException"),
                Some(400),
                "fault.retry",
            ),
            (Some("TransactionInProgressException"), Some(400), "fault.retry"),
            (Some("SomethingNew"), Some(503), "fault.retry"),
            (None, Some(502), "fault.retry"),
            (None, None, "fault.retry"),
            (Some("AccessDeniedException"), Some(400), "fault.operator"),
            (Some("ResourceNotFoundException"), Some(400), "fault.operator"),
            (
                Some("AWS.SimpleQueueService.NonExistentQueue"),
                Some(400),
                "fault.operator",
            ),
            (Some("KMSInternalException"), Some(500), "fault.retry"),
            (Some("DisabledException"), Some(400), "fault.operator"),
            (Some("InvalidKeyUsageException"), Some(400), "fault.operator"),
            (Some("ValidationException"), Some(400), "fault.bug"),
        ] {
            assert_eq!(class(code, status), expected, "{code:?} {status:?}");
        }
    }

    #[test]
    fn the_remedy_names_the_action_and_the_resource() {
        let text = classify(CALL, Some("AccessDeniedException"), Some(400), "why").to_string();
        assert!(
            text.contains("`dynamodb:PutItem`") && text.contains("ledger"),
            "{text}"
        );
    }

    #[test]
    fn a_throttled_caller_is_told_to_wait() {
        let fault = classify(CALL, Some("ThrottlingException"), Some(400), "why");
        assert!(
            matches!(fault, Fault::Retry { after, .. } if after == AFTER_THROTTLE),
            "{fault:?}"
        );
    }
}
