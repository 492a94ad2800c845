//! What GitHub answered before and need not say again. What is named by a hash never changes; of anything else GitHub
//! is asked whether it changed (`If-None-Match`), which does not count against its limits.

use crate::answer::Answer;
use http::StatusCode;
use http::header::ETAG;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most bytes of all bodies that are kept.
const MOST: usize = 8 * 1024 * 1024;
/// A larger body is not kept.
const LARGEST: usize = 1024 * 1024;

/// What was asked: answers are only given to the installation and repository that asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The installation and the repository; none for what the App asks as itself.
    pub(crate) owner: Option<(u64, u64)>,
    /// The whole path with its query.
    pub(crate) path: String,
}

/// An answer that is kept.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) answer: Answer,
    /// What to ask with whether it changed; none where it can't have changed.
    pub(crate) tag: Option<String>,
}

/// Answers, the least recently used forgotten first.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    known: HashMap<Place, (u64, Known)>,
    bytes: usize,
    /// Counts uses.
    uses: u64,
}

impl Kept {
    /// What is known of a place.
    pub(crate) fn get(&self, place: &Place) -> Option<Known> {
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let now = shelf.uses;
        let (used, known) = shelf.known.get_mut(place)?;
        *used = now;
        Some(known.clone())
    }

    /// Keeps an answer where it is worth it.
    pub(crate) fn keep(&self, place: Place, answer: &Answer) {
        let tag = answer.headers.get(ETAG).and_then(|tag| tag.to_str().ok());
        let for_ever = place.is_named_by_hash();
        let size = answer.body.len();
        if answer.status != StatusCode::OK || size > LARGEST || (tag.is_none() && !for_ever) {
            return;
        }
        let known = Known {
            answer: answer.clone(),
            tag: tag.filter(|_| !for_ever).map(str::to_owned),
        };
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let now = shelf.uses;
        shelf.forget(&place);
        shelf.bytes += size;
        shelf.known.insert(place, (now, known));
        while shelf.bytes > MOST {
            let oldest = shelf.known.iter().min_by_key(|(_, (used, _))| *used);
            let Some(oldest) = oldest.map(|(place, _)| place.clone()) else {
                break;
            };
            shelf.forget(&oldest);
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn forget(&mut self, place: &Place) {
        if let Some((_, known)) = self.known.remove(place) {
            self.bytes -= known.answer.body.len();
        }
    }
}

impl Place {
    /// Whether the path names a git object by its whole hash.
    fn is_named_by_hash(&self) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        let mut segments = path.rsplit('/');
        let (name, kind, git) = (segments.next(), segments.next(), segments.next());
        let is_hash =
            |name: &str| matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        name.is_some_and(is_hash) && matches!(kind, Some("trees" | "blobs" | "commits")) && git == Some("git")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    fn answer(body: &str, tag: Option<&str>) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(tag) = tag {
            headers.insert(ETAG, tag.parse().unwrap());
        }
        Answer {
            status: StatusCode::OK,
            headers,
            body: body.to_owned(),
        }
    }

    fn place(path: &str) -> Place {
        Place {
            owner: Some((1, 7)),
            path: path.to_owned(),
        }
    }

    #[test]
    fn only_a_whole_hash_is_for_ever() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        for (path, expected) in [
            (format!("/repos/o/r/git/trees/{sha}?recursive=1"), true),
            (format!("/repos/o/r/git/blobs/{sha}"), true),
            (format!("/repos/o/r/git/commits/{sha}{}", &sha[..24]), true),
            ("/repos/o/r/git/trees/main".to_owned(), false),
            (format!("/repos/o/r/git/ref/heads/{sha}"), false),
            (format!("/repos/o/r/commits/{sha}"), false),
            (format!("/repos/o/r/contents/git/trees/{sha}x"), false),
            (format!("/repos/o/r/commits/{sha}/check-runs"), false),
        ] {
            assert_eq!(place(&path).is_named_by_hash(), expected, "{path}");
        }
    }

    #[test]
    fn what_has_no_tag_or_is_no_success_or_is_large_is_not_kept() {
        let kept = Kept::default();
        kept.keep(place("/a"), &answer("x", None));
        let failed = Answer {
            status: StatusCode::NOT_FOUND,
            ..answer("x", Some("t"))
        };
        kept.keep(place("/b"), &failed);
        kept.keep(place("/c"), &answer(&"x".repeat(LARGEST + 1), Some("t")));
        for path in ["/a", "/b", "/c"] {
            assert!(kept.get(&place(path)).is_none(), "{path}");
        }
    }

    #[test]
    fn the_least_recently_used_goes_first_and_the_bytes_have_an_end() {
        let kept = Kept::default();
        let large = answer(&"x".repeat(LARGEST), Some("t"));
        for number in 0..8 {
            kept.keep(place(&format!("/{number}")), &large);
        }
        assert!(kept.get(&place("/0")).is_some());
        kept.keep(place("/8"), &large);
        assert!(
            kept.get(&place("/1")).is_none(),
            "nobody used it for the longest time"
        );
        assert!(kept.get(&place("/0")).is_some() && kept.get(&place("/8")).is_some());
        kept.keep(place("/8"), &answer("small", Some("u")));
        assert!(kept.shelf().bytes <= MOST);
        assert_eq!(kept.shelf().bytes, 7 * LARGEST + 5);
    }

    #[test]
    fn nobody_is_given_what_another_asked_for() {
        let kept = Kept::default();
        kept.keep(place("/a"), &answer("x", Some("t")));
        for owner in [None, Some((2, 7)), Some((1, 8))] {
            let path = "/a".to_owned();
            assert!(kept.get(&Place { owner, path }).is_none());
        }
    }
}
