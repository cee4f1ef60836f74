use super::super::refusal::Refusal;
use super::judge::{judge_body, judge_typed};
use super::problem::{ProblemShape, Refused};
use crate::host::Host;
use crate::wire::{Bytes, HeaderMap, MediaType, Method, StatusCode, header};
use axum::Json;
use axum::extract::State;
use http::Uri;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use utoipa::ToSchema;

const FORM: &str = "application/x-www-form-urlencoded";

/// What a token is to permit, and for how long. Members of OAuth that don't matter here, such as
/// `grant_type`, may be there.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct TokenRequest {
    /// The scopes, with spaces between.
    #[serde(default)]
    #[schema(example = "pets.write")]
    scope: String,
    /// How long it is valid, in seconds; a day if not said.
    #[schema(minimum = 1, maximum = 31_536_000, example = 600)]
    lifetime: Option<u64>,
}

/// A token, as OAuth 2.0 hands it out (RFC 6749 §5.1).
#[derive(Serialize, ToSchema)]
pub(super) struct Token {
    /// The JWT.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// How long it is valid, in seconds.
    expires_in: u64,
    /// What it permits.
    scope: String,
}

/// Mint a development token
#[utoipa::path(
    post,
    path = "/_counterpart/tokens",
    operation_id = "mintToken",
    tag = "tokens",
    description = "A JWT that permits the scopes, for clients of the mocked APIs. Anyone may have one: it is \
        worth nothing anywhere else. OAuth clients can use this as the token URL of the client credentials flow.",
    request_body(content(
        (TokenRequest = "application/json"),
        (TokenRequest = "application/x-www-form-urlencoded")
    )),
    responses(
        (status = 200, description = "The token.", body = Token),
        (status = 422, description = "The request is no token request.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn mint(
    State(host): State<Arc<Host>>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Token>, Refusal> {
    let request = match body.is_empty() {
        true => TokenRequest::default(),
        false => read(&headers, &uri, &body)?,
    };
    let lifetime = request.lifetime.unwrap_or(86_400);
    let scopes: Vec<String> = request
        .scope
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Ok(Json(Token {
        access_token: host.token(&scopes, since.as_secs(), lifetime),
        token_type: "Bearer",
        expires_in: lifetime,
        scope: scopes.join(" "),
    }))
}

fn read(headers: &HeaderMap, uri: &Uri, body: &Bytes) -> Result<TokenRequest, Refusal> {
    let field = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = field.and_then(MediaType::parse);
    if media_type.is_some_and(|media_type| media_type.is_json()) {
        return judge_body(Method::POST, uri, body);
    }
    judge_typed(Method::POST, uri, FORM, body)?;
    serde_urlencoded::from_bytes(body).map_err(|_| {
        let detail = "The form can't be read: each field is given once, and a number in digits.";
        Refusal::new(StatusCode::BAD_REQUEST, detail)
    })
}
