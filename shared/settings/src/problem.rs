//! What is wrong with a document, and where.

use crate::node::{Node, Step};
use std::fmt;

/// One thing wrong with a document: where, what, and so what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, where it is known.
    pub line: Option<usize>,
    /// The key.
    pub key: String,
    /// What is wrong, and the remedy.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// What was found wrong so far with a document.
pub(crate) struct Problems<'d> {
    root: &'d Node,
    found: Vec<Problem>,
}

impl<'d> Problems<'d> {
    pub(crate) fn of(root: &'d Node) -> Self {
        Self {
            root,
            found: Vec::new(),
        }
    }

    /// Notes what is wrong at a place.
    pub(crate) fn add(&mut self, place: &Place, message: impl Into<String>) {
        self.found.push(Problem {
            line: Some(self.root.line_of(&place.0)),
            key: self.root.name_of(&place.0),
            message: message.into(),
        });
    }

    /// The line of a place, for a message about another one.
    pub(crate) fn line(&self, place: &Place) -> usize {
        self.root.line_of(&place.0)
    }

    /// Everything, from top to bottom.
    pub(crate) fn into_sorted(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|problem| problem.line);
        self.found
    }
}

/// A place in a document.
#[derive(Debug, Clone)]
pub(crate) struct Place(Vec<Step>);

impl Place {
    /// One of the lists or tables at the top.
    pub(crate) fn top(key: &str) -> Self {
        Self(vec![key.into()])
    }

    /// What stands at a key, or at a place of a list.
    pub(crate) fn at(&self, step: impl Into<Step>) -> Self {
        let mut steps = self.0.clone();
        steps.push(step.into());
        Self(steps)
    }
}
