//! How a person in a browser shows the control token: in a form, once. A cookie has it from then
//! on, which scripts can't read and which no other site's request carries.

use super::super::exposure::Exposure;
use super::page::guard;
use crate::wire::{Bytes, HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;

/// Where the form is sent.
pub(in crate::server::control) const ENTRY: &str = "/_counterpart/entry";

/// The cookie that has the token.
const SEAL: &str = "counterpart-control";

/// The form's page is the one that sends a form, and its origin has to be told with it.
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The answer to who hasn't shown the token: the form, or what comes of it.
pub(in crate::server::control) fn enter(
    exposure: &Exposure,
    parts: &Parts,
    body: &Bytes,
) -> Response {
    let is_sent = parts.method == Method::POST && parts.uri.path() == ENTRY;
    if !is_sent {
        return form(StatusCode::UNAUTHORIZED, "");
    }
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
    let token = fields.into_iter().find(|(name, _)| name == "token");
    let token = token.map(|(_, token)| token).unwrap_or_default();
    if !exposure.is_token(token.trim()) {
        return form(StatusCode::UNAUTHORIZED, "This is not the token.");
    }
    let sealed = URL_SAFE_NO_PAD.encode(token.trim());
    let cookie = format!("{SEAL}={sealed}; Path=/_counterpart; HttpOnly; SameSite=Strict");
    (
        [(header::SET_COOKIE, cookie)],
        Redirect::to("/_counterpart/"),
    )
        .into_response()
}

/// The token that a request's cookie has.
pub(in crate::server::control) fn sealed(headers: &HeaderMap) -> Option<String> {
    let fields = headers.get_all(header::COOKIE).iter();
    let mut pairs = fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, sealed) = pairs.find(|(name, _)| *name == SEAL)?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()
}

fn form(status: StatusCode, why: &str) -> Response {
    let page = include_str!("entry.html").replace("{why}", why);
    let media_type = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (status, media_type, page).into_response();
    let headers = response.headers_mut();
    guard(headers);
    let policy = HeaderValue::from_static(POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let referrer = HeaderValue::from_static("same-origin");
    headers.insert(header::REFERRER_POLICY, referrer);
    let challenge = HeaderValue::from_static("Bearer");
    headers.insert(header::WWW_AUTHENTICATE, challenge);
    response
}
