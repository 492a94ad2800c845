//! The server that judges.

use mysql::admin::Admin;
use testkit::scratch::{self, Administrator};
use workflow::ports::database::Login;

/// The server that the environment names.
#[derive(Debug, Clone)]
pub struct Server {
    login: Login,
}

impl Server {
    /// The server of the environment. A missing one is told with the command that brings it.
    pub fn of_the_environment() -> Result<Self, scratch::NoServer> {
        Ok(Self {
            login: scratch::login()?,
        })
    }
}

impl Administrator for Server {
    fn login(&self) -> Login {
        self.login.clone()
    }

    async fn run(&self, text: &str) -> Vec<Vec<Option<String>>> {
        let mut admin = Admin::connect(&self.login)
            .await
            .unwrap_or_else(|error| panic!("the administrator can't connect: {error:?}"));
        let rows = admin.run(text).await;
        admin.close().await;
        rows.unwrap_or_else(|fault| panic!("{}\n{text}", fault.chain()))
    }
}
