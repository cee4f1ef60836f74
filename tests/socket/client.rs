//! The same through an HTTP client that others use: hyper-util's.

use super::document;
use crate::raw::{Served, serve_shipped};
use counterpart::server::ServerConfig;
use counterpart::wire::{Bytes, HeaderMap, Method};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// A client that keeps its connections.
struct Http<'s> {
    served: &'s Served,
    client: Client<HttpConnector, Full<Bytes>>,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn field(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

impl Http<'_> {
    fn of(served: &Served) -> Http<'_> {
        let _inside = served.runtime.enter();
        let client = Client::builder(TokioExecutor::new()).build_http();
        Http { served, client }
    }

    fn ask(&self, method: Method, path: &str, fields: &[(&str, &str)], body: &str) -> Answer {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.served.server.url()));
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let body = Full::new(Bytes::copy_from_slice(body.as_bytes()));
        let request = request.body(body).expect("a request");
        self.served.runtime.block_on(async {
            let reply = self.client.request(request).await.expect("a reply");
            let (parts, body) = reply.into_parts();
            Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: body.collect().await.expect("a body").to_bytes(),
            }
        })
    }
}

const ONE: &str = "/live/v1/sessions/11111111-1111-4111-8111-111111111111";

#[test]
fn a_change_is_there_on_the_next_read_and_only_its_reader_may_change_it() {
    let served = serve_shipped(ServerConfig::default());
    let http = Http::of(&served);
    let before = http.ask(Method::GET, ONE, &[], "");
    assert_eq!(before.status, 200);
    assert_eq!(before.field("content-type"), "application/json");
    let tag = before.field("etag").to_owned();

    let json_body = ("content-type", "application/json");
    let fields = [json_body, ("if-match", tag.as_str())];
    let title = r#"{"title": "Évening flow"}"#;
    let changed = http.ask(Method::PATCH, ONE, &fields, title);
    assert_eq!(changed.status, 200, "{:?}", changed.body);
    assert_eq!(changed.json()["title"], "Évening flow");
    assert_eq!(changed.json()["updated_at"], "2025-06-01T12:00:00.000Z");
    assert_ne!(changed.field("etag"), tag);

    let after = http.ask(Method::GET, ONE, &[], "");
    assert_eq!(after.body, changed.body);
    assert_eq!(after.field("etag"), changed.field("etag"));
    let known = ("if-none-match", changed.field("etag"));
    let again = http.ask(Method::GET, ONE, &[known], "");
    assert_eq!((again.status, again.body.len()), (304, 0));

    let late = http.ask(Method::PATCH, ONE, &fields, title);
    assert_eq!(late.status, 412);
    assert_eq!(late.json()["error"], "precondition_failed");
    assert_eq!(http.ask(Method::GET, ONE, &[], "").body, changed.body);
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_changes_nothing() {
    let served = serve_shipped(ServerConfig::default());
    let http = Http::of(&served);
    let before = http.ask(Method::GET, ONE, &[], "");
    let bad = json!({"title": "", "max_participants": "many", "kind": "podcast"});
    let fields = [("content-type", "application/json")];
    let refused = http.ask(Method::PATCH, ONE, &fields, &bad.to_string());
    assert_eq!(refused.status, 422);
    assert_eq!(refused.field("content-type"), "application/problem+json");
    let problem = refused.json();
    let mut pointers: Vec<_> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| e["pointer"].as_str().expect("a pointer"))
        .collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/kind", "/max_participants", "/title"]);
    assert_eq!(http.ask(Method::GET, ONE, &[], "").body, before.body);
}

#[test]
fn head_is_get_without_the_body_but_with_its_length() {
    let served = serve_shipped(ServerConfig::default());
    let http = Http::of(&served);
    for path in [
        ONE,
        "/live/v1/sessions",
        "/live/v1/sessions/nobody",
        "/nowhere",
    ] {
        let get = http.ask(Method::GET, path, &[], "");
        let head = http.ask(Method::HEAD, path, &[], "");
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.body.len(), 0, "{path}");
        let length = get.body.len().to_string();
        assert_eq!(head.field("content-length"), length, "{path}");
        for field in ["content-type", "x-content-type-options"] {
            assert_eq!(head.field(field), get.field(field), "{path}");
        }
        assert_eq!(head.headers.get("etag"), get.headers.get("etag"), "{path}");
    }
}

#[test]
fn a_preferred_reply_is_sent_and_nothing_changes() {
    let served = serve_shipped(ServerConfig::default());
    let http = Http::of(&served);
    let fields = [("content-type", "application/json")];
    let prefer = |preference| [fields[0], ("prefer", preference)];
    let title = r#"{"title": "Never"}"#;
    let before = http.ask(Method::GET, ONE, &[], "");

    let gone = http.ask(Method::PATCH, ONE, &prefer("code=404"), title);
    assert_eq!(gone.status, 404);
    assert_eq!(gone.field("preference-applied"), "code=404");
    let stale = http.ask(
        Method::PATCH,
        ONE,
        &prefer("code=412, example=stale"),
        title,
    );
    assert_eq!(stale.status, 412);
    let message = "The session has changed since its ETag was read.";
    assert_eq!(stale.json()["message"], message);
    let unknown = http.ask(Method::PATCH, ONE, &prefer("code=418"), title);
    assert_eq!(unknown.status, 400, "{:?}", unknown.body);
    assert_eq!(http.ask(Method::GET, ONE, &[], "").body, before.body);
}

#[test]
fn a_client_keeps_its_connection() {
    let served = document::serve(ServerConfig::default());
    let http = Http::of(&served);
    for (path, status) in [("/x", 200), ("/a/b", 404), ("/y", 422), ("/x", 200)] {
        let answer = http.ask(Method::GET, path, &[], "");
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.headers.get("connection"), None, "{path}");
    }
}
