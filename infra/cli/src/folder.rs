//! A folder of changes: which files are changes of one database, in which order, and why the others are none.

use crate::exit::Stop;
use crate::source;
use model::{ChangeType, Checksum, Version};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The largest file that is a change.
const MOST: u64 = 1024 * 1024;

/// What parts the name of a file.
const PART: &str = "##";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileChange {
    /// Where it is, below the folder.
    pub(crate) path: String,
    /// Its version.
    pub(crate) version: Version,
    /// Its type.
    pub(crate) change_type: ChangeType,
    /// Its description, `_` shown as space.
    pub(crate) description: String,
    /// Its text.
    pub(crate) text: String,
    /// The checksum of its text.
    pub(crate) checksum: Checksum,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// The changes, by version.
    pub(crate) changes: Vec<FileChange>,
    /// Files that are meant as changes and can't be, with the reason.
    pub(crate) refused: Vec<(String, String)>,
    /// Files that are no changes of this database, with the reason.
    pub(crate) ignored: Vec<(String, String)>,
}

/// What a name says.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    Change {
        version: Version,
        change_type: ChangeType,
        description: String,
    },
    Refused(String),
    Ignored(String),
}

impl Folder {
    /// Reads a folder, and that of an environment in it where one is named.
    pub(crate) fn read(folder: &Path, database: &str, environment: Option<&str>) -> Result<Self, Stop> {
        let mut read = Self::default();
        read.take(folder, "", database)?;
        if let Some(environment) = environment {
            let place = folder.join(environment);
            if !place.is_dir() {
                return Err(Stop::Usage(format!(
                    "--environment: there is no folder {} with files of `{environment}`.",
                    place.display()
                )));
            }
            read.take(&place, &format!("{environment}/"), database)?;
        }
        read.changes
            .sort_by(|a, b| (a.version.key(), &a.path).cmp(&(b.version.key(), &b.path)));
        read.refuse_twins();
        Ok(read)
    }

    fn take(&mut self, folder: &Path, below: &str, database: &str) -> Result<(), Stop> {
        for (name, file) in files(folder)? {
            let path = format!("{below}{name}");
            match self::name(&name, database) {
                Name::Refused(why) => self.refused.push((path, why)),
                Name::Ignored(why) => self.ignored.push((path, why)),
                Name::Change {
                    version,
                    change_type,
                    description,
                } => match text(&file)? {
                    Err(why) => self.refused.push((path, why)),
                    Ok(text) => self.changes.push(FileChange {
                        path,
                        version,
                        change_type,
                        description,
                        checksum: Checksum::of(text.as_bytes()),
                        text,
                    }),
                },
            }
        }
        Ok(())
    }

    /// Two files of one version are both refused: which is meant, nobody can tell.
    fn refuse_twins(&mut self) {
        let mut by_version: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for change in &self.changes {
            let of_version = by_version.entry(change.version.key().clone()).or_default();
            of_version.push(change.path.clone());
        }
        let changes = std::mem::take(&mut self.changes);
        for change in changes {
            let twins = by_version.get(change.version.key()).map(Vec::as_slice);
            match twins.unwrap_or_default() {
                [_] => self.changes.push(change),
                all => {
                    let others: Vec<&str> = all
                        .iter()
                        .filter(|path| **path != change.path)
                        .map(String::as_str)
                        .collect();
                    let why = format!(
                        "{} is of the same version, {}: give one of them another",
                        others.join(", "),
                        change.version
                    );
                    self.refused.push((change.path, why));
                }
            }
        }
    }
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>, Stop> {
    let unreadable =
        |error: std::io::Error| Stop::Usage(format!("{}: can't be read: {error}.", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if let (Some(name), true) = (name, path.is_file()) {
            files.push((name, path));
        }
    }
    files.sort();
    Ok(files)
}

fn text(file: &Path) -> Result<Result<String, String>, Stop> {
    let size = std::fs::metadata(file).map_or(0, |about| about.len());
    if size > MOST {
        return Ok(Err(format!(
            "it has {size} bytes, and a change has at most {MOST}: split it into several versions"
        )));
    }
    match source::text(file) {
        Ok(text) => Ok(Ok(text)),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal.message)),
        Err(other) => Err(other),
    }
}

fn name(name: &str, database: &str) -> Name {
    let Some(stem) = name.strip_suffix(".sql") else {
        return if name.contains(PART) {
            Name::Refused("its name does not end in .sql".to_owned())
        } else {
            Name::Ignored("no .sql file".to_owned())
        };
    };
    if name.starts_with('.') {
        return Name::Ignored("a latest schema, or hidden".to_owned());
    }
    let parts: Vec<&str> = stem.split(PART).collect();
    let is_type = |at: usize| {
        parts
            .get(at)
            .is_some_and(|part| ChangeType::parse(part).is_some())
    };
    let (of, parts) = match parts.as_slice() {
        [_] => {
            return Name::Ignored(
                "its name has no ##: changes are named VERSION##TYPE##DESCRIPTION.sql".to_owned(),
            );
        }
        all if is_type(1) => (None, all),
        [of, rest @ ..] if is_type(2) => (Some(*of), rest),
        _ => {
            return Name::Refused(
                "it has no type: name it VERSION##ddl##DESCRIPTION.sql, or with dml for changes of rows"
                    .to_owned(),
            );
        }
    };
    if let Some(of) = of.filter(|of| *of != database) {
        return Name::Ignored(format!("of the database `{of}`, and not of `{database}`"));
    }
    let [version, change_type, description @ ..] = parts else {
        return Name::Refused("it has no version".to_owned());
    };
    match (Version::parse(version), ChangeType::parse(change_type)) {
        (Ok(version), Some(change_type)) => Name::Change {
            version,
            change_type,
            description: description.join(PART).replace('_', " "),
        },
        (Err(error), _) => Name::Refused(error.to_string()),
        (Ok(_), None) => Name::Refused(format!("`{change_type}` is no type: it is ddl or dml")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str) -> String {
        match name(file, "shop") {
            Name::Change {
                version,
                change_type,
                description,
            } => format!("{version} {change_type} {description}"),
            Name::Refused(why) => format!("refused: {why}"),
            Name::Ignored(why) => format!("ignored: {why}"),
        }
    }

    #[test]
    fn names_say_what_a_file_is() {
        for (file, expected) in [
            ("202303100000##ddl##create_t2.sql", "202303100000 ddl create t2"),
            ("1##Migrate##a##b.sql", "1 ddl a##b"),
            ("1.2##data.sql", "1.2 dml "),
            ("shop##1##dml##x.sql", "1 dml x"),
            (
                "other##1##dml##x.sql",
                "ignored: of the database `other`, and not of `shop`",
            ),
            ("README.md", "ignored: no .sql file"),
            (".shop##LATEST.sql", "ignored: a latest schema, or hidden"),
            (
                "seed.sql",
                "ignored: its name has no ##: changes are named VERSION##TYPE##DESCRIPTION.sql",
            ),
            (
                "1##create.sql",
                "refused: it has no type: name it VERSION##ddl##DESCRIPTION.sql, or with dml for changes of rows",
            ),
            ("1##ddl##x.sql.bak", "refused: its name does not end in .sql"),
        ] {
            assert_eq!(told(file), expected, "{file}");
        }
        assert!(told("ä##ddl##x.sql").starts_with("refused: "));
    }

    #[test]
    fn versions_order_files_and_twins_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("10##ddl##ten.sql", "SELECT 10"),
            ("9##ddl##nine.sql", "SELECT 9"),
            ("1.0##ddl##one.sql", "SELECT 1"),
            ("1.00##ddl##also_one.sql", "SELECT 1"),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        std::fs::write(folder.path().join("2##ddl##latin.sql"), b"SELECT '\xe9'").unwrap();
        let read = Folder::read(folder.path(), "shop", None).unwrap();
        let versions: Vec<&str> = read
            .changes
            .iter()
            .map(|change| change.version.as_str())
            .collect();
        assert_eq!(versions, ["9", "10"]);
        let refused: Vec<&str> = read.refused.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            refused,
            [
                "2##ddl##latin.sql",
                "1.0##ddl##one.sql",
                "1.00##ddl##also_one.sql"
            ]
        );
        assert!(
            read.refused[1]
                .1
                .contains("1.00##ddl##also_one.sql is of the same version")
        );
        assert!(Folder::read(folder.path(), "shop", Some("prod")).is_err());
    }
}
