//! Who sits in front of the command: a browser, a keyboard, Ctrl-C.

use crate::exit::Stop;
use crate::interrupt::{Signal, Signals};
use futures::future::{FutureExt as _, LocalBoxFuture};
use std::io::IsTerminal as _;
use std::sync::Arc;
use tokio::sync::{Mutex, oneshot};
use uuid::Uuid;
use workflow::ports::signatures::Signatures;

/// Asks a person for a line; nothing where there is no more.
pub(super) type Ask<'a> = Box<dyn Fn() -> LocalBoxFuture<'a, Option<String>> + 'a>;

/// Who sits in front of the command.
pub(super) struct Surroundings<'a> {
    /// The signal that ends it, when it comes.
    pub(super) signal: Mutex<LocalBoxFuture<'a, Signal>>,
    /// Opens a page.
    pub(super) browse: Box<dyn Fn(&str) + 'a>,
    /// A person who can be asked.
    pub(super) ask: Option<Ask<'a>>,
    /// A text that nobody guesses, another one each time.
    pub(super) unguessable: Box<dyn Fn() -> String + 'a>,
    /// Keys that sign and never leave.
    pub(super) signatures: Option<Arc<dyn Signatures>>,
}

impl Surroundings<'_> {
    /// Those of this process.
    pub(super) fn of_process(
        quiet: bool,
        browser: bool,
        signatures: Arc<dyn Signatures>,
    ) -> Result<Self, Stop> {
        let mut signals = Signals::listen()?;
        let ask: Ask<'_> = Box::new(|| line().boxed_local());
        Ok(Self {
            signal: Mutex::new(async move { signals.next().await }.boxed_local()),
            browse: Box::new(move |url| {
                if browser {
                    // Its address is said, too: where there is no browser, a person opens it elsewhere.
                    let _ = open::that_detached(url);
                }
            }),
            ask: (!quiet && std::io::stdin().is_terminal()).then_some(ask),
            unguessable: Box::new(unguessable),
            signatures: Some(signatures),
        })
    }

    /// Waits for something that a person, or GitHub, may take long for. Nothing is half done meanwhile.
    pub(super) async fn unless_interrupted<T>(&self, wait: impl Future<Output = T>) -> Result<T, Stop> {
        let mut signal = self.signal.lock().await;
        tokio::select! {
            biased;
            signal = &mut *signal => Err(Stop::Interrupted(
                signal,
                format!("{signal}: run the same command again, and it goes on where it was."),
            )),
            waited = wait => Ok(waited),
        }
    }
}

/// 244 random bits, from the system's own source.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the command's randomness comes from"
)]
fn unguessable() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// A line of the keyboard. It is read on a thread of its own, which ends with the process: reading can't be given up.
async fn line() -> Option<String> {
    let (answer, answered) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line).unwrap_or(0);
        // Nobody waits any more after Ctrl-C.
        let _ = answer.send((read > 0).then_some(line));
    });
    answered.await.ok().flatten()
}
