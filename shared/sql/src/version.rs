//! Version comments: `/*!80023 … */`, whose inside a server of that version or newer runs.

use crate::quoted::skipped_end;

/// Every supported server is at least this version, so it runs `/*!80000 … */`.
const OLDEST_SERVER: u32 = 80_000;

/// How a version comment starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    /// The end of `/*!` and its version.
    pub(crate) end: usize,
    /// Whether a supported server may skip it.
    pub(crate) maybe: bool,
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
    /// The comment that starts at `start`; none where a server that skips it finds no end.
    pub(crate) fn new(text: &str, start: usize, opening: Opening) -> Option<Self> {
        let skipped_end = if opening.maybe {
            Some(skipped_end(text, opening.end)?)
        } else {
            None
        };
        Some(Self { start, skipped_end })
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
/// "Comments").
pub(crate) fn opening(text: &str, at: usize) -> Opening {
    let start = at + 3;
    let rest = text.get(start..).unwrap_or_default();
    let digits = rest.bytes().take(7).take_while(u8::is_ascii_digit).count();
    let taken = match digits {
        0..=4 => 0,
        5 => 5,
        _ => 6,
    };
    let version = rest.get(..taken).and_then(|digits| digits.parse::<u32>().ok());
    Opening {
        end: start + taken,
        // A server that reads five digits sees another version in six.
        maybe: version.is_some_and(|version| version > OLDEST_SERVER) || digits > 6,
    }
}
