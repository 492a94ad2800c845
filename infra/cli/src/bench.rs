//! A schema of a command's own on a server, to try things on: whatever comes of it, nothing is left behind.

use crate::database::failed;
use crate::exit::Stop;
use crate::interrupt::{Signal, Signals};
use crate::server::ServerUrl;
use crate::spelling;
use mysql::{DumpOptions, Scratch, ScratchName};
use sql::SqlMode;
use std::time::Duration;

/// How long an interrupted command takes at most to drop its schema.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does something on a schema that is made for it, under a name that nobody else has, and dropped after it: when a
/// signal ends it, too.
pub(crate) async fn on<T>(
    url: &ServerUrl,
    work: impl AsyncFnOnce(&mut Bench) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let mut signals = Signals::listen()?;
    let name = ScratchName::random();
    let signal = tokio::select! {
        biased;
        signal = signals.next() => signal,
        done = through(url, &name, work) => return done,
    };
    Err(interrupted(signal, url, &name).await)
}

async fn through<T>(
    url: &ServerUrl,
    name: &ScratchName,
    work: impl AsyncFnOnce(&mut Bench) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let mut bench = Bench::make(url, name).await?;
    let done = work(&mut bench).await;
    // The first trouble is the one that is told.
    let dropped = bench.drop().await;
    done.and_then(|done| dropped.map(|()| done))
}

/// Drops the schema of a command that was interrupted, on a session of its own: the one that was at work may be busy.
async fn interrupted(signal: Signal, url: &ServerUrl, name: &ScratchName) -> Stop {
    let words = match tokio::time::timeout(PATIENCE, clear(url, name)).await {
        Ok(Ok(())) => {
            format!("{signal}: the scratch schema on {url} was dropped, and nothing is left behind.")
        }
        Ok(Err(stop)) => left(signal, url, name, &stop.to_string()),
        Err(_) => left(
            signal,
            url,
            name,
            &format!("not within {} seconds", PATIENCE.as_secs()),
        ),
    };
    Stop::Interrupted(signal, words)
}

/// What the interrupted session had under way may still make the schema, unless it is there: it is made anew, and
/// dropped after that. Either may fail for what is under way, and then does not the next time.
async fn clear(url: &ServerUrl, name: &ScratchName) -> Result<(), Stop> {
    const TRIES: u8 = 3;
    let mut last = Ok(());
    for _ in 0..TRIES {
        last = match Bench::make(url, name).await {
            Ok(bench) => bench.drop().await,
            Err(stop) => Err(stop),
        };
        if last.is_ok() {
            break;
        }
    }
    last
}

fn left(signal: Signal, url: &ServerUrl, name: &ScratchName, why: &str) -> String {
    format!(
        "{signal}: the scratch schema on {url} could not be dropped ({why}). If it is there, drop it: DROP DATABASE \
         `{name}`;"
    )
}

/// A schema of this command's own on a server, under a name that nobody else has. It is dropped at the end.
#[derive(Debug)]
pub(crate) struct Bench {
    scratch: Scratch,
    url: ServerUrl,
}

/// A schema as a server shows it, after it was loaded there.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The schema.
    pub(crate) text: String,
    /// What of the file was not loaded, with the lines: locks, rows, settings of the server.
    pub(crate) skipped: Vec<String>,
}

impl Bench {
    async fn make(url: &ServerUrl, name: &ScratchName) -> Result<Self, Stop> {
        let made = Scratch::make(&url.login()?, name, None).await;
        Ok(Self {
            scratch: made.map_err(|error| failed(url, "a scratch schema", error))?,
            url: url.clone(),
        })
    }

    /// The server.
    pub(crate) fn name(&self) -> String {
        self.url.to_string()
    }

    /// Loads a schema in place of what was there, and reads it as the server shows it.
    pub(crate) async fn normal(&mut self, what: &str, text: &str) -> Result<Shown, Stop> {
        let emptied = self.scratch.empty().await;
        emptied.map_err(|error| failed(&self.url, "the scratch schema", error))?;
        let loaded = self.scratch.load(text).await;
        let whole = loaded.as_ref().is_ok_and(|loaded| loaded.skipped.is_empty());
        if !whole {
            spelling::check(what, text)?;
        }
        let loaded = loaded.map_err(|error| failed(&self.url, what, error))?;
        let skipped = loaded.skipped.iter();
        Ok(Shown {
            text: self.snapshot().await?,
            skipped: skipped
                .map(|skipped| format!("line {}: {}", skipped.line, skipped.verb))
                .collect(),
        })
    }

    /// Runs statements that Sluice wrote.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Stop> {
        const WHAT: &str = "the proposed statements";
        let statements =
            sql::split(sql, SqlMode::default()).map_err(|error| failed(&self.url, WHAT, error.into()))?;
        let ran = self.scratch.run(&statements).await;
        ran.map_err(|error| failed(&self.url, WHAT, error))
    }

    /// The schema as it is now.
    pub(crate) async fn snapshot(&mut self) -> Result<String, Stop> {
        let taken = self.scratch.snapshot(DumpOptions::default()).await;
        taken
            .map(|snapshot| snapshot.text)
            .map_err(|error| failed(&self.url, "the scratch schema", error))
    }

    async fn drop(self) -> Result<(), Stop> {
        let Self { scratch, url } = self;
        scratch
            .drop()
            .await
            .map_err(|error| failed(&url, "the scratch schema", error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_schema_that_can_not_be_dropped_is_named() {
        let url: ServerUrl = "mysql://u:sesame@127.0.0.1:1".parse().unwrap();
        let name = ScratchName::of("x");
        let stop = interrupted(Signal::Terminate, &url, &name).await;
        assert_eq!((stop.exit_code(), stop.code()), (143, "interrupted"));
        let words = stop.to_string();
        assert!(
            words.starts_with("told to end: the scratch schema on mysql://u@127.0.0.1:1 "),
            "{words}"
        );
        assert!(words.ends_with(&format!("DROP DATABASE `{name}`;")), "{words}");
        assert!(!words.contains("sesame"), "{words}");
    }
}
