//! What was decided and done about an issue last.

use super::style::{Style, Tone};
use super::{indented, plain, table, time};
use model::AuditItem;

/// The end of an issue's audit, oldest first; nothing where it has none.
pub(crate) fn section(items: &[AuditItem], style: Style) -> String {
    if items.is_empty() {
        return String::new();
    }
    let head = ["AT", "WHAT", "ABOUT", "BY", "BECAUSE"];
    let table = table(&head, items.iter().map(row));
    format!(
        "\n{}\n{}",
        style.paint(Tone::Heading, "Activity"),
        indented(&table, 2)
    )
}

fn row(item: &AuditItem) -> Vec<String> {
    vec![
        time(item.at),
        item.deed.word().replace('_', " "),
        item.about.as_deref().map(plain::line).unwrap_or_default(),
        plain::line(&item.by.to_string()),
        item.because
            .as_deref()
            .map(|because| plain::shortened(because, 60))
            .unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{AuditChain, Deed, IssueNumber};
    use testkit::fixtures;

    const PLAIN: Style = Style { colored: false };

    #[test]
    fn who_did_what_and_why_is_a_line() {
        let chain = AuditChain::Issue(IssueNumber(7));
        let item = |number, deed| AuditItem::after(fixtures::audit(chain, deed, number), None, Vec::new());
        let items = [item(1, Deed::IssuePlanned), item(2, Deed::StageApproved)];
        let text = section(&items, PLAIN);
        assert!(text.starts_with("\nActivity\n"), "{text}");
        assert!(text.contains("stage approved"), "{text}");
        assert_eq!(section(&[], PLAIN), "");
    }
}
