//! The text of an item that is hashed: every part with its length, in one order, so that no two items have the same.

use super::{AuditActor, AuditFunction, AuditItem};
use crate::principal::Principal;

/// The text of everything in an item but its hash.
pub(super) fn text(item: &AuditItem) -> String {
    let mut text = Text(String::from("audit/1\n"));
    text.part(&item.chain.to_string());
    text.part(&item.number.to_string());
    text.part(item.deed.word());
    text.optional(item.about.as_deref());
    text.actor(&item.by);
    text.part(&item.at.to_string());
    text.optional(item.before.as_deref());
    text.optional(item.after.as_deref());
    text.optional(item.detail.as_deref());
    text.optional(item.because.as_deref());
    text.optional(item.previous.as_ref().map(crate::Checksum::as_str));
    text.part(&item.seals.len().to_string());
    for seal in &item.seals {
        text.part(&seal.chain.to_string());
        text.part(&seal.number.to_string());
        text.part(seal.hash.as_str());
    }
    text.0
}

struct Text(String);

impl Text {
    /// A part, with its length: no text can pass for two.
    fn part(&mut self, part: &str) {
        self.0.push_str(&part.len().to_string());
        self.0.push(':');
        self.0.push_str(part);
        self.0.push('\n');
    }

    /// A part that may be missing, which is not the same as empty.
    fn optional(&mut self, part: Option<&str>) {
        match part {
            Some(part) => self.part(part),
            None => self.0.push_str("-\n"),
        }
    }

    fn actor(&mut self, actor: &AuditActor) {
        match actor {
            AuditActor::Principal(Principal {
                arn,
                unique_id,
                account,
                access_key,
                source_ip,
                request_id,
            }) => {
                self.part("principal");
                for part in [arn, unique_id, account, access_key, source_ip, request_id] {
                    self.part(part);
                }
            }
            AuditActor::Github { id, login, delivery } => {
                // A word of its own, so that what has one part more can't be read as anything else.
                self.part(if delivery.is_some() {
                    "github_click"
                } else {
                    "github"
                });
                self.part(&id.to_string());
                self.part(login);
                if let Some(delivery) = delivery {
                    self.part(delivery.as_str());
                }
            }
            AuditActor::Sluice(function) => {
                self.part("sluice");
                self.part(match function {
                    AuditFunction::Planner => "planner",
                    AuditFunction::Worker => "worker",
                });
            }
        }
    }
}
