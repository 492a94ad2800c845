//! The server, as each program wants to be told of it, and the databases that are made on it.

use crate::fault::BenchError;
use crate::server;
use mysql::admin::Admin;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::runtime::Runtime;
use url::Url;
use workflow::ports::database::Login;

/// The server.
pub(crate) struct Place {
    /// The user that may do everything.
    pub(crate) login: Login,
    runtime: Runtime,
}

impl Place {
    /// The one that the environment names.
    pub(crate) fn named() -> Result<Self, BenchError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| BenchError::Io {
                what: "an async runtime".to_owned(),
                source,
            })?;
        Ok(Self {
            login: server::login()?,
            runtime,
        })
    }

    /// Runs statements of ours; the rows of all of them.
    pub(crate) fn run(&self, text: &str) -> Result<Vec<Vec<Option<String>>>, BenchError> {
        let told = self.runtime.block_on(async {
            let mut admin = Admin::connect(&self.login)
                .await
                .map_err(|error| format!("the server does not let us in: {error:?}"))?;
            let rows = admin.run(text).await.map_err(|fault| fault.chain());
            admin.close().await;
            rows
        });
        told.map_err(BenchError::Told)
    }

    /// One answer of the server.
    pub(crate) fn ask(&self, text: &str) -> Result<String, BenchError> {
        let rows = self.run(text)?;
        let cell = rows.into_iter().next().and_then(|row| row.into_iter().next());
        cell.flatten()
            .ok_or_else(|| BenchError::Told(format!("the server did not answer to `{text}`")))
    }

    /// Makes an empty database.
    pub(crate) fn make(&self, schema: &str) -> Result<(), BenchError> {
        self.forget(schema)?;
        self.run(&format!("CREATE DATABASE {schema}")).map(|_rows| ())
    }

    /// Drops a database, and what Sluice remembers of it.
    pub(crate) fn forget(&self, schema: &str) -> Result<(), BenchError> {
        self.run(&format!("DROP DATABASE IF EXISTS {schema}"))?;
        self.unremember(schema)
    }

    /// Drops what Sluice remembers of a database.
    pub(crate) fn unremember(&self, schema: &str) -> Result<(), BenchError> {
        const TABLES: &str =
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '_sluice'";
        for row in self.run(TABLES)? {
            let table = row.into_iter().next().flatten().unwrap_or_default();
            self.run(&format!(
                "DELETE FROM _sluice.{table} WHERE schema_name = '{schema}'"
            ))?;
        }
        Ok(())
    }

    /// A user of whom the server can tell what was run in its name.
    pub(crate) fn user(&self, name: &str) -> Result<Login, BenchError> {
        let password = self.ask("SELECT HEX(RANDOM_BYTES(12))")?;
        self.run(&format!(
            "DROP USER IF EXISTS '{name}'@'%'; CREATE USER '{name}'@'%' IDENTIFIED BY '{password}'; \
             GRANT ALL ON *.* TO '{name}'@'%'"
        ))?;
        Ok(Login {
            user: name.to_owned(),
            password: SecretString::from(password),
            ..self.login.clone()
        })
    }
}

/// The URL of a database for a user, with what else a program wants in it.
pub(crate) fn url(login: &Login, schema: &str, query: Option<&str>) -> Result<String, BenchError> {
    let bare = format!("mysql://{}:{}/{schema}", login.host, login.port);
    let mut url = Url::parse(&bare).map_err(|error| BenchError::Told(format!("{bare}: {error}")))?;
    url.set_query(query);
    let named = url
        .set_username(&login.user)
        .and_then(|()| url.set_password(Some(login.password.expose_secret())));
    named
        .map(|()| url.to_string())
        .map_err(|()| BenchError::Told(format!("{bare} takes no user")))
}
