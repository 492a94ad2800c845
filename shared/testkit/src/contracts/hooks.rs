//! What every list of webhook deliveries does: the suite that holds the fake and the real adapter to the same contract.

use model::Fault;
use workflow::ports::github::{AppDeliveries, HookDelivery, HookPage, Redelivered};

/// An App with a webhook that nobody else delivers to.
pub trait Stage: Send + Sync {
    /// What is held to the contract.
    type GitHub: AppDeliveries;

    /// The adapter.
    fn github(&self) -> &Self::GitHub;

    /// Delivers an event, which arrives or fails; one that is asked for again arrives.
    fn deliver(&self, event: &str, arrived: bool) -> HookDelivery;
}

/// Makes a test of every statement: `hook_contract!(stage)`, where `stage(name)` is an async function that answers a
/// [`Stage`] without deliveries.
#[macro_export]
macro_rules! hook_contract {
    ($stage:path) => {
        $crate::hook_contract!($stage:
            deliveries_come_newest_first_over_pages,
            a_delivery_that_is_asked_for_again_keeps_its_name,
            a_delivery_that_is_gone_is_refused,
        );
    };
    ($stage:path: $($statement:ident),+ $(,)?) => {$(
        #[tokio::test]
        async fn $statement() {
            let stage = $stage(stringify!($statement)).await;
            if let Err(fault) = $crate::contracts::hooks::$statement(&stage).await {
                panic!("{}", fault.chain());
            }
        }
    )+};
}

async fn page(stage: &impl Stage, older: Option<&str>) -> Result<HookPage, Fault> {
    let page = stage.github().deliveries(older).await?;
    Ok(page.unwrap_or_else(|| panic!("there is no list of deliveries")))
}

/// Each once, with what failed told from what arrived.
pub async fn deliveries_come_newest_first_over_pages(stage: &impl Stage) -> Result<(), Fault> {
    assert_eq!(page(stage, None).await?.deliveries, []);
    let mut delivered: Vec<_> = (0..230)
        .map(|number| stage.deliver(if number % 7 == 0 { "ping" } else { "push" }, number % 3 > 0))
        .collect();
    delivered.reverse();
    let (mut found, mut older, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = page(stage, older.as_deref()).await?;
        found.extend(page.deliveries);
        pages += 1;
        older = page.older;
        if older.is_none() {
            break;
        }
    }
    assert_eq!(found, delivered);
    assert_eq!(pages, 3);
    Ok(())
}

/// It is another delivery, and the first one still failed.
pub async fn a_delivery_that_is_asked_for_again_keeps_its_name(stage: &impl Stage) -> Result<(), Fault> {
    let failed = stage.deliver("push", false);
    assert_eq!(stage.github().redeliver(failed.id).await?, Redelivered::Asked);
    let page = page(stage, None).await?;
    let [again, first] = page.deliveries.as_slice() else {
        panic!("{page:?}");
    };
    assert_eq!(first, &failed);
    assert_eq!((&again.guid, &again.event), (&failed.guid, &failed.event));
    assert_eq!(again.repository, failed.repository);
    assert!(again.arrived && again.id != failed.id, "{again:?}");
    Ok(())
}

/// It is no fault: it stays gone.
pub async fn a_delivery_that_is_gone_is_refused(stage: &impl Stage) -> Result<(), Fault> {
    let redelivered = stage.github().redeliver(987_654_321).await?;
    assert!(matches!(redelivered, Redelivered::Refused(_)), "{redelivered:?}");
    Ok(())
}
