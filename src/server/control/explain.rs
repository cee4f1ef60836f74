use super::exchange::api_of;
use super::explain_shape::{
    ExcerptShape, Explanation, NearShape, OperationShape, OtherShape, ProblemOf, ProblemTold,
};
use super::journal::{Kept, gone, off};
use super::judge::judge;
use super::pages::Library;
use super::problem::{ProblemShape, Refused};
use super::state::Target;
use crate::docs::{Part, anchor, plain};
use crate::host::{Host, OperationAt, demanded, received};
use crate::server::journal::Record;
use crate::server::refusal::Refusal;
use crate::spec::Place;
use crate::validate::Violation;
use crate::wire::Method;
use axum::Json;
use axum::extract::{Path, State};
use http::Uri;
use serde_json::Value;
use std::sync::Arc;

/// How much is told of when a reply comes, in characters.
const WHEN: usize = 200;

/// How many problems of a request, and of a reply, are explained.
const LISTED: usize = 100;

/// Explain an exchange
#[utoipa::path(
    get,
    path = "/_counterpart/journal/{number}/explanation",
    operation_id = "explainExchange",
    tag = "journal",
    description = "Why an exchange went as it did: each violation with what was received, what is demanded, \
        the lines of the contract that demand it and where it is documented; the operation, or those that came \
        nearest and why each wasn't it; where the reply is from, and how to get the other documented ones.",
    params(("number" = u64, Path, description = "The exchange's number.", example = 412)),
    responses(
        (status = 200, description = "The explanation.", body = Explanation),
        (status = 404, description = "There is no such exchange (any longer), or no journal.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "This is no number.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn explain(
    State(journal): Kept,
    State(host): State<Arc<Host>>,
    State(library): State<Arc<Library>>,
    uri: Uri,
    target: Target<u64>,
) -> Result<Json<Explanation>, Refusal> {
    judge(Method::GET, &uri)?;
    let Path(number) = target?;
    let record = journal.ok_or_else(off)?.get(number);
    let record = record.ok_or_else(|| gone(number))?;
    // Of a large document the first one reads all its paths.
    let telling = move || explained(&record, &host, &library);
    let told = tokio::task::spawn_blocking(telling).await;
    Ok(Json(told.map_err(|_| super::journal::failed())?))
}

fn explained(record: &Record, host: &Host, library: &Library) -> Explanation {
    let status = record.status.as_u16();
    let at = record
        .operation()
        .and_then(|name| host.operation_named(name));
    let page = |at: OperationAt, part: Part<'_>| {
        let page = library.docs().page_of(at.api, at.number)?;
        let id = anchor(part);
        Some(if id.is_empty() {
            page
        } else {
            format!("{page}#{id}")
        })
    };
    let is_secret = |violation: &Violation| {
        at.is_some_and(|at| {
            let contract = host.apis()[at.api].contract();
            contract.is_secret(at.number, &violation.place)
        })
    };
    let documented = at.and_then(|at| host.apis()[at.api].documented_for(at.number, status));
    let problem = |of: ProblemOf, violation: &Violation, body: &Option<Value>| {
        let part = match (of, documented) {
            (ProblemOf::Request, _) => Some(Part::Request(&violation.place)),
            (ProblemOf::Reply, Some(status)) => Some(Part::Reply(status, &violation.place)),
            (ProblemOf::Reply, None) => None,
        };
        let origin = violation.origin.as_ref();
        let (place, parameter) = ProblemTold::place(&violation.place);
        ProblemTold {
            of,
            place: violation.place.to_string(),
            part: place,
            pointer: violation.in_body().map(ToString::to_string),
            parameter,
            detail: violation.detail.clone(),
            rule: violation.rule.clone(),
            received: body
                .as_ref()
                .filter(|_| !is_secret(violation))
                .and_then(|body| received(violation, body)),
            expected: origin.and_then(demanded),
            source: origin.map(|origin| {
                let place = Place::Key(origin.pointer.clone());
                ExcerptShape::from(origin.source.excerpt(&place))
            }),
            docs: at.zip(part).and_then(|(at, part)| page(at, part)),
        }
    };
    let body = |kept: super::super::journal::Kept<'_>| {
        let text = (!kept.is_cut).then_some(kept.body)?;
        serde_json::from_slice::<Value>(text).ok()
    };
    let (asked, answered) = (body(record.request()), body(record.reply()));
    let omitted = record.violations.len().saturating_sub(LISTED)
        + record.reply_violations.len().saturating_sub(LISTED);
    let request = record.violations.iter().take(LISTED);
    let request = request.map(|violation| problem(ProblemOf::Request, violation, &asked));
    let reply = record.reply_violations.iter().take(LISTED);
    let reply = reply.map(|violation| problem(ProblemOf::Reply, violation, &answered));
    let near = match at {
        Some(_) => Vec::new(),
        None => host.near(&record.method, record.target()),
    };
    let others = at.map_or_else(Vec::new, |at| host.apis()[at.api].documented(at.number));
    let others = others
        .into_iter()
        .filter(|other| Some(other.status) != documented);
    let mut fields = record.reply().headers.lines();
    let media_type = fields.find_map(|line| line.strip_prefix("content-type: "));
    Explanation {
        number: record.number,
        status,
        api: api_of(record, host).map(str::to_owned),
        operation: at.map(|at| {
            let api = &host.apis()[at.api];
            OperationShape {
                name: record.operation().unwrap_or_default().to_owned(),
                title: api.summary_of(at.number),
                source: api.place_of(at.number).into(),
                docs: page(at, Part::Whole),
                scopes: api.bearer_scopes(at.number),
            }
        }),
        nearest: near
            .into_iter()
            .map(|near| NearShape {
                docs: page(near.at, Part::Whole),
                operation: near.name,
                why: near.why,
            })
            .collect(),
        refusal: record.refusal.clone(),
        problems: request.chain(reply).collect(),
        omitted,
        chosen: at.map(|_| match documented {
            Some(key) if key.to_string() == status.to_string() => "is documented".to_owned(),
            Some(key) => format!("is one of the documented {key}"),
            None => "isn't documented for this operation".to_owned(),
        }),
        media_type: media_type.map(str::to_owned),
        from: from(record),
        others: others
            .map(|other| OtherShape {
                docs: at.and_then(|at| page(at, Part::Status(other.status))),
                status: other.status.to_string(),
                code: other.code,
                when: plain(&other.when, WHEN),
            })
            .collect(),
    }
}

/// Where the reply is from.
fn from(record: &Record) -> Option<String> {
    if record.on_purpose {
        return Some("a rule of behaviour has it so".to_owned());
    }
    let source = record.source.as_deref()?;
    let is_usual = source.starts_with("sample") && !source.contains("seed");
    Some(match is_usual {
        true => format!("{source}, drawn by the usual seed: `Prefer: seed=TEXT` gives another"),
        false => source.to_owned(),
    })
}
