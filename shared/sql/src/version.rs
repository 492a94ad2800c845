//! Version comments: `/*!80023 … */`, whose inside a server of that version or newer runs.
//!
//! A version that no server has is a comment to all of them. One between the oldest supported server and that is code to
//! some and a comment to others.

use crate::quoted::skipped_end;

/// Every supported server is at least this version, that of Aurora MySQL 3.04: it runs `/*!80028 … */`.
const OLDEST_SERVER: u32 = 80_028;

/// No server has this version or a newer one: none runs `/*!99999 … */`.
const NO_SERVER: u32 = 99_999;

/// Which servers run what stands in a version comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    /// Every supported server.
    All,
    /// Some, or not all of them the same.
    Some,
    /// None.
    None,
}

/// How a version comment starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    /// The end of `/*!` and its version.
    pub(crate) end: usize,
    /// Which servers run it.
    pub(crate) run: Run,
}

/// An open version comment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VersionComment {
    /// Where it starts.
    pub(crate) start: usize,
    /// Where it ends for a server that skips it; none where every supported server runs it.
    skipped_end: Option<usize>,
}

impl VersionComment {
    /// The comment that starts at `start`. Where a server that skips it finds no end, it ends nowhere for all of them.
    pub(crate) fn new(text: &str, start: usize, opening: Opening) -> Self {
        let some = opening.run == Run::Some;
        let skipped_end = some.then(|| skipped_end(text, opening.end).unwrap_or(usize::MAX));
        Self { start, skipped_end }
    }

    /// Whether a supported server may skip it.
    pub(crate) fn maybe(&self) -> bool {
        self.skipped_end.is_some()
    }

    /// Whether it ends at `end` for every server.
    pub(crate) fn ends(&self, end: usize) -> bool {
        self.skipped_end.is_none_or(|skipped| skipped == end)
    }
}

/// Reads the `/*!` at `at` and the version after it: six digits, or five; fewer are no version (MySQL manual,
/// "Comments"). Older servers read five where six stand there, so that they see another version and run the sixth.
pub(crate) fn opening(text: &str, at: usize) -> Opening {
    let start = at + 3;
    let rest = text.get(start..).unwrap_or_default();
    let digits = rest.bytes().take(7).take_while(u8::is_ascii_digit).count();
    let taken = match digits {
        0..=4 => 0,
        5 => 5,
        _ => 6,
    };
    let version = |length: usize| rest.get(..length).and_then(|digits| digits.parse::<u32>().ok());
    let run = match (version(taken), version(taken.min(5))) {
        (Some(_), Some(first)) if first >= NO_SERVER => Run::None,
        (Some(whole), _) if taken == 6 || whole > OLDEST_SERVER => Run::Some,
        (Some(_) | None, _) => Run::All,
    };
    Opening {
        end: start + taken,
        run,
    }
}
