//! What `proxy` adds to a request, and what counting coverage adds to an answer, as ratios that are
//! measured over loopback sockets in one run.
//!
//! `cargo bench --bench passing`.

mod loopback;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use bytes::Bytes;
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::{Limits, Server, ServerConfig, Upstream};
use http::{Request, Uri, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use loopback::{Asked, Load, Outcome, Serving, listen, one_thread, race, serving, spread};
use std::net::SocketAddr;
use std::sync::Arc;

const LOAD: Load = Load {
    rounds: 60,
    connections: 8,
    requests: 40,
};

const DOCUMENT: &str = r"
openapi: 3.1.1
info: {title: Pets, version: '1'}
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses: &answers
        '200':
          description: A pet
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              example: {id: 7, name: Rex, status: available, tags: [small, brown]}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: *answers
  /list:
    get:
      responses:
        '200':
          description: Pets
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet:
      type: object
      required: [id, name, status]
      properties:
        id: {type: integer, minimum: 1}
        name: {type: string, minLength: 1, maxLength: 80}
        status: {enum: [available, pending, sold]}
        tags: {type: array, maxItems: 5, items: {type: string, pattern: '^[a-z]+$'}}
";

const PET: &str = r#"{"id":7,"name":"Rex","status":"available","tags":["small","brown"]}"#;

fn main() -> Outcome<()> {
    let clients = one_thread()?;
    let bare = serving(bare)?;
    let hop = serving(move || hop(bare))?;
    let proxied = serving(move || mock(Some(bare), Limits::default().journal))?;
    let counted = serving(|| mock(None, Limits::default().journal))?;
    let uncounted = serving(|| mock(None, 0))?;

    println!(
        "{:<34} times the bare server's    times a bare hop's         its 99th percentile",
        "through `proxy`, a request takes"
    );
    for (name, path, body) in [
        ("GET, 70 bytes", "/pets/7", None),
        ("POST, 70 bytes", "/pets/7", Some(PET)),
        ("GET, 140 kB", "/list", None),
    ] {
        let rounds = clients.block_on(race(&[bare, hop, proxied], asked(path, body), LOAD))?;
        let straight = spread(rounds.iter().map(|round| round[2].took / round[0].took));
        let hop = spread(rounds.iter().map(|round| round[2].took / round[1].took));
        let p99 = spread(rounds.iter().map(|round| round[2].p99 / round[1].p99));
        println!("  {name:<32} {straight:<26} {hop:<26} {p99}");
    }
    println!(
        "\n{:<34} times one without",
        "with coverage, an answer takes"
    );
    for (name, path, body) in [
        ("GET, 70 bytes", "/pets/7", None),
        ("POST, 70 bytes", "/pets/7", Some(PET)),
    ] {
        let rounds = clients.block_on(race(&[uncounted, counted], asked(path, body), LOAD))?;
        let ratio = spread(rounds.iter().map(|round| round[1].took / round[0].took));
        println!("  {name:<32} {ratio}");
    }
    println!(
        "The middle of {} rounds, and what the middle half of them lies between.",
        LOAD.rounds
    );
    Ok(())
}

fn asked(path: &str, body: Option<&'static str>) -> Vec<Arc<Asked>> {
    let asked = Asked::get(path);
    vec![Arc::new(match body {
        None => asked,
        Some(body) => Asked {
            method: "POST",
            body: Bytes::from_static(body.as_bytes()),
            ..asked
        },
    })]
}

async fn mock(upstream: Option<SocketAddr>, journal: usize) -> Outcome<Serving> {
    let contract = Contract::from_text("pets.yaml", DOCUMENT)?;
    let host = Host::new(vec![("pets".to_owned(), contract)]);
    let upstream = match upstream {
        Some(address) => Some(Upstream::new(format!("http://{address}").parse()?)),
        None => None,
    };
    let config = ServerConfig {
        port: 0,
        upstream,
        limits: Limits {
            journal,
            ..Limits::default()
        },
        ..ServerConfig::default()
    };
    let server = Server::bind(Arc::new(host), config).await?;
    let address = server.address();
    let serving = tokio::spawn(server.run(std::future::pending()));
    Ok((address, serving))
}

async fn bare() -> Outcome<Serving> {
    let pet = || async { ([(header::CONTENT_TYPE, "application/json")], PET) };
    let list = Bytes::from(format!("[{}]", vec![PET; 2000].join(",")));
    let all = move || async move { ([(header::CONTENT_TYPE, "application/json")], list) };
    let taken = |_: Bytes| async { ([(header::CONTENT_TYPE, "application/json")], PET) };
    let router = Router::new()
        .route("/pets/{id}", get(pet).post(taken))
        .route("/list", get(all));
    listen(router).await
}

type Forwarding = (Client<HttpConnector, Body>, SocketAddr);

/// A server that passes requests on and replies back, and does nothing else.
async fn hop(behind: SocketAddr) -> Outcome<Serving> {
    let client: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build_http();
    let forward = |State((client, behind)): State<Forwarding>, mut request: Request<Body>| async move {
        let url = format!("http://{behind}{}", request.uri());
        *request.uri_mut() = Uri::try_from(url).map_err(|_| http::StatusCode::BAD_REQUEST)?;
        let response = client.request(request).await;
        response.map_err(|_| http::StatusCode::BAD_GATEWAY)
    };
    let router = Router::new().fallback(forward).with_state((client, behind));
    listen(router).await
}
