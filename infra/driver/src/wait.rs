//! Waiting on conditions, with a deadline and a reason.

use crate::Trouble;
use std::time::{Duration, Instant};

/// How long to wait for something.
#[derive(Debug, Clone, Copy)]
pub struct Patience(Duration);

impl Patience {
    /// At most this many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// Asks until there is an answer. `look` says what it sees instead while there is none.
    pub fn until<T>(
        self,
        what: &str,
        look: impl FnMut() -> Result<Result<T, String>, Trouble>,
    ) -> Result<T, Trouble> {
        self.often(what, Duration::from_millis(50), look)
    }

    /// The same, with this pause between two looks.
    pub fn often<T>(
        self,
        what: &str,
        pause: Duration,
        mut look: impl FnMut() -> Result<Result<T, String>, Trouble>,
    ) -> Result<T, Trouble> {
        let end = Instant::now() + self.0;
        loop {
            match look()? {
                Ok(found) => return Ok(found),
                Err(seen) if Instant::now() >= end => {
                    let seconds = self.0.as_secs();
                    return Err(Trouble(format!(
                        "{what}: not so after {seconds} s; instead: {seen}"
                    )));
                }
                Err(_) => std::thread::sleep(pause),
            }
        }
    }
}
