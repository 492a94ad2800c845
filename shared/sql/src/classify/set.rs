//! `SET`, one assignment at a time.

use crate::banned::Banned;
use crate::classify::survey::Survey;
use crate::facts::Facts;
use crate::lexeme::Lexeme;

/// Session settings that a change may set: they end with its session, and nothing of Sluice rests on them.
pub(crate) const ALLOWED: &[&str] = &[
    "CTE_MAX_RECURSION_DEPTH",
    "FOREIGN_KEY_CHECKS",
    "GROUP_CONCAT_MAX_LEN",
    "INNODB_DDL_BUFFER_SIZE",
    "INNODB_DDL_THREADS",
    "INNODB_PARALLEL_READ_THREADS",
    "JOIN_BUFFER_SIZE",
    "MAX_HEAP_TABLE_SIZE",
    "OPTIMIZER_SWITCH",
    "SORT_BUFFER_SIZE",
    "SQL_SAFE_UPDATES",
    "TMP_TABLE_SIZE",
    "UNIQUE_CHECKS",
];

/// Character sets in which a text means the same as it does to us.
const NAMES: &[&str] = &["UTF8", "UTF8MB3", "UTF8MB4", "DEFAULT"];

/// Adds what the assignments say.
pub(crate) fn refine(facts: &mut Facts, survey: &Survey<'_>) {
    let banned = survey.clauses.iter().enumerate().find_map(|(index, clause)| {
        let start = usize::from(index == 0);
        assignment(clause.get(start..).unwrap_or_default())
    });
    facts.banned = banned;
}

/// Why an assignment is refused, if it is.
fn assignment(clause: &[Lexeme<'_>]) -> Option<Banned> {
    let [first, rest @ ..] = clause else { return None };
    if first.is_symbol(b'@') {
        return match rest {
            [second, named @ ..] if second.is_symbol(b'@') => system_variable(named),
            _ => None,
        };
    }
    if first.is("NAMES") || (first.is_any(&["CHARSET", "CHARACTER", "CHAR"]) && !is_assignment(rest)) {
        let name = rest.iter().find(|lexeme| !lexeme.is("SET"))?;
        let name = name.upper();
        return (!NAMES.contains(&name.as_str())).then_some(Banned::Names(name));
    }
    system_variable(clause)
}

fn is_assignment(rest: &[Lexeme<'_>]) -> bool {
    rest.first()
        .is_some_and(|lexeme| lexeme.is_symbol(b'=') || lexeme.is_symbol(b':'))
}

/// `[scope] name = …`, or `scope.name = …` after `@@`.
fn system_variable(clause: &[Lexeme<'_>]) -> Option<Banned> {
    let [first, rest @ ..] = clause else { return None };
    let scoped =
        !is_assignment(rest) && first.is_any(&["GLOBAL", "PERSIST", "PERSIST_ONLY", "SESSION", "LOCAL"]);
    let (name, global) = if scoped {
        let name = rest.iter().find(|lexeme| !lexeme.is_symbol(b'.'))?;
        (name, first.is_any(&["GLOBAL", "PERSIST", "PERSIST_ONLY"]))
    } else {
        (first, false)
    };
    let name = name.upper();
    if global {
        Some(Banned::GlobalSetting(name.to_ascii_lowercase()))
    } else if ALLOWED.contains(&name.as_str()) {
        None
    } else {
        Some(Banned::SessionSetting(name.to_ascii_lowercase()))
    }
}
