//! Whether two projects could read the same file.

use crate::branch;
use crate::path::directory_of;
use crate::schema::Project;
use crate::template::{Part, PathTemplate, Segment};

/// Whether a file of one push could be read by both projects.
pub(crate) fn could_read_the_same(one: &Project, other: &Project) -> bool {
    one.repository.id == other.repository.id
        && branch::could_meet(&one.branch, &other.branch)
        && match (whole(one), whole(other)) {
            (Some(one), Some(other)) => meet(&one, &other),
            (None, _) | (_, None) => false,
        }
}

/// A project's template from the root of its repository; none where it is wrong, which is told elsewhere.
fn whole(project: &Project) -> Option<Vec<Segment>> {
    let template = PathTemplate::parse(&project.file_path_template, &[]).ok()?;
    let base = directory_of(project)
        .split('/')
        .filter(|segment| !segment.is_empty());
    let mut segments: Vec<Segment> = base
        .map(|segment| Segment::Named(vec![Part::Literal(segment.to_owned())]))
        .collect();
    segments.extend_from_slice(template.segments());
    Some(segments)
}

/// Whether one path could match both; every pair of places is looked at once.
fn meet(one: &[Segment], other: &[Segment]) -> bool {
    table(one.len(), other.len(), |i, j, met| {
        match (one.get(i), other.get(j)) {
            (None, None) => true,
            (Some(Segment::Any), None) => met(i + 1, j),
            (None, Some(Segment::Any)) => met(i, j + 1),
            (Some(Segment::Any), Some(_)) | (Some(_), Some(Segment::Any)) => {
                met(i + 1, j) || met(i, j + 1) || met(i + 1, j + 1)
            }
            (Some(one), Some(other)) => met(i + 1, j + 1) && segments_meet(one, other),
            (Some(_), None) | (None, Some(_)) => false,
        }
    })
}

fn segments_meet(one: &Segment, other: &Segment) -> bool {
    match (one, other) {
        (Segment::Named(one), Segment::Named(other)) => texts_meet(&marks(one), &marks(other)),
        (Segment::One | Segment::Any, _) | (_, Segment::One | Segment::Any) => true,
    }
}

/// A character of a name, or any number of them.
#[derive(Clone, Copy)]
enum Mark {
    One(char),
    Some,
}

fn marks(parts: &[Part]) -> Vec<Mark> {
    let marks = parts.iter().flat_map(|part| match part {
        Part::Literal(text) => text.chars().map(Mark::One).collect(),
        Part::Token(_) => vec![Mark::Some],
    });
    marks.collect()
}

fn texts_meet(one: &[Mark], other: &[Mark]) -> bool {
    table(one.len(), other.len(), |i, j, met| {
        match (one.get(i), other.get(j)) {
            (None, None) => true,
            (Some(Mark::Some), None) => met(i + 1, j),
            (None, Some(Mark::Some)) => met(i, j + 1),
            (Some(Mark::Some), Some(_)) | (Some(_), Some(Mark::Some)) => met(i + 1, j) || met(i, j + 1),
            (Some(Mark::One(one)), Some(Mark::One(other))) => one == other && met(i + 1, j + 1),
            (Some(Mark::One(_)), None) | (None, Some(Mark::One(_))) => false,
        }
    })
}

/// Fills a table from its end, each cell from those after it; the first cell.
fn table(
    height: usize,
    width: usize,
    cell: impl Fn(usize, usize, &dyn Fn(usize, usize) -> bool) -> bool,
) -> bool {
    let mut cells = vec![vec![false; width + 2]; height + 2];
    for i in (0..=height).rev() {
        for j in (0..=width).rev() {
            let known =
                |i: usize, j: usize| cells.get(i).and_then(|row| row.get(j)).copied().unwrap_or(false);
            let met = cell(i, j, &known);
            if let Some(place) = cells.get_mut(i).and_then(|row| row.get_mut(j)) {
                *place = met;
            }
        }
    }
    cells
        .first()
        .and_then(|row| row.first())
        .copied()
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(template: &str) -> Vec<Segment> {
        PathTemplate::parse(template, &[]).unwrap().segments().to_vec()
    }

    #[test]
    fn templates_meet_where_one_path_could_match_both() {
        for (one, other, expected) in [
            ("{{DB_NAME}}", "{{DB_NAME}}", true),
            ("a/{{DB_NAME}}", "b/{{DB_NAME}}", false),
            ("a/{{DB_NAME}}", "*/x", true),
            ("a/{{DB_NAME}}", "x", false),
            ("**/{{DB_NAME}}.sql", "a/b/c/{{DB_NAME}}##{{VERSION}}.sql", true),
            ("**/{{DB_NAME}}.sql", "a/b/c/{{DB_NAME}}##{{VERSION}}.txt", false),
            ("shop_{{DB_NAME}}.sql", "users_{{DB_NAME}}.sql", false),
            ("{{DB_NAME}}_a.sql", "b_{{DB_NAME}}.sql", true),
        ] {
            assert_eq!(
                meet(&segments(one), &segments(other)),
                expected,
                "{one} and {other}"
            );
            assert_eq!(
                meet(&segments(other), &segments(one)),
                expected,
                "{other} and {one}"
            );
        }
    }
}
