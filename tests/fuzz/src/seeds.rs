//! Statements that people wrote: one per paragraph of the files in `seeds/`.

const FILES: [&str; 2] = [
    include_str!("../seeds/statements.sql"),
    include_str!("../seeds/programs.sql"),
];

/// All of them.
pub(crate) fn seeds() -> Vec<&'static str> {
    FILES
        .iter()
        .flat_map(|file| file.split("\n\n"))
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_single_paragraphs() {
        assert!(seeds().len() > 60, "{}", seeds().len());
    }
}
