//! The table.

use crate::cases::{Stage, decider, policies, situations};
use model::Verdict;
use std::fmt::Write as _;

const PEOPLE: [&str; 15] = [
    "pat",
    "dan",
    "dan/role",
    "dee",
    "sam",
    "bo",
    "una",
    "ada",
    "dev/dan",
    "sso/dee@x",
    "sso/eve@x",
    "sso/mallory",
    "github:1",
    "github:3",
    "github:99",
];

/// Where the stage stands in each case, and what is said to each person who would approve it now.
fn written() -> String {
    let mut text = String::new();
    for (policy, toml) in policies() {
        for (name, situation) in situations() {
            let stage = Stage::of(&toml, &situation);
            let standing = stage.standing();
            let _ = writeln!(text, "{policy} | {name} | {standing}");
        }
        for name in ["nothing", "dan", "a-table-is-dropped"] {
            let stage = Stage::of(&toml, &situations()[name]);
            if stage.ask(|case| case.steps().is_empty()) {
                continue;
            }
            for who in PEOPLE {
                let said = stage.ask(|case| case.against(&decider(who), Verdict::Approved));
                let said = said.map_or_else(
                    || "may approve".to_owned(),
                    |refusal| format!("{}: {}", refusal.code, refusal.message),
                );
                let _ = writeln!(text, "{policy} | {name}, and {who} asks | {said}");
            }
        }
        let stage = Stage::of(&toml, &situations()["nothing"]);
        for who in ["pat", "dan", "ada"] {
            let said = stage.ask(|case| case.against(&decider(who), Verdict::Bypassed));
            let said = said.map_or_else(
                || "may bypass, with one more".to_owned(),
                |refusal| format!("{}: {}", refusal.code, refusal.message),
            );
            let _ = writeln!(text, "{policy} | nothing, and {who} would bypass | {said}");
        }
    }
    text
}

#[test]
fn every_policy_in_every_situation_says_what_the_table_says() {
    let written = written();
    if std::env::var_os("SLUICE_WRITE_DECISIONS").is_some() {
        std::fs::write(
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/decisions/decisions.txt"),
            &written,
        )
        .unwrap();
    }
    let table = include_str!("decisions.txt");
    for (found, expected) in written.lines().zip(table.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(written.lines().count(), table.lines().count());
    assert!(table.lines().count() >= 150);
}
