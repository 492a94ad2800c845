//! A click on a button of a check run.

use super::{SenderPayload, Unreadable, delivery_id, parse, sender, text};
use crate::signature::Verified;
use model::{DeliveryId, Pusher, RepositoryId};
use serde::Deserialize;

/// The most characters of our own key of a check run: it names a project and a commit.
const MAX_KEY: usize = 256;
/// The most characters of a button's identifier.
const MAX_IDENTIFIER: usize = 20;

/// Somebody clicked on a button of a check run. GitHub tells the App alone whose check run it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickEvent {
    /// GitHub's id of the delivery. Not covered by the signature.
    pub delivery: DeliveryId,
    /// The repository's numeric id.
    pub repository_id: RepositoryId,
    /// The App installation that is told.
    pub installation_id: u64,
    /// GitHub's id of the check run.
    pub check_run: u64,
    /// The key that we gave it.
    pub external_id: String,
    /// The identifier that we gave the button.
    pub button: String,
    /// Who clicked, as GitHub authenticated it.
    pub sender: Pusher,
}

#[derive(Deserialize)]
struct Payload {
    check_run: Option<CheckRunPayload>,
    requested_action: Option<ActionPayload>,
    repository: Option<IdPayload>,
    installation: Option<IdPayload>,
    sender: Option<SenderPayload>,
}

#[derive(Deserialize)]
struct CheckRunPayload {
    id: Option<u64>,
    external_id: Option<String>,
}

#[derive(Deserialize)]
struct ActionPayload {
    identifier: Option<String>,
}

#[derive(Deserialize)]
struct IdPayload {
    id: Option<u64>,
}

pub(super) fn read(verified: &Verified<'_>, delivery: &str) -> Result<ClickEvent, Unreadable> {
    let payload: Payload = parse(verified.body())?;
    let check_run = payload.check_run.ok_or(Unreadable::Missing("check_run"))?;
    let action = payload
        .requested_action
        .ok_or(Unreadable::Missing("requested_action"))?;
    let id = |payload: Option<IdPayload>| payload.and_then(|payload| payload.id);
    let external_id = text("check_run.external_id", check_run.external_id.as_deref(), MAX_KEY)?;
    let button = text(
        "requested_action.identifier",
        action.identifier.as_deref(),
        MAX_IDENTIFIER,
    )?;
    Ok(ClickEvent {
        delivery: delivery_id(delivery)?,
        repository_id: id(payload.repository)
            .map(RepositoryId)
            .ok_or(Unreadable::Missing("repository.id"))?,
        installation_id: id(payload.installation).ok_or(Unreadable::Missing("installation.id"))?,
        check_run: check_run.id.ok_or(Unreadable::Missing("check_run.id"))?,
        external_id: external_id.to_owned(),
        button: button.to_owned(),
        sender: sender(payload.sender.as_ref())?,
    })
}

#[cfg(test)]
mod tests {
    use crate::event::tests::read_signed;
    use crate::{Event, Unreadable};
    use serde_json::{Value, json};

    fn payload() -> Value {
        json!({
            "action": "requested_action",
            "check_run": { "id": 4, "name": "Sluice", "external_id": "sluice:shop:85dc", "app": { "id": 9 } },
            "requested_action": { "identifier": "a0000123456789abcdef" },
            "repository": { "id": 1, "full_name": "acme/shop" },
            "installation": { "id": 2 },
            "sender": { "id": 4711, "login": "dana" },
        })
    }

    fn event(payload: &Value) -> Result<Event, Unreadable> {
        read_signed(payload.to_string().as_bytes(), "check_run", "72d3162e")
    }

    #[test]
    fn a_click_says_who_where_and_on_what() {
        let Ok(Event::Click(click)) = event(&payload()) else {
            panic!("{:?}", event(&payload()));
        };
        assert_eq!((click.sender.id, click.sender.login.as_str()), (4711, "dana"));
        assert_eq!(
            (click.repository_id.0, click.installation_id, click.check_run),
            (1, 2, 4)
        );
        assert_eq!(click.external_id, "sluice:shop:85dc");
        assert_eq!(click.button, "a0000123456789abcdef");
    }

    #[test]
    fn what_else_happens_to_a_check_run_is_not_acted_on() {
        for action in ["created", "completed", "rerequested"] {
            let mut payload = payload();
            payload["action"] = json!(action);
            assert!(matches!(event(&payload), Ok(Event::Other { .. })), "{action}");
        }
    }

    #[test]
    fn a_click_of_which_anything_is_missing_is_none() {
        for missing in [
            "check_run",
            "requested_action",
            "repository",
            "installation",
            "sender",
        ] {
            let mut payload = payload();
            payload[missing] = Value::Null;
            assert!(
                matches!(event(&payload), Err(Unreadable::Missing(_))),
                "{missing}"
            );
        }
        let mut long = payload();
        long["requested_action"]["identifier"] = json!("a0000123456789abcdef0");
        assert!(matches!(event(&long), Err(Unreadable::Invalid { .. })));
    }
}
