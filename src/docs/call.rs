//! A request to the mock: as it is asked, and as a page shows it.

use super::samples::{Body, Mint, Request as Shown};
use crate::contract::{Apart, Contract};
use crate::exchange::Exchange;
use crate::host::Host;
use crate::route::filled;
use crate::wire::{HeaderName, Method, Request, encode_segment, header};
use std::time::{SystemTime, UNIX_EPOCH};

/// How long a token is valid that is shown to nobody, in seconds.
const LIFETIME: u64 = 600;

/// A request to an operation.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Its method.
    pub method: Method,
    /// The path of the contract.
    pub template: String,
    /// The parameters of the path by their names, as they are written.
    pub path: Vec<(String, String)>,
    /// The pairs of the query, as they are written.
    pub query: Vec<String>,
    /// Its header fields, but for those of its token and its body.
    pub headers: Vec<(String, String)>,
    /// What the token permits that it sends, where it sends one.
    pub token: Option<Vec<String>>,
    /// Its body.
    pub body: Option<Sent>,
}

/// A body that is sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// Its media type.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The same as samples have it.
    pub shown: Body,
}

impl Sent {
    /// A text.
    pub fn text(media_type: &str, text: &str) -> Sent {
        Sent {
            media_type: media_type.to_owned(),
            bytes: text.as_bytes().to_vec(),
            shown: Body::Text {
                media_type: media_type.to_owned(),
                text: text.to_owned(),
            },
        }
    }

    /// A value as JSON.
    pub fn json(media_type: &str, value: serde_json::Value) -> Sent {
        Sent {
            media_type: media_type.to_owned(),
            bytes: value.to_string().into_bytes(),
            shown: Body::Json(value),
        }
    }
}

impl Call {
    /// Its path and query within the contract.
    pub fn target(&self) -> String {
        // What has no value stands as it is written, encoded.
        let mut target = filled(&self.template, &self.path);
        if !self.query.is_empty() {
            target += &format!("?{}", self.query.join("&"));
        }
        target
    }

    /// What the mock answers, on a state that begins with the fixtures.
    pub fn ask(&self, host: &Host, contract: &Contract) -> Exchange {
        self.ask_on(host, contract, &contract.apart())
    }

    /// What the mock answers on that state.
    pub fn ask_on(&self, host: &Host, contract: &Contract, apart: &Apart) -> Exchange {
        contract.answer_apart(self.request(host), apart)
    }

    /// The same as it travels.
    pub fn request(&self, host: &Host) -> Request {
        let mut request = Request::new(self.method.clone(), self.target());
        for (name, value) in &self.headers {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                request = request.with_header(name, value);
            }
        }
        if let Some(scopes) = &self.token {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let now = now.map_or(0, |now| now.as_secs());
            let token = host.token(scopes, now, LIFETIME);
            request = request.with_header(header::AUTHORIZATION, &format!("Bearer {token}"));
        }
        if let Some(body) = &self.body {
            // A header field of the request goes before the body's own.
            if !request.headers.contains_key(header::CONTENT_TYPE) {
                request = request.with_header(header::CONTENT_TYPE, &body.media_type);
            }
            request = request.with_body(body.bytes.clone());
        }
        request
    }

    /// The same for samples, to a mock at `base`.
    pub fn shown(&self, contract: &Contract, base: &str) -> Shown {
        let mut headers = self.headers.clone();
        if let Some(body) = &self.body
            && matches!(body.shown, Body::Json(_) | Body::Binary { .. })
            && !headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            headers.push(("Content-Type".to_owned(), body.media_type.clone()));
        }
        Shown {
            method: self.method.to_string(),
            url: format!("{base}{}{}", contract.prefix, self.target()),
            headers,
            token: self.token.as_ref().map(|scopes| Mint {
                url: format!("{base}/_counterpart/tokens"),
                scopes: scopes.clone(),
            }),
            body: self.body.as_ref().map(|body| body.shown.clone()),
        }
    }

    /// The same with another header field, in the place of one of its name.
    pub fn with(&self, name: &str, value: &str) -> Call {
        let mut call = self.clone();
        call.headers
            .retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        call.headers.push((name.to_owned(), value.to_owned()));
        call
    }

    /// The same with another body.
    pub fn sending(&self, body: Option<Sent>) -> Call {
        Call {
            body,
            ..self.clone()
        }
    }

    /// The same with another value of a parameter of its path.
    pub fn at(&self, name: &str, value: &str) -> Call {
        let mut call = self.clone();
        for (own, written) in &mut call.path {
            if own == name {
                *written = encode_segment(value);
            }
        }
        call
    }
}
