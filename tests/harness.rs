//! Requests that read as sentences: `counterpart("live").patch("/v1/sessions/1").json(…).send()`.

use counterpart::host::{Api, Host};
use counterpart::wire::{HeaderName, Method, Request, development_token, header};
use serde_json::Value;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// A mock of its own for a test, without a socket.
pub struct Counterpart {
    host: Host,
}

/// The shipped contract of that name, with its fixtures and rules, at the root.
pub fn counterpart(name: &str) -> Counterpart {
    let document = PathBuf::from(format!("specs/{name}.yaml"));
    let host = Host::load(&[document]).unwrap_or_else(|errors| panic!("{errors}"));
    Counterpart { host }
}

/// All the shipped contracts side by side.
pub fn all_four() -> Counterpart {
    let host = Host::load(&["specs".into()]).unwrap_or_else(|errors| panic!("{errors}"));
    Counterpart { host }
}

impl Counterpart {
    pub fn get(&self, target: &str) -> Asking<'_> {
        self.ask(Method::GET, target)
    }

    pub fn patch(&self, target: &str) -> Asking<'_> {
        self.ask(Method::PATCH, target)
    }

    pub fn put(&self, target: &str) -> Asking<'_> {
        self.ask(Method::PUT, target)
    }

    pub fn ask(&self, method: Method, target: &str) -> Asking<'_> {
        Asking {
            host: &self.host,
            request: Request::new(method, target),
        }
    }

    /// The first API.
    pub fn api(&self) -> &Api {
        &self.host.apis()[0]
    }

    pub fn host(&self) -> &Host {
        &self.host
    }
}

/// A request on its way.
pub struct Asking<'h> {
    host: &'h Host,
    request: Request,
}

impl Asking<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header name");
        self.request = self.request.with_header(name, value);
        self
    }

    /// A bearer token that permits these.
    pub fn bearer(self, scopes: &[&str]) -> Self {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a clock");
        let token = development_token(&scopes, now.as_secs(), 600);
        self.header(header::AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// A JSON body, under `application/json`.
    pub fn json(self, body: Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self = self.header(header::CONTENT_TYPE.as_str(), media_type);
        self.request = self.request.with_body(body.into());
        self
    }

    /// Sends it. Whatever comes back must keep to the contract, so that is asserted for all tests.
    pub fn send(self) -> Answer {
        let exchange = self.host.answer(self.request);
        let broken: Vec<String> = exchange
            .reply_violations
            .iter()
            .map(|v| format!("{} {}", v.place, v.detail))
            .collect();
        assert!(
            broken.is_empty(),
            "the reply breaks the contract: {broken:?}"
        );
        Answer {
            status: exchange.reply.status.as_u16(),
            headers: exchange.reply.headers.clone(),
            text: String::from_utf8(exchange.reply.body.to_vec()).expect("UTF-8"),
            exchange,
        }
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: counterpart::wire::HeaderMap,
    pub text: String,
    pub exchange: counterpart::exchange::Exchange,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The pointers of a problem's `errors`, in order.
    pub fn pointers(&self) -> Vec<String> {
        self.errors("pointer")
    }

    /// The parameters of a problem's `errors`, in order.
    pub fn parameters(&self) -> Vec<String> {
        self.errors("parameter")
    }

    fn errors(&self, member: &str) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .filter_map(|e| e[member].as_str().map(str::to_owned))
            .collect()
    }
}
