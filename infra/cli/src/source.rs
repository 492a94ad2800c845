//! Files that a command line names, `-` for stdin.

use crate::exit::Stop;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The largest text that is read at once: a schema, settings, a certificate. The schema of 5,000 tables has 5 MiB.
const MOST: usize = 64 * 1024 * 1024;

/// What people call a file.
pub(crate) fn name(file: &Path) -> String {
    if is_stdin(file) {
        "stdin".to_owned()
    } else {
        file.display().to_string()
    }
}

/// A file, to be read in parts.
pub(crate) fn open(file: &Path) -> Result<Box<dyn Read>, Stop> {
    if is_stdin(file) {
        return Ok(Box::new(io::stdin()));
    }
    let opened = File::open(file).map_err(|error| unreadable(file, &error))?;
    let about = opened.metadata().map_err(|error| unreadable(file, &error))?;
    if about.is_dir() {
        return Err(unreadable(file, &io::ErrorKind::IsADirectory.into()));
    }
    Ok(Box::new(opened))
}

/// A whole file.
pub(crate) fn text(file: &Path) -> Result<String, Stop> {
    let bytes = bytes(open(file)?, MOST).map_err(|error| unreadable(file, &error))?;
    if bytes.len() > MOST {
        return Err(Stop::refused(
            "too-large",
            format!(
                "{} is larger than {} MiB, the most that is read at once. Is it the right file?",
                name(file),
                MOST / 1024 / 1024
            ),
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to());
        let lines = valid.unwrap_or_default().iter().filter(|byte| **byte == b'\n');
        Stop::refused(
            "not-utf8",
            format!(
                "{}: line {}: this is not UTF-8. Save the file as UTF-8.",
                name(file),
                lines.count() + 1
            ),
        )
    })
}

/// A file that can't be read, as the command line's mistake.
pub(crate) fn unreadable(file: &Path, error: &io::Error) -> Stop {
    let remedy = if error.kind() == io::ErrorKind::NotFound {
        "Check its name."
    } else if error.kind() == io::ErrorKind::IsADirectory {
        "Name a file in it."
    } else {
        "Check its permissions."
    };
    Stop::Usage(format!("{} can't be read: {error}. {remedy}", name(file)))
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// At most one byte more than `most`.
fn bytes(from: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latin1.sql");
        std::fs::write(&file, b"SELECT 1;\n\nSELECT '\xe4';\n").unwrap();
        let stop = text(&file).unwrap_err();
        assert_eq!((stop.exit_code(), stop.code()), (1, "not-utf8"));
        assert!(
            stop.to_string()
                .ends_with("latin1.sql: line 3: this is not UTF-8. Save the file as UTF-8.")
        );
    }

    #[test]
    fn missing_files_and_folders_are_usage() {
        let folder = tempfile::tempdir().unwrap();
        let missing = text(&folder.path().join("x.sql")).unwrap_err();
        assert_eq!(missing.exit_code(), 64);
        assert!(missing.to_string().ends_with("Check its name."), "{missing}");
        let directory = text(folder.path()).unwrap_err();
        assert_eq!(directory.exit_code(), 64);
        assert!(
            directory.to_string().ends_with("Name a file in it."),
            "{directory}"
        );
    }

    #[test]
    fn no_more_is_read_than_is_looked_at() {
        assert_eq!(bytes(io::repeat(b'x'), 10).unwrap().len(), 11);
        assert_eq!(bytes(&b"abc"[..], 10).unwrap(), b"abc");
    }
}
