//! The MySQL server of the tests, and databases on it.

use mysql::admin::Admin;
use secrecy::ExposeSecret as _;
use testkit::scratch::{self, Administrator, Scratch};
use workflow::ports::database::Login;

struct Root(Login);

impl Administrator for Root {
    fn login(&self) -> Login {
        self.0.clone()
    }

    async fn run(&self, text: &str) -> Vec<Vec<Option<String>>> {
        let mut admin = Admin::connect(&self.0).await.unwrap();
        let rows = admin.run(text).await;
        admin.close().await;
        rows.unwrap_or_else(|fault| panic!("{}\n{text}", fault.chain()))
    }
}

fn root() -> Root {
    Root(scratch::login().unwrap_or_else(|missing| panic!("{missing}")))
}

/// A database of the server as the command line names it; the server itself without a name.
pub(crate) fn url(schema: &str) -> String {
    let Root(login) = root();
    format!(
        "mysql://{}:{}@{}:{}/{schema}",
        login.user,
        login.password.expose_secret(),
        login.host,
        login.port
    )
}

/// A database that nobody else has, dropped at the end.
pub(crate) struct Database {
    scratch: Option<Scratch>,
}

impl Database {
    /// Makes it with these definitions.
    pub(crate) fn make(text: &str) -> Self {
        let database = Self {
            scratch: Some(wait(Scratch::make(&root()))),
        };
        database.run(text);
        database
    }

    /// Runs statements in it.
    pub(crate) fn run(&self, text: &str) {
        let statements = sql::split(text, sql::SqlMode::default()).unwrap();
        let statements = statements.into_iter().map(|statement| statement.text);
        let all: Vec<String> = std::iter::once(format!("USE `{}`", self.name()))
            .chain(statements)
            .collect();
        wait(root().run(&all.join("\n;\n")));
    }

    pub(crate) fn name(&self) -> &str {
        self.scratch.as_ref().unwrap().name()
    }

    pub(crate) fn url(&self) -> String {
        url(self.name())
    }

    /// Its URL without the password, and the password.
    pub(crate) fn url_and_password(&self) -> (String, String) {
        let Root(login) = root();
        let bare = format!(
            "mysql://{}@{}:{}/{}",
            login.user,
            login.host,
            login.port,
            self.name()
        );
        (bare, login.password.expose_secret().to_owned())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        wait(self.scratch.take().unwrap().drop(&root()));
    }
}

/// What the server answers to a question.
pub(crate) fn rows(question: &str) -> Vec<Vec<Option<String>>> {
    wait(root().run(question))
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}
