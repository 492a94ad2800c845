//! Who sits in front of the browser.

use super::fake::FakeGitHub;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Who opens the pages that the command names.
#[derive(Default)]
pub(super) struct Person {
    pages: RefCell<VecDeque<String>>,
    news: Notify,
    /// What came of it when somebody else's page led back.
    pub(super) forged: RefCell<Vec<String>>,
    /// Another page leads back first, with a state of its own.
    pub(super) lured: Cell<bool>,
    /// Nobody is there.
    pub(super) away: Cell<bool>,
    /// Everything that was opened.
    pub(super) opened: RefCell<Vec<String>>,
}

impl Person {
    pub(super) fn opened(&self, url: &str) {
        self.opened.borrow_mut().push(url.to_owned());
        self.pages.borrow_mut().push_back(url.to_owned());
        self.news.notify_one();
    }

    /// Pages that a command of before opened are closed.
    pub(super) fn close_pages(&self) {
        self.pages.borrow_mut().clear();
    }

    /// Acts on each page, without end.
    pub(super) async fn act(&self, github: &FakeGitHub) {
        loop {
            let page = self.pages.borrow_mut().pop_front();
            match page {
                None => self.news.notified().await,
                Some(_) if self.away.get() => {}
                Some(url) if url.ends_with("/installations/new") => github.installed.set(true),
                Some(url) => self.make_app(&url, github).await,
            }
        }
    }

    async fn make_app(&self, url: &str, github: &FakeGitHub) {
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        // A browser opens connections that it never uses.
        let _idle = TcpStream::connect(host).await.unwrap();
        let page = get(host, host, "/").await;
        let state = between(&page, "settings/apps/new?state=", "\"");
        assert!(
            page.contains("action=\"https://github.example/organizations/acme/settings/apps/new?"),
            "{page}"
        );
        let manifest = between(&page, "name=\"manifest\" value=\"", "\"").replace("&quot;", "\"");
        let manifest: Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!(manifest["redirect_url"], format!("http://{host}/created"));
        assert_eq!(manifest["hook_attributes"]["url"], github.webhook_url());
        assert_eq!(manifest["name"], "sluice-acme");
        if self.lured.get() {
            for (host_header, path) in [
                (host, "/created?code=evil&state=other"),
                (host, "/created?code=evil"),
                (host, &format!("/created?state={state}")),
                ("evil.example", "/"),
                ("evil.example", &format!("/created?code=evil&state={state}")),
                (host, "/other"),
            ] {
                let answer = get(host, host_header, path).await;
                self.forged
                    .borrow_mut()
                    .push(answer.lines().next().unwrap().to_owned());
            }
        }
        let code = github.press(&manifest);
        // Where the command was killed meanwhile, nobody listens.
        let _ = get(host, host, &format!("/created?code={code}&state={state}")).await;
    }
}

async fn get(address: &str, host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}
