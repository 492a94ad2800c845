//! As much XML as AWS's older services take: the texts of elements, by name.

use std::collections::BTreeMap;

/// Pairs of two elements' texts, in each `<member>` that holds both.
pub(crate) fn pairs(xml: &str, key: &str, value: &str) -> BTreeMap<String, String> {
    xml.split("<member>")
        .skip(1)
        .filter_map(|member| Some((text(member, key)?, text(member, value)?)))
        .collect()
}

/// The text of the first element of that name.
pub(crate) fn text(xml: &str, element: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{element}>"))?;
    let (text, _) = rest.split_once(&format!("</{element}>"))?;
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    Some(text.replace("&apos;", "'").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn reads_the_pairs_of_members() {
        let xml = "<P><member><K>a</K><V>1&amp;2</V></member><member><K>b</K><V>3</V></member><member><K>c</K></member></P>";
        let found: Vec<_> = pairs(xml, "K", "V").into_iter().collect();
        let expected = [("a", "1&2"), ("b", "3")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        assert_eq!(found, expected);
    }
}
