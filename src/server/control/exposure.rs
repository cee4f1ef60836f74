use super::super::ServerConfig;
use super::super::refusal::Refusal;
use super::TOKENS;
use super::problem::{is_form, is_json, not_json};
use crate::exchange::HOPS;
use crate::wire::{HeaderMap, HeaderName, StatusCode, header, is_loopback_host};
use http::request::Parts;
use std::net::SocketAddr;

/// Who may use the control plane: programs of this machine, or whoever has the token. Never a web
/// page, which could reach a loopback port through its visitor's browser.
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
        // Browsers send Origin with every request that could do harm, a page's own included.
        if parts.headers.contains_key(header::ORIGIN) || is_cross_site(&parts.headers) {
            return Err(forbidden("The control plane is not for web pages."));
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
        if let Some(token) = &self.token
            && !bearer(&parts.headers).is_some_and(|sent| same(sent, token))
        {
            return Err(Refusal::new(
                StatusCode::UNAUTHORIZED,
                "The control plane needs its token: Authorization: Bearer …",
            )
            .with_header(header::WWW_AUTHENTICATE, "Bearer"));
        }
        let sent = text(&parts.headers, &header::CONTENT_TYPE);
        let form = parts.uri.path() == TOKENS && is_form(sent);
        if has_body && !is_json(sent) && !form {
            return Err(not_json());
        }
        Ok(())
    }
}

fn forbidden(detail: &'static str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, detail)
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

fn is_cross_site(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
    let own = |site: &[u8]| site == b"same-origin" || site == b"none";
    sites.any(|site| !own(site.as_bytes()))
}

/// The host without its port. An absolute-form target's goes before the field (RFC 9112 §3.2.2).
fn asked_host(parts: &Parts) -> &str {
    let field = || text(&parts.headers, &header::HOST).unwrap_or("");
    let authority = parts
        .uri
        .authority()
        .map_or_else(field, |authority| authority.as_str());
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
