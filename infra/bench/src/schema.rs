//! A schema as real ones are: tables of eight to twelve columns with keys and references, and some views and programs.

use std::fmt::Write as _;

/// How many statements go in one packet.
const PACKET: usize = 100;

/// The packets that make a schema of this many tables, in the session's schema.
pub(crate) fn packets(tables: usize) -> Vec<String> {
    let mut statements: Vec<String> = (0..tables).map(table).collect();
    for number in 0..tables / 20 {
        statements.push(format!(
            "CREATE VIEW `v_{number}` AS SELECT `a`.`id`, `a`.`name`, COUNT(*) AS `many` FROM `t_{number}` `a` \
             JOIN `t_{}` `b` ON `b`.`id` = `a`.`id` GROUP BY `a`.`id`, `a`.`name`",
            number + 1
        ));
    }
    for number in 0..tables / 50 {
        statements.push(format!(
            "CREATE PROCEDURE `p_{number}`(IN `which` BIGINT) BEGIN DECLARE `many` INT DEFAULT 0; \
             SELECT COUNT(*) INTO `many` FROM `t_{number}` WHERE `id` = `which`; \
             IF `many` > 0 THEN UPDATE `t_{number}` SET `name` = 'x;' WHERE `id` = `which`; END IF; END"
        ));
        statements.push(format!(
            "CREATE FUNCTION `f_{number}`(`a` INT) RETURNS INT DETERMINISTIC RETURN `a` * {number}"
        ));
        statements.push(format!(
            "CREATE TRIGGER `g_{number}` BEFORE INSERT ON `t_{number}` FOR EACH ROW SET NEW.`name` = UPPER(NEW.`name`)"
        ));
    }
    statements.chunks(PACKET).map(|chunk| chunk.join(";\n")).collect()
}

fn table(number: usize) -> String {
    let mut text = format!(
        "CREATE TABLE `t_{number}` (`id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, `name` VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'of table {number}'"
    );
    // Writing to a String can't fail.
    for column in 0..6 + number % 5 {
        let _written = match column % 6 {
            0 => write!(text, ", `c_{column}` INT DEFAULT NULL"),
            1 => write!(text, ", `c_{column}` DECIMAL(10,2) NOT NULL DEFAULT '0.00'"),
            2 => write!(
                text,
                ", `c_{column}` ENUM('new','open','done') NOT NULL DEFAULT 'new'"
            ),
            3 => write!(text, ", `c_{column}` DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6)"),
            4 => write!(text, ", `c_{column}` TEXT COLLATE utf8mb4_bin"),
            _ => write!(text, ", `c_{column}` BIGINT UNSIGNED DEFAULT NULL"),
        };
    }
    text.push_str(", PRIMARY KEY (`id`), KEY `by_name` (`name`(20), `c_0`), KEY `by_time` (`c_3`)");
    if number % 4 == 1 {
        let _written = write!(
            text,
            ", KEY `of` (`c_5`), CONSTRAINT `of_{number}` FOREIGN KEY (`c_5`) REFERENCES `t_{}` (`id`) ON DELETE CASCADE",
            number - 1
        );
    }
    text + ") ENGINE=InnoDB"
}
