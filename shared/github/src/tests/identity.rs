//! Who speaks, and how that is proved.

use super::script::{reply, repository, scripted_as, token};
use crate::{Access, App, Identity};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::LocalKeys;
use workflow::ports::github::Repositories as _;
use workflow::stored_secret::{AppKey, GitHubAppKey};

fn of_kms(keys: &LocalKeys) -> Identity {
    let key = GitHubAppKey {
        app_id: 1001,
        key: AppKey::Kms("alias/app".to_owned()),
    };
    Identity::new(key, Some(Arc::new(keys.clone()))).unwrap()
}

/// Header and claims of a token.
fn read(token: &str) -> [Value; 2] {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    [(), ()].map(|()| serde_json::from_slice(&parts.next().unwrap()).unwrap())
}

#[tokio::test]
async fn the_apps_token_is_signed_by_its_key_and_lives_for_less_than_ten_minutes() {
    let keys = LocalKeys::with("alias/app");
    let own = Identity::with_own_key(&App {
        id: 1001,
        private_key: include_str!("no_app.pem").to_owned().into(),
    });
    let now = Timestamp::from_second(1_000_000).unwrap();
    for identity in [of_kms(&keys), own.unwrap()] {
        let token = identity.token(now).await.unwrap();
        let [header, claims] = read(token.expose_secret());
        assert_eq!(header, json!({"alg": "RS256", "typ": "JWT"}));
        assert_eq!(claims, json!({"iat": 999_940, "exp": 1_000_540, "iss": 1001}));
    }
}

#[tokio::test]
async fn a_key_in_kms_signs_what_github_verifies_and_is_asked_once_for_minutes() {
    let keys = LocalKeys::with("alias/app");
    let identity = of_kms(&keys);
    let at = |second: i64| Timestamp::from_second(1_000_000 + second).unwrap();
    let first = identity.token(at(0)).await.unwrap();
    let (message, signature) = first.expose_secret().rsplit_once('.').unwrap();
    let public_key = keys.public_key("alias/app");
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &public_key)
        .verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();

    let again = identity.token(at(7 * 60 - 1)).await.unwrap();
    assert_eq!((again.expose_secret(), keys.signed()), (first.expose_secret(), 1));
    let later = identity.token(at(7 * 60)).await.unwrap();
    assert_eq!(keys.signed(), 2);
    assert_ne!(later.expose_secret(), first.expose_secret());
    // A clock that was set back makes the age unknown.
    identity.token(at(0)).await.unwrap();
    assert_eq!(keys.signed(), 3);
}

#[tokio::test]
async fn an_app_whose_key_is_in_kms_gets_its_sessions() {
    let keys = LocalKeys::with("alias/app");
    let head = json!({"ref": "refs/heads/main", "object": {"sha": "a"}});
    let scripted = scripted_as(
        of_kms(&keys),
        Access::Read,
        vec![token("ghs_1", "sluice-demo/shop")],
        vec![reply(200, head)],
    );
    scripted.github.head(&repository(), "main").await.unwrap();
    let minted = scripted.seen().remove(0);
    let bearer = minted
        .headers
        .iter()
        .find_map(|line| line.strip_prefix("authorization: Bearer "));
    let [_, claims] = read(bearer.unwrap());
    assert_eq!(claims["iss"], 1001);
}

#[tokio::test]
async fn a_key_that_can_not_be_used_is_the_operators() {
    let key = |id: &str| GitHubAppKey {
        app_id: 1,
        key: AppKey::Kms(id.to_owned()),
    };
    let nobody = Identity::new(key("alias/app"), None).unwrap_err();
    assert!(nobody.chain().contains("kms_key_id"), "{}", nobody.chain());
    let keys = Arc::new(LocalKeys::default());
    let gone = Identity::new(key("alias/gone"), Some(keys)).unwrap();
    let fault = gone.token(Timestamp::UNIX_EPOCH).await.unwrap_err();
    assert!(fault.chain().contains("alias/gone"), "{}", fault.chain());
}
