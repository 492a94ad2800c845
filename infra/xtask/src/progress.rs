//! Tells on stderr what is being done: a spinner per step on a terminal, one line per step elsewhere.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// The steps under way.
#[derive(Clone)]
pub(crate) struct Progress {
    bars: MultiProgress,
    terminal: bool,
}

impl Progress {
    /// Draws on stderr.
    pub(crate) fn new() -> Self {
        Self {
            bars: MultiProgress::new(),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Says one sentence.
    pub(crate) fn say(&self, sentence: &str) {
        // Nobody is left to tell when stderr is closed.
        let _closed = if self.terminal {
            self.bars.println(sentence)
        } else {
            writeln!(std::io::stderr(), "{sentence}")
        };
    }

    /// Begins a step; it ends with [`Step::done`], or unfinished when dropped.
    pub(crate) fn step(&self, what: impl Into<String>) -> Step {
        let what = what.into();
        let bar = self.bars.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(what.clone());
        if self.terminal {
            bar.enable_steady_tick(Duration::from_millis(120));
        } else {
            self.say(&format!("  ... {what}"));
        }
        Step {
            progress: self.clone(),
            bar,
            what,
            began: Instant::now(),
        }
    }

    /// Takes the spinners off the screen while something else writes to it.
    pub(crate) fn suspend<R>(&self, action: impl FnOnce() -> R) -> R {
        self.bars.suspend(action)
    }
}

/// One thing being done.
pub(crate) struct Step {
    progress: Progress,
    bar: ProgressBar,
    what: String,
    began: Instant,
}

impl Step {
    /// Adds what the step is doing right now.
    pub(crate) fn detail(&self, detail: &str) {
        self.bar.set_message(format!("{}: {detail}", self.what));
    }

    /// Ends the step well.
    pub(crate) fn done(self) {
        let seconds = self.began.elapsed().as_secs_f64();
        self.bar.finish_and_clear();
        self.progress
            .say(&format!("  ok  {} ({seconds:.1} s)", self.what));
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
