//! The client command `DELIMITER`.

use crate::error::Problem;
use crate::lexer::LexError;
use crate::quoted::find;

/// The longest delimiter: the command line client cuts longer ones.
const LONGEST: usize = 16;

/// A `DELIMITER` line: what it sets, and where the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DelimiterCommand<'text> {
    /// The delimiter.
    pub(crate) delimiter: &'text str,
    /// The end of the delimiter: what follows on the line is blank or a comment.
    pub(crate) end: usize,
}

/// Reads the command whose keyword stands at `start..after`.
pub(crate) fn read_command(text: &str, start: usize, after: usize) -> Result<DelimiterCommand<'_>, LexError> {
    let line_end = find(text, after, "\n").unwrap_or(text.len());
    let line = text.get(after..line_end).unwrap_or_default();
    let argument = line.trim_start();
    let at = line_end - argument.len();
    let word = argument.split(char::is_whitespace).next().unwrap_or_default();
    let delimiter = unquoted(word);
    let too_odd = delimiter.is_empty() || delimiter.len() > LONGEST || delimiter.contains('\\');
    if too_odd || argument.len() == line.len() {
        return Err((start, Problem::DelimiterMissing));
    }
    let end = at + word.len();
    let rest = text.get(end..line_end).unwrap_or_default().trim();
    let comment = rest.starts_with('#')
        || rest == "--"
        || rest
            .strip_prefix("--")
            .is_some_and(|text| text.starts_with(char::is_whitespace));
    if rest.is_empty() || comment {
        Ok(DelimiterCommand { delimiter, end })
    } else {
        Err((end, Problem::DelimiterTrailing))
    }
}

/// The client takes a quoted delimiter without its quotes.
fn unquoted(word: &str) -> &str {
    ['\'', '"', '`']
        .into_iter()
        .find_map(|quote| word.strip_prefix(quote).and_then(|word| word.strip_suffix(quote)))
        .unwrap_or(word)
}
