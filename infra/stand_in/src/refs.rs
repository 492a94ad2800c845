//! Pushes that the emulator forgets to tell of: a branch that was made, and one that was deleted; and which branch a
//! request wrote to.

use crate::deliveries::{deliver, pushed_now, signed};
use crate::desk::Desk;
use crate::emulator::ask;
use crate::message::Asked;
use crate::pulls::{head_of, sender, synchronize};
use crate::route::{in_repository, unescaped};
use hyper::Method;
use serde_json::json;

const NOTHING: &str = "0000000000000000000000000000000000000000";

/// What a request does to a branch, where it does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moved {
    repository: String,
    branch: String,
    how: How,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum How {
    Made,
    Pushed,
    Deleted { before: String },
}

/// The branch that a request writes to.
pub(crate) async fn moved(desk: &Desk, asked: &Asked) -> Option<Moved> {
    let mut moved = read(asked)?;
    if let How::Deleted { before } = &mut moved.how {
        *before = head_of(desk, &moved.repository, &moved.branch).await?;
    }
    Some(moved)
}

fn read(asked: &Asked) -> Option<Moved> {
    let (repository, rest) = in_repository(&asked.path)?;
    let of = |branch: &str, how| {
        Some(Moved {
            repository: repository.clone(),
            branch: branch.to_owned(),
            how,
        })
    };
    if rest.starts_with("contents/") && [Method::PUT, Method::DELETE].contains(&asked.method) {
        return of(asked.json()["branch"].as_str().unwrap_or("main"), How::Pushed);
    }
    if rest == "git/refs" && asked.method == Method::POST {
        let body = asked.json();
        return of(body["ref"].as_str()?.strip_prefix("refs/heads/")?, How::Made);
    }
    let branch = unescaped(rest.strip_prefix("git/refs/heads/")?);
    if asked.method == Method::PATCH {
        of(&branch, How::Pushed)
    } else if asked.method == Method::DELETE {
        of(
            &branch,
            How::Deleted {
                before: String::new(),
            },
        )
    } else {
        None
    }
}

/// Tells of what a request did to a branch, where the emulator does not.
pub(crate) async fn tell(desk: &Desk, token: &str, moved: &Moved) {
    let Moved {
        repository,
        branch,
        how,
    } = moved;
    match how {
        How::Made => {
            if let Some(head) = head_of(desk, repository, branch).await {
                push(desk, token, moved, NOTHING, &head).await;
            }
        }
        How::Pushed => {}
        How::Deleted { before } => push(desk, token, moved, before, NOTHING).await,
    }
    synchronize(desk, token, repository, branch).await;
}

async fn push(desk: &Desk, token: &str, moved: &Moved, before: &str, after: &str) {
    if !desk.config.repositories.contains(&moved.repository) {
        return;
    }
    let repository = ask(desk, &format!("/repos/{}", moved.repository)).await;
    let mut repository = repository.unwrap_or_else(|| json!({}));
    repository["pushed_at"] = pushed_now();
    let payload = json!({
        "ref": format!("refs/heads/{}", moved.branch),
        "before": before,
        "after": after,
        "created": before == NOTHING,
        "deleted": after == NOTHING,
        "forced": false,
        "repository": repository,
        "sender": sender(desk, token).await,
        "installation": { "id": desk.config.installation_id },
    });
    let parcel = signed(desk, "push", &payload);
    deliver(desk, parcel, false).await;
}

#[cfg(test)]
mod tests {
    use super::{How, read};
    use crate::message::Asked;
    use hyper::{HeaderMap, Method};

    #[test]
    fn what_writes_to_a_branch_is_known() {
        let asked = |method: Method, path: &str, body: &str| Asked {
            method,
            path: path.to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: bytes::Bytes::from(body.to_owned()),
        };
        let made = read(&asked(
            Method::POST,
            "/repos/o/r/git/refs",
            "{\"ref\":\"refs/heads/a/b\"}",
        ));
        assert_eq!(
            made.map(|moved| (moved.branch, moved.how)),
            Some(("a/b".to_owned(), How::Made))
        );
        let tag = asked(Method::POST, "/repos/o/r/git/refs", "{\"ref\":\"refs/tags/v1\"}");
        assert_eq!(read(&tag), None);
        let put = read(&asked(
            Method::PUT,
            "/repos/o/r/contents/x",
            "{\"branch\":\"dev\"}",
        ));
        assert_eq!(put.map(|moved| moved.branch), Some("dev".to_owned()));
        assert_eq!(
            read(&asked(Method::GET, "/repos/o/r/git/refs/heads/main", "")),
            None
        );
    }
}
