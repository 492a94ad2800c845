//! Properties of a place where secrets are kept.

use super::ok;
use model::Fault;
use secrecy::ExposeSecret as _;
use workflow::ports::secrets::{Freshness, SecretStore, Secrets};

/// Both freshnesses read the text that is there.
pub async fn a_secret_is_read<S: Secrets>(secrets: &S, arn: &str, text: &str) {
    for freshness in [Freshness::Cached, Freshness::Current] {
        let found = ok(secrets.secret(arn, freshness).await);
        assert!(found.expose_secret() == text, "{freshness:?} read another text");
    }
}

/// The one who asks for the current secret gets the current one.
pub async fn the_current_secret_is_never_an_old_one<S: Secrets>(
    secrets: &S,
    arn: &str,
    put: impl AsyncFn(&str),
) {
    for text in ["old", "new"] {
        put(text).await;
        let found = ok(secrets.secret(arn, Freshness::Current).await);
        assert!(found.expose_secret() == text, "expected the {text} one");
        let found = ok(secrets.secret(arn, Freshness::Cached).await);
        assert!(found.expose_secret() == text, "what was read is what is cached");
    }
}

/// The one before the current is read where it is asked for, and nowhere else; a secret that was never changed has none,
/// and the current one is read. Begins with a secret that was put at most once.
pub async fn the_previous_secret_is_the_one_before<S: Secrets>(
    secrets: &S,
    arn: &str,
    put: impl AsyncFn(&str),
) {
    if secrets.secret(arn, Freshness::Current).await.is_err() {
        put("first").await;
    }
    let first = ok(secrets.secret(arn, Freshness::Current).await);
    let found = ok(secrets.secret(arn, Freshness::Previous).await);
    assert!(
        found.expose_secret() == first.expose_secret(),
        "none was before it"
    );
    put("second").await;
    for (freshness, expected) in [
        (Freshness::Current, "second"),
        (Freshness::Previous, first.expose_secret()),
        (Freshness::Cached, "second"),
    ] {
        let found = ok(secrets.secret(arn, freshness).await);
        assert!(
            found.expose_secret() == expected,
            "{freshness:?} read another text"
        );
    }
}

/// A missing secret is for the operator, who is told which.
pub async fn a_missing_secret_needs_an_operator<S: Secrets>(secrets: &S, arn: &str) {
    match secrets.secret(arn, Freshness::Cached).await {
        Err(fault @ Fault::Operator { .. }) => assert!(fault.to_string().contains(arn), "{fault}"),
        Err(other) => panic!("{}", other.chain()),
        Ok(_) => panic!("there is no such secret"),
    }
}

/// What is stored is what is read, under the name and under the ARN that it got; what was there stays as the previous.
pub async fn what_is_stored_is_what_is_read<S: SecretStore>(secrets: &S, name: &str) {
    assert!(ok(secrets.find(name).await).is_none(), "nothing was stored yet");
    let arn = ok(secrets.store(name, &"first".into()).await);
    let again = ok(secrets.store(&arn, &"second".into()).await);
    assert_eq!(arn, again, "one secret has one ARN");
    for place in [name, &arn] {
        let found = ok(secrets.find(place).await).map(|text| text.expose_secret().to_owned());
        assert_eq!(found.as_deref(), Some("second"), "{place}");
        let found = ok(secrets.secret(place, Freshness::Current).await);
        assert_eq!(found.expose_secret(), "second", "{place}");
    }
    let before = ok(secrets.secret(&arn, Freshness::Previous).await);
    assert_eq!(before.expose_secret(), "first");
}
