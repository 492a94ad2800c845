//! What is decided on the way, without asking anybody.

use super::github::{Delivery, Repository};
use std::collections::BTreeSet;

/// Which repository is meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice<'a> {
    /// This one.
    One(&'a Repository),
    /// A person must say it.
    Several,
    /// The one that was named is not reached.
    NotReached,
    /// None is reached at all.
    Nothing,
}

/// Which repository is meant: the one that is named, else the only one.
pub(super) fn choose<'a>(repositories: &'a [Repository], named: Option<&str>) -> Choice<'a> {
    match (named, repositories) {
        (_, []) => Choice::Nothing,
        (Some(name), all) => all
            .iter()
            // GitHub's names differ in more than their case.
            .find(|repository| repository.name.eq_ignore_ascii_case(name))
            .map_or(Choice::NotReached, Choice::One),
        (None, [only]) => Choice::One(only),
        (None, [_, _, ..]) => Choice::Several,
    }
}

/// The repository that a person's answer names: by its number in the list, or by its name.
pub(super) fn answered<'a>(repositories: &'a [Repository], answer: &str) -> Option<&'a Repository> {
    let answer = answer.trim();
    match answer.parse::<usize>() {
        Ok(number) => number.checked_sub(1).and_then(|index| repositories.get(index)),
        Err(_) => repositories
            .iter()
            .find(|repository| repository.name.eq_ignore_ascii_case(answer)),
    }
}

/// The delivery that is sent again: a ping, which does nothing, else the newest, which was taken once already or is to be
/// taken anyway.
pub(super) fn to_send_again(deliveries: &[Delivery]) -> Option<&Delivery> {
    deliveries
        .iter()
        .find(|delivery| delivery.event == "ping")
        .or_else(|| deliveries.first())
}

/// What became of a delivery that was sent again: the attempt that was not there before, once it has ended.
pub(super) fn attempt<'a>(
    now: &'a [Delivery],
    sent: &Delivery,
    before: &BTreeSet<u64>,
) -> Option<&'a Delivery> {
    now.iter().find(|delivery| {
        delivery.guid == sent.guid
            && !before.contains(&delivery.id)
            && (delivery.status_code != 0 || !delivery.status.is_empty())
    })
}

/// What to look at, where a delivery was answered like this.
pub(super) fn advice(status_code: u16) -> &'static str {
    match status_code {
        401 => {
            "The signature was refused: a running webhook function keeps the secret that it read for five minutes. \
             Run the command again after that; if it stays, see that the stack's WebhookSecretArn is the secret that \
             is named here."
        }
        403 => {
            "Something before the function refused it: see the API's resource policy and its web firewall."
        }
        404 => "There is no such route: see that the webhook's URL is the stack's output WebhookUrl.",
        0 => "Nothing answered: see that GitHub can reach the URL, and that its certificate is valid.",
        status if status >= 500 => {
            "The webhook function failed: its log says why. Where it ran before its secret was stored, run the command \
             again."
        }
        _ => "See the answer at GitHub: the App's settings, Advanced, Recent Deliveries.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(id: u64, name: &str) -> Repository {
        Repository {
            id,
            name: name.to_owned(),
            installation_id: 1,
        }
    }

    fn delivery(id: u64, guid: &str, event: &str, status_code: u16) -> Delivery {
        Delivery {
            id,
            guid: guid.to_owned(),
            event: event.to_owned(),
            status: if status_code == 0 { "" } else { "told" }.to_owned(),
            status_code,
        }
    }

    #[test]
    fn the_named_one_is_meant_or_the_only_one() {
        let two = [repository(1, "acme/shop"), repository(2, "acme/site")];
        for (all, named, expected) in [
            (&two[..0], None, Choice::Nothing),
            (&two[..0], Some("acme/shop"), Choice::Nothing),
            (&two[..1], None, Choice::One(&two[0])),
            (&two[..1], Some("acme/site"), Choice::NotReached),
            (&two[..], None, Choice::Several),
            (&two[..], Some("Acme/Site"), Choice::One(&two[1])),
        ] {
            assert_eq!(choose(all, named), expected, "{named:?}");
        }
        for (answer, expected) in [
            ("2\n", Some(&two[1])),
            (" acme/shop ", Some(&two[0])),
            ("0", None),
            ("3", None),
            ("", None),
            ("shop", None),
        ] {
            assert_eq!(answered(&two, answer), expected, "{answer:?}");
        }
    }

    #[test]
    fn a_ping_is_sent_again_rather_than_what_does_something() {
        let push = delivery(3, "c", "push", 202);
        let pings = [
            push.clone(),
            delivery(2, "b", "ping", 401),
            delivery(1, "a", "ping", 200),
        ];
        assert_eq!(to_send_again(&pings).map(|found| found.id), Some(2));
        assert_eq!(to_send_again(&[push]).map(|found| found.id), Some(3));
        assert!(to_send_again(&[]).is_none());
    }

    #[test]
    fn only_a_new_attempt_that_ended_tells_what_became_of_it() {
        let sent = delivery(1, "a", "ping", 401);
        let before = BTreeSet::from([1, 2]);
        let told = |now: &[Delivery]| attempt(now, &sent, &before).map(|found| found.id);
        assert_eq!(
            told(&[delivery(2, "a", "ping", 200), sent.clone()]),
            None,
            "an older one"
        );
        assert_eq!(told(&[delivery(3, "b", "ping", 200)]), None, "another one");
        assert_eq!(told(&[delivery(3, "a", "ping", 0)]), None, "under way");
        assert_eq!(told(&[delivery(3, "a", "ping", 500), sent.clone()]), Some(3));
        let unreachable = Delivery {
            status: "failed to connect to host".to_owned(),
            ..delivery(3, "a", "ping", 0)
        };
        assert_eq!(told(&[unreachable]), Some(3));
    }
}
