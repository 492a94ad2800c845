//! GitHub webhooks: the signature first, then what the delivery means.
//!
//! [`verify`] is the only way to a [`Verified`] body, and [`read`] takes nothing else: what was not signed can't be
//! parsed.

mod event;
mod signature;

pub use event::{
    ClickEvent, Event, PullRequestAction, PullRequestEvent, PushEvent, Unreadable, content_key,
    pull_request_content_key, read,
};
pub use signature::{BadSignature, Verified, verify};
