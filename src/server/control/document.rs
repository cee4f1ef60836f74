use super::problem::Refused;
use super::{
    behaviour, clock, collection, contracts, coverage, expect, explain, fixtures, har, item,
    journal, keepsake, metrics, probes, reset, sandboxes, snapshots, tokens, verify, webhooks,
};
use crate::wire::{Bytes, header};
use axum::response::IntoResponse;
use std::sync::LazyLock;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The control plane's own contract, as OpenAPI 3.1 in JSON. It names no server: it is served by
/// the one that it describes.
pub fn document() -> &'static str {
    std::str::from_utf8(&DOCUMENT).expect("JSON is UTF-8")
}

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
    let json = Described::openapi().to_json();
    json.expect("the document is made of strings and numbers")
        .into()
});

#[derive(OpenApi)]
#[openapi(
    info(
        title = "counterpart control plane",
        description = "What a test or a person does to the mock server itself: see what it serves, read and \
            set its state, put it back to the fixtures. It answers programs of this machine, never web pages; \
            a server that listens beyond loopback asks for its control token.",
    ),
    paths(
        openapi,
        probes::health,
        probes::ready,
        metrics::get_metrics,
        contracts::contracts,
        contracts::get_document,
        reset::reset,
        sandboxes::list_sandboxes,
        sandboxes::delete_sandboxes,
        sandboxes::delete_sandbox,
        snapshots::list_snapshots,
        snapshots::take_snapshot,
        snapshots::restore_snapshot,
        snapshots::delete_snapshot,
        behaviour::get_behaviour,
        behaviour::replace_behaviour,
        behaviour::delete_behaviour,
        clock::get_clock,
        clock::set_clock,
        clock::reset_clock,
        expect::list_expectations,
        expect::add_expectations,
        expect::delete_expectations,
        expect::get_expectation,
        expect::delete_expectation,
        verify::verify,
        coverage::get_coverage,
        coverage::delete_coverage,
        tokens::mint,
        collection::list_items,
        collection::replace_items,
        collection::delete_items,
        item::get_item,
        item::put_item,
        item::delete_item,
        fixtures::export_fixtures,
        journal::list,
        journal::get_one,
        explain::explain,
        keepsake::fixture,
        har::export,
        journal::delete,
        webhooks::list_webhooks,
        webhooks::send_webhook
    ),
    tags(
        (name = "contracts", description = "What is served."),
        (name = "state", description = "What the collections hold."),
        (name = "sandboxes", description = "States of their own, for tests that run side by side."),
        (name = "behaviour", description = "What is done on purpose: delays, faults, statuses."),
        (name = "clock", description = "What time it is."),
        (name = "journal", description = "What was asked and answered."),
        (name = "expectations", description = "What requests are expected, and whether they came."),
        (name = "coverage", description = "What of the contracts was sent."),
        (name = "callbacks", description = "What the mocked APIs send by themselves."),
        (name = "tokens", description = "Credentials for clients of the mocked APIs."),
        (name = "probes", description = "Whether the server answers.")
    ),
    modifiers(&Security)
)]
struct Described;

/// The token, which is needed only where the server was given one.
struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The control token that the server was started with."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("controlToken", SecurityScheme::Http(bearer));
        document.security = Some(vec![
            SecurityRequirement::default(),
            SecurityRequirement::new("controlToken", Vec::<String>::new()),
        ]);
    }
}

/// Read this document
#[utoipa::path(
    get,
    path = "/_counterpart/openapi.json",
    operation_id = "getDocument",
    tag = "contracts",
    description = "The control plane's own OpenAPI document.",
    responses(
        (status = 200, description = "The document.", body = Object),
        Refused
    )
)]
pub(super) async fn openapi() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        DOCUMENT.clone(),
    )
}
