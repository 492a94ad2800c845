//! Every code that a person can meet has a page, and every page a code.

use std::collections::BTreeSet;
use tidy::fault::TidyError;
use tidy::sources;

/// What stands right before a code in the source, in which files, and what the code ends with.
const MAKES_ONE: [(&str, &str, &str); 7] = [
    ("Refusal::new(", "", ""),
    ("Stop::refused(", "", ""),
    ("refuse(", "", ""),
    ("failure(", "", ""),
    ("code = ", "workflow/src/work", ""),
    ("ExecuteError::", "workflow/src/apply", ""),
    ("unknown(", "settings/src/path", "-unknown"),
];

/// The codes of the source, but for those of MySQL and of review.
fn codes() -> Result<BTreeSet<String>, TidyError> {
    let mut codes = BTreeSet::new();
    for folder in ["functions", "shared", "infra"] {
        for path in sources::rust_files(folder)? {
            let name = path
                .strip_prefix(sources::path(""))
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            if name.contains("/tests") || name.contains("/testkit/") || name.ends_with("gallery.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|source| TidyError::Read { path, source })?;
            let shipped: Vec<&str> = text
                .lines()
                .take_while(|line| line.trim() != "#[cfg(test)]")
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            let shipped = shipped.join("\n");
            for (before, file, end) in MAKES_ONE {
                if name.contains(file) {
                    let found = shipped.split(before).skip(1).filter_map(code);
                    codes.extend(found.map(|code| code + end));
                }
            }
        }
    }
    Ok(codes)
}

/// The code that a call begins with, perhaps after where it happened.
fn code(call: &str) -> Option<String> {
    let (before, rest) = call.split_once('"')?;
    let (code, _) = rest.split_once('"')?;
    let near = before.len() < 40 && !before.contains([';', '{', '&', '!', '.']);
    let kebab = !code.is_empty()
        && code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    (near && kebab).then(|| code.to_owned())
}

/// The pages of a folder of the documents.
fn pages(folder: &str) -> Result<BTreeSet<String>, TidyError> {
    let path = sources::path(folder);
    let read = |source| TidyError::Read {
        path: path.clone(),
        source,
    };
    let mut pages = BTreeSet::new();
    for entry in std::fs::read_dir(&path).map_err(read)? {
        let name = entry.map_err(read)?.file_name().to_string_lossy().into_owned();
        let page = name.strip_suffix(".md").filter(|page| *page != "README");
        pages.extend(page.map(str::to_owned));
    }
    Ok(pages)
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let (codes, rules) = (codes().unwrap(), pages("docs/rules").unwrap());
    let pages = pages("docs/errors").unwrap();
    assert!(codes.len() > 50, "only {codes:?} were found");
    let bare: Vec<_> = codes
        .difference(&pages)
        .filter(|code| !rules.contains(*code))
        .collect();
    assert!(bare.is_empty(), "no page in docs/errors: {bare:?}");
    // Those of MySQL are held to their numbers where the pages are chosen: `report::page`.
    let idle: Vec<_> = pages
        .difference(&codes)
        .filter(|page| page.as_str() != "mysql" && !page.starts_with("mysql-"))
        .collect();
    assert!(idle.is_empty(), "no code in the source: {idle:?}");
}

#[test]
fn every_page_says_what_happened_what_sluice_did_and_what_to_do() {
    let index = sources::text("docs/errors/README.md").unwrap();
    for page in pages("docs/errors").unwrap() {
        let text = sources::text(&format!("docs/errors/{page}.md")).unwrap();
        assert!(text.starts_with(&format!("# {page}\n")), "{page}");
        let sections: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("## "))
            .take(3)
            .collect();
        assert_eq!(
            sections,
            ["## What happened", "## What Sluice did", "## What to do"],
            "{page}"
        );
        assert!(index.contains(&format!("({page}.md)")), "the index has no {page}");
    }
}
