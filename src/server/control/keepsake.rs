use super::journal::{Kept, gone, off};
use super::judge::judge;
use super::problem::{ProblemShape, Refused};
use super::state::{Target, unfit};
use crate::host::{Answered, Host};
use crate::server::expectations::request_of;
use crate::server::journal::is_masked;
use crate::server::refusal::Refusal;
use crate::wire::{Bytes, Method};
use axum::Json;
use axum::extract::{Path, State};
use http::Uri;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A file of fixtures.
#[derive(Serialize, ToSchema)]
#[schema(as = FixtureFile)]
pub(super) struct FixtureShape {
    /// Where it belongs.
    #[schema(example = "fixtures/petstore/replies/updatePet-200.yaml")]
    file: String,
    /// Its text.
    #[schema(example = "- operation: updatePet\n  status: 200\n")]
    text: String,
}

/// Write an exchange as a fixture
#[utoipa::path(
    get,
    path = "/_counterpart/journal/{number}/fixture",
    operation_id = "getFixture",
    tag = "journal",
    description = "The file of a fixture that has requests like the exchange's answered as it was: for what its \
        path, query and body said. Nothing is written. A reply with what the journal masks is none that can be kept.",
    params(("number" = u64, Path, description = "The exchange's number.", example = 412)),
    responses(
        (status = 200, description = "The file.", body = FixtureShape),
        (status = 404, description = "There is no such exchange (any longer), or no journal.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "This is no number, or no fixture can say what was answered.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn fixture(
    State(journal): Kept,
    State(host): State<Arc<Host>>,
    uri: Uri,
    target: Target<u64>,
) -> Result<Json<FixtureShape>, Refusal> {
    judge(Method::GET, &uri)?;
    let Path(number) = target?;
    let record = journal.ok_or_else(off)?.get(number);
    let record = record.ok_or_else(|| gone(number))?;
    let reply = record.reply();
    if reply.is_cut {
        let detail = "The journal has only the start of the reply's body.";
        return Err(unfit(detail.to_owned()));
    }
    if is_masked(reply.body) {
        let detail =
            "The reply says a secret, which the journal masks: it can't be kept as it was.";
        return Err(unfit(detail.to_owned()));
    }
    let mut fields = reply.headers.lines();
    let answered = Answered {
        status: record.status,
        media_type: fields.find_map(|line| line.strip_prefix("content-type: ")),
        body: reply.body,
    };
    let mut request = request_of(&record);
    if is_masked(&request.body) {
        // What stands in its place is nothing that a client says.
        request.body = Bytes::new();
    }
    let kept = host.keepsake(&request, answered);
    let kept = kept.map_err(unfit)?;
    Ok(Json(FixtureShape {
        file: kept.file,
        text: kept.text,
    }))
}
