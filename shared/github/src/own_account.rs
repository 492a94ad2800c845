//! Who we are on GitHub.

use crate::GitHub;
use crate::requests::Request;
use model::Fault;
use serde::Deserialize;
use workflow::ports::github::OwnAccount;

#[derive(Deserialize)]
struct OwnApp {
    slug: String,
}

impl OwnAccount for GitHub {
    async fn own_login(&self) -> Result<String, Fault> {
        const OPERATION: &str = "asking GitHub who we are";
        let login = self.login.get_or_try_init(|| async {
            let answer = self.ask_as_app(OPERATION, Request::get("/app")).await?;
            let own: OwnApp = answer.json(OPERATION)?;
            Ok(format!("{}[bot]", own.slug))
        });
        login.await.cloned()
    }
}
