//! What is applied: files of one statement each, over a few tables, the same each time.

use crate::fault::BenchError;
use std::path::Path;

/// How many statements each table gets, its own making among them.
pub(crate) const STEPS: usize = 10;

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Its version: all have as many digits.
    version: usize,
    change_type: &'static str,
    name: String,
    statement: String,
}

/// Whose files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Sluice,
    Dbmate,
    Sqlx,
}

/// The files over so many tables: all tables are made first, then each step is done to each table.
pub(crate) fn pieces(tables: usize) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(tables * STEPS);
    for step in 0..STEPS {
        for table in 0..tables {
            let (change_type, name, statement) = statement(step, table);
            pieces.push(Piece {
                version: 202_301_010_001 + pieces.len(),
                change_type,
                name: format!("{name}_{table}"),
                statement,
            });
        }
    }
    pieces
}

/// All statements as one text.
pub(crate) fn joined(pieces: &[Piece]) -> String {
    let statements: Vec<&str> = pieces.iter().map(|piece| piece.statement.as_str()).collect();
    statements.join(";\n") + ";\n"
}

/// Writes the files into a folder that is made for them.
pub(crate) fn write(pieces: &[Piece], folder: &Path, layout: Layout) -> Result<(), BenchError> {
    let fault = |source| BenchError::Io {
        what: folder.display().to_string(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(fault)?;
    for piece in pieces {
        let Piece {
            version,
            change_type,
            name,
            statement,
        } = piece;
        let (file, text) = match layout {
            Layout::Sluice => (
                format!("{version}##{change_type}##{name}.sql"),
                format!("{statement};\n"),
            ),
            Layout::Dbmate => (
                format!("{version}_{name}.sql"),
                // It takes no file without a way back, but an empty one will do.
                format!("-- migrate:up\n{statement};\n\n-- migrate:down\n"),
            ),
            Layout::Sqlx => (format!("{version}_{name}.sql"), format!("{statement};\n")),
        };
        std::fs::write(folder.join(file), text).map_err(fault)?;
    }
    Ok(())
}

/// What is done to a table at a step. The names differ from those of [`crate::schema`].
fn statement(step: usize, table: usize) -> (&'static str, &'static str, String) {
    match step {
        0 => ("ddl", "make", make(table)),
        1 => ("dml", "fill", fill(table)),
        2 => (
            "ddl",
            "note",
            format!("ALTER TABLE `w_{table}` ADD COLUMN `note` TEXT NULL"),
        ),
        3 => (
            "ddl",
            "index",
            format!("CREATE INDEX `by_state` ON `w_{table}` (`state`, `at`)"),
        ),
        4 => (
            "dml",
            "change",
            format!("UPDATE `w_{table}` SET `note` = CONCAT('note; of ', `name`) WHERE `id` <= 6"),
        ),
        5 => (
            "ddl",
            "widen",
            format!("ALTER TABLE `w_{table}` MODIFY COLUMN `amount` DECIMAL(12,3) NOT NULL DEFAULT '0.000'"),
        ),
        6 => (
            "ddl",
            "parent",
            format!(
                "ALTER TABLE `w_{table}` ADD COLUMN `parent` BIGINT UNSIGNED NULL AFTER `name`, ADD KEY `of` (`parent`)"
            ),
        ),
        7 => (
            "ddl",
            "default",
            format!("ALTER TABLE `w_{table}` ALTER COLUMN `state` SET DEFAULT 'open'"),
        ),
        8 => ("dml", "shrink", format!("DELETE FROM `w_{table}` WHERE `id` > 8")),
        _ => (
            "ddl",
            "comment",
            format!("ALTER TABLE `w_{table}` ALTER INDEX `by_name` INVISIBLE, COMMENT = 'table {table}'"),
        ),
    }
}

fn make(table: usize) -> String {
    format!(
        "CREATE TABLE `w_{table}` (\n  `id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,\n  `name` VARCHAR(255) NOT NULL DEFAULT '',\n  \
         `state` ENUM('new','open','done') NOT NULL DEFAULT 'new',\n  `amount` DECIMAL(10,2) NOT NULL DEFAULT '0.00',\n  \
         `at` DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),\n  PRIMARY KEY (`id`),\n  KEY `by_name` (`name`(20))\n) ENGINE=InnoDB"
    )
}

fn fill(table: usize) -> String {
    let rows: Vec<String> = (1..=10)
        .map(|row| format!("('name {row} of {table}', {row}.50)"))
        .collect();
    format!(
        "INSERT INTO `w_{table}` (`name`, `amount`) VALUES {}",
        rows.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_one_statement_and_their_names_are_in_order() {
        let pieces = pieces(20);
        assert_eq!(pieces.len(), 200);
        for piece in &pieces {
            let statements = sql::split(&piece.statement, sql::SqlMode::default()).unwrap();
            assert_eq!(statements.len(), 1, "{}", piece.statement);
        }
        assert!(pieces.windows(2).all(|two| two[0].version < two[1].version));
        let first = pieces.first().unwrap().version.to_string();
        let last = pieces.last().unwrap().version.to_string();
        assert_eq!(first.len(), last.len());
    }
}
