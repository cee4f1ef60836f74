//! The whole server against floors of the same bytes, over loopback sockets, in one run; and what
//! a reply costs as contracts, states, bodies and connections grow.
//!
//! `cargo bench --bench serving`, which takes some minutes; a word behind `--` that is in the name
//! of a table prints that one alone. Floors are axum handlers: one gives static bytes, one parses a
//! body, merges it into the item that it has and gives that back.
//!
//! `PEERS='prism=prism mock -p {port} {document}' cargo bench --bench serving -- peers` asks other
//! mock servers the same, in turn with counterpart: what stands before the first `=` is a name,
//! several are parted by `;`.

mod loopback;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;
use counterpart::contract::Loading;
use counterpart::host::Host;
use counterpart::server::{Server, ServerConfig};
use http::{StatusCode, header};
use loopback::{Asked, Load, Outcome, Round, Serving, listen, one_thread, race, serving, spread};
use serde_json::{Value, json};
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

const LOAD: Load = Load {
    rounds: 40,
    connections: 64,
    requests: 20,
};

fn main() -> Outcome<()> {
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|word| name.contains(word));
    let clients = one_thread()?;
    if is_wanted("floors") {
        floors(&clients)?;
    }
    if is_wanted("peers") {
        peers(&clients)?;
    }
    if is_wanted("operations") {
        operations(&clients)?;
    }
    if is_wanted("items") {
        items(&clients)?;
    }
    if is_wanted("sandboxes") {
        sandboxes(&clients)?;
    }
    if is_wanted("bodies") {
        bodies(&clients)?;
    }
    if is_wanted("connections") {
        connections(&clients)?;
    }
    println!(
        "\nThe middle of {} rounds, and what the middle half of them lies between.",
        LOAD.rounds
    );
    Ok(())
}

fn floors(clients: &Runtime) -> Outcome<()> {
    let files = Files::new("floors", &document(1), &[item(0)])?;
    let (mock, floor) = (files.serve()?, serving(floor)?);
    println!("against a floor of the same bytes    requests per second       99th percentile");
    let example = Asked::get("/op0");
    let stored = Asked::get("/sessions/s0");
    for (name, asked) in [
        ("GET of an example", example),
        ("GET of a stored item", stored),
        ("PATCH, validated and stored", patch("/sessions/s0", 40)),
    ] {
        let rounds = clients.block_on(race(&[floor, mock], vec![Arc::new(asked)], LOAD))?;
        let speed = spread(rounds.iter().map(|round| round[0].took / round[1].took));
        let p99 = spread(rounds.iter().map(|round| round[1].p99 / round[0].p99));
        println!("  {name:<34} {speed:<25} {p99}");
    }
    Ok(())
}

/// What others take of the same document, as so many times what counterpart does.
fn peers(clients: &Runtime) -> Outcome<()> {
    let Ok(commands) = std::env::var("PEERS") else {
        return Ok(());
    };
    // They take a hundred times as long.
    let load = Load {
        rounds: 10,
        requests: 4,
        ..LOAD
    };
    let files = Files::new("peers", &document(1), &[item(0)])?;
    let mock = files.serve()?;
    println!("\nagainst others, times counterpart's  time                      99th percentile");
    for named in commands.split(';') {
        let (name, command) = named.split_once('=').ok_or("NAME=COMMAND is expected")?;
        let peer = Peer::start(command, &files)?;
        for (what, asked) in [
            ("GET of an example", Asked::get("/op0")),
            ("GET of an item", Asked::get("/sessions/s0")),
            ("PATCH, validated", patch("/sessions/s0", 40)),
        ] {
            let asked = vec![Arc::new(asked)];
            let rounds = clients.block_on(race(&[mock, peer.address], asked, load))?;
            let times = spread(rounds.iter().map(|round| round[1].took / round[0].took));
            let p99 = spread(rounds.iter().map(|round| round[1].p99 / round[0].p99));
            let row = format!("{}: {what}", name.trim());
            println!("  {row:<34} {times:<25} {p99}");
        }
    }
    Ok(())
}

/// Another server, which ends when it is dropped.
struct Peer {
    process: Child,
    address: SocketAddr,
}

impl Peer {
    /// Starts it and waits until it answers.
    fn start(command: &str, files: &Files) -> Outcome<Peer> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let document = files.0.join("specs/api.json");
        let command = command
            .replace("{port}", &address.port().to_string())
            .replace("{document}", &document.display().to_string());
        let process = Command::new("sh")
            .args(["-c", &format!("exec {command}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut peer = Peer { process, address };
        for _ in 0..600 {
            if std::net::TcpStream::connect(address).is_ok() {
                return Ok(peer);
            }
            if let Some(status) = peer.process.try_wait()? {
                return Err(format!("`{command}` ended with {status}").into());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(format!("`{command}` doesn't listen").into())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn operations(clients: &Runtime) -> Outcome<()> {
    let mut servers = Vec::new();
    let mut asked = Vec::new();
    let sizes = [1, 100, 10_000];
    for count in sizes {
        let files = Files::new(&format!("operations{count}"), &document(count), &[item(0)])?;
        servers.push(files.serve()?);
        asked.push(Arc::new(Asked::get(&format!("/op{}", count / 2))));
    }
    let rounds = clients.block_on(race(&servers, asked, LOAD))?;
    curve("operations: GET of an example", &sizes, &rounds);
    Ok(())
}

fn items(clients: &Runtime) -> Outcome<()> {
    let (mut servers, mut gets, mut patches, mut pages) = (vec![], vec![], vec![], vec![]);
    let sizes = [10, 1_000, 100_000];
    for count in sizes {
        let all: Vec<Value> = (0..count).map(item).collect();
        let files = Files::new(&format!("items{count}"), &document(1), &all)?;
        servers.push(files.serve()?);
        let step = (count / 10).max(1);
        let paths: Vec<String> = (0..count)
            .step_by(step)
            .map(|number| format!("/sessions/s{number}"))
            .collect();
        let get = Asked {
            paths: paths.clone(),
            ..Asked::get("")
        };
        let patch = Asked {
            paths,
            ..patch("", 40)
        };
        gets.push(Arc::new(get));
        patches.push(Arc::new(patch));
        pages.push(Arc::new(Asked::get("/sessions?limit=5")));
    }
    for (name, asked) in [
        ("items: GET of one", gets),
        ("items: PATCH of one", patches),
        ("items: GET of a page of five", pages),
    ] {
        let rounds = clients.block_on(race(&servers, asked, LOAD))?;
        curve(name, &sizes, &rounds);
    }
    Ok(())
}

fn sandboxes(clients: &Runtime) -> Outcome<()> {
    let (mut servers, mut asked) = (vec![], vec![]);
    let sizes = [1, 100, 1_000];
    for count in sizes {
        let files = Files::new(&format!("sandboxes{count}"), &document(1), &[item(0)])?;
        servers.push(files.serve()?);
        let paths = (0..count).map(|number| format!("/@box{number}/sessions/s0"));
        asked.push(Arc::new(Asked {
            paths: paths.collect(),
            ..patch("", 40)
        }));
    }
    let rounds = clients.block_on(race(&servers, asked, LOAD))?;
    curve("sandboxes: PATCH of an item in each", &sizes, &rounds);
    Ok(())
}

fn bodies(clients: &Runtime) -> Outcome<()> {
    let files = Files::new("bodies", &document(1), &[item(0)])?;
    let (mock, floor) = (files.serve()?, serving(floor)?);
    println!("\nbodies: PATCH, times the floor's    ");
    for (name, length, connections, requests) in [
        ("100 B", 40, 64, 20),
        ("10 kB", 10_000, 64, 10),
        ("100 kB", 100_000, 8, 10),
        ("5 MB", 5_000_000, 1, 2),
    ] {
        let load = Load {
            connections,
            requests,
            ..LOAD
        };
        let asked = vec![Arc::new(patch("/sessions/s0", length))];
        let rounds = clients.block_on(race(&[floor, mock], asked, load))?;
        let times = spread(rounds.iter().map(|round| round[1].took / round[0].took));
        println!("  {name:<34} {times}");
    }
    Ok(())
}

fn connections(clients: &Runtime) -> Outcome<()> {
    let files = Files::new("connections", &document(1), &[item(0)])?;
    let (mock, floor) = (files.serve()?, serving(floor)?);
    println!("\nconnections: PATCH, times the floor's");
    for (connections, requests) in [(1, 200), (64, 20), (1_000, 2)] {
        let load = Load {
            connections,
            requests,
            ..LOAD
        };
        let asked = vec![Arc::new(patch("/sessions/s0", 40))];
        let rounds = clients.block_on(race(&[floor, mock], asked, load))?;
        let times = spread(rounds.iter().map(|round| round[1].took / round[0].took));
        println!("  {connections:<34} {times}");
    }
    Ok(())
}

/// What each size takes, as so many times what the first does.
fn curve(name: &str, sizes: &[usize], rounds: &[Vec<Round>]) {
    println!("\n{name}, times that of {}", sizes[0]);
    for (number, size) in sizes.iter().enumerate().skip(1) {
        let times = spread(
            rounds
                .iter()
                .map(|round| round[number].took / round[0].took),
        );
        println!("  {size:<34} {times}");
    }
}

fn patch(path: &str, length: usize) -> Asked {
    let body = json!({"title": "x".repeat(length), "status": "live"});
    Asked {
        method: "PATCH",
        media_type: "application/merge-patch+json",
        body: body.to_string().into(),
        ..Asked::get(path)
    }
}

fn item(number: usize) -> Value {
    json!({
        "id": format!("s{number}"), "host_id": "host_mira", "brand_id": "brand_loop",
        "title": "Morning flow", "kind": "live", "category": "yoga",
        "scheduled_at": "2025-06-02T07:00:00.000Z", "started_at": null, "ended_at": null,
        "status": "scheduled", "max_participants": 20, "duration_minutes": null,
        "recording_url": null, "registered_count": 12, "is_registered": false,
    })
}

/// Sessions, and so many operations beside them.
fn document(operations: usize) -> Value {
    let named = json!({"$ref": "#/components/schemas/Session"});
    let reply = |schema: &Value, example: Option<Value>| {
        let mut content = json!({"schema": schema});
        if let (Some(content), Some(example)) = (content.as_object_mut(), example) {
            content.insert("example".to_owned(), example);
        }
        json!({"200": {"description": "It", "content": {"application/json": content}}})
    };
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
    let limit = json!([{"name": "limit", "in": "query", "schema": {"type": "integer"}}]);
    let changes = json!({"application/merge-patch+json": {"schema": {
        "type": "object", "additionalProperties": false, "minProperties": 1,
        "properties": {"title": {"type": "string", "minLength": 1}, "status": {"enum": ["scheduled", "live", "ended"]}},
    }}});
    let mut paths = json!({
        "/sessions": {"get": {"parameters": limit, "responses": reply(&json!({"type": "array", "items": named}), None)}},
        "/sessions/{id}": {
            "parameters": id,
            "get": {"responses": reply(&named, None)},
            "patch": {
                "requestBody": {"required": true, "content": changes},
                "responses": reply(&named, None),
            },
        },
    });
    for number in 0..operations {
        paths[format!("/op{number}")] = json!({"get": {"responses": reply(&named, Some(item(0)))}});
    }
    let text = json!({"type": "string"});
    let time = json!({"type": ["string", "null"], "format": "date-time"});
    let count = json!({"type": ["integer", "null"], "minimum": 0});
    json!({
        "openapi": "3.1.1",
        "info": {"title": "Sessions", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Session": {
            "type": "object",
            "required": ["id", "title", "status"],
            "properties": {
                "id": text, "host_id": text, "brand_id": text, "title": {"type": "string", "minLength": 1},
                "kind": {"enum": ["live", "recorded"]}, "category": text, "scheduled_at": time, "started_at": time,
                "ended_at": time, "status": {"enum": ["scheduled", "live", "ended"]}, "max_participants": count,
                "duration_minutes": count, "recording_url": {"type": ["string", "null"], "format": "uri"},
                "registered_count": count, "is_registered": {"type": "boolean"},
            },
        }}},
    })
}

/// A document and its fixtures, which are gone when they are dropped.
struct Files(PathBuf);

impl Files {
    fn new(name: &str, document: &Value, items: &[Value]) -> Outcome<Files> {
        let folder =
            std::env::temp_dir().join(format!("counterpart-{}-{name}", std::process::id()));
        let files = Files(folder);
        let fixtures = files.0.join("fixtures/api");
        fs::create_dir_all(&fixtures)?;
        fs::create_dir_all(files.0.join("specs"))?;
        fs::write(files.0.join("specs/api.json"), document.to_string())?;
        fs::write(
            fixtures.join("sessions.json"),
            Value::from(items).to_string(),
        )?;
        Ok(files)
    }

    fn serve(&self) -> Outcome<SocketAddr> {
        let host = Host::load_with(&[self.0.join("specs")], &Loading::default())?;
        serving(|| mock(host))
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn mock(host: Host) -> Outcome<Serving> {
    let config = ServerConfig {
        port: 0,
        ..ServerConfig::default()
    };
    let server = Server::bind(Arc::new(host), config).await?;
    let address = server.address();
    let serving = tokio::spawn(server.run(std::future::pending()));
    Ok((address, serving))
}

async fn floor() -> Outcome<Serving> {
    let bytes = Bytes::from(item(0).to_string());
    let fixed = move || async move { ([(header::CONTENT_TYPE, "application/json")], bytes) };
    let stored = Arc::new(item(0));
    let router = Router::new()
        .route("/op0", get(fixed.clone()))
        .route("/sessions/{id}", get(fixed).patch(merged))
        .layer(DefaultBodyLimit::disable())
        .with_state(stored);
    listen(router).await
}

async fn merged(State(stored): State<Arc<Value>>, body: Bytes) -> impl IntoResponse {
    let Ok(Value::Object(patch)) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut next = stored.as_ref().clone();
    for (name, value) in patch {
        next[name] = value;
    }
    let reply = (
        [(header::CONTENT_TYPE, "application/json")],
        next.to_string(),
    );
    reply.into_response()
}
