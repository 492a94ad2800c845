use super::*;
use crate::client::tests::{answer as reply, with_api};
use crate::output::tests::recorded;
use model::Deed;
use std::io::Write as _;
use testkit::fixtures;
use testkit::memory_ledger::MemoryLedger;
use workflow::audit::show_audit;
use workflow::ports::ledger::{Commit as _, Committed, SettingsLedger as _, Write};

/// Three issues with some history, and settings.
async fn ledger() -> MemoryLedger {
    let ledger = MemoryLedger::default();
    let first = fixtures::settings(1);
    let settings = ledger.put_settings(&first, fixtures::settings_audit());
    assert_eq!(settings.await.unwrap(), Committed::Yes);
    for issue in 1..=3 {
        let number = IssueNumber(issue);
        let said = |deed, second| Write::Audit(fixtures::audit(AuditChain::Issue(number), deed, second));
        let planned = vec![Write::IssueNumber(number), said(Deed::IssuePlanned, 1)];
        assert_eq!(ledger.commit(planned).await.unwrap(), Committed::Yes);
        let done = vec![said(Deed::TaskBegun, 2), said(Deed::TaskDone, 3)];
        assert_eq!(ledger.commit(done).await.unwrap(), Committed::Yes);
    }
    ledger
}

/// The API's answers, page by page.
async fn pages(issue: Option<u64>, limit: u32) -> Vec<String> {
    let ledger = ledger().await;
    let (mut pages, mut from) = (Vec::new(), None);
    loop {
        let page = show_audit(&ledger, issue.map(IssueNumber), from.as_deref(), limit).await;
        let page = page.unwrap().unwrap();
        pages.push(serde_json::to_string(&page).unwrap());
        from = page.next;
        if from.is_none() {
            return pages;
        }
    }
}

async fn ran(command: AuditCommand, pages: &[String]) -> (Result<(), Stop>, String, Vec<String>) {
    let (output, out, _) = recorded(false);
    let replies: Vec<String> = pages.iter().map(|page| reply("200 OK", page)).collect();
    let (done, asked) = with_api(&replies, async |client| {
        let client = std::cell::RefCell::new(Some(client));
        let connect = async || client.take().ok_or_else(|| Stop::Fault("once".to_owned()));
        run(command, &connect, &output).await
    })
    .await;
    (done, out.text(), asked)
}

fn verifying(issue: Option<u64>) -> AuditCommand {
    AuditCommand::Verify { issue, file: None }
}

/// What `verify --file` says of a file with this text.
async fn verified(text: &str) -> (Result<(), Stop>, String) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let command = AuditCommand::Verify {
        issue: None,
        file: Some(file.path().to_owned()),
    };
    let (done, out, _) = ran(command, &[]).await;
    (done, out)
}

async fn exported(issue: Option<u64>, format: Format, limit: u32) -> String {
    let (done, out, _) = ran(AuditCommand::Export { issue, format }, &pages(issue, limit).await).await;
    done.unwrap();
    out
}

#[tokio::test]
async fn an_untouched_audit_passes_whatever_its_pages() {
    for limit in [1, 2, 3, 100] {
        let pages = pages(None, limit).await;
        let (done, out, asked) = ran(verifying(None), &pages).await;
        done.unwrap();
        assert_eq!(
            out, "The audit is as it was written: 10 items in 4 chains.\n",
            "{limit}"
        );
        assert!(asked[0].starts_with("GET /v1/audit?limit=100 "), "{}", asked[0]);
        assert!(
            asked.iter().skip(1).all(|asked| asked.contains("from=")),
            "{asked:?}"
        );
    }
    let (done, out, asked) = ran(verifying(Some(2)), &pages(Some(2), 2).await).await;
    done.unwrap();
    assert_eq!(out, "The audit is as it was written: 3 items in 1 chain.\n");
    assert!(
        asked[0].starts_with("GET /v1/audit?issue=2&limit=100 "),
        "{}",
        asked[0]
    );
}

#[tokio::test]
async fn every_flaw_is_told_in_words_and_refused() {
    let pages: Vec<String> = pages(None, 100).await;
    let edited = pages[0].replacen("edition 2", "edition 7", 1);
    let (done, out, _) = ran(verifying(None), &[edited]).await;
    let stop = done.unwrap_err();
    assert_eq!((stop.code(), stop.exit_code()), ("audit-altered", 1));
    insta::assert_snapshot!(out, @"issue 3, item 1: its hash is not that of what it says: the item was edited after it was written");
    insta::assert_snapshot!(stop, @"The audit is not as it was written: 1 flaw among 10 items in 4 chains. docs/audit.md says what to do.");
}

#[tokio::test]
async fn a_decision_that_was_put_there_by_hand_is_found() {
    let ledger = ledger().await;
    let made = fixtures::decision(2, "dba", 4);
    let said = Write::Audit(model::AuditEntry {
        deed: made.verdict.deed(),
        about: Some(made.environment.to_string()),
        at: made.at,
        by: model::AuditActor::from(&made.by),
        after: Some(model::audit::verify::decided(&made)),
        ..fixtures::audit(AuditChain::Issue(IssueNumber(2)), Deed::StageApproved, 4)
    });
    let through_sluice = vec![Write::Decision(made), said];
    assert_eq!(ledger.commit(through_sluice).await.unwrap(), Committed::Yes);
    let page = async || {
        let page = show_audit(&ledger, Some(IssueNumber(2)), None, 100).await;
        serde_json::to_string(&page.unwrap().unwrap()).unwrap()
    };
    let (done, ..) = ran(verifying(Some(2)), &[page().await]).await;
    done.unwrap();
    let by_hand = vec![Write::Decision(fixtures::decision(2, "mallory", 5))];
    assert_eq!(ledger.commit(by_hand).await.unwrap(), Committed::Yes);
    let (done, out, _) = ran(verifying(Some(2)), &[page().await]).await;
    assert_eq!(done.unwrap_err().code(), "audit-altered");
    let words = "issue 2: a decision of arn:aws:iam::000000000000:user/mallory on `";
    assert!(
        out.starts_with(words) && out.contains("it was put there or edited by hand"),
        "{out}"
    );
}

#[tokio::test]
async fn an_export_is_verified_without_the_api() {
    for limit in [1, 100] {
        let text = exported(None, Format::Jsonl, limit).await;
        // One line for the file, one for each item, one for the end of each chain, and one for the file's end.
        assert_eq!(text.lines().count(), 1 + 10 + 4 + 1);
        let (done, out) = verified(&text).await;
        done.unwrap();
        assert_eq!(out, "The audit is as it was written: 10 items in 4 chains.\n");
    }
    let (done, out) = verified(&exported(Some(2), Format::Jsonl, 100).await).await;
    done.unwrap();
    assert_eq!(out, "The audit is as it was written: 3 items in 1 chain.\n");
}

#[tokio::test]
async fn any_line_of_an_export_that_was_removed_moved_or_edited_is_found() {
    let text = exported(None, Format::Jsonl, 100).await;
    let lines: Vec<&str> = text.lines().collect();
    let refused = async |lines: &[String], what: &str| {
        let (done, _) = verified(&(lines.join("\n") + "\n")).await;
        let code = done.err().map(|stop| stop.code().to_owned());
        let found = ["audit-altered", "audit-unreadable"].map(str::to_owned);
        assert!(
            code.as_ref().is_some_and(|code| found.contains(code)),
            "{what}: {code:?}"
        );
    };
    for at in 0..lines.len() {
        let mut removed: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let line = removed.remove(at);
        refused(&removed, &format!("removed {line}")).await;
        let mut edited = removed.clone();
        edited.insert(at, line.replacen(['1', '2', '3'], "9", 1));
        refused(&edited, &format!("edited {line}")).await;
        edited[at] = "nonsense".to_owned();
        refused(&edited, &format!("overwritten {line}")).await;
        for to in (0..lines.len()).filter(|to| *to != at) {
            let mut moved = removed.clone();
            moved.insert(to, line.clone());
            refused(&moved, &format!("moved to {to}: {line}")).await;
        }
    }
    for count in 0..lines.len() {
        let cut: Vec<String> = lines.iter().take(count).map(ToString::to_string).collect();
        refused(&cut, &format!("cut after {count} lines")).await;
    }
}

#[tokio::test]
async fn a_table_has_a_head_and_no_formulas() {
    let table = exported(Some(1), Format::Csv, 2).await;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 4, "{table}");
    assert!(
        lines[0].starts_with("chain,number,at,deed,about,by,who,unique_id,"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].starts_with(
            "issue-1,1,2023-11-14T22:13:21Z,issue_planned,prod 1,principal,arn:aws:iam::000000000000:user/dba,AIDAdba,\
             000000000000,AKIAEXAMPLE,127.0.0.1,request-1,edition 1,edition 2,,tests say so,,"
        ),
        "{}",
        lines[1]
    );
    for (cell, expected) in [("=1+1", "'=1+1"), ("a=1", "a=1"), ("-", "'-"), ("", "")] {
        assert_eq!(table::harmless(cell.to_owned()), expected);
    }
}
