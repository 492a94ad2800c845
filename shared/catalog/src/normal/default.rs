//! Defaults as the server shows them (MySQL 8.0 reference manual, 13.6).

use super::data_type::is_whole;
use crate::column::DataType;
use crate::expression::Expression;
use crate::words::{Word, literal, string, words};
use sql::SqlMode;
use std::fmt::Write as _;

/// A default; none for `NULL`.
pub(crate) fn default(written: &str, data_type: &DataType, mode: SqlMode) -> Option<Expression> {
    let trimmed = written.trim();
    if trimmed.eq_ignore_ascii_case("null") {
        return None;
    }
    if let Some(now) = now(trimmed, mode) {
        return Some(Expression::new(now, mode));
    }
    if trimmed.starts_with('(') {
        return Some(Expression::new(trimmed, mode));
    }
    Some(Expression::new(shown(trimmed, data_type, mode), mode))
}

/// `ON UPDATE`.
pub(crate) fn on_update(written: &str, mode: SqlMode) -> Expression {
    let now = now(written.trim(), mode).unwrap_or_else(|| written.to_owned());
    Expression::new(now, mode)
}

/// The current time under its one name.
fn now(written: &str, mode: SqlMode) -> Option<String> {
    let words = words(written, mode);
    let [Word::Plain(name), rest @ ..] = words.as_slice() else {
        return None;
    };
    let known = ["current_timestamp", "now", "localtime", "localtimestamp"];
    if !known.iter().any(|word| name.eq_ignore_ascii_case(word)) {
        return None;
    }
    let digits = rest.iter().find_map(|word| match word {
        Word::Plain(digits) => Some(digits.clone()),
        Word::Name(_) | Word::Text(_) | Word::Symbol(_) => None,
    });
    Some(match digits.filter(|digits| digits != "0") {
        Some(digits) => format!("CURRENT_TIMESTAMP({digits})"),
        None => "CURRENT_TIMESTAMP".to_owned(),
    })
}

fn shown(written: &str, data_type: &DataType, mode: SqlMode) -> String {
    if data_type.name == "bit" {
        return bits(written, mode);
    }
    if matches!(data_type.name.as_str(), "binary" | "varbinary")
        && let Some(mut bytes) = hexadecimal(written).and_then(|digits| bytes(&digits))
    {
        if data_type.name == "binary" {
            bytes.resize(bytes.len().max(length(data_type)), 0);
        }
        return match String::from_utf8(bytes) {
            Ok(text) => literal(&text),
            Err(binary) => digits(binary.as_bytes()),
        };
    }
    let value = value(written, mode);
    let value = match data_type.name.as_str() {
        name if is_whole(name) => whole(&value),
        "decimal" => decimal(&value, data_type),
        "float" | "double" => float(&value),
        "time" | "datetime" | "timestamp" => time(&value, data_type),
        "binary" => padded(&value, data_type),
        _ => value,
    };
    literal(&value)
}

/// What a literal stands for.
fn value(written: &str, mode: SqlMode) -> String {
    if let Some(value) = string(written, mode) {
        return value;
    }
    match written.to_ascii_lowercase().as_str() {
        "true" => "1".to_owned(),
        "false" => "0".to_owned(),
        lower => {
            if let Some(digits) = hexadecimal(lower) {
                return from_hexadecimal(&digits);
            }
            if let Some(date) = dated(written, mode) {
                return date;
            }
            let compact: String = written.chars().filter(|c| !c.is_whitespace()).collect();
            let number = compact.strip_prefix('+').unwrap_or(&compact);
            let whole = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let digits = number.trim_start_matches('0');
            match (whole, digits) {
                (true, "") => "0".to_owned(),
                (true, digits) => digits.to_owned(),
                (false, _) => number.to_owned(),
            }
        }
    }
}

/// `DATE '…'`, `TIME '…'`, `TIMESTAMP '…'`.
fn dated(written: &str, mode: SqlMode) -> Option<String> {
    match words(written, mode).as_slice() {
        [Word::Plain(_), Word::Text(value)] => Some(value.clone()),
        _ => None,
    }
}

/// What stands in `b'…'` or `x'…'`.
fn quoted(lower: &str, prefix: char) -> Option<String> {
    let inner = lower
        .strip_prefix(prefix)?
        .strip_prefix('\'')?
        .strip_suffix('\'')?;
    Some(inner.to_owned())
}

fn from_hexadecimal(digits: &str) -> String {
    let text = bytes(digits).and_then(|bytes| String::from_utf8(bytes).ok());
    text.unwrap_or_else(|| format!("0x{digits}"))
}

/// The digits of `0x…` or `x'…'`.
fn hexadecimal(written: &str) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    let bare = lower.strip_prefix("0x").map(str::to_owned);
    bare.or_else(|| quoted(&lower, 'x'))
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let even = if digits.len().is_multiple_of(2) {
        digits.to_owned()
    } else {
        format!("0{digits}")
    };
    let pairs = even.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Bytes that are no text, as the server shows them.
fn digits(bytes: &[u8]) -> String {
    let mut text = "0x".to_owned();
    for byte in bytes {
        let _ = write!(text, "{byte:02X}");
    }
    text
}

fn length(data_type: &DataType) -> usize {
    let length = data_type.arguments.first();
    length
        .and_then(|length| length.parse().ok())
        .unwrap_or(0)
        .min(255)
}

fn bits(written: &str, mode: SqlMode) -> String {
    let lower = written.to_ascii_lowercase();
    if let Some(digits) = quoted(&lower, 'b').or_else(|| lower.strip_prefix("0b").map(str::to_owned)) {
        let digits = digits.trim_start_matches('0');
        return format!("b'{}'", if digits.is_empty() { "0" } else { digits });
    }
    value(written, mode)
        .parse::<u64>()
        .map_or_else(|_| written.to_owned(), |number| format!("b'{number:b}'"))
}

fn whole(value: &str) -> String {
    value
        .trim()
        .parse::<i128>()
        .map_or_else(|_| value.to_owned(), |number| number.to_string())
}

/// As many digits after the point as the type has.
fn decimal(value: &str, data_type: &DataType) -> String {
    let scale: usize = data_type
        .arguments
        .get(1)
        .and_then(|scale| scale.parse().ok())
        .unwrap_or(0);
    let (sign, unsigned) = value
        .trim()
        .strip_prefix('-')
        .map_or(("", value.trim()), |rest| ("-", rest));
    let (before, after) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !digits(before) || !digits(after) || after.len() > scale {
        return value.to_owned();
    }
    let before = before.trim_start_matches('0');
    let before = if before.is_empty() { "0" } else { before };
    if scale == 0 {
        return format!("{sign}{before}");
    }
    format!("{sign}{before}.{after:0<scale$}")
}

fn float(value: &str) -> String {
    value.trim().parse::<f64>().map_or_else(
        |_| value.to_owned(),
        |number| {
            // `-0` is `0`, and what is very large or small is shown with an exponent, which stays as written.
            let plain = number == 0.0 || (1e-4..1e15).contains(&number.abs());
            if plain {
                format!("{number}")
            } else {
                value.to_owned()
            }
        },
    )
}

/// As many digits after the point as the type has.
fn time(value: &str, data_type: &DataType) -> String {
    let digits: usize = data_type
        .arguments
        .first()
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0);
    let dated = data_type.name != "time";
    let value = if dated && value.len() == "2020-01-01".len() && value.contains('-') {
        format!("{value} 00:00:00")
    } else {
        value.to_owned()
    };
    let shape = if dated {
        "0000-00-00 00:00:00".len()
    } else {
        "00:00:00".len()
    };
    let (seconds, fraction) = value.split_once('.').unwrap_or((&value, ""));
    if seconds.len() != shape || fraction.len() > digits {
        return value;
    }
    if digits == 0 {
        seconds.to_owned()
    } else {
        format!("{seconds}.{fraction:0<digits$}")
    }
}

/// Bytes of a fixed number end in zeros.
fn padded(value: &str, data_type: &DataType) -> String {
    let missing = length(data_type).saturating_sub(value.len());
    format!("{value}{}", "\0".repeat(missing))
}
