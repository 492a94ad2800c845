//! Letting a stage past its policy in an emergency: it takes two administrators.

use crate::case::Case;
use jiff::SignedDuration;
use model::{ApprovalStatus, Decision, Verdict};

/// An emergency is over after a day, unless what it is about has begun.
const OVER: SignedDuration = SignedDuration::from_hours(24);
/// How many administrators it takes. One of them may have pushed: another one provably has not.
const ADMINISTRATORS: usize = 2;

/// The words of administrators that a stage passes its policy, on what it is now.
pub(crate) struct Bypass<'a> {
    /// One of each person, in the order in which they were given.
    pub(crate) words: Vec<&'a Decision>,
    /// How many of all words had been given when they were enough; none where they are not.
    pub(crate) passes: Option<usize>,
}

impl<'a> Bypass<'a> {
    /// Reads everybody's last words.
    pub(crate) fn of(case: &Case<'_>, last_words: &[&'a Decision]) -> Self {
        let mut bypass = Self {
            words: Vec::new(),
            passes: None,
        };
        for (index, word) in last_words.iter().enumerate() {
            if word.verdict != Verdict::Bypassed
                || !case.is_administrator(&word.by)
                || case.is_older(word, OVER)
            {
                continue;
            }
            bypass.words.push(word);
            let by_another = |word: &&Decision| case.not_provably_anothers(&word.by).is_none();
            let enough = bypass.words.len() >= ADMINISTRATORS && bypass.words.iter().any(by_another);
            if enough && bypass.passes.is_none() {
                bypass.passes = Some(index + 1);
            }
        }
        bypass
    }

    /// Where the stage stands with it.
    pub(crate) fn standing(&self) -> ApprovalStatus {
        ApprovalStatus::Bypassed {
            by: self.words.iter().map(|word| word.by.to_string()).collect(),
            because: self
                .words
                .iter()
                .filter_map(|word| word.because.clone())
                .collect(),
        }
    }
}
