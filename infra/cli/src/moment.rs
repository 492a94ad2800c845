//! Moments as people write them.

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, ZonedDateTime};

/// A text that names no moment that comes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MomentError {
    /// It can't be read.
    #[error(
        "it is no moment; write `2026-12-27T08:00Z`, `2026-12-27T08:00[Europe/Amsterdam]`, or how long from now: `8h`, `3d`"
    )]
    Unreadable,
    /// It is over.
    #[error("that is over already")]
    Over,
}

/// Reads a moment that comes: a time with its zone, or how long from now.
pub(crate) fn parse(text: &str) -> Result<Timestamp, MomentError> {
    read(text, Timestamp::now())
}

fn read(text: &str, now: Timestamp) -> Result<Timestamp, MomentError> {
    let moment = span(text)
        .and_then(|span| now.checked_add(span).ok())
        .or_else(|| text.parse::<Timestamp>().ok())
        .or_else(|| text.parse::<ZonedDateTime>().ok().map(|zoned| zoned.timestamp()))
        .ok_or(MomentError::Unreadable)?;
    if moment <= now {
        return Err(MomentError::Over);
    }
    Ok(moment)
}

/// How long; days have 24 hours.
fn span(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_that_comes_is_read_with_its_zone_or_from_now() {
        let now: Timestamp = "2026-12-24T12:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-12-27T08:00Z", Ok("2026-12-27T08:00:00Z")),
            ("2026-12-27T08:00+01:00", Ok("2026-12-27T07:00:00Z")),
            ("2026-12-27T08:00[Europe/Amsterdam]", Ok("2026-12-27T07:00:00Z")),
            ("8h", Ok("2026-12-24T20:00:00Z")),
            ("3d", Ok("2026-12-27T12:00:00Z")),
            ("1d 12h", Ok("2026-12-26T00:00:00Z")),
            ("2026-12-24T12:00Z", Err(MomentError::Over)),
            ("0h", Err(MomentError::Over)),
            ("-1h", Err(MomentError::Over)),
            // Whose eight o'clock?
            ("2026-12-27T08:00", Err(MomentError::Unreadable)),
            ("2026-12-27", Err(MomentError::Unreadable)),
            ("tomorrow", Err(MomentError::Unreadable)),
            ("", Err(MomentError::Unreadable)),
        ] {
            let expected = expected.map(|text: &str| text.parse::<Timestamp>().unwrap());
            assert_eq!(read(text, now), expected, "{text}");
        }
    }
}
