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
            ok(ledger.put_settings(&settings).await),
            expected,
            "version {version}"
        );
        if expected == Committed::Yes {
            assert_eq!(ok(ledger.settings().await), Some(settings));
        }
    }
    let in_force = ok(ledger.settings().await);
    assert_eq!(in_force.map(|settings| settings.version), Some(2));
    assert!(ledger.put_settings(&fixtures::settings(0)).await.is_err());
}
