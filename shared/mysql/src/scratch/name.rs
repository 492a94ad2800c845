//! Names of scratch schemas: below one prefix, for which grants are given.

use crate::ident;
use model::Checksum;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// The name of a scratch schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScratchName(String);

impl ScratchName {
    /// The same name for the same thing: what a dead session left behind is dropped by the next one of that name. Whoever
    /// uses it makes sure that nobody else does meanwhile.
    pub fn of(thing: &str) -> Self {
        Self::ending(Checksum::of(thing.as_bytes()).short())
    }

    /// A name that nobody else has.
    pub fn random() -> Self {
        Self::ending(format_args!(
            "{:016x}",
            RandomState::new().build_hasher().finish()
        ))
    }

    fn ending(end: impl fmt::Display) -> Self {
        Self(format!("_sluice_scratch_{end}"))
    }

    /// As it is on the server.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In backticks.
    pub(crate) fn quoted(&self) -> String {
        ident::name(&self.0)
    }
}

impl fmt::Display for ScratchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_and_differ() {
        let long = ScratchName::of(&"x".repeat(64));
        assert!(long.as_str().len() <= 64, "{long}");
        assert_eq!(ScratchName::of("a"), ScratchName::of("a"));
        assert_ne!(ScratchName::of("a"), ScratchName::of("b"));
        assert_ne!(ScratchName::random(), ScratchName::random());
    }
}
