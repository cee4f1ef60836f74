//! What `proxy` adds to a request, and what counting coverage adds to an answer, as ratios that are
//! measured over loopback sockets in one run.
//!
//! `cargo bench --bench passing`. Each server has a thread of its own, so that what it does behind
//! its replies counts too; the clients have another. A round asks each server in turn, over as many
//! connections at a time, and tells how much longer one took than another.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use bytes::Bytes;
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::{Limits, Server, ServerConfig, Upstream};
use http::{Request, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::server::conn::http1;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Instant;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 60;
/// Rounds that aren't counted: what is made once is made then.
const FIRST: usize = 5;
const CONNECTIONS: usize = 8;
/// What each of them asks in a round.
const REQUESTS: usize = 40;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

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
        "{:<34} times the bare server's    times a bare hop's",
        "through `proxy`, a request takes"
    );
    for (name, path, body) in [
        ("GET, 70 bytes", "/pets/7", None),
        ("POST, 70 bytes", "/pets/7", Some(PET)),
        ("GET, 140 kB", "/list", None),
    ] {
        let rounds = clients.block_on(race(&[bare, hop, proxied], path, body))?;
        let straight = spread(rounds.iter().map(|times| times[2] / times[0]));
        let hop = spread(rounds.iter().map(|times| times[2] / times[1]));
        println!("  {name:<32} {straight:<26} {hop}");
    }
    println!(
        "\n{:<34} times one without",
        "with coverage, an answer takes"
    );
    for (name, path, body) in [
        ("GET, 70 bytes", "/pets/7", None),
        ("POST, 70 bytes", "/pets/7", Some(PET)),
    ] {
        let rounds = clients.block_on(race(&[uncounted, counted], path, body))?;
        let ratio = spread(rounds.iter().map(|times| times[1] / times[0]));
        println!("  {name:<32} {ratio}");
    }
    println!("The middle of {ROUNDS} rounds, and what the middle half of them lies between.");
    Ok(())
}

/// What a request takes at each of the servers, in each round.
async fn race(
    servers: &[SocketAddr],
    path: &'static str,
    body: Option<&'static str>,
) -> Outcome<Vec<Vec<f64>>> {
    let mut connections = Vec::new();
    for address in servers {
        let mut open = Vec::new();
        for _ in 0..CONNECTIONS {
            open.push(connect(*address).await?);
        }
        connections.push(open);
    }
    let mut rounds = Vec::new();
    for round in 0..FIRST + ROUNDS {
        let mut times = vec![0.0; servers.len()];
        for turn in 0..servers.len() {
            // None gains by its place.
            let which = (turn + round) % servers.len();
            let at = Instant::now();
            let mut asking = Vec::new();
            for mut connection in std::mem::take(&mut connections[which]) {
                asking.push(tokio::spawn(async move {
                    for _ in 0..REQUESTS {
                        ask(&mut connection, path, body).await?;
                    }
                    Ok::<_, Box<dyn Error + Send + Sync>>(connection)
                }));
            }
            for asked in asking {
                connections[which].push(asked.await??);
            }
            times[which] = at.elapsed().as_secs_f64();
        }
        rounds.push(times);
    }
    Ok(rounds.split_off(FIRST))
}

async fn connect(address: SocketAddr) -> Outcome<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn ask(
    connection: &mut SendRequest<Full<Bytes>>,
    path: &'static str,
    body: Option<&'static str>,
) -> Outcome<()> {
    connection.ready().await?;
    let method = if body.is_some() { "POST" } else { "GET" };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("Host", "x");
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let body = Full::new(Bytes::from_static(body.unwrap_or_default().as_bytes()));
    let response = connection.send_request(request.body(body)?).await?;
    if response.status() != 200 {
        return Err(format!("{path}: {}", response.status()).into());
    }
    response.into_body().collect().await?;
    Ok(())
}

fn one_thread() -> Outcome<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// Serves on a thread of its own; gives where.
fn serving<F>(serve: impl FnOnce() -> F + Send + 'static) -> Outcome<SocketAddr>
where
    F: Future<Output = Outcome<(SocketAddr, tokio::task::JoinHandle<()>)>> + 'static,
{
    let (told, address) = channel();
    thread::spawn(move || {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let served = runtime.map_err(Into::into).and_then(|runtime| {
            let (address, serving) = runtime.block_on(serve())?;
            Ok((runtime, address, serving))
        });
        match served {
            Ok((runtime, address, serving)) => {
                let _ = told.send(Ok(address));
                let _ = runtime.block_on(serving);
            }
            Err(why) => drop(told.send(Err(why))),
        }
    });
    address.recv()?
}

async fn mock(
    upstream: Option<SocketAddr>,
    journal: usize,
) -> Outcome<(SocketAddr, tokio::task::JoinHandle<()>)> {
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

async fn bare() -> Outcome<(SocketAddr, tokio::task::JoinHandle<()>)> {
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
async fn hop(behind: SocketAddr) -> Outcome<(SocketAddr, tokio::task::JoinHandle<()>)> {
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

async fn listen(router: Router) -> Outcome<(SocketAddr, tokio::task::JoinHandle<()>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            let service = TowerToHyperService::new(router.clone());
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok((address, serving))
}

/// The middle of some numbers, and what their middle half lies between.
fn spread(numbers: impl Iterator<Item = f64>) -> String {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let at = |quarters: usize| numbers[(numbers.len() - 1) * quarters / 4];
    format!("{:.2} ({:.2} to {:.2})", at(2), at(1), at(3))
}
