//! Asks the server of the environment about the corpora, and keeps its verdicts beside them. For whoever changes a
//! corpus; run it from the repository, with `SLUICE_TEST_MYSQL_URL` set.

use corpora::{CorporaError, Judge, Server, Verdicts, examine, sources};
use testkit::scratch::Scratch;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), CorporaError> {
    let server = Server::of_the_environment()?;
    let scratch = Scratch::make(&server).await;
    let mut judge = Judge::open(&server, scratch.name()).await?;
    let mut verdicts = Vec::new();
    for source in sources()? {
        verdicts.extend(examine(&mut judge, &source).await?.verdicts);
    }
    judge.close().await;
    scratch.drop(&server).await;
    verdicts.into_iter().collect::<Verdicts>().keep()
}
