use super::super::ServerConfig;
use super::super::refusal::Refusal;
use super::TOKENS;
use super::pages::{self, ENTRY};
use super::problem::{is_form, is_json, not_json};
use crate::exchange::HOPS;
use crate::wire::{HeaderMap, HeaderName, StatusCode, header, is_loopback_host};
use http::request::Parts;
use std::net::SocketAddr;

/// Who may use the control plane: programs of this machine, or whoever has the token, and the pages
/// that it serves itself. Never another's web page, which could reach a loopback port through its
/// visitor's browser.
pub(crate) struct Exposure {
    enabled: bool,
    loopback: bool,
    token: Option<String>,
}

impl Exposure {
    /// As configured, for a server that listens at `address`.
    pub(crate) fn new(config: &ServerConfig, address: SocketAddr) -> Exposure {
        Exposure {
            enabled: config.control,
            loopback: address.ip().is_loopback(),
            token: config.control_token.clone(),
        }
    }

    /// Lets a request through by its head, or says why not.
    pub(super) fn admit(&self, parts: &Parts, has_body: bool) -> Result<(), Refusal> {
        if !self.enabled {
            return Err(Refusal::new(
                StatusCode::NOT_FOUND,
                "The control plane is off.",
            ));
        }
        if !self.loopback && self.token.is_none() {
            return Err(forbidden(
                "The control plane is off: the server listens beyond this machine and has no control token.",
            ));
        }
        // Browsers send Origin with every request that could do harm, and say where a page is from.
        // Who only leads its visitor to one of our pages gets to see nothing of it.
        let is_visit = pages::are_at(parts.uri.path()) && is_visit(parts);
        if !is_own(parts) && !is_visit {
            return Err(forbidden(
                "The control plane is not for web pages of others.",
            ));
        }
        // Whoever may say where a callback goes could reach it through us.
        if parts.headers.contains_key(HOPS) {
            return Err(forbidden("The control plane is not for callbacks."));
        }
        // By the name it is called, against DNS that is rebound to this machine.
        if self.loopback && !is_loopback_host(asked_host(parts)) {
            return Err(forbidden(
                "The control plane answers only as localhost, 127.0.0.1 or [::1].",
            ));
        }
        // A person is asked for it on a page.
        if !pages::are_at(parts.uri.path()) && !self.knows(&parts.headers) {
            return Err(Refusal::new(
                StatusCode::UNAUTHORIZED,
                "The control plane needs its token: Authorization: Bearer …",
            )
            .with_header(header::WWW_AUTHENTICATE, "Bearer"));
        }
        let sent = text(&parts.headers, &header::CONTENT_TYPE);
        let form = [TOKENS, ENTRY].contains(&parts.uri.path()) && is_form(sent);
        if has_body && !is_json(sent) && !form {
            return Err(not_json());
        }
        Ok(())
    }

    /// Whether a request has the token, where one is needed: in its field, or in the cookie that
    /// it was put in once.
    pub(super) fn knows(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else {
            return true;
        };
        let is_sealed = || pages::sealed(headers).is_some_and(|sent| same(&sent, token));
        bearer(headers).is_some_and(|sent| same(sent, token)) || is_sealed()
    }

    /// Whether a text is the token.
    pub(super) fn is_token(&self, text: &str) -> bool {
        let token = self.token.as_ref();
        token.is_some_and(|token| same(text, token))
    }
}

fn forbidden(detail: &'static str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, detail)
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Whether no page sent the request, or one of this very origin.
fn is_own(parts: &Parts) -> bool {
    let headers = &parts.headers;
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
    let own = |site: &[u8]| site == b"same-origin" || site == b"none";
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let is_ours = |origin: &[u8]| {
        let authority = origin.strip_prefix(b"http://");
        let authority = authority.or_else(|| origin.strip_prefix(b"https://"));
        authority.is_some_and(|it| it.eq_ignore_ascii_case(authority_of(parts).as_bytes()))
    };
    sites.all(|site| own(site.as_bytes())) && origins.all(|origin| is_ours(origin.as_bytes()))
}

/// Whether a browser shows what it asks for as a page of its own: no other page gets to read it.
fn is_visit(parts: &Parts) -> bool {
    let headers = &parts.headers;
    let is = |name: &HeaderName, value: &str| text(headers, name) == Some(value);
    parts.method.is_safe()
        && !headers.contains_key(header::ORIGIN)
        && is(&SEC_FETCH_MODE, "navigate")
        && is(&SEC_FETCH_DEST, "document")
}

/// The host and port that are asked. An absolute-form target's go before the field (RFC 9112
/// §3.2.2).
fn authority_of(parts: &Parts) -> &str {
    let field = || text(&parts.headers, &header::HOST).unwrap_or("");
    parts
        .uri
        .authority()
        .map_or_else(field, |authority| authority.as_str())
}

/// The host without its port.
fn asked_host(parts: &Parts) -> &str {
    let authority = authority_of(parts);
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, &header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Compares without telling by its time how much was right.
fn same(sent: &str, token: &str) -> bool {
    let differences = sent.bytes().zip(token.bytes());
    sent.len() == token.len() && differences.fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
