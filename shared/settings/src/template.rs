//! Path templates: `{{ENV_ID}}/{{DB_NAME}}##{{VERSION}}##{{TYPE}}##{{DESCRIPTION}}.sql`.
//!
//! Anchored at both ends and matched by hand, segment by segment: `*` stands for one directory, `**` for any number,
//! none included. A token never crosses a `/`. Every token but the last of a segment ends at the first place where
//! the rest still matches, so that `db##1##ddl##a##b.sql` has the description `a##b`.

use std::fmt;

/// What a `{{…}}` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Token {
    /// `{{ENV_ID}}`
    Environment,
    /// `{{DB_NAME}}`
    Database,
    /// `{{VERSION}}`
    Version,
    /// `{{TYPE}}`
    Type,
    /// `{{DESCRIPTION}}`
    Description,
}

impl Token {
    const ALL: [Token; 5] = [
        Token::Environment,
        Token::Database,
        Token::Version,
        Token::Type,
        Token::Description,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Environment => "ENV_ID",
            Self::Database => "DB_NAME",
            Self::Version => "VERSION",
            Self::Type => "TYPE",
            Self::Description => "DESCRIPTION",
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{{}}}}}", self.name())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Token(Token),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// `*`
    One,
    /// `**`
    Any,
    Named(Vec<Part>),
}

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate {
    segments: Vec<Segment>,
}

/// Why a template is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `{{X}}` that is no token.
    #[error(
        "`{{{{{0}}}}}` is not known; use {{{{ENV_ID}}}}, {{{{DB_NAME}}}}, {{{{VERSION}}}}, {{{{TYPE}}}} or {{{{DESCRIPTION}}}}"
    )]
    UnknownToken(String),
    /// `{{` without `}}`.
    #[error("`{{{{` is never closed by `}}}}`")]
    Unclosed,
    /// A token that stands twice with nothing to tell which is meant.
    #[error("{0} stands twice")]
    Twice(Token),
    /// Two tokens side by side: no telling where one ends.
    #[error("{0} and {1} stand side by side; put something between them")]
    Ambiguous(Token, Token),
    /// A required token is missing.
    #[error("{0} is missing")]
    Missing(Token),
    /// An empty segment, `.` or `..`.
    #[error("`{0}` is no path below the base directory; it holds an empty segment, `.` or `..`")]
    Segment(String),
}

/// What a path holds for each token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captures<'p> {
    found: Vec<(Token, &'p str)>,
}

impl<'p> Captures<'p> {
    /// The text for a token, if the template has it.
    pub fn get(&self, token: Token) -> Option<&'p str> {
        self.found
            .iter()
            .find(|(found, _)| *found == token)
            .map(|(_, text)| *text)
    }
}

impl PathTemplate {
    /// Reads a template that must hold these tokens.
    pub fn parse(text: &str, required: &[Token]) -> Result<Self, TemplateError> {
        let mut seen = Vec::new();
        let segments = text
            .split('/')
            .map(|segment| parse_segment(text, segment, &mut seen))
            .collect::<Result<_, _>>()?;
        for (index, token) in seen.iter().enumerate() {
            if seen[..index].contains(token) {
                return Err(TemplateError::Twice(*token));
            }
        }
        match required.iter().find(|token| !seen.contains(token)) {
            Some(missing) => Err(TemplateError::Missing(*missing)),
            None => Ok(Self { segments }),
        }
    }

    /// What a path, relative to the base directory, holds for each token; none where it does not match.
    pub fn captures<'p>(&self, path: &'p str) -> Option<Captures<'p>> {
        let segments: Vec<&str> = path.split('/').collect();
        let mut captures = Captures::default();
        match_segments(&self.segments, &segments, &mut captures.found).then_some(captures)
    }

    /// The path for these values; wildcards and missing values make none.
    pub fn render(&self, value: impl Fn(Token) -> Option<String>) -> Option<String> {
        let mut path = String::new();
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                path.push('/');
            }
            match segment {
                Segment::One | Segment::Any => return None,
                Segment::Named(parts) => {
                    for part in parts {
                        match part {
                            Part::Literal(text) => path.push_str(text),
                            Part::Token(token) => path.push_str(&value(*token)?),
                        }
                    }
                }
            }
        }
        Some(path)
    }
}

fn parse_segment(whole: &str, segment: &str, seen: &mut Vec<Token>) -> Result<Segment, TemplateError> {
    match segment {
        "*" => return Ok(Segment::One),
        "**" => return Ok(Segment::Any),
        "" | "." | ".." => return Err(TemplateError::Segment(whole.to_owned())),
        _ => {}
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = segment;
    while let Some(open) = rest.find("{{") {
        let (literal, from_open) = rest.split_at(open);
        let close = from_open.find("}}").ok_or(TemplateError::Unclosed)?;
        let name = &from_open[2..close];
        let token = Token::ALL
            .into_iter()
            .find(|token| token.name() == name)
            .ok_or_else(|| TemplateError::UnknownToken(name.to_owned()))?;
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        } else if let Some(Part::Token(before)) = parts.last() {
            return Err(TemplateError::Ambiguous(*before, token));
        }
        parts.push(Part::Token(token));
        seen.push(token);
        rest = &from_open[close + 2..];
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Ok(Segment::Named(parts))
}

fn match_segments<'p>(template: &[Segment], path: &[&'p str], found: &mut Vec<(Token, &'p str)>) -> bool {
    let Some((first, rest)) = template.split_first() else {
        return path.is_empty();
    };
    let mark = found.len();
    let matched = match first {
        Segment::Any => (0..=path.len()).any(|skip| {
            found.truncate(mark);
            match_segments(rest, &path[skip..], found)
        }),
        Segment::One => !path.is_empty() && match_segments(rest, &path[1..], found),
        Segment::Named(parts) => {
            !path.is_empty() && match_parts(parts, path[0], found) && match_segments(rest, &path[1..], found)
        }
    };
    if !matched {
        found.truncate(mark);
    }
    matched
}

fn match_parts<'p>(parts: &[Part], text: &'p str, found: &mut Vec<(Token, &'p str)>) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Literal(literal), rest @ ..] => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| match_parts(rest, text, found)),
        [Part::Token(token)] => {
            found.push((*token, text));
            !text.is_empty()
        }
        [Part::Token(token), rest @ ..] => {
            let mark = found.len();
            for (end, _) in text.char_indices().skip(1).chain([(text.len(), ' ')]) {
                let (value, after) = text.split_at(end);
                if value.is_empty() {
                    continue;
                }
                found.push((*token, value));
                if match_parts(rest, after, found) {
                    return true;
                }
                found.truncate(mark);
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DEFAULT: &str = "{{ENV_ID}}/{{DB_NAME}}##{{VERSION}}##{{TYPE}}##{{DESCRIPTION}}.sql";

    fn captured(template: &str, path: &str) -> Option<String> {
        let template = PathTemplate::parse(template, &[]).unwrap();
        template.captures(path).map(|captures| {
            Token::ALL
                .into_iter()
                .map(|token| captures.get(token).unwrap_or("-"))
                .collect::<Vec<_>>()
                .join(" | ")
        })
    }

    #[test]
    fn paths_are_read_anchored_and_segment_by_segment() {
        for (template, path, expected) in [
            (
                DEFAULT,
                "test/db_demo##202303100000##ddl##create_t2.sql",
                Some("test | db_demo | 202303100000 | ddl | create_t2"),
            ),
            (
                DEFAULT,
                "test/db##1##ddl##a##b.sql",
                Some("test | db | 1 | ddl | a##b"),
            ),
            (DEFAULT, "test/db##1##ddl##a.sql.bak", None),
            (DEFAULT, "x/test/db##1##ddl##a.sql", None),
            (DEFAULT, "db##1##ddl##a.sql", None),
            (DEFAULT, "test/db##1##ddl##.sql", None),
            (DEFAULT, "test/##1##ddl##a.sql", None),
            (DEFAULT, "test/db##1##ddl##é.sql", Some("test | db | 1 | ddl | é")),
            (
                "**/{{DB_NAME}}_{{VERSION}}.sql",
                "db_1.sql",
                Some("- | db | 1 | - | -"),
            ),
            (
                "**/{{DB_NAME}}_{{VERSION}}.sql",
                "a/b/db_1.sql",
                Some("- | db | 1 | - | -"),
            ),
            ("*/{{DB_NAME}}.sql", "db.sql", None),
            ("*/{{DB_NAME}}.sql", "a/db.sql", Some("- | db | - | - | -")),
        ] {
            assert_eq!(
                captured(template, path).as_deref(),
                expected,
                "{template} on {path}"
            );
        }
    }

    #[test]
    fn bad_templates_are_refused_with_the_reason() {
        for (template, expected) in [
            (
                "{{DB_NAME}}{{VERSION}}",
                "{{DB_NAME}} and {{VERSION}} stand side by side; put something between them",
            ),
            ("{{DB_NAME}}/{{DB_NAME}}", "{{DB_NAME}} stands twice"),
            (
                "{{NAME}}",
                "`{{NAME}}` is not known; use {{ENV_ID}}, {{DB_NAME}}, {{VERSION}}, {{TYPE}} or {{DESCRIPTION}}",
            ),
            ("{{DB_NAME", "`{{` is never closed by `}}`"),
            (
                "a//{{DB_NAME}}",
                "`a//{{DB_NAME}}` is no path below the base directory; it holds an empty segment, `.` or `..`",
            ),
            (
                "../{{DB_NAME}}",
                "`../{{DB_NAME}}` is no path below the base directory; it holds an empty segment, `.` or `..`",
            ),
            ("{{VERSION}}", "{{DB_NAME}} is missing"),
        ] {
            let error = PathTemplate::parse(template, &[Token::Database]).unwrap_err();
            assert_eq!(error.to_string(), expected, "{template}");
        }
    }

    #[test]
    fn rendering_is_matching_backwards() {
        let template = PathTemplate::parse("{{ENV_ID}}/.{{DB_NAME}}##LATEST.sql", &[]).unwrap();
        let path = template
            .render(|token| Some(token.name().to_lowercase()))
            .unwrap();
        assert_eq!(path, "env_id/.db_name##LATEST.sql");
        assert!(template.captures(&path).is_some());
    }

    proptest! {
        #[test]
        fn any_text_is_answered(path in "\\PC{0,60}") {
            let template = PathTemplate::parse(DEFAULT, &[]).unwrap();
            let _ = template.captures(&path);
        }
    }
}
