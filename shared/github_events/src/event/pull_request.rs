//! Pull requests: what happened to one, as far as it can change what review says of it.

use super::{
    InstallationPayload, RepositoryPayload, SenderPayload, Unreadable, commit, delivery_id, parse, sender,
    text,
};
use crate::signature::Verified;
use model::{Checksum, CommitSha, DeliveryId, PullRequestNumber, Pusher, RepositoryId};
use serde::Deserialize;

/// The most characters that a time may have.
const MAX_TIME: usize = 40;

/// Something happened to a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestEvent {
    /// GitHub's id of the delivery. Not covered by the signature: see [`content_key`].
    pub delivery: DeliveryId,
    /// What happened.
    pub action: PullRequestAction,
    /// The repository that it would be merged into, by its numeric id.
    pub repository_id: RepositoryId,
    /// `owner/name` of that, for display.
    pub repository_name: String,
    /// The App installation that the delivery is for; none for webhooks set on the repository itself.
    pub installation_id: Option<u64>,
    /// Its number.
    pub number: PullRequestNumber,
    /// The branch that it would be merged into, without `refs/heads/`.
    pub base: String,
    /// Its head.
    pub head: CommitSha,
    /// The repository of its head; none where that was deleted.
    pub head_repository: Option<RepositoryId>,
    /// When it was last changed, as GitHub writes it: what tells a second closing from the first one.
    pub updated_at: String,
    /// Who did it, as GitHub authenticated it.
    pub sender: Pusher,
}

/// What happened to a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullRequestAction {
    /// It was opened.
    Opened,
    /// Its head moved.
    Synchronize,
    /// It was opened again.
    Reopened,
    /// It is no draft any more.
    ReadyForReview,
    /// It would be merged into another branch now.
    BaseChanged {
        /// The branch before.
        from: String,
    },
    /// It was closed, merged or not.
    Closed,
}

impl PullRequestAction {
    fn word(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Synchronize => "synchronize",
            Self::Reopened => "reopened",
            Self::ReadyForReview => "ready_for_review",
            Self::BaseChanged { .. } => "base_changed",
            Self::Closed => "closed",
        }
    }
}

/// What tells two deliveries apart whatever ids they claim: the hash of what happened to which pull request and when,
/// its head and its base.
pub fn content_key(event: &PullRequestEvent) -> Checksum {
    // Lengths, so that no text can pass for two.
    let text = [
        event.action.word(),
        &event.base,
        event.head.as_str(),
        &event.updated_at,
    ]
    .map(|part| format!("{}:{part}\n", part.len()))
    .concat();
    let text = format!(
        "pull_request/1\n{}\n{}\n{text}",
        event.repository_id, event.number
    );
    Checksum::of(text.as_bytes())
}

#[derive(Deserialize)]
struct Payload {
    action: Option<String>,
    pull_request: Option<PullRequestPayload>,
    changes: Option<ChangesPayload>,
    repository: Option<RepositoryPayload>,
    installation: Option<InstallationPayload>,
    sender: Option<SenderPayload>,
}

#[derive(Deserialize)]
struct PullRequestPayload {
    number: Option<u64>,
    updated_at: Option<String>,
    base: Option<SidePayload>,
    head: Option<SidePayload>,
}

#[derive(Deserialize)]
struct SidePayload {
    #[serde(rename = "ref")]
    branch: Option<String>,
    sha: Option<String>,
    repo: Option<RepositoryPayload>,
}

#[derive(Deserialize)]
struct ChangesPayload {
    base: Option<BaseChangePayload>,
}

#[derive(Deserialize)]
struct BaseChangePayload {
    #[serde(rename = "ref")]
    branch: Option<FromPayload>,
}

#[derive(Deserialize)]
struct FromPayload {
    from: Option<String>,
}

/// Reads a delivery of `pull_request`; none where what happened changes nothing for us.
pub(super) fn read(
    verified: &Verified<'_>,
    action: &str,
    delivery: &str,
) -> Result<Option<PullRequestEvent>, Unreadable> {
    if !matches!(
        action,
        "opened" | "synchronize" | "reopened" | "ready_for_review" | "edited" | "closed"
    ) {
        return Ok(None);
    }
    let payload: Payload = parse(verified.body())?;
    let action = match payload.action.as_deref() {
        Some("opened") => PullRequestAction::Opened,
        Some("synchronize") => PullRequestAction::Synchronize,
        Some("reopened") => PullRequestAction::Reopened,
        Some("ready_for_review") => PullRequestAction::ReadyForReview,
        Some("closed") => PullRequestAction::Closed,
        Some("edited") => match base_before(payload.changes.as_ref())? {
            Some(from) => PullRequestAction::BaseChanged { from },
            None => return Ok(None),
        },
        Some(_) | None => return Ok(None),
    };
    let pull = payload
        .pull_request
        .as_ref()
        .ok_or(Unreadable::Missing("pull_request"))?;
    let repository = payload
        .repository
        .as_ref()
        .ok_or(Unreadable::Missing("repository"))?;
    let base = pull
        .base
        .as_ref()
        .ok_or(Unreadable::Missing("pull_request.base"))?;
    let head = pull
        .head
        .as_ref()
        .ok_or(Unreadable::Missing("pull_request.head"))?;
    let head_repository = head.repo.as_ref().and_then(|repository| repository.id);
    Ok(Some(PullRequestEvent {
        delivery: delivery_id(delivery)?,
        action,
        repository_id: RepositoryId(repository.id.ok_or(Unreadable::Missing("repository.id"))?),
        repository_name: text("repository.full_name", repository.full_name.as_deref(), 256)?.to_owned(),
        installation_id: payload
            .installation
            .as_ref()
            .and_then(|installation| installation.id),
        number: PullRequestNumber(pull.number.ok_or(Unreadable::Missing("pull_request.number"))?),
        base: text("pull_request.base.ref", base.branch.as_deref(), super::MAX_REF)?.to_owned(),
        head: commit("pull_request.head.sha", head.sha.as_deref())?,
        head_repository: head_repository.map(RepositoryId),
        updated_at: text("pull_request.updated_at", pull.updated_at.as_deref(), MAX_TIME)?.to_owned(),
        sender: sender(payload.sender.as_ref())?,
    }))
}

/// The branch before, where it is another one now.
fn base_before(changes: Option<&ChangesPayload>) -> Result<Option<String>, Unreadable> {
    match changes.and_then(|changes| changes.base.as_ref()) {
        None => Ok(None),
        Some(base) => {
            let from = base.branch.as_ref().and_then(|branch| branch.from.as_deref());
            let from = text("changes.base.ref.from", from, super::MAX_REF)?;
            Ok(Some(from.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read_signed;
    use super::super::{Event, PushEvent};
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const HEAD: &str = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";

    macro_rules! recorded {
        ($name:literal) => {
            include_str!(concat!("../../fixtures/", $name, ".json"))
        };
    }

    fn event(body: &str) -> Result<Event, Unreadable> {
        read_signed(body.as_bytes(), "pull_request", "d-1")
    }

    fn pull(body: &str) -> PullRequestEvent {
        match event(body) {
            Ok(Event::PullRequest(pull)) => pull,
            other => panic!("no pull request that matters: {other:?}"),
        }
    }

    fn opened() -> PullRequestEvent {
        PullRequestEvent {
            delivery: DeliveryId::new("d-1"),
            action: PullRequestAction::Opened,
            repository_id: RepositoryId(186_853_002),
            repository_name: "Codertocat/Hello-World".into(),
            installation_id: None,
            number: PullRequestNumber(2),
            base: "master".into(),
            head: CommitSha::new(HEAD),
            head_repository: Some(RepositoryId(186_853_002)),
            updated_at: "2019-05-15T15:20:33Z".into(),
            sender: Pusher {
                id: 21_031_067,
                login: "Codertocat".into(),
            },
        }
    }

    #[test]
    fn what_github_sends_of_a_pull_request_is_read() {
        assert_eq!(pull(recorded!("pull_request.opened")), opened());
        for (body, action) in [
            (
                recorded!("pull_request.synchronize"),
                PullRequestAction::Synchronize,
            ),
            (recorded!("pull_request.reopened"), PullRequestAction::Reopened),
            (
                recorded!("pull_request.ready_for_review"),
                PullRequestAction::ReadyForReview,
            ),
            (recorded!("pull_request.closed"), PullRequestAction::Closed),
        ] {
            let pull = pull(body);
            let expected = PullRequestEvent {
                action,
                updated_at: pull.updated_at.clone(),
                installation_id: pull.installation_id,
                ..opened()
            };
            assert_eq!(pull, expected);
        }
    }

    #[test]
    fn what_changes_nothing_for_us_is_not_read_further() {
        for (body, action) in [
            (recorded!("pull_request.labeled"), "labeled"),
            (recorded!("pull_request.converted_to_draft"), "converted_to_draft"),
            (
                r#"{"action":"edited","changes":{"title":{"from":"x"}}}"#,
                "edited",
            ),
            (r#"{"action":"edited"}"#, "edited"),
        ] {
            let other = Event::Other {
                event: "pull_request".to_owned(),
                action: Some(action.to_owned()),
            };
            assert_eq!(event(body), Ok(other));
        }
        let nameless = Event::Other {
            event: "pull_request".to_owned(),
            action: None,
        };
        assert_eq!(event("{}"), Ok(nameless));
    }

    fn payload() -> Value {
        serde_json::from_str(recorded!("pull_request.opened")).unwrap()
    }

    #[test]
    fn another_base_is_told_with_the_one_before() {
        let mut payload = payload();
        payload["action"] = json!("edited");
        payload["changes"] = json!({"base": {"ref": {"from": "release"}, "sha": {"from": HEAD}}});
        let pull = pull(&payload.to_string());
        assert_eq!(
            pull.action,
            PullRequestAction::BaseChanged {
                from: "release".into()
            }
        );
        assert_eq!(pull.base, "master");
    }

    #[test]
    fn a_head_whose_repository_is_gone_has_none() {
        let mut payload = payload();
        payload["pull_request"]["head"]["repo"] = Value::Null;
        assert_eq!(pull(&payload.to_string()).head_repository, None);
    }

    #[test]
    fn what_is_needed_is_named_when_missing() {
        for path in [
            "/pull_request",
            "/pull_request/number",
            "/pull_request/base",
            "/pull_request/base/ref",
            "/pull_request/head",
            "/pull_request/head/sha",
            "/pull_request/updated_at",
            "/repository",
            "/repository/id",
            "/sender/id",
        ] {
            let mut payload = payload();
            *payload.pointer_mut(path).unwrap() = Value::Null;
            let name = path.trim_start_matches('/').replace('/', ".");
            match event(&payload.to_string()) {
                Err(Unreadable::Missing(missing)) => assert_eq!(missing, name),
                other => panic!("{path}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_redelivery_has_the_same_key_and_a_second_closing_another() {
        let first = pull(recorded!("pull_request.closed"));
        let again = PullRequestEvent {
            delivery: DeliveryId::new("d-2"),
            ..first.clone()
        };
        assert_eq!(content_key(&first), content_key(&again));
        for other in [
            PullRequestEvent {
                action: PullRequestAction::Reopened,
                ..first.clone()
            },
            PullRequestEvent {
                number: PullRequestNumber(3),
                ..first.clone()
            },
            PullRequestEvent {
                base: "main".into(),
                ..first.clone()
            },
            PullRequestEvent {
                updated_at: "2019-05-15T15:21:19Z".into(),
                ..first.clone()
            },
        ] {
            assert_ne!(content_key(&first), content_key(&other), "{other:?}");
        }
    }

    #[test]
    fn what_github_sends_of_a_push_is_read() {
        let push = |body: &str| match read_signed(body.as_bytes(), "push", "d-1") {
            Ok(Event::Push(push)) => push,
            other => panic!("no push: {other:?}"),
        };
        let branch: PushEvent = push(recorded!("push.branch"));
        assert_eq!(branch.git_ref, "refs/heads/master");
        assert_eq!(branch.repository_id, RepositoryId(186_853_002));
        assert!(branch.before.is_zero() && !branch.deleted);
        assert_eq!(branch.sender.login, "Codertocat");
        assert_eq!(push(recorded!("push.tag")).git_ref, "refs/tags/simple-tag");
    }

    proptest! {
        #[test]
        fn no_pull_request_makes_it_panic(
            action in "opened|edited|closed|\\PC*", number in any::<i64>(), base in any::<Option<String>>(),
            sha in "[0-9a-fA-F]{0,41}",
        ) {
            let mut payload = payload();
            payload["action"] = json!(action);
            payload["pull_request"]["number"] = json!(number);
            payload["pull_request"]["base"]["ref"] = json!(base);
            payload["pull_request"]["head"]["sha"] = json!(sha);
            let _ = event(&payload.to_string());
        }
    }
}
