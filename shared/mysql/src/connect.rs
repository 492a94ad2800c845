//! Opening one connection that leaves the user's SQL as it is.

use crate::Limits;
use crate::errors::{BAD_DB, Class, Failure, SECURE_TRANSPORT_REQUIRED};
use crate::tls;
use crate::wire::Wire;
use model::Fault;
use secrecy::ExposeSecret as _;
use sqlx::ConnectOptions as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlSslMode};
use std::io::ErrorKind;
use workflow::ports::database::{Login, OpenError};

/// Connects. The schema, where one is named, is the session's default database from the start.
pub(crate) async fn connect(login: &Login, schema: Option<&str>, limits: &Limits) -> Result<Wire, OpenError> {
    let options = options(login, schema)?;
    let connecting = tokio::time::timeout(limits.connect, open(options, tls::may_be_plain(login)));
    match connecting.await {
        Ok(Ok(connection)) => Ok(Wire::new(connection)),
        Ok(Err(error)) => Err(denied(error, login, schema, limits).await),
        Err(elapsed) => Err(OpenError::Fault(Fault::retry(
            format!(
                "connect to {} within {} s (a paused cluster takes 15 to 30 s to wake)",
                place(login),
                limits.connect.as_secs()
            ),
            elapsed,
        ))),
    }
}

/// Opens the connection; where it may be plain, that is tried first. A server that has not seen the password since its
/// start takes it over an encrypted connection only, and some take nothing else. Encrypting costs two waits of 40 ms
/// here: SQLx writes in parts, and TCP keeps a part back until the one before it is acknowledged.
async fn open(options: MySqlConnectOptions, plain: bool) -> sqlx::Result<MySqlConnection> {
    if plain {
        match options.clone().ssl_mode(MySqlSslMode::Disabled).connect().await {
            Err(error) if wants_encryption(&error) => {}
            other => return other,
        }
    }
    options.connect().await
}

/// Whether a plain connection failed for being plain: the password can't be sent over it, or the server takes none.
fn wants_encryption(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(database) => database
            .try_downcast_ref::<MySqlDatabaseError>()
            .is_some_and(|server| server.number() == SECURE_TRANSPORT_REQUIRED),
        None => !matches!(error, sqlx::Error::Io(_)),
    }
}

/// All that SQLx would do to the session by itself is switched off: `PIPES_AS_CONCAT` changes what `||` means,
/// `+00:00` what a time means, and both would be stored in procedures. What it can't be told to leave out
/// (`IGNORE_SPACE`), and the character set that files are written in, the session's preamble sets right.
/// Statements are not logged: they hold the users' data.
fn options(login: &Login, schema: Option<&str>) -> Result<MySqlConnectOptions, Fault> {
    let options = MySqlConnectOptions::new()
        .host(&login.host)
        .port(login.port)
        .username(&login.user)
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .set_names(false)
        .statement_cache_capacity(0)
        .disable_statement_logging();
    let password = login.password.expose_secret();
    let options = if password.is_empty() {
        options
    } else {
        options.password(password)
    };
    let options = match schema {
        Some(schema) => options.database(schema),
        None => options,
    };
    tls::secure(options, &login.tls, &login.host)
}

/// What an opening that failed means. Where the user may not enter the schema, it is asked outside of it for its rights.
async fn denied(error: sqlx::Error, login: &Login, schema: Option<&str>, limits: &Limits) -> OpenError {
    if is_untrusted(&error) {
        return OpenError::Fault(Fault::operator(
            operation(login),
            "check the instance's tls in settings: the authority of the server's certificate and the host's name must \
             match",
            error,
        ));
    }
    let mut failure = Failure::from(error);
    if let (Failure::Server(error), Some(schema)) = (&mut failure, schema)
        && error.class() == Class::RightsMissing
    {
        error.missing = missing(login, schema, limits).await;
    }
    refused(failure, login, schema)
}

fn refused(failure: Failure, login: &Login, schema: Option<&str>) -> OpenError {
    let operation = operation(login);
    match failure {
        Failure::Server(error) if error.class() == Class::Login => OpenError::Login(error.fault(&operation)),
        Failure::Server(error) if error.code == BAD_DB => {
            OpenError::NoSchema(schema.unwrap_or_default().to_owned())
        }
        Failure::Server(error) if error.code == SECURE_TRANSPORT_REQUIRED => {
            OpenError::Fault(Fault::operator(
                operation,
                "the server requires TLS: set the instance's tls to verify_identity in settings",
                error,
            ))
        }
        failure @ (Failure::Server(_) | Failure::Gone(_)) => OpenError::Fault(failure.fault(&operation)),
    }
}

/// Which rights the user lacks to enter a schema.
async fn missing(login: &Login, schema: &str, limits: &Limits) -> Option<String> {
    let options = options(login, None).ok()?;
    let connecting = tokio::time::timeout(limits.connect, options.connect());
    let mut wire = Wire::new(connecting.await.ok()?.ok()?);
    let missing = wire.missing(Some(schema)).await;
    wire.close().await;
    missing
}

fn operation(login: &Login) -> String {
    format!("connect to {} as `{}`", place(login), login.user)
}

/// Whether the security of the connection is what failed, and not the network: rustls wraps its own errors as invalid
/// data, and without TLS the server's password exchange isn't available.
fn is_untrusted(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Tls(_) | sqlx::Error::Configuration(_))
        || matches!(error, sqlx::Error::Io(io) if io.kind() == ErrorKind::InvalidData)
}

fn place(login: &Login) -> String {
    format!("{}:{}", login.host, login.port)
}
