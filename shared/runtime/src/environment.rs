//! Configuration from environment variables: read once, at the start, all that is missing named together.

use std::collections::BTreeSet;

/// The environment of the process, remembering what was asked for and missing.
#[derive(Debug, Default)]
pub struct Environment {
    missing: BTreeSet<&'static str>,
}

/// Variables that are not set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not set: {}; the template sets them", .0.join(", "))]
pub struct MissingVariables(pub Vec<&'static str>);

impl Environment {
    /// A variable's text; an empty one counts as missing. What is missing is told by [`Environment::complete`].
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where functions read the environment"
    )]
    pub fn text(&mut self, name: &'static str) -> String {
        match std::env::var(name) {
            Ok(text) if !text.is_empty() => text,
            Ok(_) | Err(_) => {
                self.missing.insert(name);
                String::new()
            }
        }
    }

    /// A variable's number; what is none counts as missing.
    pub fn number(&mut self, name: &'static str) -> u32 {
        let text = self.text(name);
        text.parse().unwrap_or_else(|_| {
            self.missing.insert(name);
            0
        })
    }

    /// The configuration, if nothing was missing.
    pub fn complete<T>(self, configuration: T) -> Result<T, MissingVariables> {
        if self.missing.is_empty() {
            Ok(configuration)
        } else {
            Err(MissingVariables(self.missing.into_iter().collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_missing_is_named_at_once() {
        let mut environment = Environment::default();
        let configuration = (
            environment.text("SLUICE_TEST_MISSING_B"),
            environment.text("SLUICE_TEST_MISSING_A"),
        );
        let error = environment.complete(configuration).unwrap_err();
        assert_eq!(
            error.to_string(),
            "not set: SLUICE_TEST_MISSING_A, SLUICE_TEST_MISSING_B; the template sets them"
        );
    }
}
