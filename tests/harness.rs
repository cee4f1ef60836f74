//! Requests that read as sentences: `counterpart("live").patch("/v1/sessions/1").json(…).send()`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart::host::{Api, Host};
use counterpart::wire::{HeaderName, Method, Request, header};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Barrier;
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
    pub fn of(host: Host) -> Counterpart {
        Counterpart { host }
    }

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

/// Does this `count` times at the same moment, each in a thread of its own.
pub fn at_once<T: Send>(count: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = Barrier::new(count);
    std::thread::scope(|scope| {
        let start = |number| {
            let (gate, act) = (&gate, &act);
            let act = move || {
                gate.wait();
                act(number)
            };
            let builder = std::thread::Builder::new().stack_size(512 * 1024);
            builder.spawn_scoped(scope, act).expect("a thread")
        };
        let threads: Vec<_> = (0..count).map(start).collect();
        let ends = threads.into_iter();
        ends.map(|thread| thread.join().expect("an end")).collect()
    })
}

/// Sends every body, and tells which isn't refused by a 422 that points to its place and no
/// other. An empty place stands for the body's one property.
pub fn misjudged(cases: &[(Value, &str)], send: impl Fn(Value) -> Answer) -> Vec<String> {
    let judge = |(body, place): &(Value, &str)| {
        let whole = body.as_object().and_then(|body| body.keys().next());
        let whole = format!("/{}", whole.expect("a property"));
        let place = if place.is_empty() { &whole } else { *place };
        let answer = send(body.clone());
        let status = answer.status;
        let right = status == 422 && answer.places() == [place];
        (!right).then(|| format!("{body}: {status} {}", answer.text))
    };
    cases.iter().filter_map(judge).collect()
}

/// Values that a program may trip over: numbers and dates at the ends of their ranges, odd text.
pub fn hostile_values() -> Vec<Value> {
    let texts = [
        "",
        "null",
        "\0",
        "\u{feff}",
        "\u{202e}",
        "{{index}}",
        "${now}",
        "' || true",
        "../../etc/passwd",
        "%00",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "0000-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999999Z",
        "9999-12-31T23:59:59-23:59",
        "2016-12-31T23:59:60Z",
        "2016-12-31T23:59:60.999999999999999999999Z",
        "10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "2025-03-10t08:00:00z",
        "00:00",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=4294967296",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=99991231T235959Z",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=00000000T000000Z",
    ];
    let numbers = [
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(f64::MAX),
        json!(f64::MIN_POSITIVE),
        json!(-0.0),
        json!(1e19),
    ];
    let mut values = vec![json!(null), json!(true), json!([]), json!({})];
    values.extend(texts.map(Value::from));
    values.push(json!("x".repeat(100_000)));
    values.extend(numbers);
    let inner: Vec<Value> = values.iter().map(|value| json!([value])).collect();
    values.extend(inner);
    values
}

/// Puts every hostile value at every place of a right body, and tells for which the mock fails:
/// any answer but a 200 or one of its refusals, and no answer to the question that follows.
pub fn failures(right: &Value, send: impl Fn(Value) -> Answer) -> Vec<String> {
    let mut failures = Vec::new();
    for place in places_of(right) {
        for value in hostile_values() {
            let mut body = right.clone();
            *body.pointer_mut(&place).expect("a place of the body") = value.clone();
            let answer = send(body);
            if ![200, 400, 409, 412, 422].contains(&answer.status) {
                failures.push(format!(
                    "{place} {value:.60}: {} {}",
                    answer.status, answer.text
                ));
            }
        }
    }
    assert_eq!(
        send(right.clone()).status,
        200,
        "the right body, after all the wrong ones"
    );
    failures
}

/// The pointer to every value in a value, itself included.
fn places_of(value: &Value) -> Vec<String> {
    let mut places = vec![String::new()];
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, one)| (name.clone(), one))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, one)| (at.to_string(), one))
            .collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        places.extend(places_of(child).iter().map(|rest| format!("/{name}{rest}")));
    }
    places
}

/// Nothing misjudged.
pub const NONE: [String; 0] = [];

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
        let token = self.host.token(&scopes, now.as_secs(), 600);
        self.header(header::AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// A bearer token that makes these claims and no others.
    pub fn claims(self, claims: Value) -> Self {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(json!({"alg": "HS256", "typ": "JWT"}));
        let token = format!("{head}.{}.c2lnbmVk", part(claims));
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
            text: String::from_utf8_lossy(&exchange.reply.body).into_owned(),
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

    /// The places that a problem's `errors` point to, sorted; a value may break several rules.
    pub fn places(&self) -> Vec<String> {
        let mut pointers = self.pointers();
        pointers.sort();
        pointers.dedup();
        pointers
    }

    /// An error without a documented shape of its own: RFC 9457, for that status.
    #[track_caller]
    pub fn problem(self, status: u16) -> Answer {
        let answer = self.is(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let body = answer.json();
        assert_eq!(body["status"], status, "{body}");
        assert!(body["title"].is_string(), "{body}");
        for error in body["errors"].as_array().into_iter().flatten() {
            let detail = error["detail"].as_str().unwrap_or_default();
            assert!(!detail.is_empty(), "{body}");
        }
        answer
    }

    /// A 422 that names these places of the body, and no others.
    #[track_caller]
    pub fn invalid_at(self, pointers: &[&str]) -> Answer {
        let answer = self.problem(422);
        let mut expected = pointers.to_vec();
        expected.sort_unstable();
        assert_eq!(answer.places(), expected, "{}", answer.text);
        answer
    }

    /// The body is this text, to the byte: same values, same order, nothing around it.
    #[track_caller]
    pub fn reads(self, body: &Value) -> Answer {
        assert_eq!(self.text, body.to_string());
        self
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
