//! Settings and their history.

use super::Ledger;
use crate::contracts::ok;
use crate::fixtures;
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
