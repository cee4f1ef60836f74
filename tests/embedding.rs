//! The library within other people's tests: a server that is asked what came, and a layer that judges
//! an application by its contract.

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Path;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::{Judging, Server, ServerConfig};
use hyper::body::Frame;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

const PETS: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    post:
      operationId: createPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '422': {description: Wrong}
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200': {description: A pet, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
  /events:
    get: {responses: {'200': {description: News, content: {text/event-stream: {}}}}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string, minLength: 1}}}
";

fn pets() -> Contract {
    Contract::from_text("pets.yaml", PETS).unwrap_or_else(|e| panic!("{e}"))
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(work)
}

/// Shows pets of one name; takes any. The one of number 2 has none, and the one of number 3 is told
/// in a text.
async fn show(Path(id): Path<String>) -> Response {
    match id.as_str() {
        "2" => Json(json!({})).into_response(),
        "3" => "Rex".into_response(),
        "4" => StatusCode::IM_A_TEAPOT.into_response(),
        _ => Json(json!({"name": "Rex"})).into_response(),
    }
}

async fn create(Json(pet): Json<Value>) -> Response {
    (StatusCode::CREATED, Json(pet)).into_response()
}

async fn events() -> Response {
    let fields = [(header::CONTENT_TYPE, "text/event-stream")];
    (fields, Body::new(Endless)).into_response()
}

/// Goes on for ever without saying anything.
struct Endless;

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// What an application answers to each request, and what of it isn't as its contract has it.
fn judged(requests: &[(&str, &str, &str)]) -> (Vec<(u16, String)>, Vec<String>) {
    let judging = Judging::by(pets());
    let app = Router::new()
        .route("/pets", post(create))
        .route("/pets/{id}", get(show))
        .route("/events", get(events))
        .route("/unknown", get(|| async {}));
    let mut app = app.layer(judging.clone());
    let answers = block_on(async {
        let mut answers = Vec::new();
        for (method, target, body) in requests {
            let request = Request::builder().method(*method).uri(*target);
            let request = request.header(header::CONTENT_TYPE, "application/json");
            let request = request
                .body(Body::from((*body).to_owned()))
                .expect("a request");
            let Ok(response) = app.call(request).await;
            let status = response.status().as_u16();
            let body = match *target {
                "/events" => Bytes::new(),
                _ => to_bytes(response.into_body(), 1_000).await.expect("a body"),
            };
            answers.push((status, String::from_utf8_lossy(&body).into_owned()));
        }
        answers
    });
    let breaches = judging.breaches();
    (answers, breaches.iter().map(ToString::to_string).collect())
}

#[test]
fn a_layer_changes_nothing_and_tells_what_is_not_as_documented() {
    let (answers, breaches) = judged(&[
        ("GET", "/pets/1", ""),
        ("GET", "/pets/2", ""),
        ("GET", "/pets/3", ""),
        ("GET", "/pets/4", ""),
        ("POST", "/pets", r#"{"name":"Rex"}"#),
        ("POST", "/pets", r#"{"name":""}"#),
        ("GET", "/unknown", ""),
        ("GET", "/nowhere", ""),
        ("GET", "/events", ""),
    ]);
    let expected = [
        (200, r#"{"name":"Rex"}"#),
        (200, "{}"),
        (200, "Rex"),
        (418, ""),
        (201, r#"{"name":"Rex"}"#),
        (201, r#"{"name":""}"#),
        (200, ""),
        (404, ""),
        (200, ""),
    ];
    assert_eq!(
        answers,
        expected.map(|(status, body)| (status, body.to_owned()))
    );
    insta::assert_snapshot!(breaches.join("\n"), @r#"
    GET /pets/2 answered 200: body /name is required
    GET /pets/3 answered 200: header Content-Type must be application/json, got text/plain; charset=utf-8
    POST /pets answered 201: body /name needs at least 1 character, got ""; was to be refused: body /name needs at least 1 character, got ""
    GET /unknown answered 200: was to be refused: the contract has no such path; the nearest are /pets, /events, /pets/{id}
    "#);
}

#[test]
fn a_server_of_a_test_is_asked_what_came() {
    block_on(async {
        let host = Host::new(vec![("pets".to_owned(), pets())]);
        let config = ServerConfig {
            port: 0,
            control_token: Some("secret".to_owned()),
            ..ServerConfig::default()
        };
        let server = Server::start_with(Arc::new(host), config)
            .await
            .expect("a server");
        let port = server.address().port();
        let asked = tokio::task::spawn_blocking(move || {
            crate::raw::send(port, crate::raw::request("GET /pets/7", "", ""))
        });
        asked.await.expect("an answer").is(200);
        let once = |id: i32| {
            let request = json!({"path": {"id": id}});
            json!({"expectations": [
                {"operation": "getPet", "request": request, "times": {"exactly": 1}},
            ], "within": "2s"})
        };
        assert_eq!(server.verify(&once(7)).await, Ok(()));
        let mut other = once(8);
        other["within"] = "10ms".into();
        let why = server.verify(&other).await.expect_err("another one");
        let told = "GET /pets/8 was expected once and came 0 times; nearest: #1 GET /pets/7, path id: \
                    expected 8, got 7";
        assert_eq!(why.to_string(), told);
        let odd = json!({"expectations": [{"operation": "getPets"}]});
        let why = server.verify(&odd).await.expect_err("no such operation");
        assert!(why.to_string().contains("did you mean"), "{why}");
        let covered = server.coverage().expect("a journal").read(10);
        assert_eq!(
            covered.apis[0].operations,
            [("GET /pets/{id}".to_owned(), 1)]
        );
        server.stop().await;
    });
}
