//! Licence expressions: may a package be used under the licences that are allowed?

use crate::fault::TidyError;
use std::collections::BTreeSet;

/// Whether the allowed licences satisfy an SPDX expression; `/`, crates.io's old "or", is read as such.
pub fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> Result<bool, TidyError> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    match reader.any() {
        Some(answer) if reader.words.is_empty() => Ok(answer),
        Some(_) | None => Err(TidyError::Licence(expression.to_owned())),
    }
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn took(&mut self, word: &str) -> bool {
        let is = self.words.first() == Some(&word);
        if is {
            self.words = &self.words[1..];
        }
        is
    }

    fn any(&mut self) -> Option<bool> {
        let mut answer = self.every()?;
        while self.took("OR") {
            answer |= self.every()?;
        }
        Some(answer)
    }

    fn every(&mut self) -> Option<bool> {
        let mut answer = self.one()?;
        while self.took("AND") {
            answer &= self.one()?;
        }
        Some(answer)
    }

    fn one(&mut self) -> Option<bool> {
        if self.took("(") {
            let answer = self.any()?;
            return self.took(")").then_some(answer);
        }
        let mut licence = self
            .next()
            .filter(|word| !["OR", "AND", "WITH", ")"].contains(word))?
            .to_owned();
        if self.took("WITH") {
            licence = format!("{licence} WITH {}", self.next()?);
        }
        Some(self.allowed.contains(&licence))
    }
}

#[cfg(test)]
mod tests {
    use super::satisfied;
    use std::collections::BTreeSet;

    #[test]
    fn expressions_are_read_as_spdx_says() {
        let allowed = BTreeSet::from(["MIT".to_owned(), "ISC".to_owned()]);
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0 OR MIT", true),
            ("ISC AND (GPL-3.0 OR MIT)", true),
            ("ISC AND GPL-3.0", false),
            ("GPL-3.0 OR ISC AND MIT", true),
            ("MIT WITH LLVM-exception", false),
        ] {
            assert_eq!(satisfied(expression, &allowed).unwrap(), expected, "{expression}");
        }
        for broken in ["", "MIT OR", "(MIT", "MIT ISC"] {
            assert!(satisfied(broken, &allowed).is_err(), "{broken}");
        }
    }
}
