//! Settings and their history.

use crate::DynamoLedger;
use crate::commit::committed;
use crate::entity::number;
use crate::keys::Key;
use crate::writes::Expected;
use model::{AuditEntry, Fault, Freezes};
use workflow::ports::ledger::{Committed, SettingsLedger, StoredSettings};

impl SettingsLedger for DynamoLedger {
    async fn settings(&self) -> Result<Option<StoredSettings>, Fault> {
        self.get_entity(&Key::settings()).await
    }

    async fn settings_versions(&self, versions: &[u64]) -> Result<Vec<StoredSettings>, Fault> {
        let keys: Vec<_> = versions
            .iter()
            .map(|version| Key::settings_version(*version))
            .collect();
        self.get_entities(&keys).await
    }

    async fn put_settings(&self, settings: &StoredSettings, audit: AuditEntry) -> Result<Committed, Fault> {
        let expected = match settings.version {
            0 => {
                let message = "version 0 of the settings can't be written; versions count from 1";
                return Err(Fault::Bug(message.to_owned()));
            }
            1 => Expected::Nothing,
            later => Expected::Holds("version", number(later - 1)),
        };
        let kept = Key::settings_version(settings.version);
        let actions = vec![
            self.put_entity(Key::settings(), settings, expected).await?,
            self.put_entity(kept, settings, Expected::Nothing).await?,
        ];
        Ok(committed(
            Box::pin(self.transact_audited(actions, vec![audit])).await?,
        ))
    }

    async fn freezes(&self) -> Result<Freezes, Fault> {
        Ok(self.get_entity(&Key::freezes()).await?.unwrap_or_default())
    }

    async fn put_freezes(&self, freezes: &Freezes, audit: AuditEntry) -> Result<Committed, Fault> {
        let key = Key::freezes();
        let expected = Expected::before(freezes.edition, &key)?;
        let action = self.put_entity(key, freezes, expected).await?;
        Ok(committed(
            Box::pin(self.transact_audited(vec![action], vec![audit])).await?,
        ))
    }
}
