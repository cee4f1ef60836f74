use super::page::Page;
use crate::server::refusal::Refusal;
use crate::wire::{HeaderMap, MediaType, StatusCode, accept, choose, header};
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use std::sync::LazyLock;

/// Where the inspector is.
pub(in crate::server::control) const INSPECTOR: &str = "/_counterpart/";

type File = LazyLock<Page>;

static PAGE: File = LazyLock::new(|| html(include_str!("inspector/page.html")));

/// What the page is made of, by its name.
static PARTS: LazyLock<[(&str, Page); 3]> = LazyLock::new(|| {
    let script = |text: &'static str| Page::new("text/javascript; charset=utf-8", text);
    let style = |text: &'static str| Page::new("text/css; charset=utf-8", text);
    [
        (
            "inspector.css",
            style(include_str!("inspector/inspector.css")),
        ),
        (
            "exchanges.js",
            script(include_str!("inspector/exchanges.js")),
        ),
        ("views.js", script(include_str!("inspector/views.js"))),
    ]
});

fn html(text: &'static str) -> Page {
    Page::new("text/html; charset=utf-8", text)
}

/// The way to the inspector.
pub(in crate::server::control) async fn to_inspector() -> Redirect {
    Redirect::temporary(INSPECTOR)
}

/// The inspector; for who asks for JSON, where all else is.
pub(in crate::server::control) async fn inspector(headers: HeaderMap) -> Response {
    let offered = ["text/html", "application/json"].map(MediaType::parse);
    let chosen = choose(accept(&headers).as_deref(), offered.iter().flatten());
    let mut response = match chosen.map(|chosen| chosen.offer) {
        Some(0) => PAGE.answer(&headers),
        Some(_) => Json(json!({
            "name": "counterpart",
            "version": env!("CARGO_PKG_VERSION"),
            "openapi": "/_counterpart/openapi.json",
            "docs": "/_counterpart/docs/index.html",
            "swagger": "/_counterpart/swagger/",
            "journal": "/_counterpart/journal",
        }))
        .into_response(),
        None => {
            let detail = "What there is is told as text/html or application/json.";
            Refusal::new(StatusCode::NOT_ACCEPTABLE, detail).into_response()
        }
    };
    let vary = crate::wire::HeaderValue::from_static("accept");
    response.headers_mut().append(header::VARY, vary);
    response
}

/// A part of it.
pub(in crate::server::control) async fn part(
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    match PARTS.iter().find(|(known, _)| *known == name) {
        Some((_, page)) => page.answer(&headers),
        None => {
            let detail = "The inspector has no such part.";
            Refusal::new(StatusCode::NOT_FOUND, detail).into_response()
        }
    }
}
