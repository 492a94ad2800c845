//! The statements between two schemas, run on a real server: what they leave is the other schema, byte for byte.

mod generate;
mod server;

use catalog::{Catalog, Renames, changes, script};
use generate::{Dice, Schema};
use mysql::{DumpOptions, Scratch, ScratchName};
use server::root;
use sql::SqlMode;
use std::path::{Path, PathBuf};

const MODE: SqlMode = SqlMode {
    ansi_quotes: false,
    no_backslash_escapes: false,
};

/// What was asked for; a failed test with its reason where there is none.
fn good<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// Two schemas as people wrote them, and the statements by which one became the other where names changed.
struct Pair {
    name: String,
    a: String,
    b: String,
    renames: Renames,
}

impl Pair {
    /// From the second schema to the first.
    fn turned(&self) -> Self {
        Self {
            name: format!("{} turned", self.name),
            a: self.b.clone(),
            b: self.a.clone(),
            renames: self.renames.reversed(),
        }
    }
}

fn pairs() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog/tests/pairs");
    let entries = good(std::fs::read_dir(&folder), "the folder of pairs");
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    folders.iter().map(|folder| pair(folder)).collect()
}

fn pair(folder: &Path) -> Pair {
    let name = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let read = |file: &str| std::fs::read_to_string(folder.join(file));
    let renames = read("renames.sql").map(|text| Renames::of(&good(sql::split(&text, MODE), &name), MODE));
    Pair {
        a: good(read("a.sql"), &name),
        b: good(read("b.sql"), &name),
        renames: renames.unwrap_or_default(),
        name,
    }
}

fn catalog(name: &str, text: &str) -> Catalog {
    Catalog::read(text, MODE).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
}

async fn scratch(name: &str) -> Scratch {
    let login = root().login;
    good(Scratch::make(&login, &ScratchName::of(name), None).await, name)
}

async fn snapshot_of(scratch: &mut Scratch, name: &str, text: &str) -> String {
    good(scratch.empty().await, name);
    good(scratch.load(text).await, &format!("{name}\n{text}"));
    snapshot(scratch, name).await
}

async fn snapshot(scratch: &mut Scratch, name: &str) -> String {
    good(scratch.snapshot(DumpOptions::default()).await, name).text
}

/// Leads from the snapshot that the scratch schema has to the other, and looks at what is there then.
async fn lead(scratch: &mut Scratch, name: &str, [from, to]: [&str; 2], renames: &Renames) {
    let (before, wanted) = (catalog(name, from), catalog(name, to));
    let text = script(&before, &wanted, renames).to_string();
    let statements = good(sql::split(&text, MODE), name);
    good(scratch.run(&statements).await, &format!("{name}\n{text}"));
    let got = snapshot(scratch, name).await;
    assert!(
        got == to,
        "{name}\n--- wanted\n{to}\n--- got\n{got}\n--- by\n{text}"
    );
    let found = changes(&catalog(name, &got), &wanted, &Renames::default());
    assert_eq!(found, [], "{name}");
}

/// There and back. What a server was given isn't all in its snapshot: once from what the author wrote, once from a schema
/// that was made of a snapshot.
async fn both_ways(scratch: &mut Scratch, pair: &Pair) {
    let name = &pair.name;
    let b = snapshot_of(scratch, name, &pair.b).await;
    let a = snapshot_of(scratch, name, &pair.a).await;
    let (there, back) = (format!("{name} →"), format!("{name} ←"));
    lead(scratch, &there, [&a, &b], &pair.renames).await;
    let loaded = snapshot_of(scratch, name, &b).await;
    assert_eq!(loaded, b, "{name}: a snapshot made of a snapshot is the same");
    lead(scratch, &back, [&b, &a], &pair.renames.reversed()).await;
    for (file, snapshot) in [(&pair.a, &a), (&pair.b, &b)] {
        let (written, shown) = (catalog(&pair.name, file), catalog(&pair.name, snapshot));
        // The query of a view is rewritten beyond what can be followed here.
        let noise: Vec<String> = changes(&written, &shown, &Renames::default())
            .iter()
            .map(ToString::to_string)
            .filter(|change| !change.starts_with("view "))
            .collect();
        assert_eq!(noise, Vec::<String>::new(), "{}", pair.name);
        assert_eq!(
            script(&shown, &shown, &Renames::default()).to_string(),
            "",
            "{}",
            pair.name
        );
    }
}

#[tokio::test]
async fn statements_lead_from_each_schema_to_the_other_and_back() {
    let mut scratch = scratch("between pairs").await;
    let pairs = pairs();
    assert!(pairs.len() >= 60, "{} pairs", pairs.len());
    for pair in &pairs {
        both_ways(&mut scratch, pair).await;
        both_ways(&mut scratch, &pair.turned()).await;
    }
    scratch.drop().await.unwrap();
}

#[tokio::test]
async fn statements_lead_through_random_changes_and_back() {
    let mut scratch = scratch("between random schemas").await;
    for seed in 1..=100 {
        let mut dice = Dice::new(seed);
        let a = Schema::random(&mut dice);
        let mut b = a.clone();
        for _ in 0..=seed % 9 {
            b.mutate(&mut dice);
        }
        let pair = Pair {
            name: format!("seed {seed}"),
            a: a.text(),
            b: b.text(),
            renames: Renames::default(),
        };
        let pair = if seed % 2 == 0 { pair } else { pair.turned() };
        both_ways(&mut scratch, &pair).await;
    }
    scratch.drop().await.unwrap();
}
