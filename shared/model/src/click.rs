//! Clicks: the buttons on a check run, what each stands for, and a click that was refused.

use crate::approval::Verdict;
use crate::decider::GithubAccount;
use crate::digest::Digest;
use crate::fault::Refusal;
use crate::ids::{EnvironmentId, IssueNumber};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the buttons on a check run are for. It is stored before GitHub shows them, under [`Offer::name`]: the click brings
/// the name alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The issue.
    pub issue: IssueNumber,
    /// The stage.
    pub environment: EnvironmentId,
    /// What would be decided on, whole.
    pub digest: Digest,
}

impl Offer {
    /// The name that it is stored under: the first 64 bits of the digest. Two digests of one name would be told apart when the
    /// second is stored, and get no buttons.
    pub fn name(&self) -> String {
        self.digest.as_str().chars().take(NAME).collect()
    }
}

/// How many hexadecimal digits of a digest a button has.
const NAME: usize = 16;
/// How many characters the count of decisions has.
const TURN: usize = 3;
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A button: GitHub gives its identifier back when it is clicked, and takes 20 characters at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub verdict: Verdict,
    /// How many decisions there were on that digest when it was shown. Who decided since meant something later.
    pub turn: usize,
    /// The name of what it is for.
    pub name: String,
}

impl Button {
    /// Its identifier; none where it can't be written: after 46,655 decisions, and for what takes a reason.
    pub fn identifier(&self) -> Option<String> {
        let verdict = match self.verdict {
            Verdict::Approved => 'a',
            Verdict::Rejected => 'r',
            // That takes a reason.
            Verdict::Bypassed => return None,
        };
        let (mut turn, mut left) = ([b'0'; TURN], self.turn);
        for place in turn.iter_mut().rev() {
            *place = *DIGITS.get(left % DIGITS.len())?;
            left /= DIGITS.len();
        }
        let turn = std::str::from_utf8(&turn).ok()?;
        (left == 0).then(|| format!("{verdict}{turn}{}", self.name))
    }

    /// Reads an identifier; none where it is no button of ours.
    pub fn read(identifier: &str) -> Option<Self> {
        let verdict = match identifier.get(..1)? {
            "a" => Verdict::Approved,
            "r" => Verdict::Rejected,
            _ => return None,
        };
        let turn = usize::from_str_radix(identifier.get(1..=TURN)?, 36).ok()?;
        let name = identifier.get(1 + TURN..)?;
        let read = Self {
            verdict,
            turn,
            name: name.to_owned(),
        };
        let is_ours = name.len() == NAME && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_ours && read.identifier().as_deref() == Some(identifier)).then_some(read)
    }
}

/// The last click on a check run, where it was refused: whoever clicked reads there why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedClick {
    /// Who clicked.
    pub by: GithubAccount,
    /// On what.
    pub verdict: Verdict,
    /// Why nothing came of it.
    pub refusal: Refusal,
    /// When it was looked at.
    pub at: Timestamp,
}

impl RefusedClick {
    /// When, to the second.
    pub fn when(&self) -> String {
        let seconds = Timestamp::from_second(self.at.as_second());
        seconds.unwrap_or(self.at).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_fits_and_is_read_back() {
        for (verdict, turn) in [
            (Verdict::Approved, 0),
            (Verdict::Rejected, 35),
            (Verdict::Approved, 36),
            (Verdict::Rejected, 46_655),
        ] {
            let offer = Offer {
                issue: IssueNumber(7),
                environment: EnvironmentId::new("prod"),
                digest: Digest::of_stage(&EnvironmentId::new("prod"), "", &[]),
            };
            let name = offer.name();
            let button = Button { verdict, turn, name };
            let identifier = button.identifier().unwrap();
            assert_eq!(identifier.len(), 20, "{identifier}");
            assert_eq!(Button::read(&identifier), Some(button));
        }
        let late = Button {
            verdict: Verdict::Approved,
            turn: 46_656,
            name: "0123456789abcdef".into(),
        };
        assert_eq!(late.identifier(), None);
    }

    #[test]
    fn what_is_no_button_of_ours_is_none() {
        for identifier in [
            "",
            "a",
            "rerun",
            "a000",
            "x0000123456789abcdef",
            "a0000123456789abcde",
            "a0000123456789abcdefg",
            "aZZ00123456789abcdef",
            "a+000123456789abcdef",
            "a0000123456789abcdez",
            "ä0000123456789abcdef",
        ] {
            assert_eq!(Button::read(identifier), None, "{identifier}");
        }
    }
}
