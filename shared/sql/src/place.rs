//! Lines and columns.

/// A place in a text that only moves forward, so that all places of a text take one pass.
#[derive(Debug, Clone)]
pub(crate) struct Place<'text> {
    text: &'text str,
    at: usize,
    line: u32,
    column: u32,
}

impl<'text> Place<'text> {
    /// The start of a text.
    pub(crate) fn new(text: &'text str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            column: 1,
        }
    }

    /// The line and the column (in characters) of a byte, both from 1. A byte order mark takes no column.
    pub(crate) fn of(&mut self, at: usize) -> (u32, u32) {
        let passed = self.text.get(self.at..at).unwrap_or_default();
        let lines = passed.bytes().filter(|byte| *byte == b'\n').count();
        if lines > 0 {
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.column = 1;
        }
        let tail = passed.rsplit('\n').next().unwrap_or_default();
        let columns = tail.chars().filter(|letter| *letter != '\u{feff}').count();
        self.column = self
            .column
            .saturating_add(u32::try_from(columns).unwrap_or(u32::MAX));
        self.at = self.at.max(at);
        (self.line, self.column)
    }
}
