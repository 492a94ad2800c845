//! The texts that are read: made here, the same each time, of the kinds that changes and dumps are made of.

use std::fmt::Write as _;

/// One kind of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A dump: long INSERTs of many rows.
    Dump,
    /// Many short statements.
    Short,
    /// Definitions of tables and changes to them.
    Definitions,
    /// Stored programs, with DELIMITER and without.
    Programs,
    /// More comment than statement.
    Comments,
    /// Texts and names beyond ASCII.
    NonAscii,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Self; 6] = [
        Self::Dump,
        Self::Short,
        Self::Definitions,
        Self::Programs,
        Self::Comments,
        Self::NonAscii,
    ];

    /// Its name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dump => "dump, long INSERTs",
            Self::Short => "short statements",
            Self::Definitions => "definitions",
            Self::Programs => "stored programs",
            Self::Comments => "comments",
            Self::NonAscii => "non-ASCII",
        }
    }

    /// A text of about this many bytes, and never more statements than the limit of 200,000.
    pub(crate) fn text(self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 70_000);
        let mut number = 0;
        while text.len() < bytes && number < 100_000 {
            number += 1;
            self.append(&mut text, number);
        }
        text
    }

    fn append(self, text: &mut String, number: usize) {
        // Writing to a String can't fail.
        let _written = match self {
            Self::Dump => insert(text, number),
            Self::Short => short(text, number),
            Self::Definitions => definition(text, number),
            Self::Programs => program(text, number),
            Self::Comments => writeln!(
                text,
                "-- part {number}: what follows; isn't read 'as' written\n/* a block `of` text;\n   over lines -- and \"quotes\" */\n\
                 # and this; one\nSELECT /* inside; */ {number} /*!80000 , 2 */; -- the end\n"
            ),
            Self::NonAscii => writeln!(
                text,
                "INSERT INTO `größe` (`naïve`, `名前`) VALUES ({number}, 'Ärger; «niemals» – 東京都千代田区 😀'), ({number}, 'наш ответ; да');"
            ),
        };
    }
}

fn insert(text: &mut String, number: usize) -> std::fmt::Result {
    write!(text, "INSERT INTO `orders` VALUES ")?;
    for row in 0..600 {
        let comma = if row == 0 { "" } else { "," };
        write!(
            text,
            "{comma}({number}{row},'customer {row}','it\\'s; a \\\"note\\\" of {number}',{row}.50,NULL,'2024-05-17 10:11:12',0x4F2A)"
        )?;
    }
    writeln!(text, ";")
}

fn short(text: &mut String, number: usize) -> std::fmt::Result {
    match number % 4 {
        0 => writeln!(text, "INSERT INTO t (a, b) VALUES ({number}, 'x');"),
        1 => writeln!(text, "UPDATE t SET b = 'y' WHERE a = {number};"),
        2 => writeln!(text, "DELETE FROM t WHERE a = {number};"),
        _ => writeln!(text, "SET @a = {number};"),
    }
}

fn definition(text: &mut String, number: usize) -> std::fmt::Result {
    writeln!(
        text,
        "CREATE TABLE `table_{number}` (\n  `id` bigint unsigned NOT NULL AUTO_INCREMENT COMMENT 'the key; of it',\n  \
         `name` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',\n  `kind` enum('a','b;','c''d') DEFAULT NULL,\n  \
         `price` decimal(10,2) NOT NULL DEFAULT '0.00',\n  `double` decimal(12,2) GENERATED ALWAYS AS ((`price` * 2)) STORED,\n  \
         `at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,\n  PRIMARY KEY (`id`),\n  KEY `by_name` (`name`(20),`kind`),\n  \
         CONSTRAINT `f_{number}` FOREIGN KEY (`kind`) REFERENCES `kinds` (`id`) ON DELETE CASCADE\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n\
         ALTER TABLE `table_{number}` ADD COLUMN `more` INT NOT NULL AFTER `name`, DROP KEY `by_name`, ADD UNIQUE KEY `u` (`more`, `kind`);"
    )
}

fn program(text: &mut String, number: usize) -> std::fmt::Result {
    let body = format!(
        "BEGIN\n  DECLARE done INT DEFAULT 0;\n  DECLARE c CURSOR FOR SELECT a FROM t;\n  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;\n  \
         OPEN c;\n  rows_: LOOP\n    FETCH c INTO x;\n    IF done THEN LEAVE rows_; END IF;\n    CASE x WHEN 1 THEN SET @a = 'one;'; ELSE BEGIN END; END CASE;\n    \
         WHILE x > 0 DO SET x = x - 1; END WHILE;\n  END LOOP rows_;\n  CLOSE c; -- {number}\nEND"
    );
    if number.is_multiple_of(2) {
        writeln!(
            text,
            "DELIMITER //\nCREATE PROCEDURE `p_{number}`(IN x INT)\n{body}//\nDELIMITER ;"
        )
    } else {
        writeln!(
            text,
            "CREATE TRIGGER g_{number} BEFORE INSERT ON t FOR EACH ROW {body};"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_read_without_error() {
        for kind in Kind::ALL {
            let statements = sql::split(&kind.text(200_000), sql::SqlMode::default()).unwrap();
            assert!(statements.len() > 2, "{}", kind.name());
        }
    }
}
