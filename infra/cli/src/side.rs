//! One side of a comparison: a file, or a database of a server.

use crate::database;
use crate::exit::Stop;
use crate::server::{self, ServerUrl};
use crate::source;
use mysql::Definers;
use std::path::{Path, PathBuf};

/// Where a schema is to be read.
#[derive(Debug)]
pub(crate) enum Side {
    /// In a file, `-` for stdin.
    File(PathBuf),
    /// On a server.
    Database(ServerUrl, String),
}

impl Side {
    /// Both sides, as the command line names them.
    pub(crate) fn both(before: &str, after: &str) -> Result<(Self, Self), Stop> {
        if (before, after) == ("-", "-") {
            return Err(Stop::Usage(
                "Both schemas are to be read from stdin, which can be read once: name a file or a server for one of them."
                    .to_owned(),
            ));
        }
        Ok((Self::read(before, "A")?, Self::read(after, "B")?))
    }

    fn read(text: &str, option: &str) -> Result<Self, Stop> {
        if text.contains("://") {
            let (url, schema) = server::parse_target(text, option)?;
            return Ok(Self::Database(url, schema));
        }
        if server::is_mistyped(text) && !Path::new(text).exists() {
            return Err(Stop::Usage(format!(
                "{option}: this is no file, and looks like a server's URL with a slip in its first letters (it may hold a \
                 password, and is not shown): write {}.",
                server::FORM
            )));
        }
        Ok(Self::File(PathBuf::from(text)))
    }

    /// What people call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(file) => source::name(file),
            Self::Database(url, _) => url.to_string(),
        }
    }

    /// The file, if it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(file),
            Self::Database(..) => None,
        }
    }

    /// The schema as text: of a server its own, of a file what stands there.
    pub(crate) async fn text(&self) -> Result<String, Stop> {
        match self {
            Self::File(file) => source::text(file),
            Self::Database(url, schema) => database::dump(url, schema, Definers::Drop)
                .await
                .map(|snapshot| snapshot.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_database_and_anything_else_a_file() {
        let (before, after) = Side::both("-", "mysql://root:x@127.0.0.1:3310/shop").unwrap();
        assert_eq!(
            (before.name().as_str(), after.name().as_str()),
            ("stdin", "mysql://root@127.0.0.1:3310/shop")
        );
        assert!(before.file().is_some() && after.file().is_none());
    }

    #[test]
    fn what_can_not_be_compared_is_usage() {
        for (before, after, expected) in [
            ("-", "-", "name a file or a server for one of them"),
            ("postgres://u@h/s", "b.sql", "A: a MySQL server is meant"),
            (
                "a.sql",
                "mysql://u@h",
                "B: mysql://u@h:3306 names no schema: add /SCHEMA",
            ),
        ] {
            let stop = Side::both(before, after).unwrap_err();
            assert_eq!(stop.exit_code(), 64);
            assert!(stop.to_string().contains(expected), "{stop}");
        }
    }
}
