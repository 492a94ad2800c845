//! The real server, and what a story may do there behind Sluice's back.

use mysql::admin::Admin;
use testkit::scratch::{self, Administrator};
use workflow::ports::database::Login;

/// The server that the environment names.
#[derive(Debug)]
pub(crate) struct Server(Login);

impl Server {
    /// The server. Fails the test where there is none.
    pub(crate) fn of_the_environment() -> Self {
        match scratch::login() {
            Ok(login) => Self(login),
            Err(missing) => panic!("{missing}"),
        }
    }

    /// Runs statements on one session of their own.
    pub(crate) async fn try_run(&self, text: &str) -> Result<Vec<Vec<Option<String>>>, String> {
        let mut admin = Admin::connect(&self.0).await.map_err(|error| format!("{error:?}"))?;
        let rows = admin.run(text).await;
        admin.close().await;
        rows.map_err(|fault| format!("{}\n{text}", fault.chain()))
    }
}

impl Administrator for Server {
    fn login(&self) -> Login {
        self.0.clone()
    }

    async fn run(&self, text: &str) -> Vec<Vec<Option<String>>> {
        match self.try_run(text).await {
            Ok(rows) => rows,
            Err(error) => panic!("{error}"),
        }
    }
}
