//! The real server of the tests.

use mysql::admin::Admin;
use testkit::scratch::{self, Administrator};
use workflow::ports::database::Login;

pub(crate) struct Server {
    /// How sessions under test log in.
    pub(crate) login: Login,
    /// How the administrator does.
    pub(crate) root: Login,
}

/// The server of the environment, with one login for both.
pub(crate) fn root() -> Server {
    let login = scratch::login().unwrap_or_else(|missing| panic!("{missing}"));
    Server {
        login: login.clone(),
        root: login,
    }
}

impl Administrator for Server {
    fn login(&self) -> Login {
        self.login.clone()
    }

    async fn run(&self, text: &str) -> Vec<Vec<Option<String>>> {
        let mut admin = Admin::connect(&self.root)
            .await
            .unwrap_or_else(|error| panic!("the administrator can't connect: {error:?}"));
        let rows = admin.run(text).await;
        admin.close().await;
        rows.unwrap_or_else(|fault| panic!("{}\n{text}", fault.chain()))
    }
}
