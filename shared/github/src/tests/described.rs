//! Every request that a test lets the adapter send is held to GitHub's own description of its API.

use super::description::{extract, fill, wrong_with};
use super::script::Asked;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is wrong with the requests so far.
#[derive(Clone, Default)]
pub(super) struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    /// Holds one request to the description.
    pub(super) fn hold(&self, asked: &Asked) {
        // Where an Enterprise Server has its API.
        let line = asked.line.replacen(" /api/v3/", " /", 1);
        self.0.lock().unwrap().extend(wrong_with(&line, &asked.body));
    }
}

/// Belongs to a test, which fails where something was noted.
#[derive(Default)]
pub(super) struct Described(pub(super) Notes);

impl Drop for Described {
    fn drop(&mut self) {
        if !thread::panicking() {
            let wrong = self.0.0.lock().unwrap();
            assert!(
                wrong.is_empty(),
                "requests that GitHub does not describe: {wrong:#?}"
            );
        }
    }
}

/// Nothing is expected of a request that is right.
fn judge(line: &str, body: &Value, expected: &str) {
    let line = line.replacen(" /", " /repos/sluice-demo/shop/", 1);
    let wrong = wrong_with(&line, body);
    if expected.is_empty() {
        assert!(wrong.is_empty(), "{line} {body}: {wrong:?}");
    } else {
        assert!(
            wrong.iter().any(|wrong| wrong.contains(expected)),
            "{line} {body}: {wrong:?}"
        );
    }
}

#[test]
fn what_github_does_not_describe_is_found() {
    for (line, expected) in [
        ("GET /forks", "not among the operations"),
        ("DELETE /check-runs", "not among the operations"),
        ("GET /git/ref/heads/a/b", ""),
        ("GET /git/ref/heads/a?recursive=1", "no `recursive` in its query"),
        ("GET /git/trees/c1?recursive=1", ""),
        ("GET /pulls/one", "parameter `pull_number`"),
        ("GET /commits/c1/check-runs?filter=newest", "parameter `filter`"),
        ("GET /commits/c1/check-runs?per_page=x", "parameter `per_page`"),
        ("POST /check-runs", "the body is missing"),
    ] {
        judge(line, &Value::Null, expected);
    }
}

#[test]
fn what_github_would_ignore_in_a_body_is_found() {
    let run = |key: &str, value: Value| {
        let mut body = json!({"name": "Sluice", "head_sha": "c1"});
        body[key] = value;
        body
    };
    let output = |key: &str| run("output", json!({"title": "x", "summary": "y", key: "z"}));
    for (line, body, expected) in [
        ("GET /pulls/1", json!({}), "takes no body"),
        ("POST /check-runs", json!({"name": "Sluice"}), "head_sha"),
        ("POST /check-runs", run("status", json!("completed")), ""),
        ("POST /check-runs", run("conclusion", json!("fine")), "fine"),
        ("POST /check-runs", run("titel", json!("x")), "titel"),
        ("POST /check-runs", output("text"), ""),
        ("POST /check-runs", output("txt"), "txt"),
        (
            "PUT /contents/a%23/b.sql",
            json!({"message": "m", "content": "eA=="}),
            "",
        ),
        ("PUT /contents/a", json!({"message": "m"}), "content"),
    ] {
        judge(line, &body, expected);
    }
}

/// A call that no test makes is found by its path.
#[test]
fn every_path_in_the_source_is_described() {
    let extract = extract();
    let templates: Vec<&str> = extract
        .operations
        .keys()
        .filter_map(|name| Some(name.split_once(' ')?.1))
        .collect();
    let mut paths = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let file = file.unwrap().path();
        if file.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for literal in code
            .split("\"/")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let path = literal.split('?').next().unwrap_or_default();
            // A bare slash, and the beginning that the session puts before the path.
            if path.is_empty() || path.starts_with("repos/") {
                continue;
            }
            paths += 1;
            let whole = [format!("/{path}"), format!("/repos/o/r/{path}")];
            let known = templates
                .iter()
                .any(|template| whole.iter().any(|path| fill(template, path).is_some()));
            assert!(known, "{}: `/{path}` is not among the operations", file.display());
        }
    }
    assert!(paths > 5, "the test reads no source");
}

#[test]
fn the_extract_has_the_operations_that_are_listed() {
    let extract = extract();
    let mut listed: Vec<&str> = include_str!("../../openapi/operations.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect();
    listed.sort_unstable();
    let extracted: Vec<&String> = extract.operations.keys().collect();
    assert_eq!(extracted, listed, "run `cargo xtask openapi`");
}
