//! One delivery: nothing of it is parsed before its signature is verified.

use github_events::{BadSignature, Event, Verified};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use model::Fault;
use runtime::Failed;
use secrecy::ExposeSecret;
use workflow::intake::{self, Intake};
use workflow::ports::clock::Clock;
use workflow::ports::ledger::{DeliveryLedger, SettingsLedger};
use workflow::ports::queue::Deliveries;
use workflow::ports::secrets::{Freshness, Secrets};
use workflow::stored_secret::webhook_secrets;

pub(crate) struct App<L, Q, S, C> {
    pub(crate) ledger: L,
    pub(crate) queue: Q,
    pub(crate) secrets: S,
    pub(crate) secret_arn: String,
    pub(crate) clock: C,
}

pub(crate) async fn receive<L, Q, S, C>(
    app: &App<L, Q, S, C>,
    request: Request,
) -> Result<Response<String>, Failed>
where
    L: SettingsLedger + DeliveryLedger,
    Q: Deliveries,
    S: Secrets,
    C: Clock,
{
    let body = match request.body() {
        Body::Empty => &[][..],
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        _ => return Ok(answer(StatusCode::BAD_REQUEST, "the body can't be read")),
    };
    let verified = match verify(app, body, header(&request, "x-hub-signature-256")).await? {
        Ok(verified) => verified,
        Err(BadSignature::NoSecret) => {
            return Err(Failed(Fault::operator(
                "verifying a delivery",
                "store the webhook secret",
                BadSignature::NoSecret,
            )));
        }
        Err(reason @ (BadSignature::Missing | BadSignature::Malformed | BadSignature::Mismatch)) => {
            tracing::warn!(event = "delivery_refused", "a delivery was refused: {reason}");
            return Ok(answer(StatusCode::UNAUTHORIZED, "unauthorized"));
        }
    };
    let event = header(&request, "x-github-event").unwrap_or_default();
    let delivery = header(&request, "x-github-delivery").unwrap_or_default();
    let intake = match github_events::read(&verified, event, delivery) {
        Ok(Event::Push(push)) => {
            let intake = intake::accept(&app.ledger, &app.queue, &push, app.clock.now()).await?;
            tracing::info!(
                event = "delivery_received",
                delivery.id = push.delivery.as_str(),
                repository.id = push.repository_id.0,
                intake = ?intake,
                "a push was received"
            );
            intake
        }
        Ok(Event::PullRequest(pull)) => {
            let intake = intake::accept_pull_request(&app.ledger, &app.queue, &pull, app.clock.now()).await?;
            tracing::info!(
                event = "delivery_received",
                delivery.id = pull.delivery.as_str(),
                repository.id = pull.repository_id.0,
                pull_request.number = pull.number.0,
                intake = ?intake,
                "news of a pull request were received"
            );
            intake
        }
        Ok(Event::Click(click)) => {
            let (delivery, repository, sender) =
                (click.delivery.clone(), click.repository_id, click.sender.id);
            let intake = intake::accept_click(&app.ledger, &app.queue, click).await?;
            tracing::info!(
                event = "delivery_received",
                delivery.id = delivery.as_str(),
                repository.id = repository.0,
                sender.id = sender,
                intake = ?intake,
                "a click was received"
            );
            intake
        }
        Ok(Event::Ping) => return Ok(answer(StatusCode::OK, "pong")),
        Ok(Event::Other { event, .. }) => {
            return Ok(answer(
                StatusCode::ACCEPTED,
                format!("ignored: event `{event}` is not acted on"),
            ));
        }
        Err(unreadable) => return Ok(answer(StatusCode::BAD_REQUEST, unreadable.to_string())),
    };
    Ok(answer(
        StatusCode::ACCEPTED,
        match intake {
            Intake::Queued => "queued".to_owned(),
            Intake::Duplicate => "duplicate: this was queued before".to_owned(),
            Intake::Ignored(reason) => format!("ignored: {reason}"),
        },
    ))
}

/// Checks the signature against the current secret and, while it is being replaced, the previous one. A refused
/// signature never makes us read the secret again: that would let anybody run up calls. What can't be a secret does: it
/// is what stood there before GitHub was connected.
async fn verify<'b, L, Q, S: Secrets, C>(
    app: &App<L, Q, S, C>,
    body: &'b [u8],
    signature: Option<&str>,
) -> Result<Result<Verified<'b>, BadSignature>, Fault> {
    let secret = app.secrets.secret(&app.secret_arn, Freshness::Cached).await?;
    let secrets = if let Ok(secrets) = webhook_secrets(&app.secret_arn, &secret) {
        secrets
    } else {
        let secret = app.secrets.secret(&app.secret_arn, Freshness::Current).await?;
        webhook_secrets(&app.secret_arn, &secret)?
    };
    let known: Vec<&[u8]> = std::iter::once(&secrets.current)
        .chain(&secrets.previous)
        .map(|secret| secret.expose_secret().as_bytes())
        .collect();
    Ok(github_events::verify(&known, body, signature))
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let mut values = request.headers().get_all(name).iter();
    let value = values.next()?.to_str().ok();
    // Two of them are nobody's.
    value.filter(|_| values.next().is_none())
}

fn answer(status: StatusCode, message: impl Into<String>) -> Response<String> {
    let mut response = Response::new(message.into());
    *response.status_mut() = status;
    response
}
