//! Names.

use crate::problem::{Place, Problems};
use crate::suggest::near_miss;

/// Names of environments, instances and databases stand in keys of the ledger, in paths of the API and in paths of
/// repositories.
pub(super) fn plain(place: &Place, name: &str, problems: &mut Problems<'_>) {
    if name.is_empty() {
        return; // told as such
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.$".contains(c);
    if name.len() > 64 || !name.chars().all(plain) {
        problems.add(
            place,
            "a name has 1 to 64 of letters, digits, `_`, `-`, `.` and `$`; choose another one",
        );
    } else if name.chars().all(|c| c == '.') {
        problems.add(
            place,
            "a name of dots alone is a directory to every system; choose another one",
        );
    }
}

/// Each name stands once in its list, also where disks and people take `Test` for `test`.
pub(super) fn unique(list: &Place, names: &[&str], problems: &mut Problems<'_>) {
    for (index, name) in names.iter().enumerate() {
        let place = list.at(index).at("name");
        let twin = names
            .iter()
            .take(index)
            .position(|other| other.to_lowercase() == name.to_lowercase());
        match twin {
            _ if name.is_empty() => problems.add(&place, "a name is empty; give it one"),
            Some(twin) => {
                let line = problems.line(&list.at(twin));
                let how = if names.get(twin) == Some(name) {
                    ""
                } else {
                    ", but for case,"
                };
                problems.add(
                    &place,
                    format!(
                        "`{name}` stands twice{how} (see line {line}); names are unique: give it another one"
                    ),
                );
            }
            None => {}
        }
    }
}

/// A name that nothing has: what is meant, or what there is.
pub(super) fn unknown<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = near_miss(name, names.clone()) {
        return format!("there is no {what} `{name}`; did you mean `{near}`?");
    }
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        format!("there is no {what} `{name}`; add it")
    } else {
        format!("there is no {what} `{name}`; add it, or use {}", names.join(", "))
    }
}
