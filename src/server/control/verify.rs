use super::super::expectations::{Expectation, Expectations, Judged, Verdict};
use super::super::journal::Journal;
use super::super::refusal::Refusal;
use super::expect::{Whose, refuse};
use super::expect_shape::{WishShape, read_all};
use super::journal::Kept;
use super::judge::{judge, judge_body, wrong_at};
use super::problem::{ProblemShape, Refused};
use super::verdict_shape::{UnmetShape, VerdictShape};
use crate::host::Host;
use crate::wire::{Bytes, Method, ProblemError, StatusCode, header};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::Uri;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};
use utoipa::ToSchema;

/// How long a request may wait.
pub(super) const LONGEST: Duration = Duration::from_secs(30);
/// How long whoever waits rests between two looks at the journal.
const PAUSE: Duration = Duration::from_millis(20);

/// What is to be verified, and how.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = Verifying)]
struct VerifyingShape {
    /// What is expected of the exchanges that the journal has; without it, what was expected
    /// before.
    #[schema(min_items = 1, max_items = 1000)]
    expectations: Option<Vec<WishShape>>,
    /// Whether nothing else may have come.
    #[schema(example = true)]
    strict: Option<bool>,
    /// Whether it has to come in this order; other exchanges may be between.
    #[schema(example = false)]
    in_order: Option<bool>,
    /// How long to wait for it, in seconds or milliseconds, up to `30s`.
    #[schema(pattern = "^[0-9]{1,5}(ms|s)$", example = "2s")]
    within: Option<String>,
}

/// Verify what came
#[utoipa::path(
    post,
    path = "/_counterpart/verify",
    operation_id = "verify",
    tag = "expectations",
    description = "Whether the requests came that were expected, each as often as it should. Without a body, or \
        without `expectations` in it, those that were added are judged, by what was counted since; expectations \
        in the body are looked for in the journal, which may have had to give up the oldest exchanges, and among \
        those that came since `reset` last put their state back. What isn't \
        met is a 409 that tells how often it came, and of the exchanges that were nearest to it what differs. \
        With `within` it waits until all is met, or the time is over. With `sandbox`, only the exchanges of that \
        one and the expectations for it are looked at.",
    params(Whose),
    request_body(content = Option<VerifyingShape>),
    responses(
        (status = 200, description = "All is met.", body = VerdictShape),
        (status = 404, description = "There is no journal to look through.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 409, description = "Something isn't met.",
            body = UnmetShape, content_type = "application/problem+json"),
        (status = 422, description = "Some expectations name what isn't there, or what the journal masks.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 503, description = "There are as many who wait as there may be.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn verify(
    State(host): State<Arc<Host>>,
    State(expectations): State<Arc<Expectations>>,
    State(journal): Kept,
    uri: Uri,
    whose: Result<Query<Whose>, QueryRejection>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let shape: VerifyingShape = match body.is_empty() {
        true => {
            judge(Method::POST, &uri)?;
            VerifyingShape::default()
        }
        false => judge_body(Method::POST, &uri, &body)?,
    };
    let Query(whose) = whose?;
    let within = shape.within.as_deref().map(span).transpose()?;
    let strict = shape.strict.unwrap_or(false);
    let in_order = shape.in_order.unwrap_or(false);
    let of_journal = shape.expectations.is_some() || strict || in_order;
    if of_journal && journal.is_none() {
        let detail = "The journal is off, so that there is nothing to look through.";
        return Err(Refusal::new(StatusCode::NOT_FOUND, detail));
    }
    let all: Vec<Arc<Expectation>> = match shape.expectations {
        None => {
            let all = expectations.all();
            all.iter().filter(|one| whose.takes(one)).cloned().collect()
        }
        Some(wishes) => {
            let read = read_all(wishes, whose.sandbox.as_deref(), &host).map_err(refuse)?;
            if let Some(journal) = &journal {
                refuse_masked(&read, journal)?;
            }
            read.into_iter().map(Arc::new).collect()
        }
    };
    let judged = Arc::new(Judged {
        expectations: all,
        strict,
        in_order,
        sandbox: whose.sandbox,
    });
    let look = || look(&judged, &host, journal.as_ref(), &expectations);
    let verdict = match within {
        None => look().await?,
        Some(within) => {
            let wait = expectations.wait().ok_or_else(|| {
                let detail = "There are as many who wait as there may be.";
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, detail)
            })?;
            let end = Instant::now() + within;
            loop {
                let next = wait.next();
                tokio::pin!(next);
                next.as_mut().enable();
                let verdict = look().await?;
                if verdict.is_met() || wait.is_over() || timeout_at(end, next).await.is_err() {
                    break verdict;
                }
                // Of many exchanges in a row each needn't be looked at alone.
                sleep(PAUSE.min(end.saturating_duration_since(Instant::now()))).await;
            }
        }
    };
    if verdict.is_met() {
        return Ok(Json(VerdictShape::from(&verdict)).into_response());
    }
    let problem = [(header::CONTENT_TYPE, "application/problem+json")];
    let body = Json(UnmetShape::from(&verdict));
    Ok((StatusCode::CONFLICT, problem, body).into_response())
}

/// To look through the journal takes longer than a thread of the runtime should be held up.
async fn look(
    judged: &Arc<Judged>,
    host: &Arc<Host>,
    journal: Option<&Arc<Journal>>,
    expectations: &Arc<Expectations>,
) -> Result<Verdict, Refusal> {
    let (judged, host) = (Arc::clone(judged), Arc::clone(host));
    let (journal, expectations) = (journal.cloned(), Arc::clone(expectations));
    let judging = move || judged.judge(&host, journal.as_deref(), &expectations.resets);
    let verdict = tokio::task::spawn_blocking(judging).await;
    verdict.map_err(|_| {
        let detail = "The mock server failed on this request.";
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })
}

/// A time as it is written.
fn span(text: &str) -> Result<Duration, Refusal> {
    let millis = match text.strip_suffix("ms") {
        Some(millis) => millis.parse().ok(),
        None => {
            let seconds = text.strip_suffix('s').and_then(|text| text.parse().ok());
            seconds.and_then(|seconds: u64| seconds.checked_mul(1_000))
        }
    };
    let span = millis.map(Duration::from_millis);
    span.filter(|span| *span <= LONGEST).ok_or_else(|| {
        let detail = format!("is 30s at most, got {text:?}");
        wrong_at("/within", "maximum", detail)
    })
}

/// What is masked in the journal can't be looked for there, and would never be found.
fn refuse_masked(all: &[Expectation], journal: &Journal) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    for (number, one) in all.iter().enumerate() {
        let named = one.pattern.named();
        let masked = named.iter().filter(|(place, _)| journal.hides(place));
        errors.extend(masked.map(|(_, at)| ProblemError {
            pointer: Some(format!("/expectations/{number}{at}")),
            detail:
                "is masked in the journal; add it to what is expected before it comes".to_owned(),
            rule: "masked".to_owned(),
            ..ProblemError::default()
        }));
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(refuse(errors)),
    }
}
