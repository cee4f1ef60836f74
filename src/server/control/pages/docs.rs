use super::page::{Page, guard, media_type};
use crate::docs::Docs;
use crate::host::Host;
use crate::wire::{HeaderMap, StatusCode, header};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Where the documentation begins.
pub(in crate::server::control) const DOCS: &str = "/_counterpart/docs";

/// How many bytes of written pages are kept.
const ROOM: usize = 16 << 20;

/// The documentation of what is served: each page is written when it is first asked for.
pub(in crate::server) struct Library {
    host: Arc<Host>,
    /// The address that the samples of its pages ask.
    base: String,
    docs: OnceLock<Docs>,
    shelf: Mutex<Shelf>,
}

/// Pages that were written lately.
#[derive(Default)]
struct Shelf {
    pages: HashMap<String, Arc<Page>>,
    /// Their paths, oldest first.
    order: VecDeque<String>,
    bytes: usize,
}

impl Library {
    /// That of a host that is served at the URL `base`. Nothing is read yet.
    pub(in crate::server) fn new(host: Arc<Host>, base: String) -> Library {
        Library {
            host,
            base,
            docs: OnceLock::new(),
            shelf: Mutex::default(),
        }
    }

    /// That of another host, served at the same URL.
    pub(in crate::server) fn of(&self, host: Arc<Host>) -> Library {
        Library::new(host, self.base.clone())
    }

    /// Its pages, by their places.
    pub(in crate::server::control) fn docs(&self) -> &Docs {
        let docs = || Docs::served(&self.host, self.base.clone());
        self.docs.get_or_init(docs)
    }

    /// The address that is served, as `http://127.0.0.1:4010`.
    pub(in crate::server::control) fn base(&self) -> &str {
        &self.base
    }

    /// The page of a path, where there is one.
    fn page(&self, path: &str) -> Option<Arc<Page>> {
        if let Some(page) = self.shelf().pages.get(path) {
            return Some(Arc::clone(page));
        }
        // Without the lock: others are read meanwhile, and one that two ask for is written twice.
        let text = self.docs().file(&self.host, path)?;
        let page = Arc::new(Page::new(media_type(path), text));
        self.shelf().put(path, &page);
        Some(page)
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn put(&mut self, path: &str, page: &Arc<Page>) {
        let before = self.pages.insert(path.to_owned(), Arc::clone(page));
        self.bytes += page.len();
        match before {
            Some(before) => self.bytes -= before.len(),
            None => self.order.push_back(path.to_owned()),
        }
        while self.bytes > ROOM
            && let Some(oldest) = self.order.pop_front()
        {
            let gone = self.pages.remove(&oldest);
            self.bytes -= gone.map_or(0, |page| page.len());
        }
    }
}

/// The way to the first page.
pub(in crate::server::control) async fn to_docs() -> Redirect {
    Redirect::temporary("/_counterpart/docs/index.html")
}

/// A page.
pub(in crate::server::control) async fn to_page(
    State(library): State<Arc<Library>>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let path = path.map(|Path(path)| path).unwrap_or_default();
    // A page may take a while to write: of a large document the first one reads all its paths.
    let reading = move || match library.page(&path) {
        Some(page) => page.answer(&headers),
        None => library.missing(&path),
    };
    let read = tokio::task::spawn_blocking(reading).await;
    read.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

impl Library {
    /// What there is in place of a page that isn't: the page of the folder, or that there is none.
    fn missing(&self, path: &str) -> Response {
        let index = format!("{}/index.html", path.trim_end_matches('/'));
        if self.docs().paths().contains(&index) {
            return Redirect::temporary(&format!("{DOCS}/{index}")).into_response();
        }
        let page = self.docs().missing(&self.host);
        let media_type = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        let mut response = (StatusCode::NOT_FOUND, media_type, page).into_response();
        guard(response.headers_mut());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_much_is_kept_and_the_oldest_pages_go() {
        let mut shelf = Shelf::default();
        let half = || Arc::new(Page::new("text/plain", vec![0; ROOM / 2]));
        shelf.put("a", &half());
        shelf.put("a", &half());
        shelf.put("b", &half());
        assert_eq!((shelf.bytes, shelf.pages.len()), (ROOM, 2));
        shelf.put("c", &half());
        assert!(!shelf.pages.contains_key("a"));
        assert_eq!((shelf.bytes, shelf.order.len()), (ROOM, 2));
        let large = Arc::new(Page::new("text/plain", vec![0; ROOM + 1]));
        shelf.put("d", &large);
        assert_eq!(
            (shelf.bytes, shelf.pages.len(), shelf.order.len()),
            (0, 0, 0)
        );
    }
}
