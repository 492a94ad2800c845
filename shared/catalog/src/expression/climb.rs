//! Reads an expression by precedence (MySQL 8.0 reference manual, 14.4.1) and writes it with all its parentheses.

use crate::words::{Word, literal};
use std::fmt::Write as _;

/// How deep an expression may nest before it is only compared by its words.
const DEEPEST: usize = 200;

/// A reader of words.
pub(super) struct Climb<'words> {
    words: &'words [Word],
    at: usize,
    depth: usize,
}

/// Operators between two operands: words, what they are written as, precedence. Higher binds tighter.
const BINARY: [(&str, &str, u8); 30] = [
    ("or", "or", 1),
    ("||", "or", 1),
    ("xor", "xor", 2),
    ("and", "and", 3),
    ("&&", "and", 3),
    ("=", "=", 6),
    ("<=>", "<=>", 6),
    (">=", ">=", 6),
    (">", ">", 6),
    ("<=", "<=", 6),
    ("<", "<", 6),
    ("<>", "<>", 6),
    ("!=", "<>", 6),
    ("like", "like", 6),
    ("regexp", "regexp", 6),
    ("rlike", "regexp", 6),
    ("|", "|", 7),
    ("&", "&", 8),
    ("<<", "<<", 9),
    (">>", ">>", 9),
    ("-", "-", 10),
    ("+", "+", 10),
    ("*", "*", 11),
    ("/", "/", 11),
    ("div", "div", 11),
    ("%", "%", 11),
    ("mod", "%", 11),
    ("^", "^", 12),
    ("collate", "collate", 14),
    (".", ".", 20),
];

/// Functions with another name that the server shows.
const SYNONYMS: [(&str, &str); 14] = [
    ("current_timestamp", "now"),
    ("localtime", "now"),
    ("localtimestamp", "now"),
    ("lcase", "lower"),
    ("ucase", "upper"),
    ("substring", "substr"),
    ("mid", "substr"),
    ("char_length", "char_length"),
    ("character_length", "char_length"),
    ("power", "pow"),
    ("ceil", "ceiling"),
    ("current_date", "curdate"),
    ("day", "dayofmonth"),
    ("current_user", "user"),
];

impl<'words> Climb<'words> {
    /// The expression, if all words belong to it.
    pub(super) fn read(words: &'words [Word]) -> Option<String> {
        let mut reader = Self {
            words,
            at: 0,
            depth: 0,
        };
        let read = reader.expression(0)?;
        (reader.at == words.len()).then_some(read)
    }

    fn plain(&self) -> Option<String> {
        match self.words.get(self.at)? {
            Word::Plain(word) => Some(word.to_lowercase()),
            Word::Symbol(symbol) => Some(symbol.clone()),
            Word::Name(_) | Word::Text(_) => None,
        }
    }

    fn take(&mut self, word: &str) -> Option<()> {
        (self.plain()? == word).then(|| self.at += 1)
    }

    fn took(&mut self, word: &str) -> bool {
        self.take(word).is_some()
    }

    fn expression(&mut self, least: u8) -> Option<String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.operand()?;
        while self.binds(least) {
            left = self.after(&left)?;
        }
        self.depth -= 1;
        Some(left)
    }

    /// Whether what follows is an operator that binds tightly enough.
    fn binds(&self, least: u8) -> bool {
        let Some(word) = self.plain() else {
            return false;
        };
        let predicates = ["is", "not", "in", "between"];
        let operator = BINARY.iter().find(|(written, ..)| *written == word);
        word.starts_with("->")
            || (predicates.contains(&word.as_str()) && least <= 6)
            || operator.is_some_and(|(.., precedence)| *precedence >= least)
    }

    /// An operand with the operator that follows it, and that one's other operand.
    fn after(&mut self, left: &str) -> Option<String> {
        let word = self.plain()?;
        match BINARY.iter().find(|(written, ..)| *written == word) {
            Some((_, shown, precedence)) => {
                self.at += 1;
                self.right(left, shown, *precedence)
            }
            None => self.predicate(left, &word),
        }
    }

    fn right(&mut self, left: &str, operator: &str, precedence: u8) -> Option<String> {
        let right = self.expression(precedence + 1)?;
        if operator == "regexp" {
            return Some(format!("regexp_like({left},{right})"));
        }
        if matches!(operator, "and" | "or") {
            return Some(format!(
                "({} {operator} {})",
                open(left, operator),
                open(&right, operator)
            ));
        }
        if operator == "." {
            return Some(format!("{left}.{right}"));
        }
        Some(format!("({left} {operator} {right})"))
    }

    fn predicate(&mut self, left: &str, word: &str) -> Option<String> {
        self.at += 1;
        match word {
            "->" | "->>" => {
                let path = self.operand()?;
                let extracted = format!("json_extract({left},{path})");
                Some(if word == "->" {
                    extracted
                } else {
                    format!("json_unquote({extracted})")
                })
            }
            "is" => {
                let not = if self.took("not") { "not " } else { "" };
                let what = self.plain()?;
                self.at += 1;
                Some(format!("({left} is {not}{what})"))
            }
            "not" => {
                let next = self.plain()?;
                self.at += 1;
                self.listed(left, "not ", &next)
            }
            other => self.listed(left, "", other),
        }
    }

    fn listed(&mut self, left: &str, not: &str, word: &str) -> Option<String> {
        match word {
            "in" => {
                self.take("(")?;
                let list = self.list()?;
                Some(format!("({left} {not}in ({list}))"))
            }
            "between" => {
                let low = self.expression(7)?;
                self.take("and")?;
                let high = self.expression(7)?;
                Some(format!("({left} {not}between {low} and {high})"))
            }
            "like" | "regexp" | "rlike" => {
                let pattern = self.expression(7)?;
                let found = if word == "like" {
                    format!("({left} like {pattern})")
                } else {
                    format!("regexp_like({left},{pattern})")
                };
                Some(if not.is_empty() {
                    found
                } else {
                    format!("(not {found})")
                })
            }
            _ => None,
        }
    }

    /// Expressions with commas between them, up to and with the closing parenthesis.
    fn list(&mut self) -> Option<String> {
        let mut parts = Vec::new();
        if self.took(")") {
            return Some(String::new());
        }
        loop {
            parts.push(self.expression(0)?);
            if self.took(")") {
                return Some(parts.join(","));
            }
            self.take(",")?;
        }
    }

    fn operand(&mut self) -> Option<String> {
        let word = self.words.get(self.at)?;
        self.at += 1;
        match word {
            Word::Text(value) => Some(literal(value)),
            Word::Name(name) => Some(name.to_lowercase()),
            Word::Symbol(symbol) => self.prefixed(&symbol.clone()),
            Word::Plain(word) => self.word(&word.to_lowercase()),
        }
    }

    fn prefixed(&mut self, symbol: &str) -> Option<String> {
        match symbol {
            "(" => {
                let list = self.list()?;
                // One expression in parentheses is the expression.
                Some(if balanced_comma(&list) {
                    format!("({list})")
                } else {
                    list
                })
            }
            "-" | "~" | "!" => {
                let inner = self.expression(13)?;
                let number = inner.starts_with(|first: char| first.is_ascii_digit());
                Some(match symbol {
                    "-" if number => format!("-{inner}"),
                    "!" => format!("(not {inner})"),
                    other => format!("({other}{inner})"),
                })
            }
            "+" => self.expression(13),
            _ => None,
        }
    }

    fn word(&mut self, word: &str) -> Option<String> {
        match word {
            "not" => Some(format!("(not {})", self.expression(4)?)),
            "case" => self.case(),
            "interval" if self.plain().as_deref() != Some("(") || self.is_interval() => {
                let amount = self.expression(7)?;
                let unit = self.plain()?;
                self.at += 1;
                Some(format!("interval {amount} {unit}"))
            }
            "cast" if self.has_keyword() => self.cast(),
            "convert" | "extract" | "trim" | "substring" | "position" | "group_concat" | "char"
            | "weight_string"
                if self.has_keyword() =>
            {
                None
            }
            _ if self.took("(") => {
                let shown = SYNONYMS
                    .iter()
                    .find(|(written, _)| *written == word)
                    .map_or(word, |(_, shown)| *shown);
                let list = self.list()?;
                if shown == "mod" && balanced_comma(&list) {
                    return Some(format!("({})", list.replacen(',', " % ", 1)));
                }
                Some(format!("{shown}({list})"))
            }
            "current_timestamp" | "localtime" | "localtimestamp" => Some("now()".to_owned()),
            "current_date" => Some("curdate()".to_owned()),
            _ => Some(word.to_owned()),
        }
    }

    /// `CAST(… AS type)`; the server names the character set of the session.
    fn cast(&mut self) -> Option<String> {
        self.take("(")?;
        let value = self.expression(0)?;
        self.take("as")?;
        let mut words = Vec::new();
        let mut depth = 0_usize;
        loop {
            let word = self.plain()?;
            self.at += 1;
            match word.as_str() {
                "(" => depth += 1,
                ")" if depth == 0 => break,
                ")" => depth -= 1,
                _ => {}
            }
            words.push(word);
        }
        let of = words.join(" ");
        let of = of
            .replace("character set", "charset")
            .replace(" charset utf8mb4", "");
        Some(format!("cast({value} as {of})"))
    }

    /// `INTERVAL (…) unit` and not the function `INTERVAL(…, …)`.
    fn is_interval(&self) -> bool {
        !self.own_words().contains(&",".to_owned())
    }

    /// Whether the parentheses that open here hold a keyword between arguments.
    fn has_keyword(&self) -> bool {
        let words = self.own_words();
        [
            "as",
            "from",
            "using",
            "in",
            "for",
            "order",
            "separator",
            "both",
            "leading",
            "trailing",
            "distinct",
        ]
        .iter()
        .any(|keyword| words.iter().any(|word| word == keyword))
    }

    /// The words right inside the parentheses that open here.
    fn own_words(&self) -> Vec<String> {
        let mut depth = 0_usize;
        let mut found = Vec::new();
        for word in self.words.get(self.at..).unwrap_or_default() {
            match word {
                Word::Symbol(symbol) if symbol == "(" => depth += 1,
                Word::Symbol(symbol) if symbol == ")" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                Word::Plain(word) | Word::Symbol(word) if depth == 1 => found.push(word.to_lowercase()),
                Word::Plain(_) | Word::Symbol(_) | Word::Name(_) | Word::Text(_) => {}
            }
        }
        found
    }

    fn case(&mut self) -> Option<String> {
        let mut text = "(case".to_owned();
        if self.plain().as_deref() != Some("when") {
            text.push(' ');
            text.push_str(&self.expression(0)?);
        }
        while self.took("when") {
            let when = self.expression(0)?;
            self.take("then")?;
            let then = self.expression(0)?;
            let _ = write!(text, " when {when} then {then}");
        }
        if self.took("else") {
            text.push_str(" else ");
            text.push_str(&self.expression(0)?);
        }
        self.take("end")?;
        Some(text + " end)")
    }
}

/// A chain of one operator needs no inner parentheses.
fn open<'text>(operand: &'text str, operator: &str) -> &'text str {
    let Some(inner) = operand.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
        return operand;
    };
    let mark = format!(" {operator} ");
    if at_top(inner, &mark) { inner } else { operand }
}

fn balanced_comma(list: &str) -> bool {
    at_top(list, ",")
}

/// Whether the mark stands outside of all parentheses and strings, which must close within the text.
fn at_top(text: &str, mark: &str) -> bool {
    let mut depth = 0_i64;
    let mut quoted = false;
    let mut found = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ if !quoted && depth == 0 => {
                found |= text.get(at..).is_some_and(|rest| rest.starts_with(mark));
            }
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    found && depth == 0
}

#[cfg(test)]
mod tests {
    use crate::expression::Expression;
    use sql::SqlMode;

    #[test]
    fn the_servers_words_and_a_persons_are_one_expression() {
        for (person, server) in [
            ("a+b*2", "(`a` + (`b` * 2))"),
            ("(a + b) * 2", "((`a` + `b`) * 2)"),
            (
                "a>1 AND b<2 and c = 'x'",
                "((`a` > 1) and (`b` < 2) and (`c` = _utf8mb4'x'))",
            ),
            ("a != 1", "(`a` <> 1)"),
            (
                "b IN (1, 2) OR b IS NOT NULL",
                "((`b` in (1,2)) or (`b` is not null))",
            ),
            ("a between 1 and 2", "(`a` between 1 and 2)"),
            ("doc->>'$.a'", "json_unquote(json_extract(`doc`,_utf8mb4'$.a'))"),
            (
                "CASE WHEN a>1 THEN 'x' ELSE 3 END",
                "(case when (`a` > 1) then _utf8mb4'x' else 3 end)",
            ),
            ("d + interval 1 day", "(`d` + interval 1 day)"),
            ("mod(a, 4)", "(`a` % 4)"),
        ] {
            let (left, right) = (
                Expression::new(person, SqlMode::default()),
                Expression::new(server, SqlMode::default()),
            );
            assert_eq!(left, right, "{} | {}", left.canonical, right.canonical);
        }
    }

    #[test]
    fn what_differs_stays_different() {
        for (left, right) in [
            ("(a+b)*2", "a+b*2"),
            ("a-b-c", "a-(b-c)"),
            ("'A'", "'a'"),
            ("a or b and c", "(a or b) and c"),
        ] {
            assert_ne!(
                Expression::new(left, SqlMode::default()),
                Expression::new(right, SqlMode::default())
            );
        }
    }
}
