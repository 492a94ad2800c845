//! The real server, and what a story may do there behind Sluice's back.

use crate::world::World;
use mysql::admin::Admin;
use testkit::scratch::{self, Administrator};
use tokio::sync::Mutex;
use workflow::ports::database::Login;

/// The server that the environment names, with one session for everything that the story asks it.
#[derive(Debug)]
pub(crate) struct Server {
    login: Login,
    session: Mutex<Option<Admin>>,
}

impl Server {
    /// The server. Fails the test where there is none.
    pub(crate) fn of_the_environment() -> Self {
        match scratch::login() {
            Ok(login) => Self {
                login,
                session: Mutex::default(),
            },
            Err(missing) => panic!("{missing}"),
        }
    }

    /// Runs statements; a session that failed is not used again.
    pub(crate) async fn try_run(&self, text: &str) -> Result<Vec<Vec<Option<String>>>, String> {
        let mut kept = self.session.lock().await;
        let mut session = match kept.take() {
            Some(session) => session,
            None => Admin::connect(&self.login)
                .await
                .map_err(|error| format!("{error:?}"))?,
        };
        match session.run(text).await {
            Ok(rows) => {
                *kept = Some(session);
                Ok(rows)
            }
            Err(fault) => {
                session.close().await;
                Err(format!("{}\n{text}", fault.chain()))
            }
        }
    }

    /// Ends the session.
    pub(crate) async fn close(&self) {
        if let Some(session) = self.session.lock().await.take() {
            session.close().await;
        }
    }
}

impl Administrator for Server {
    fn login(&self) -> Login {
        self.login.clone()
    }

    async fn run(&self, text: &str) -> Vec<Vec<Option<String>>> {
        match self.try_run(text).await {
            Ok(rows) => rows,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Somebody who read a table and does not commit: a change of its definition waits.
#[derive(Debug)]
pub struct Held(Server);

impl Held {
    /// The reader goes away.
    pub async fn let_go(self) {
        self.0.close().await;
    }
}

impl World {
    /// Somebody reads a table and does not commit.
    pub async fn hold(&self, place: &str, table: &str) -> Held {
        let schema = &self.target(place).database;
        let reader = Server::of_the_environment();
        reader
            .run(&format!(
                "START TRANSACTION; SELECT COUNT(*) FROM `{schema}`.`{table}`"
            ))
            .await;
        Held(reader)
    }
}
