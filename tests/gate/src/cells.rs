//! The cells of the gate: every step of applying × every fault × every kind of statement.

use crate::kinds::Kind;
use crate::orders::{By, Call, Side, Stroke};
use std::fmt;

/// A step of applying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// E4: onto the server, with the target's lock.
    Lock,
    /// E5: reading the journal, and what is to be seen before the statement.
    Read,
    /// E6: writing the intent.
    Intent,
    /// E7: executing the statement.
    Execute,
    /// E8: writing the outcome.
    Outcome,
    /// E9: writing to the ledger that the task is done.
    Ledger,
}

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// F1: SIGKILL before the step is done.
    KilledBefore,
    /// F2: SIGKILL after it.
    KilledAfter,
    /// F4: it is done, but nobody hears of it.
    ReplyLost,
    /// F8: a second worker comes when the lease is over, and both go on at the same time.
    SecondWorker,
    /// F10: SIGKILL of the server.
    ServerKilled,
    /// F18: SIGSTOP for twice the lease, while a second worker does all there is to do, then SIGCONT.
    Stopped,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The step.
    pub step: Step,
    /// The fault.
    pub fault: Fault,
    /// The kind of the statement under which it happens, the second of three.
    pub kind: Kind,
}

/// Where the first worker is when the fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// At a call of a port.
    At(Call, usize, Side),
    /// Its text is on the server, and waits there.
    Waiting(Moment),
}

/// Where a text waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before its intent is there.
    Intent,
    /// In the statement: its intent is there.
    Statement,
    /// Before its outcome is there: the statement has happened.
    Outcome,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [
        Self::Lock,
        Self::Read,
        Self::Intent,
        Self::Execute,
        Self::Outcome,
        Self::Ledger,
    ];
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::KilledBefore,
        Self::KilledAfter,
        Self::ReplyLost,
        Self::SecondWorker,
        Self::ServerKilled,
        Self::Stopped,
    ];
}

impl Cell {
    /// All 324 of them.
    pub fn all() -> Vec<Self> {
        let mut cells = Vec::new();
        for step in Step::ALL {
            for fault in Fault::ALL {
                cells.extend(Kind::ALL.map(|kind| Self { step, fault, kind }));
            }
        }
        cells
    }

    /// Whether it kills its server.
    pub fn kills_server(self) -> bool {
        self.fault == Fault::ServerKilled
    }

    /// Where the fault strikes.
    pub(crate) fn point(self) -> Point {
        use Point::{At, Waiting};
        use Side::{After, Before};
        // A statement on rows is told by its transaction: nothing is looked at before it.
        let looked = if self.kind == Kind::Dml {
            Call::Journal
        } else {
            Call::Look
        };
        match (self.step, self.fault) {
            (Step::Lock, Fault::KilledBefore | Fault::SecondWorker | Fault::Stopped) => {
                At(Call::Lock, 1, Before)
            }
            (Step::Lock, Fault::KilledAfter | Fault::ReplyLost | Fault::ServerKilled) => {
                At(Call::Lock, 1, After)
            }
            (Step::Read, Fault::KilledBefore | Fault::SecondWorker) => At(Call::Journal, 1, Before),
            (Step::Read, Fault::KilledAfter | Fault::ReplyLost | Fault::ServerKilled | Fault::Stopped) => {
                At(looked, 1, After)
            }
            (Step::Intent, Fault::KilledBefore | Fault::SecondWorker | Fault::Stopped) => {
                At(Call::Execute, 2, Before)
            }
            (Step::Intent, Fault::ServerKilled) => Waiting(Moment::Intent),
            (Step::Intent, Fault::KilledAfter | Fault::ReplyLost)
            | (
                Step::Execute,
                Fault::KilledBefore | Fault::SecondWorker | Fault::ServerKilled | Fault::Stopped,
            ) => Waiting(Moment::Statement),
            (Step::Execute, Fault::KilledAfter | Fault::ReplyLost)
            | (
                Step::Outcome,
                Fault::KilledBefore | Fault::SecondWorker | Fault::ServerKilled | Fault::Stopped,
            ) => Waiting(Moment::Outcome),
            (Step::Outcome, Fault::KilledAfter | Fault::ReplyLost) => At(Call::Execute, 2, After),
            (
                Step::Ledger,
                Fault::KilledBefore | Fault::SecondWorker | Fault::ServerKilled | Fault::Stopped,
            ) => At(Call::Commit, 2, Before),
            (Step::Ledger, Fault::KilledAfter | Fault::ReplyLost) => At(Call::Commit, 2, After),
        }
    }

    /// What strikes the first worker at a call; none where it is struck from outside.
    pub(crate) fn stroke(self) -> Option<Stroke> {
        let Point::At(call, nth, side) = self.point() else {
            return None;
        };
        let by = match self.fault {
            Fault::KilledBefore | Fault::KilledAfter => By::Kill,
            Fault::ReplyLost => By::Loss,
            Fault::SecondWorker | Fault::ServerKilled | Fault::Stopped => By::Stop,
        };
        Some(Stroke { call, nth, side, by })
    }

    /// Whether the locks that the text waits for are held until it gives up, so that what it waited to do never happens.
    pub(crate) fn gives_up(self) -> bool {
        self.fault == Fault::KilledBefore && matches!(self.step, Step::Execute | Step::Outcome)
    }

    /// How many statements of the change a worker may have sent before a newer owner was known, where one was.
    pub(crate) fn sent_by_the_first(self) -> Option<u32> {
        if !matches!(self.fault, Fault::SecondWorker | Fault::Stopped) {
            return None;
        }
        Some(match (self.step, self.fault, self.kind) {
            (Step::Lock, _, _) | (Step::Read, Fault::SecondWorker, _) | (Step::Read, _, Kind::Dml) => 0,
            (Step::Read | Step::Intent, _, _) => 1,
            (Step::Execute | Step::Outcome, _, _) => 2,
            (Step::Ledger, _, _) => 3,
        })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = match self.step {
            Step::Lock => "E4 lock",
            Step::Read => "E5 read",
            Step::Intent => "E6 intent",
            Step::Execute => "E7 execute",
            Step::Outcome => "E8 outcome",
            Step::Ledger => "E9 ledger",
        };
        let fault = match self.fault {
            Fault::KilledBefore => "killed before",
            Fault::KilledAfter => "killed after",
            Fault::ReplyLost => "reply lost",
            Fault::SecondWorker => "second worker",
            Fault::ServerKilled => "server killed",
            Fault::Stopped => "stopped",
        };
        write!(formatter, "{step}, {fault}, {}", self.kind.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;
    use std::collections::BTreeSet;

    #[test]
    fn every_cell_has_a_name_of_its_own() {
        let names: BTreeSet<String> = Cell::all().iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), 324);
    }
}
