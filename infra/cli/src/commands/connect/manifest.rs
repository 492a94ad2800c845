//! The App's manifest, and the page whose button hands it to GitHub.

use crate::exit::Stop;
use serde_json::Value;
use url::Url;

/// What every App of Sluice is made from.
const MANIFEST: &str = include_str!("../../../../github-app/manifest.json");
/// GitHub takes no longer name.
const LONGEST_NAME: usize = 34;

/// The manifest for this App.
pub(super) fn filled(name: &str, webhook_url: &Url, redirect_url: &str) -> Result<Value, Stop> {
    let mut manifest: Value = serde_json::from_str(MANIFEST).map_err(|error| {
        Stop::Fault(format!(
            "The App's manifest is broken: {error}. Please report this."
        ))
    })?;
    manifest["name"] = name.into();
    manifest["hook_attributes"]["url"] = webhook_url.as_str().into();
    manifest["redirect_url"] = redirect_url.into();
    Ok(manifest)
}

/// The permissions that an App was not granted, as words.
pub(super) fn lacking(granted: &Value) -> Vec<String> {
    let asked: Value = serde_json::from_str(MANIFEST).unwrap_or_default();
    let asked = asked["default_permissions"].as_object().into_iter().flatten();
    asked
        .filter(|(name, level)| {
            let has = granted[name.as_str()].as_str();
            has != level.as_str() && has != Some("write") && has != Some("admin")
        })
        .map(|(name, level)| format!("{name} ({})", level.as_str().unwrap_or_default()))
        .collect()
}

/// The events that an App does not subscribe to.
pub(super) fn unheard(subscribed: &[String]) -> Vec<String> {
    let asked: Value = serde_json::from_str(MANIFEST).unwrap_or_default();
    let asked = asked["default_events"].as_array().into_iter().flatten();
    asked
        .filter_map(Value::as_str)
        .filter(|event| !subscribed.iter().any(|has| has == event))
        .map(str::to_owned)
        .collect()
}

/// A name that is likely to be free; it can still be changed on GitHub's page.
pub(super) fn default_name(organization: Option<&str>) -> String {
    organization
        .map_or("sluice".to_owned(), |organization| {
            format!("sluice-{organization}")
        })
        .chars()
        .take(LONGEST_NAME)
        .collect()
}

/// Where the button leads: GitHub's page for a new App.
pub(super) fn new_app_url(github: &Url, organization: Option<&str>, state: &str) -> Url {
    let mut url = below(github, organization.map_or(&[][..], |_| &["organizations"]));
    if let Ok(mut path) = url.path_segments_mut() {
        path.extend(organization).extend(["settings", "apps", "new"]);
    }
    url.query_pairs_mut().append_pair("state", state);
    url
}

/// Where the API of a GitHub is.
pub(super) fn api_url(github: &Url) -> Url {
    let host = github.host_str().unwrap_or_default();
    let api_host = if host == "github.com" || host.ends_with(".ghe.com") {
        Some(format!("api.{host}"))
    } else {
        None
    };
    match api_host {
        Some(host) => {
            let mut url = github.clone();
            // What has a host can have another.
            let _ = url.set_host(Some(&host));
            url.set_path("");
            url
        }
        None => below(github, &["api", "v3"]),
    }
}

/// A path below a URL.
pub(super) fn below(url: &Url, segments: &[&str]) -> Url {
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The page with the button.
pub(super) fn page(action: &Url, manifest: &Value) -> String {
    format!(
        "<!doctype html><meta charset=\"utf-8\"><title>Sluice</title>\
         <style>body{{font:1.1rem sans-serif;margin:4rem auto;max-width:36rem}}button{{font:inherit;padding:.6rem 1.2rem}}</style>\
         <h1>Connect Sluice to GitHub</h1>\
         <p>GitHub will show the App <b>{}</b> before it makes it. Nothing is installed yet.</p>\
         <form action=\"{}\" method=\"post\"><input type=\"hidden\" name=\"manifest\" value=\"{}\">\
         <button>Go on to GitHub</button></form>\n",
        escaped(manifest["name"].as_str().unwrap_or_default()),
        escaped(action.as_str()),
        escaped(&manifest.to_string()),
    )
}

/// A page that says something.
pub(super) fn message(text: &str) -> String {
    format!(
        "<!doctype html><meta charset=\"utf-8\"><title>Sluice</title>\
         <body style=\"font:1.1rem sans-serif;margin:4rem auto;max-width:36rem\"><p>{}</p>\n",
        escaped(text)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_api_is_where_each_kind_of_github_has_it() {
        for (github, api) in [
            ("https://github.com", "https://api.github.com/"),
            ("https://github.com/", "https://api.github.com/"),
            ("https://acme.ghe.com", "https://api.acme.ghe.com/"),
            (
                "https://github.acme.example",
                "https://github.acme.example/api/v3",
            ),
            ("https://acme.example:8443/", "https://acme.example:8443/api/v3"),
        ] {
            assert_eq!(api_url(&url(github)).as_str(), api, "{github}");
        }
    }

    #[test]
    fn the_button_leads_to_the_page_of_who_owns_the_app() {
        let github = url("https://github.com");
        assert_eq!(
            new_app_url(&github, None, "a b").as_str(),
            "https://github.com/settings/apps/new?state=a+b"
        );
        assert_eq!(
            new_app_url(&github, Some("ac/me"), "s").as_str(),
            "https://github.com/organizations/ac%2Fme/settings/apps/new?state=s"
        );
    }

    #[test]
    fn the_manifest_says_where_to_and_nothing_in_it_leaves_its_attribute() {
        let hook = url("https://x.example/v1/webhooks/github");
        let manifest = filled("a\"><script>'", &hook, "http://127.0.0.1:1/created").unwrap();
        assert_eq!(manifest["hook_attributes"]["url"], hook.as_str());
        assert_eq!(manifest["redirect_url"], "http://127.0.0.1:1/created");
        assert_eq!(manifest["public"], false);
        let page = page(&url("https://github.com/settings/apps/new?state=s"), &manifest);
        assert!(
            !page.contains("<script") && page.contains("&quot;&gt;&lt;script&gt;&#39;"),
            "{page}"
        );
    }

    #[test]
    fn names_are_as_short_as_github_wants_them() {
        assert_eq!(default_name(None), "sluice");
        assert_eq!(default_name(Some("acme")), "sluice-acme");
        assert_eq!(default_name(Some(&"a".repeat(60))).len(), 34);
    }

    #[test]
    fn an_app_made_by_hand_is_told_what_it_lacks() {
        let granted = json!({"contents": "read", "metadata": "read", "pull_requests": "write"});
        assert_eq!(lacking(&granted), ["checks (write)", "contents (write)"]);
        assert_eq!(unheard(&["push".to_owned()]), ["check_run", "pull_request"]);
    }
}
