//! Settings and their history.

use super::Ledger;
use crate::contracts::ok;
use crate::fixtures;
use jiff::{SignedDuration, Timestamp};
use model::{EnvironmentId, Freeze, Freezes};
use workflow::ports::ledger::Committed;

/// Each version comes after the one before; the last is in force.
pub async fn settings_follow_each_other<L: Ledger>(ledger: &L) {
    assert_eq!(ok(ledger.settings().await), None);
    for (version, expected) in [
        (2, Committed::Conflict),
        (1, Committed::Yes),
        (1, Committed::Conflict),
        (3, Committed::Conflict),
        (2, Committed::Yes),
        (1, Committed::Conflict),
    ] {
        let mut settings = fixtures::settings(version);
        settings.by = format!("by {version}");
        assert_eq!(
            ok(ledger.put_settings(&settings, fixtures::settings_audit()).await),
            expected,
            "version {version}"
        );
        if expected == Committed::Yes {
            assert_eq!(ok(ledger.settings().await), Some(settings));
        }
    }
    assert_eq!(ok(ledger.settings_versions(&[]).await), Vec::new());
    let kept = ok(ledger.settings_versions(&[3, 2, 0, 1]).await);
    let told: Vec<_> = kept.iter().map(|kept| (kept.version, kept.by.as_str())).collect();
    assert_eq!(
        told,
        [(2, "by 2"), (1, "by 1")],
        "every version is kept as it was"
    );
    assert_eq!(ok(ledger.settings_versions(&[1]).await).len(), 1);
    let in_force = ok(ledger.settings().await);
    assert_eq!(in_force.map(|settings| settings.version), Some(2));
    assert!(
        ledger
            .put_settings(&fixtures::settings(0), fixtures::settings_audit())
            .await
            .is_err()
    );
}

/// Each edition comes after the one before; none before the first. Settings stay as they are.
pub async fn freezes_follow_each_other<L: Ledger>(ledger: &L) {
    assert_eq!(ok(ledger.freezes().await), Freezes::default());
    let now = Timestamp::UNIX_EPOCH;
    let freeze = Freeze {
        environment: EnvironmentId::new("prod"),
        until: now + SignedDuration::from_hours(8),
        because: "inventory".to_owned(),
        member: "dba".to_owned(),
        by: "arn:aws:iam::1:user/dba".to_owned(),
        at: now,
    };
    let none = Freezes::default();
    let first = none.with(freeze.clone(), now);
    let second = first.without(&freeze.environment, None, now);
    for (freezes, expected) in [
        (&second, Committed::Conflict),
        (&first, Committed::Yes),
        (&first, Committed::Conflict),
        (&second, Committed::Yes),
        (&first, Committed::Conflict),
    ] {
        let put = ledger.put_freezes(freezes, fixtures::settings_audit());
        assert_eq!(ok(put.await), expected, "edition {}", freezes.edition);
        if expected == Committed::Yes {
            assert_eq!(&ok(ledger.freezes().await), freezes);
        }
    }
    assert_eq!(ok(ledger.settings().await), None);
}
