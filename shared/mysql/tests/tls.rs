//! Whom a connection trusts.

mod server;

use model::Target;
use mysql::MySql;
use server::{Server, root};
use settings::Tls;
use std::time::Duration;
use testkit::scratch::{Administrator as _, Scratch};
use workflow::ports::database::{Databases as _, Lock, Locked as _, Login, OpenError, Owner};

async fn lock(server: &Server, target: &Target, tls: Tls) -> Result<(), OpenError> {
    let login = Login {
        tls,
        ..server.login()
    };
    match MySql::default()
        .lock(&login, target, Owner::Alone, Duration::ZERO)
        .await?
    {
        Lock::Held(session) => session.close().await,
        Lock::Busy { connection } => panic!("busy: {connection:?}"),
    }
    Ok(())
}

fn operator(result: Result<(), OpenError>) -> String {
    match result {
        Err(OpenError::Fault(fault)) => {
            assert_eq!(fault.class(), "fault.operator", "{}", fault.chain());
            fault.chain()
        }
        other => panic!("{other:?}"),
    }
}

/// The authority of the test server's certificate.
async fn authority(server: &Server) -> String {
    let rows = server.run("SELECT LOAD_FILE(CONCAT(@@datadir, @@ssl_ca))").await;
    rows.into_iter().flatten().flatten().next().unwrap_or_else(|| {
        panic!(
            "the server does not show its ca.pem by LOAD_FILE: start it with --secure-file-priv= as \
                 `cargo xtask test` does"
        )
    })
}

#[tokio::test]
async fn the_servers_own_authority_is_trusted_only_where_it_is_named() {
    let server = root();
    let scratch = Scratch::make(&server).await;
    let ca = authority(&server).await;
    lock(&server, &scratch.target, Tls::VerifyCa { ca: ca.clone() })
        .await
        .unwrap();
    let unknown = operator(lock(&server, &scratch.target, Tls::VerifyIdentity).await);
    assert!(unknown.contains("tls in settings"), "{unknown}");
    // The certificate that a server makes for itself names no host.
    operator(lock(&server, &scratch.target, Tls::VerifyIdentityWith { ca }).await);
    let nonsense = Tls::VerifyCa {
        ca: "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n".to_owned(),
    };
    operator(lock(&server, &scratch.target, nonsense).await);
    scratch.drop(&server).await;
}
