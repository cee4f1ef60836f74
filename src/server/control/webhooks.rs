use super::super::announce::Announcer;
use super::super::journal::Delivered;
use super::super::refusal::Refusal;
use super::exchange::Callback;
use super::journal::Kept;
use super::judge::{judge_body, wrong_at};
use super::problem::{ProblemShape, Refused};
use super::state::{Target, find};
use crate::exchange::{Announcement, Exchange, WebhookFault};
use crate::faults::Conduct;
use crate::host::Host;
use crate::wire::{Bytes, Method, Reply, Request, StatusCode};
use axum::Json;
use axum::extract::{Path, State};
use http::Uri;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;

/// Below it are the webhooks.
pub(super) const WEBHOOKS: &str = "/_counterpart/webhooks";
/// How long the reply waits for receivers.
const PATIENCE: Duration = Duration::from_secs(8);

/// A request that a webhook of a contract describes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Webhook {
    /// The API's name.
    #[schema(example = "petstore")]
    api: String,
    /// The webhook's name.
    #[schema(example = "petSold")]
    name: String,
    /// The method that it is sent with.
    #[schema(example = "POST")]
    method: String,
    /// The media types that its body may have.
    #[schema(example = json!(["application/json"]))]
    media_types: Vec<String>,
    /// The names of its examples.
    examples: Vec<String>,
}

/// Where to send a webhook, and what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sending {
    /// Where to: an `http://` URL of this machine, or of a host that the server was told to allow.
    #[schema(example = "http://127.0.0.1:9000/hook")]
    url: String,
    /// The body; an example of the contract or a sample without it.
    body: Option<Value>,
    /// The name of the example that is the body.
    example: Option<String>,
    /// How often, one after the other; once if not said.
    #[schema(minimum = 1, maximum = 100, example = 1)]
    count: Option<u32>,
}

/// List the webhooks
#[utoipa::path(
    get,
    path = "/_counterpart/webhooks",
    operation_id = "listWebhooks",
    tag = "callbacks",
    description = "Every request that the webhooks of the contracts describe.",
    responses((status = 200, description = "The webhooks.", body = Vec<Webhook>), Refused)
)]
pub(super) async fn list_webhooks(State(host): State<Arc<Host>>) -> Json<Vec<Webhook>> {
    let mut webhooks = Vec::new();
    for api in host.apis() {
        webhooks.extend(
            api.contract()
                .webhooks()
                .into_iter()
                .map(|webhook| Webhook {
                    api: api.name().to_owned(),
                    name: webhook.name,
                    method: webhook.method.to_string(),
                    media_types: webhook.media_types,
                    examples: webhook.examples,
                }),
        );
    }
    Json(webhooks)
}

/// Send a webhook
#[utoipa::path(
    post,
    path = "/_counterpart/webhooks/{api}/{name}",
    operation_id = "sendWebhook",
    tag = "callbacks",
    description = "Sends what the webhook describes, and tells what came of it. Of a receiver that takes \
        longer than 8 seconds it is `pending`: the journal, in which this request stands, and the log tell later.",
    params(
        ("api" = String, Path, description = "The API's name.", example = "petstore"),
        ("name" = String, Path, description = "The webhook's name.", example = "petSold")
    ),
    request_body(content = Sending),
    responses(
        (status = 200, description = "It was sent; what came of each request.", body = Vec<Callback>),
        (status = 404, description = "There is no such API or webhook.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "It can't be sent there, or not with such a body.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn send_webhook(
    State(host): State<Arc<Host>>,
    State(announcer): State<Announcer>,
    State(journal): Kept,
    uri: Uri,
    target: Target<(String, String)>,
    body: Bytes,
) -> Result<Json<Vec<Callback>>, Refusal> {
    let Path((api, name)) = target?;
    let contract = find(&host, &api)?.contract();
    let mut known: Vec<String> = contract
        .webhooks()
        .into_iter()
        .map(|webhook| webhook.name)
        .collect();
    if !known.contains(&name) {
        known.dedup();
        let detail = match known.is_empty() {
            true => format!("{api} has no webhooks."),
            false => format!(
                "{api} has no webhook {name:?}; it has: {}.",
                known.join(", ")
            ),
        };
        return Err(Refusal::new(StatusCode::NOT_FOUND, detail));
    }
    let sending: Sending = judge_body(Method::POST, &uri, &body)?;
    let unsent =
        |at: &str, why: String| wrong_at(at, "webhook", format!("The webhook is not sent: {why}."));
    announcer
        .admit(&sending.url)
        .map_err(|why| unsent("/url", why))?;
    let (own, example) = (sending.body.as_ref(), sending.example.as_deref());
    let made = contract.webhook(&name, &sending.url, own, example);
    let made = made.map_err(|fault| match fault {
        WebhookFault::Unknown => unsent("", "it isn't there".to_owned()),
        WebhookFault::BadBody(at, why) => unsent(&format!("/body{at}"), why),
        WebhookFault::NoExample(why) => unsent("/example", why),
        WebhookFault::Unfit(why) => unsent("", why),
    })?;
    let count = sending.count.unwrap_or(1);
    let mut announcements = Vec::new();
    for _ in 0..count {
        announcements.extend(made.iter().cloned());
    }
    if let Some(journal) = journal {
        let asked = asked(&uri, body, announcements);
        (_, announcements) = journal.exchange(asked, Duration::ZERO);
    }
    let mut waiting = Vec::new();
    for announcement in announcements {
        let outcome = announcer.ask(announcement.clone());
        waiting.push((announcement, outcome));
    }
    let end = Instant::now() + PATIENCE;
    let mut sent = Vec::new();
    for (announcement, outcome) in waiting {
        let delivery = timeout_at(end, outcome).await;
        let delivery = delivery.ok().and_then(Result::ok);
        sent.push(Callback::from(&Delivered::new(
            &announcement,
            delivery.as_ref(),
        )));
    }
    Ok(Json(sent))
}

/// The exchange that the journal knows the webhooks by: what asked for them.
fn asked(uri: &Uri, body: Bytes, announcements: Vec<Announcement>) -> Exchange {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    Exchange {
        sandbox: None,
        request: Request::new(Method::POST, target).with_body(body),
        operation: None,
        violations: Vec::new(),
        reply: Reply::new(StatusCode::OK),
        reply_violations: Vec::new(),
        source: None,
        refusal: None,
        is_fault: false,
        conduct: Conduct::default(),
        announcements,
    }
}
