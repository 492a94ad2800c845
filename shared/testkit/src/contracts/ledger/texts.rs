//! Stored texts.

use super::Ledger;
use crate::contracts::ok;
use model::Checksum;
use std::fmt::Write as _;

/// Empty, small, of any script, compressible, and hardly compressible.
pub async fn texts_of_any_size_are_kept<L: Ledger>(ledger: &L) {
    let mut noise = String::new();
    for index in 0..32_768_u32 {
        // Writing to a string can't fail.
        let _ = write!(noise, "{}", Checksum::of(&index.to_be_bytes()));
    }
    for text in [
        String::new(),
        crate::fixtures::SQL.to_owned(),
        "SELECT '»λ« 🐬\0\r\n';".to_owned(),
        "INSERT INTO t VALUES (1);\n".repeat(100_000),
        noise,
    ] {
        for _ in 0..2 {
            let checksum = ok(ledger.put_text(&text).await);
            assert_eq!(checksum, Checksum::of(text.as_bytes()));
            let found = ok(ledger.text(&checksum).await);
            assert!(
                found.as_ref() == Some(&text),
                "{} bytes came back changed",
                text.len()
            );
        }
    }
}

/// What was never stored is not there.
pub async fn an_unknown_text_is_none<L: Ledger>(ledger: &L) {
    assert_eq!(ok(ledger.text(&Checksum::of(b"never stored")).await), None);
}
