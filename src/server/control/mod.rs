//! The control plane: what a test or a person does to the mock server itself, under
//! `/_counterpart`.
//!
//! Takes requests that [`Exposure`] has let through, gives replies; each file is one group of
//! operations with their part of the OpenAPI document. The document and the routes are held
//! together by a test.

mod behaviour;
mod behaviour_shape;
mod clock;
mod collection;
mod contracts;
mod coverage;
mod document;
mod exchange;
mod expect;
mod expect_shape;
mod explain;
mod explain_shape;
mod exposure;
mod filter;
mod fixtures;
mod har;
mod item;
mod journal;
mod judge;
mod keepsake;
mod metrics;
mod pages;
mod probes;
mod problem;
mod reset;
mod sandboxes;
mod snapshots;
mod state;
mod stream;
mod tokens;
mod verdict_shape;
mod verify;
mod webhooks;

pub(super) use coverage::json as coverage_json;
pub use document::document;
pub(super) use exposure::Exposure;
pub(super) use pages::Library;
pub(super) use stream::Beat;

use super::Limits;
use super::announce::Announcer;
use super::covering::Covering;
use super::expectations::Expectations;
use super::journal::Journal;
use super::refusal::Refusal;
use super::seats::Seats;
use super::standing::Standing;
use crate::host::Host;
use crate::wire::{Bytes, HeaderValue, StatusCode, header};
use axum::Router;
use axum::body::Body;
use axum::extract::FromRef;
use axum::routing::{delete, get, post, put};
use http::request::Parts;
use http::{Request, Response};
use std::sync::Arc;
use std::time::Duration;
use tower_service::Service;

/// Everything below this path, and the path itself, is the control plane's.
const PREFIX: &str = "/_counterpart";

/// The one path that takes forms too, as OAuth clients send them.
const TOKENS: &str = "/_counterpart/tokens";

/// The one path that may wait before it answers.
const VERIFY: &str = "/_counterpart/verify";

/// Whether a path is the control plane's; contracts never get to see it.
pub(super) fn owns(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// How much longer than others a request for a path may take: it waits for what is expected.
pub(super) fn waits(path: &str) -> Duration {
    match path == VERIFY {
        true => verify::LONGEST,
        false => Duration::ZERO,
    }
}

/// What the control plane looks at, and acts on.
#[derive(Clone)]
pub(super) struct Plane {
    pub(super) standing: Standing,
    pub(super) announcer: Announcer,
    pub(super) beat: Beat,
    pub(super) seats: Arc<Seats>,
    pub(super) limits: Arc<Limits>,
}

impl FromRef<Plane> for Arc<Host> {
    fn from_ref(plane: &Plane) -> Arc<Host> {
        plane.standing.host()
    }
}

impl FromRef<Plane> for Standing {
    fn from_ref(plane: &Plane) -> Standing {
        plane.standing.clone()
    }
}

impl FromRef<Plane> for Announcer {
    fn from_ref(plane: &Plane) -> Announcer {
        plane.announcer.clone()
    }
}

impl FromRef<Plane> for Option<Arc<Journal>> {
    fn from_ref(plane: &Plane) -> Option<Arc<Journal>> {
        plane.standing.journal.clone()
    }
}

impl FromRef<Plane> for Arc<Expectations> {
    fn from_ref(plane: &Plane) -> Arc<Expectations> {
        Arc::clone(&plane.standing.expectations)
    }
}

impl FromRef<Plane> for Option<Arc<Covering>> {
    fn from_ref(plane: &Plane) -> Option<Arc<Covering>> {
        plane.standing.covering.clone()
    }
}

impl FromRef<Plane> for Arc<Library> {
    fn from_ref(plane: &Plane) -> Arc<Library> {
        plane.standing.library.load_full()
    }
}

impl FromRef<Plane> for Beat {
    fn from_ref(plane: &Plane) -> Beat {
        plane.beat
    }
}

/// The control plane of one server.
pub(super) struct Control {
    router: Router,
    exposure: Exposure,
}

impl Control {
    pub(super) fn new(plane: Plane, exposure: Exposure) -> Control {
        Control {
            router: router().with_state(plane),
            exposure,
        }
    }

    /// Whether this caller may ask at all, by the head of its request.
    pub(super) fn admit(&self, parts: &Parts, has_body: bool) -> Result<(), Refusal> {
        self.exposure.admit(parts, has_body)
    }

    /// Carries out a request that was admitted.
    pub(super) async fn call(&self, parts: &mut Parts, body: Bytes) -> Response<Body> {
        let mut response = match self.exposure.knows(&parts.headers) {
            true => self.route(parts, body).await,
            false => pages::enter(&self.exposure, parts, &body),
        };
        let headers = response.headers_mut();
        let nosniff = HeaderValue::from_static("nosniff");
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
        let no_store = HeaderValue::from_static("no-store");
        headers.entry(header::CACHE_CONTROL).or_insert(no_store);
        response
    }

    async fn route(&self, parts: &mut Parts, body: Bytes) -> Response<Body> {
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = parts.uri.clone();
        *request.headers_mut() = std::mem::take(&mut parts.headers);
        let Ok(response) = self.router.clone().call(request).await;
        response
    }
}

/// The table of contents.
fn router() -> Router<Plane> {
    Router::new()
        .route(PREFIX, get(pages::to_inspector))
        .route(pages::INSPECTOR, get(pages::inspector))
        .route("/_counterpart/inspector/{name}", get(pages::part))
        .route(pages::SWAGGER, get(pages::to_swagger))
        .route("/_counterpart/swagger/", get(pages::swagger))
        .route("/_counterpart/swagger/{name}", get(pages::swagger_part))
        .route(pages::DOCS, get(pages::to_docs))
        .route("/_counterpart/docs/", get(pages::to_docs))
        .route("/_counterpart/docs/{*path}", get(pages::to_page))
        .route("/_counterpart/openapi.json", get(document::openapi))
        .route("/_counterpart/health", get(probes::health))
        .route("/_counterpart/ready", get(probes::ready))
        .route("/_counterpart/metrics", get(metrics::get_metrics))
        .route("/_counterpart/contracts", get(contracts::contracts))
        .route(
            "/_counterpart/contracts/{name}/document",
            get(contracts::get_document),
        )
        .route("/_counterpart/reset", post(reset::reset))
        .route(
            "/_counterpart/sandboxes",
            get(sandboxes::list_sandboxes).delete(sandboxes::delete_sandboxes),
        )
        .route(
            "/_counterpart/sandboxes/{name}",
            delete(sandboxes::delete_sandbox),
        )
        .route(
            behaviour::BEHAVIOUR,
            get(behaviour::get_behaviour)
                .put(behaviour::replace_behaviour)
                .delete(behaviour::delete_behaviour),
        )
        .route(
            clock::CLOCK,
            get(clock::get_clock)
                .put(clock::set_clock)
                .delete(clock::reset_clock),
        )
        .route("/_counterpart/snapshots", get(snapshots::list_snapshots))
        .route(
            "/_counterpart/snapshots/{name}",
            put(snapshots::take_snapshot).delete(snapshots::delete_snapshot),
        )
        .route(
            "/_counterpart/snapshots/{name}/restore",
            post(snapshots::restore_snapshot),
        )
        .route("/_counterpart/fixtures", get(fixtures::export_fixtures))
        .route(
            "/_counterpart/expect",
            get(expect::list_expectations)
                .post(expect::add_expectations)
                .delete(expect::delete_expectations),
        )
        .route(
            "/_counterpart/expect/{id}",
            get(expect::get_expectation).delete(expect::delete_expectation),
        )
        .route(VERIFY, post(verify::verify))
        .route(
            "/_counterpart/coverage",
            get(coverage::get_coverage).delete(coverage::delete_coverage),
        )
        .route(TOKENS, post(tokens::mint))
        .route(
            "/_counterpart/journal",
            get(journal::list).delete(journal::delete),
        )
        .route("/_counterpart/journal/{number}", get(journal::get_one))
        .route(
            "/_counterpart/journal/{number}/explanation",
            get(explain::explain),
        )
        .route(
            "/_counterpart/journal/{number}/fixture",
            get(keepsake::fixture),
        )
        .route("/_counterpart/har", get(har::export))
        .route("/_counterpart/webhooks", get(webhooks::list_webhooks))
        .route(
            "/_counterpart/webhooks/{api}/{name}",
            post(webhooks::send_webhook),
        )
        .route(
            "/_counterpart/state/{api}/{collection}",
            get(collection::list_items)
                .put(collection::replace_items)
                .delete(collection::delete_items),
        )
        .route(
            "/_counterpart/state/{api}/{collection}/{key}",
            get(item::get_item)
                .put(item::put_item)
                .delete(item::delete_item),
        )
        .fallback(unknown)
        .method_not_allowed_fallback(not_allowed)
}

async fn unknown() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "The control plane has no such path; /_counterpart/openapi.json lists what it has.",
    )
}

/// axum adds `Allow`.
async fn not_allowed() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "The path is there, but not for this method; Allow lists those it has.",
    )
}
