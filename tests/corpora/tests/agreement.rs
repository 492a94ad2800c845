//! The splitter and a real server agree on the corpora. Each disagreement is printed with its place.

use corpora::{Findings, Judge, Read, Server, Verdicts, examine, sources};
use std::collections::BTreeSet;
use testkit::scratch::Scratch;

/// How many different statements the server reads, at the least.
const STATEMENTS: usize = 20_000;

#[tokio::test]
async fn what_the_server_accepts_is_a_piece_of_ours() {
    let server = Server::of_the_environment().unwrap_or_else(|missing| panic!("{missing}"));
    let scratch = Scratch::make(&server).await;
    let mut judge = Judge::open(&server, scratch.name()).await.unwrap();
    let kept = Verdicts::kept().unwrap();
    let mut wrong = Vec::new();
    println!(
        "{:<20} {:>6} {:>10} {:>9} {:>8} {:>14}",
        "source", "files", "statements", "accepted", "refused", "disagreements"
    );
    for source in sources().unwrap() {
        let started = std::time::Instant::now();
        let found = examine(&mut judge, &source).await.unwrap();
        let statements: Vec<&Read> = found.verdicts.iter().flat_map(|file| &file.statements).collect();
        println!(
            "{:<20} {:>6} {:>10} {:>9} {:>8} {:>14} {:.1?}",
            source.name,
            source.files.len(),
            statements.len(),
            statements.iter().filter(|read| read.accepted()).count(),
            found.refused.len(),
            found.disagreements.len(),
            started.elapsed(),
        );
        wrong.extend(newly_refused(&kept, &found));
        for refused in &found.refused {
            println!("  refused {} {refused}", source.name);
        }
        for disagreement in &found.disagreements {
            println!(
                "  DISAGREEMENT {} {}: {}\n{}\n  --",
                source.name, disagreement.place, disagreement.what, disagreement.text
            );
            wrong.push(format!(
                "{} {}: {}",
                source.name, disagreement.place, disagreement.what
            ));
        }
    }
    judge.close().await;
    scratch.drop(&server).await;
    assert!(
        wrong.is_empty(),
        "{} disagreements:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Statements that the server refuses now and read when its verdicts were kept, or that are new.
fn newly_refused(kept: &Verdicts, found: &Findings) -> Vec<String> {
    let mut refused = Vec::new();
    for file in &found.verdicts {
        let kept = kept.of(&file.source, &file.path).unwrap_or_default();
        for read in file
            .statements
            .iter()
            .filter(|read| !read.accepted() && !kept.contains(read))
        {
            refused.push(format!(
                "{} {}:{} is refused, and was not",
                file.source, file.path, read.0
            ));
        }
    }
    refused
}

#[test]
fn our_statements_are_where_the_server_found_them() {
    let kept = Verdicts::kept().unwrap();
    let (mut texts, mut accepted, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for source in sources().unwrap() {
        for file in &source.files {
            texts += 1;
            let ours: Vec<(usize, usize)> = sql::pieces(&file.text, sql::SqlMode::default())
                .unwrap_or_else(|error| panic!("{} {}: {error}", source.name, file.path))
                .iter()
                .filter(|piece| piece.kind == sql::PieceKind::Statement)
                .map(|piece| (piece.start, piece.start + piece.text.len()))
                .collect();
            let reads = kept.of(&source.name, &file.path).unwrap_or_default();
            let theirs: Vec<(usize, usize)> = reads.iter().map(|read| (read.0, read.1)).collect();
            if ours != theirs {
                wrong.push(format!("{} {}", source.name, file.path));
            }
            let read = reads.iter().filter(|read| read.accepted());
            accepted.extend(read.map(|read| sha(&file.text[read.0..read.1])));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(texts, kept.texts(), "there are verdicts on texts that are gone");
    println!("{} different statements that the server reads", accepted.len());
    assert!(accepted.len() >= STATEMENTS, "only {}", accepted.len());
}

fn sha(text: &str) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(text).into()
}
