//! Who calls: what API Gateway put into the event after checking the signature, and nothing else.

use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use model::{Principal, Refusal};

/// The signed principal. An event without one did not come through a signed route of the API.
pub(crate) fn caller(request: &Request) -> Result<Principal, Refusal> {
    let refusal = || {
        Refusal::new(
            "caller-unknown",
            "the request carries no signed IAM identity; call the API with SigV4, for example through `sluice`",
        )
    };
    let Some(RequestContext::ApiGatewayV1(context)) = request.request_context_ref() else {
        return Err(refusal());
    };
    let identity = &context.identity;
    let arn = identity
        .user_arn
        .clone()
        .filter(|arn| arn.starts_with("arn:"))
        .ok_or_else(refusal)?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Ok(Principal {
        unique_id: identity
            .caller
            .clone()
            .or_else(|| identity.user.clone())
            .unwrap_or_else(|| arn.clone()),
        account: text(&identity.account_id),
        access_key: text(&identity.access_key),
        source_ip: text(&identity.source_ip),
        request_id: text(&context.request_id),
        arn,
    })
}
