//! One IAM statement of the template.

use super::call::Call;
use crate::fault::TidyError;
use crate::template::{Resource, Template, entries, strings};
use serde_json::Value;

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It permits.
    Allow,
    /// It forbids.
    Deny,
}

/// One IAM statement of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name.
    pub sid: String,
    /// The logical id of the role or endpoint that holds it.
    pub holder: String,
    /// What it does.
    pub effect: Effect,
    /// The actions.
    pub actions: Vec<String>,
    /// What it is about, by logical ids: `Ledger`, `Ledger/index/open`, `ChangesQueue`, `WebhookSecretArn`.
    pub resources: Vec<String>,
    /// The patterns that partition keys of the ledger must match, where it says so.
    pub keys: Option<Vec<String>>,
    /// The condition of the template under which it is there.
    pub when: Option<String>,
}

impl Statement {
    /// The function whose role holds it.
    pub fn function(&self) -> Option<String> {
        self.holder.strip_suffix("Role").map(str::to_lowercase)
    }

    /// Whether it permits a call.
    pub fn covers(&self, call: &Call) -> bool {
        self.effect == Effect::Allow
            && self.function().as_deref() == Some(call.function.as_str())
            && self.actions.contains(&call.action)
            && self.resources.contains(&call.resource)
            && self.keys.as_ref().is_none_or(|patterns| {
                call.keys
                    .iter()
                    .all(|key| patterns.iter().any(|pattern| like(pattern, key)))
            })
    }
}

/// IAM's `StringLike`, with `*` for any text.
pub(super) fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text
            .strip_prefix(start)
            .is_some_and(|tail| (0..=tail.len()).any(|at| tail.get(at..).is_some_and(|end| like(rest, end)))),
    }
}

/// Every IAM statement of the template: of roles and of VPC endpoints.
pub fn statements(template: &Template) -> Result<Vec<Statement>, TidyError> {
    let mut found = Vec::new();
    for resource in template.resources() {
        let documents = entries(resource.property("Policies"))
            .into_iter()
            .map(|policy| &policy["PolicyDocument"]);
        for document in documents.chain([resource.property("PolicyDocument")]) {
            for entry in entries(&document["Statement"]) {
                found.push(statement(&resource, entry)?);
            }
        }
    }
    Ok(found)
}

fn statement(holder: &Resource<'_>, entry: &Value) -> Result<Statement, TidyError> {
    let (when, body) = match entry["Fn::If"].as_array().map(Vec::as_slice) {
        Some([when, body, _otherwise]) => (when.as_str().map(str::to_owned), body),
        Some(_) | None => (None, entry),
    };
    let broken = |what: &str| TidyError::Template(format!("a statement of {} has {what}: {body}", holder.id));
    Ok(Statement {
        sid: body["Sid"].as_str().ok_or_else(|| broken("no Sid"))?.to_owned(),
        holder: holder.id.to_owned(),
        effect: match body["Effect"].as_str() {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            Some(_) | None => return Err(broken("no Effect")),
        },
        actions: strings(&body["Action"]),
        resources: entries(&body["Resource"])
            .into_iter()
            .map(|resource| named(resource).ok_or_else(|| broken("an unreadable Resource")))
            .collect::<Result<_, _>>()?,
        keys: body["Condition"]["ForAllValues:StringLike"]
            .get("dynamodb:LeadingKeys")
            .map(strings),
        when: when.or_else(|| holder.body["Condition"].as_str().map(str::to_owned)),
    })
}

fn named(resource: &Value) -> Option<String> {
    let name = resource
        .as_str()
        .or_else(|| resource["Ref"].as_str())
        .or_else(|| resource["Fn::GetAtt"].as_str())
        .or_else(|| resource["Fn::Sub"].as_str())?;
    // A bus is known by its name alone, which is a parameter.
    let name = name.rsplit_once(":event-bus/").map_or(name, |(_, bus)| bus);
    let name = name.replace("${", "").replace('}', "");
    Some(
        name.replace(".MasterUserSecret.SecretArn", "/secret")
            .replace(".StreamArn", "/stream")
            .replace(".Arn", ""),
    )
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("SETTINGS", "SETTINGS", true),
            ("SETTINGS", "SETTINGS#1", false),
            ("ISSUE#*", "ISSUE#7", true),
            ("ISSUE#*", "ISSUE", false),
            ("*#7", "ISSUE#7", true),
            ("OUTBOX*", "OUTBOX", true),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} {text}");
        }
    }
}
