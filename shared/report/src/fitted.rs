//! Texts that GitHub takes whole: what does not fit is left out by whole lines, and the end says where it is.

/// The most bytes of a check run's summary, or of a comment. GitHub counts characters; counting bytes never exceeds
/// that.
pub const MOST: usize = 65_535;

/// A text with as many of the lines as fit. Where some do not, `rest` says how to find so many others; it must not be
/// longer for fewer of them.
pub(crate) fn fitted(head: String, lines: &[String], rest: impl Fn(usize) -> String) -> String {
    let whole: usize = lines.iter().map(String::len).sum();
    if head.len() + whole <= MOST {
        return head + &lines.concat();
    }
    let room = MOST.saturating_sub(rest(lines.len()).len());
    let mut text = head;
    let mut shown = 0;
    for line in lines {
        if text.len() + line.len() > room {
            break;
        }
        text.push_str(line);
        shown += 1;
    }
    text + &rest(lines.len() - shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_by_lines_and_said() {
        let rest = |dropped: usize| format!("and {dropped} more: look there\n");
        let line = "| größe |\n".to_owned();
        for count in [0, 1, 6_550, 6_553, 6_554, 6_600, 100_000] {
            let text = fitted("head\n".to_owned(), &vec![line.clone(); count], rest);
            assert!(text.len() <= MOST, "{count}: {}", text.len());
            let shown = text.matches(&line).count();
            if shown < count {
                assert!(text.ends_with(&rest(count - shown)), "{count}");
                assert!(text.len() > MOST - 2 * line.len() - 10, "{count}: {}", text.len());
            } else {
                assert!(
                    text.ends_with(if count == 0 { "head\n" } else { &line }),
                    "{count}"
                );
            }
        }
    }
}
