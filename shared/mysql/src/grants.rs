//! Which of the rights in `infra/sql/worker-grants.sql` a user has not, in words with the statements that give them.
//!
//! Asked only once something was denied. What the script gives and what the server shows are both read as `GRANT`
//! statements. A right that is given in a way not read here (a partial revoke, a column's right) is only ever taken for
//! more than it is: what is said to be missing is missing.

use crate::ident;
use crate::lock::cell;
use crate::wire::Answer;

const SCRIPT: &str = include_str!("../../../infra/sql/worker-grants.sql");
/// The schema in the script that stands for each that Sluice manages.
const MANAGED: &str = "shop";

/// Asks who the session is, where it stands, and what it may do.
pub(crate) const QUESTION: &str = "SELECT CURRENT_USER(), DATABASE(); SHOW GRANTS";

/// What a right is given on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum On {
    /// The whole server.
    Server,
    /// Each schema that this pattern of `LIKE` finds.
    Schemas(String),
    /// A table of a schema.
    Table(String, String),
}

/// One `GRANT` of rights.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Grant {
    rights: Vec<String>,
    on: On,
}

/// What is missing of the script's rights, by the answers to [`QUESTION`], and how to give it; nothing where nothing is.
/// The schema is that of the session where none is named.
pub(crate) fn missing(answers: &[Answer], schema: Option<&str>) -> Option<String> {
    let [about, shown] = answers else {
        return None;
    };
    let about = about.rows.first()?;
    let (account, stands) = (cell(about, 0), cell(about, 1));
    let has: Vec<Grant> = shown.rows.iter().filter_map(|row| read(&cell(row, 0))).collect();
    let lacking = lacking(&needed(schema.unwrap_or(&stands)), &has);
    if lacking.is_empty() {
        return None;
    }
    let account = quoted(&account);
    let named: Vec<String> = lacking
        .iter()
        .map(|(grant, rights)| grant.named(rights))
        .collect();
    let statements: Vec<String> = lacking.iter().map(|(grant, _)| grant.give(&account)).collect();
    Some(format!(
        "the MySQL user {account} lacks {}; run as an administrator: {};",
        named.join(", "),
        statements.join("; ")
    ))
}

/// What the script gives, for a user who manages this schema.
fn needed(schema: &str) -> Vec<Grant> {
    let code: String = SCRIPT
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let ours = schema.is_empty() || schema.starts_with("_sluice");
    code.split(';')
        .filter_map(read)
        .filter_map(|grant| match grant.on {
            On::Schemas(name) if name == MANAGED => (!ours).then(|| Grant {
                rights: grant.rights,
                on: On::Schemas(pattern(schema)),
            }),
            On::Server | On::Schemas(_) | On::Table(..) => Some(grant),
        })
        .collect()
}

/// The grants that are not there in full, each with those of its rights that are not. A grant is given whole: on one
/// schema, the server looks at the most precise pattern only.
fn lacking(needed: &[Grant], has: &[Grant]) -> Vec<(Grant, Vec<String>)> {
    needed
        .iter()
        .filter_map(|grant| {
            let given = |right: &&String| has.iter().any(|other| other.gives(right, &grant.on));
            let rights: Vec<String> = grant
                .rights
                .iter()
                .filter(|right| !given(right))
                .cloned()
                .collect();
            (!rights.is_empty()).then(|| (grant.clone(), rights))
        })
        .collect()
}

impl Grant {
    fn gives(&self, right: &str, on: &On) -> bool {
        let named = |name: &str| self.rights.iter().any(|own| own == name);
        let covers = match (&self.on, on) {
            (On::Server, _) => true,
            (On::Schemas(pattern), On::Schemas(other)) => pattern == other || finds(pattern, &plain(other)),
            (On::Schemas(pattern), On::Table(schema, _)) => finds(pattern, schema),
            (On::Table(..), On::Table(..)) => &self.on == on,
            (On::Schemas(_) | On::Table(..), On::Server) | (On::Table(..), On::Schemas(_)) => false,
        };
        // Who may read every row may read every routine.
        let stands_for = right == "SHOW_ROUTINE" && named("SELECT");
        covers && (named(right) || named("ALL PRIVILEGES") || named("ALL") || stands_for)
    }

    /// Some of its rights, in words.
    fn named(&self, rights: &[String]) -> String {
        if rights.len() == self.rights.len() && rights.len() > 1 {
            format!("every right on {}", self.on.written())
        } else {
            format!("{} on {}", rights.join(", "), self.on.written())
        }
    }

    /// The statement that gives it.
    fn give(&self, account: &str) -> String {
        let (rights, on) = (self.rights.join(", "), self.on.written());
        format!("GRANT {rights} ON {on} TO {account}")
    }
}

impl On {
    fn written(&self) -> String {
        match self {
            Self::Server => "*.*".to_owned(),
            Self::Schemas(pattern) => format!("{}.*", ident::name(pattern)),
            Self::Table(schema, table) => format!("{}.{}", ident::name(schema), ident::name(table)),
        }
    }
}

/// Reads a `GRANT` of rights; nothing where the text is another statement, or gives a role or a routine.
fn read(statement: &str) -> Option<Grant> {
    let rest = statement.trim().strip_prefix("GRANT ")?;
    let (rights, rest) = rest.split_once(" ON ").or_else(|| rest.split_once("\n  ON "))?;
    let (on, _account) = rest.split_once(" TO ")?;
    Some(Grant {
        rights: whole(rights)
            .split(',')
            .filter(|right| !right.contains('('))
            .map(right)
            .collect(),
        on: read_on(on)?,
    })
}

/// Rights without the names of columns: a `(` is left of those.
fn whole(rights: &str) -> String {
    let mut inside = false;
    rights
        .chars()
        .filter(|c| {
            let shown = !inside;
            inside = *c == '(' || (inside && *c != ')');
            shown
        })
        .collect()
}

fn right(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_ascii_uppercase()
}

fn read_on(text: &str) -> Option<On> {
    let (schema, rest) = word(text.trim())?;
    let (table, rest) = word(rest.strip_prefix('.')?)?;
    if !rest.trim().is_empty() {
        return None;
    }
    Some(match (schema.as_str(), table.as_str()) {
        ("*", "*") => On::Server,
        (_, "*") => On::Schemas(schema),
        _ => On::Table(schema, table),
    })
}

/// A name, in quotes or plain, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next()?;
    if quote != '`' && quote != '"' {
        let end = text.find(['.', ' ']).unwrap_or(text.len());
        return Some((text.get(..end)?.to_owned(), text.get(end..)?));
    }
    let mut name = String::new();
    let mut rest = text.get(1..)?;
    loop {
        let end = rest.find(quote)?;
        name.push_str(rest.get(..end)?);
        rest = rest.get(end + 1..)?;
        match rest.strip_prefix(quote) {
            Some(more) => {
                name.push(quote);
                rest = more;
            }
            None => return Some((name, rest)),
        }
    }
}

/// A pattern that finds this schema only.
fn pattern(schema: &str) -> String {
    schema
        .replace('\\', "\\\\")
        .replace('_', "\\_")
        .replace('%', "\\%")
}

/// The name that a pattern without wildcards finds; one with them stands for itself.
fn plain(pattern: &str) -> String {
    let mut name = String::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        name.push(if c == '\\' { rest.next().unwrap_or(c) } else { c });
    }
    name
}

/// Whether a pattern of `LIKE` finds a name.
fn finds(pattern: &str, name: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => name.is_empty(),
        Some('%') => {
            let rest = rest.as_str();
            name.char_indices()
                .map(|(at, _)| at)
                .chain([name.len()])
                .any(|at| name.get(at..).is_some_and(|tail| finds(rest, tail)))
        }
        Some(c) => {
            let any = c == '_';
            let c = if c == '\\' { rest.next().unwrap_or(c) } else { c };
            let mut name = name.chars();
            name.next().is_some_and(|own| any || own == c) && finds(rest.as_str(), name.as_str())
        }
    }
}

/// An account as the server tells it, quoted for a statement.
fn quoted(account: &str) -> String {
    let (user, host) = account.rsplit_once('@').unwrap_or((account, "%"));
    let quote = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"));
    format!("{}@{}", quote(user), quote(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(schema: &str, grants: &[&str]) -> Vec<Answer> {
        let rows = |rows: Vec<Vec<&str>>| Answer {
            rows: rows
                .into_iter()
                .map(|row| row.into_iter().map(|cell| Some(cell.to_owned())).collect())
                .collect(),
            affected: 0,
        };
        vec![
            rows(vec![vec!["sluice@%", schema]]),
            rows(grants.iter().map(|grant| vec![*grant]).collect()),
        ]
    }

    fn check(schema: &str, grants: &[&str], expected: Option<(&str, &str)>) {
        let told = missing(&answers(schema, grants), None);
        let expected = expected.map(|(lacks, grant)| {
            format!(
                "the MySQL user 'sluice'@'%' lacks {lacks}; run as an administrator: GRANT {grant} TO 'sluice'@'%';"
            )
        });
        assert_eq!(told, expected, "{grants:?}");
    }

    /// What the server shows to a user to whom the script gave everything.
    fn all(schema: &str) -> Vec<String> {
        let grants = needed(schema);
        grants.iter().map(|grant| grant.give("`sluice`@`%`")).collect()
    }

    #[test]
    fn the_script_is_read() {
        let needed = needed("my_app");
        assert!(needed.len() > 5, "{needed:?}");
        assert!(
            needed
                .iter()
                .any(|grant| grant.on == On::Schemas("my\\_app".to_owned()))
        );
        assert!(needed.iter().any(|grant| grant.on == On::Server));
        assert!(
            needed
                .iter()
                .any(|grant| matches!(&grant.on, On::Table(schema, _) if schema == "performance_schema"))
        );
        let rights: Vec<&String> = needed.iter().flat_map(|grant| &grant.rights).collect();
        assert!(
            rights.iter().all(|right| right
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b == b' ' || b == b'_')),
            "{rights:?}"
        );
    }

    #[test]
    fn who_has_all_lacks_nothing() {
        let all = all("my_app");
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        check("my_app", &all, None);
        check(
            "shop",
            &["GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION"],
            None,
        );
    }

    #[test]
    fn what_is_missing_is_named_with_the_statement_that_gives_it() {
        let all = all("my_app");
        let without = |what: &str| -> Vec<&str> {
            all.iter()
                .map(String::as_str)
                .filter(|grant| !grant.contains(what))
                .collect()
        };
        check(
            "my_app",
            &without("PROCESS"),
            Some(("PROCESS on *.*", "PROCESS ON *.*")),
        );
        let threads = "`performance_schema`.`threads`";
        check(
            "my_app",
            &without(threads),
            Some((&format!("SELECT on {threads}"), &format!("SELECT ON {threads}"))),
        );
        let journal = "SELECT, INSERT, UPDATE, CREATE ON `\\_sluice`.*";
        let without_journal = without("`\\_sluice`");
        let whole = Some(("every right on `\\_sluice`.*", journal));
        check("my_app", &without_journal, whole);
        let mut some = without_journal.clone();
        some.push("GRANT SELECT, CREATE ON `_sluice`.* TO `sluice`@`%`");
        check(
            "my_app",
            &some,
            Some(("INSERT, UPDATE on `\\_sluice`.*", journal)),
        );
        // Of columns only, on another schema, on a routine, and a role: none of them is it.
        let mut vain = without_journal;
        vain.extend([
            "GRANT SELECT (`a`, `b`), INSERT ON `_sluice`.`journal` TO `sluice`@`%`",
            "GRANT ALL PRIVILEGES ON `xsluice`.* TO `sluice`@`%`",
            "GRANT EXECUTE ON PROCEDURE `_sluice`.`p` TO `sluice`@`%`",
            "GRANT `dba`@`%` TO `sluice`@`%`",
        ]);
        check("my_app", &vain, whole);
    }

    #[test]
    fn patterns_find_as_the_server_does() {
        for (pattern, name, expected) in [
            ("my\\_app", "my_app", true),
            ("my\\_app", "myxapp", false),
            ("my_app", "myxapp", true),
            ("t\\_%", "t_1", true),
            ("t\\_%", "t_", true),
            ("t\\_%", "t", false),
            ("%", "ä", true),
        ] {
            assert_eq!(finds(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn an_account_can_t_leave_its_quotes() {
        assert_eq!(quoted("o'neil@h@10.0.%"), "'o''neil@h'@'10.0.%'");
    }
}
