use super::super::covered::Covered;
use super::super::covering::{Counting, Covering};
use super::super::refusal::Refusal;
use super::judge::judge;
use super::problem::{ProblemShape, Refused, no_such_api};
use crate::coverage::{ApiReport, Kind, Uncovered};
use crate::host::Host;
use crate::wire::{Method, StatusCode};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::Uri;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The counters, where there is a journal that they are counted from.
type Counters = State<Option<Arc<Covering>>>;

/// Which coverage.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// That of one API.
    #[param(example = "petstore")]
    api: Option<String>,
    /// That of the exchanges for one sandbox, of those that the journal still has: what it had to
    /// give up is lost, and bodies that it keeps cut are unread.
    #[param(example = "suite-1", pattern = "^[A-Za-z0-9._~-]{1,100}$")]
    sandbox: Option<String>,
    /// How many of the points that aren't covered are listed of each.
    #[param(minimum = 0, maximum = 10_000, default = 1_000)]
    limit: Option<usize>,
}

/// What of the contracts clients have sent, and been sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Coverage)]
pub(super) struct CoverageShape {
    /// How many exchanges are counted.
    #[schema(example = 412)]
    exchanges: u64,
    /// How many the journal had to give up before they were.
    #[schema(example = 0)]
    lost: u64,
    /// Each API.
    apis: Vec<ApiShape>,
}

/// What of an API is covered.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiCoverage)]
struct ApiShape {
    /// The API's name.
    #[schema(example = "petstore")]
    api: String,
    /// All its points together. Those within operations that nobody asked for don't count: such
    /// an operation is one point itself.
    total: ShareShape,
    /// The points of each kind.
    kinds: Vec<KindShape>,
    /// The operations that were asked for.
    operations: Vec<AskedShape>,
    /// The rules that refused requests.
    rules: Vec<RefusedShape>,
    /// The points that aren't covered.
    uncovered: Vec<UncoveredShape>,
    /// How many of those there are more.
    #[schema(example = 0)]
    omitted: usize,
    /// How many exchanges had a body that was too long to be kept until it was looked into.
    #[schema(example = 0)]
    unread: u64,
    /// The operations of which not every point is counted: there are too many.
    cut: Vec<String>,
}

/// How many of some points are covered.
#[derive(Serialize, ToSchema)]
#[schema(as = Share)]
struct ShareShape {
    /// How many are.
    #[schema(example = 30)]
    covered: usize,
    /// How many there are.
    #[schema(example = 40)]
    all: usize,
    /// The same in percent, to one digit; 100 where there are none.
    #[schema(minimum = 0, maximum = 100, example = 75.0)]
    percent: f64,
}

/// The points of a kind.
#[derive(Serialize, ToSchema)]
#[schema(as = KindShare)]
struct KindShape {
    /// The kind.
    kind: KindName,
    /// How many are covered.
    #[schema(example = 3)]
    covered: usize,
    /// How many there are.
    #[schema(example = 4)]
    all: usize,
    /// The same in percent, to one digit; 100 where there are none.
    #[schema(minimum = 0, maximum = 100, example = 75.0)]
    percent: f64,
}

/// A kind of points: operations that are asked for, statuses that are answered with, media types
/// and properties of requests and replies, parameters, the values of an `enum`, the alternatives
/// of `oneOf` and `anyOf`. What may be left out or null is a point of its own.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Kind)]
enum KindName {
    Operation,
    Status,
    RequestMediaType,
    ReplyMediaType,
    Parameter,
    RequestProperty,
    ReplyProperty,
    Value,
    Branch,
}

/// An operation that was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = AskedOperation)]
struct AskedShape {
    /// Its method and template.
    #[schema(example = "PATCH /pets/{id}")]
    operation: String,
    /// How often.
    #[schema(example = 7)]
    count: u64,
}

/// A rule that refused requests.
#[derive(Serialize, ToSchema)]
#[schema(as = RefusingRule)]
struct RefusedShape {
    /// Where it stands.
    #[schema(example = "fixtures/petstore/rules.yaml:12")]
    source: String,
    /// How often.
    #[schema(example = 2)]
    count: u64,
}

/// A point that isn't covered.
#[derive(Serialize, ToSchema)]
#[schema(as = UncoveredPoint)]
struct UncoveredShape {
    /// Method and template of its operation.
    #[schema(example = "PATCH /pets/{id}")]
    operation: String,
    /// Its kind.
    kind: KindName,
    /// What it is.
    #[schema(example = "200 application/json /owner/email absent")]
    what: String,
    /// Where it is declared.
    #[schema(example = "specs/petstore.yaml:43")]
    source: String,
}

/// Read the coverage
#[utoipa::path(
    get,
    path = "/_counterpart/coverage",
    operation_id = "getCoverage",
    tag = "coverage",
    description = "What of the contracts clients have sent and been sent since the start, or since it was reset, \
        and what not, with its places in the documents. What requests say counts where they keep to the contract. \
        It is counted from the journal.",
    params(Which),
    responses(
        (status = 200, description = "The coverage.", body = CoverageShape),
        (status = 404, description = "There is no such API, or no journal.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "There is no such parameter, or a value is none that it has.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn get_coverage(
    State(host): State<Arc<Host>>,
    State(counters): Counters,
    uri: Uri,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<CoverageShape>, Refusal> {
    judge(Method::GET, &uri)?;
    let Query(which) = which?;
    let counters = counters.ok_or_else(off)?;
    let limit = which.limit.unwrap_or(1_000);
    let wanted = which.api.clone();
    let is_wanted = move |name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
    if !host.apis().iter().any(|api| is_wanted(api.name())) {
        return Err(no_such_api(&host, which.api.as_deref().unwrap_or_default()));
    }
    let shown = move |counting: &Counting| {
        let host = &counting.host;
        let apis = host.apis().iter().enumerate();
        let apis = apis.filter(|(_, api)| is_wanted(api.name()));
        let report = |number| counting.coverage.report(host, number, limit);
        CoverageShape::from(Covered {
            exchanges: counting.exchanges,
            lost: counting.lost,
            apis: apis.map(|(number, _)| report(number)).collect(),
        })
    };
    let reading = move || match &which.sandbox {
        Some(sandbox) => shown(&counters.counted_in(sandbox)),
        None => shown(&counters.counted()),
    };
    // What isn't counted yet takes longer than a thread of the runtime should be held up.
    let read = tokio::task::spawn_blocking(reading).await;
    let read = read.map_err(|_| {
        let detail = "The mock server failed on this request.";
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })?;
    Ok(Json(read))
}

/// Reset the coverage
#[utoipa::path(
    delete,
    path = "/_counterpart/coverage",
    operation_id = "deleteCoverage",
    tag = "coverage",
    description = "Nothing is covered any longer. `reset` leaves it as it is.",
    responses(
        (status = 204, description = "It is counted anew."),
        (status = 404, description = "There is no journal.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn delete_coverage(
    State(counters): Counters,
    uri: Uri,
) -> Result<StatusCode, Refusal> {
    judge(Method::DELETE, &uri)?;
    counters.ok_or_else(off)?.reset();
    Ok(StatusCode::NO_CONTENT)
}

fn off() -> Refusal {
    let detail = "The journal is off, and with it the coverage, which is counted from it.";
    Refusal::new(StatusCode::NOT_FOUND, detail)
}

/// A coverage as the control plane tells it.
pub(in crate::server) fn json(covered: Covered) -> Value {
    json!(CoverageShape::from(covered))
}

impl From<Covered> for CoverageShape {
    fn from(covered: Covered) -> CoverageShape {
        CoverageShape {
            exchanges: covered.exchanges,
            lost: covered.lost,
            apis: covered.apis.into_iter().map(ApiShape::from).collect(),
        }
    }
}

impl ShareShape {
    fn of((covered, all): (usize, usize)) -> ShareShape {
        ShareShape {
            covered,
            all,
            percent: percent(covered, all),
        }
    }
}

/// Rounded down: what isn't whole isn't 100.
fn percent(covered: usize, all: usize) -> f64 {
    match all {
        0 => 100.0,
        all => (covered as f64 * 1_000.0 / all as f64).floor() / 10.0,
    }
}

impl From<Kind> for KindName {
    fn from(kind: Kind) -> KindName {
        match kind {
            Kind::Operation => KindName::Operation,
            Kind::Status => KindName::Status,
            Kind::RequestMediaType => KindName::RequestMediaType,
            Kind::ReplyMediaType => KindName::ReplyMediaType,
            Kind::Parameter => KindName::Parameter,
            Kind::RequestProperty => KindName::RequestProperty,
            Kind::ReplyProperty => KindName::ReplyProperty,
            Kind::Value => KindName::Value,
            Kind::Branch => KindName::Branch,
        }
    }
}

impl From<ApiReport> for ApiShape {
    fn from(report: ApiReport) -> ApiShape {
        let kind = |(kind, covered, all): &(Kind, usize, usize)| KindShape {
            kind: (*kind).into(),
            covered: *covered,
            all: *all,
            percent: percent(*covered, *all),
        };
        let asked = |(operation, count)| AskedShape { operation, count };
        let refused = |(source, count)| RefusedShape { source, count };
        let uncovered = |point: Uncovered| UncoveredShape {
            operation: point.operation,
            kind: point.kind.into(),
            what: point.what,
            source: point.source,
        };
        ApiShape {
            total: ShareShape::of(report.totals()),
            kinds: report.kinds.iter().map(kind).collect(),
            api: report.api,
            operations: report.operations.into_iter().map(asked).collect(),
            rules: report.rules.into_iter().map(refused).collect(),
            uncovered: report.uncovered.into_iter().map(uncovered).collect(),
            omitted: report.omitted,
            unread: report.unread,
            cut: report.cut,
        }
    }
}
