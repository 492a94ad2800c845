//! Events for whoever listens, over Amazon EventBridge.

use aws_errors::Call;
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, PutEventsResultEntry};
use model::{Event, Fault};
use workflow::ports::events::Events;

const ACTION: &str = "events:PutEvents";
/// The source of every event, for rules.
pub const SOURCE: &str = "sluice";
/// How many events one call takes.
const AT_ONCE: usize = 10;

/// One bus of EventBridge.
#[derive(Debug, Clone)]
pub struct EventBus {
    client: Client,
    name: String,
}

impl EventBus {
    /// The bus with this name, reached as the configuration says.
    pub fn configured(config: &aws_types::SdkConfig, name: impl Into<String>) -> Self {
        Self {
            client: Client::new(config),
            name: name.into(),
        }
    }

    fn call(&self) -> Call<'_> {
        Call {
            action: ACTION,
            resource: &self.name,
        }
    }

    fn entry(&self, event: &Event) -> Result<PutEventsRequestEntry, Fault> {
        let detail = serde_json::to_string(&event.detail)
            .map_err(|error| Fault::Bug(format!("an event can't be written as JSON: {error}")))?;
        Ok(PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source(SOURCE)
            .detail_type(event.kind.word())
            .detail(detail)
            .time(DateTime::from_secs(event.detail.at.as_second()))
            .build())
    }

    /// The fault of the first entry that was not taken, though the call itself was.
    fn refused(&self, entries: &[PutEventsResultEntry]) -> Result<(), Fault> {
        let Some(refused) = entries.iter().find(|entry| entry.error_code.is_some()) else {
            return Ok(());
        };
        let code = refused.error_code();
        let message = refused.error_message().unwrap_or("no message");
        let source = format!("{}: {message}", code.unwrap_or_default());
        Err(aws_errors::classify(self.call(), code, Some(400), source))
    }
}

impl Events for EventBus {
    async fn tell(&self, events: &[Event]) -> Result<(), Fault> {
        for events in events.chunks(AT_ONCE) {
            let entries = events.iter().map(|event| self.entry(event));
            let entries = entries.collect::<Result<Vec<_>, Fault>>()?;
            let request = self.client.put_events().set_entries(Some(entries));
            match request.send().await {
                Ok(answer) => self.refused(answer.entries())?,
                Err(error) => return Err(aws_errors::fault(self.call(), error)),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: Option<&str>) -> Result<(), Fault> {
        let config = aws_types::SdkConfig::builder()
            .behavior_version(aws_sdk_eventbridge::config::BehaviorVersion::latest())
            .build();
        let taken = PutEventsResultEntry::builder().event_id("1").build();
        let other = PutEventsResultEntry::builder()
            .set_error_code(code.map(str::to_owned))
            .error_message("no")
            .build();
        EventBus::configured(&config, "bus").refused(&[taken, other])
    }

    #[test]
    fn an_event_that_was_not_taken_is_a_fault_though_the_call_was_taken() {
        assert!(refused(None).is_ok());
        for (code, class) in [
            ("ThrottlingException", "fault.retry"),
            ("InternalFailure", "fault.retry"),
            ("ResourceNotFoundException", "fault.operator"),
            ("NotAuthorizedForSourceException", "fault.bug"),
        ] {
            let fault = refused(Some(code)).unwrap_err();
            assert_eq!(fault.class(), class, "{code}");
            assert!(fault.to_string().contains("events:PutEvents on bus"), "{fault}");
        }
    }
}
