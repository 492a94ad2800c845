//! Splitting loses nothing of any text, however its lines end and however quotes are read.

use corpora::{File, sources};
use sql::{PieceKind, SqlMode, pieces};

fn files() -> impl Iterator<Item = (String, File)> {
    sources()
        .unwrap_or_else(|error| panic!("{error}"))
        .into_iter()
        .flat_map(|source| {
            let name = source.name;
            source
                .files
                .into_iter()
                .map(move |file| (format!("{name} {}", file.path), file))
        })
}

fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

fn kinds(text: &str) -> Vec<PieceKind> {
    pieces(text, SqlMode::default())
        .unwrap_or_else(|error| panic!("{error}"))
        .iter()
        .map(|piece| piece.kind)
        .filter(|kind| *kind != PieceKind::Between)
        .collect()
}

#[test]
fn joined_the_pieces_are_the_file() {
    for (name, file) in files() {
        for text in [with_crlf(&file.text), file.text] {
            let cut = pieces(&text, SqlMode::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_joined(&name, &text, &cut);
        }
    }
}

#[test]
fn the_ends_of_lines_change_no_piece() {
    for (name, file) in files() {
        assert_eq!(
            kinds(&with_crlf(&file.text)),
            kinds(&with_crlf(&file.text).replace("\r\n", "\n")),
            "{name}"
        );
    }
}

#[test]
fn in_every_mode_a_file_is_its_pieces_or_an_error_with_a_place() {
    let modes = [(true, false), (false, true), (true, true)];
    for (name, file) in files() {
        for (ansi_quotes, no_backslash_escapes) in modes {
            let mode = SqlMode {
                ansi_quotes,
                no_backslash_escapes,
            };
            match pieces(&file.text, mode) {
                Ok(cut) => assert_joined(&name, &file.text, &cut),
                Err(error) => {
                    let before = file
                        .text
                        .get(..error.offset)
                        .unwrap_or_else(|| panic!("{name}: {error}"));
                    let lines = before.matches('\n').count() + 1;
                    assert_eq!(usize::try_from(error.line).unwrap(), lines, "{name}: {error}");
                }
            }
        }
    }
}

fn assert_joined(name: &str, text: &str, cut: &[sql::Piece<'_>]) {
    let mut at = 0;
    for piece in cut {
        assert_eq!(piece.start, at, "{name}");
        at += piece.text.len();
    }
    let joined: String = cut.iter().map(|piece| piece.text).collect();
    assert!(joined == text, "{name}: the pieces are not the text");
}
