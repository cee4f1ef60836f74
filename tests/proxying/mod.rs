//! A proxy before a real server: nothing is changed, and all is judged.

mod enforcing;
mod failing;
mod judging;
mod missing;
mod passing;
mod recording;
mod running;
mod streaming;
mod switching;
mod tls;
mod versions;

use crate::raw::{self, Served};
use counterpart::contract::Contract;
use counterpart::exchange::Exchange;
use counterpart::host::Host;
use counterpart::server::{Observer, ServerConfig, Upstream};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

const DOCUMENT: &str = r"
openapi: 3.2.0
info: {title: Pets, version: '1'}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string, minLength: 1}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses:
        '200':
          description: All
          headers: {X-Total: {schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
        '400': {description: Wrong, content: {application/json: {schema: {type: object, required: [error], properties: {error: {type: string}}}}}}
    post:
      operationId: addPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '201': {description: Added, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '303': {description: Known}
  /pets/{id}:
    get:
      operationId: showPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '404': {description: None, content: {application/json: {schema: {type: object, required: [error]}}}}
    delete:
      security: [{key: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Gone}, '401': {description: Who}}
  /toys:
    get:
      operationId: listToys
      responses: {'200': {description: Toys, content: {application/json: {example: [ball]}}}}
  /files:
    put:
      requestBody: {content: {application/octet-stream: {}}}
      responses: {'200': {description: The same, content: {application/octet-stream: {}}}}
  /events:
    get:
      responses: {'200': {description: Ticks, content: {text/event-stream: {itemSchema: {type: object, properties: {data: {const: tick}}}}}}}
  /token:
    post:
      operationId: token
      requestBody: {content: {application/json: {schema: {type: object, properties: {user: {type: string}, password: {type: string}}}}}}
      responses: {'200': {description: Token, content: {application/json: {schema: {type: object, properties: {access_token: {type: string}, kind: {type: string}}}}}}}
";

/// A server of one's own, that says what it is told to, and knows what it was asked.
struct Real {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Real {
    /// One that answers a request, head and body, with these bytes, and goes on unless they end
    /// early.
    fn answering(reply: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Real {
        Real::talking(move |request, stream| {
            let reply = reply(request);
            stream.write_all(&reply).is_ok() && !reply.is_empty()
        })
    }

    /// One that does what it likes with the connection; gives whether that goes on.
    fn talking(talk: impl Fn(&str, &mut TcpStream) -> bool + Send + Sync + 'static) -> Real {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (asked, talk) = (Arc::clone(&seen), Arc::new(talk));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (asked, talk) = (Arc::clone(&asked), Arc::clone(&talk));
                let mut stream = stream.expect("a connection");
                thread::spawn(move || {
                    let mut reader = BufReader::new(stream.try_clone().expect("a clone"));
                    while let Some(request) = read(&mut reader) {
                        asked.lock().expect("no panic").push(request.clone());
                        if !talk(&request, &mut stream) {
                            break;
                        }
                    }
                    let _ = stream.shutdown(std::net::Shutdown::Both);
                });
            }
        });
        Real { port, seen }
    }

    /// One that answers JSON.
    fn json(status: &'static str, body: &'static str) -> Real {
        Real::answering(move |_| json(status, body))
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("no panic").clone()
    }

    #[track_caller]
    fn only(&self) -> String {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }
}

fn json(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\n");
    format!("{head}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// A request as it came: a chunked body is still chunked.
fn read(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    while !text.ends_with("\r\n\r\n") {
        if reader.read_line(&mut text).ok()? == 0 {
            return None;
        }
    }
    let lower = text.to_ascii_lowercase();
    if lower.contains("transfer-encoding: chunked") {
        while !text.ends_with("\r\n0\r\n\r\n") {
            reader.read_line(&mut text).ok()?;
        }
        return Some(text);
    }
    let length = lower
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    reader.read_exact(&mut body).ok()?;
    Some(text + &String::from_utf8_lossy(&body))
}

/// Remembers what it is told.
#[derive(Default)]
struct Seen(Mutex<Vec<Exchange>>, Mutex<Vec<String>>);

impl Observer for Seen {
    fn exchange(&self, exchange: &Exchange, _: Duration) {
        self.0.lock().expect("no panic").push(exchange.clone());
    }

    fn noticed(&self, notice: &str) {
        self.1.lock().expect("no panic").push(notice.to_owned());
    }

    fn panicked(&self, _: &counterpart::wire::Method, target: &str, message: &str) {
        panic!("{target}: {message}");
    }
}

impl Seen {
    fn all(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.0.lock().expect("no panic")
    }

    /// Waits until so many exchanges are told, which is after their replies are read.
    fn wait_for(&self, count: usize) {
        let started = Instant::now();
        while self.all().len() < count && started.elapsed() < Duration::from_secs(8) {
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// The only exchange, once it is told.
    #[track_caller]
    fn only(&self) -> Exchange {
        self.wait_for(1);
        let all = self.all();
        assert_eq!(all.len(), 1);
        all[0].clone()
    }

    fn notices(&self) -> Vec<String> {
        self.1.lock().expect("no panic").clone()
    }
}

/// What an exchange broke: of the request, and of the reply.
fn told(exchange: &Exchange) -> (Vec<String>, Vec<String>) {
    let told = |violations: &[counterpart::validate::Violation]| {
        let told = violations.iter();
        told.map(|v| format!("{} {}", v.place, v.detail)).collect()
    };
    (told(&exchange.violations), told(&exchange.reply_violations))
}

/// A proxy before a server, and what it tells.
struct Proxied {
    served: Served,
    seen: Arc<Seen>,
}

fn proxy(real: &Real) -> Proxied {
    proxy_with(real.port, |_| {})
}

fn proxy_with(port: u16, change: impl FnOnce(&mut Upstream)) -> Proxied {
    proxy_as(port, change, |_| {})
}

fn proxy_as(
    port: u16,
    change: impl FnOnce(&mut Upstream),
    configure: impl FnOnce(&mut ServerConfig),
) -> Proxied {
    proxy_to(&format!("http://127.0.0.1:{port}"), change, configure)
}

fn proxy_to(
    url: &str,
    change: impl FnOnce(&mut Upstream),
    configure: impl FnOnce(&mut ServerConfig),
) -> Proxied {
    let contract = Contract::from_text("pets.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let host = Host::new(vec![("pets".to_owned(), contract)]);
    let mut upstream = Upstream::new(url.parse().expect("a URL"));
    change(&mut upstream);
    let seen = Arc::new(Seen::default());
    let mut config = ServerConfig {
        upstream: Some(upstream),
        observer: seen.clone(),
        ..ServerConfig::default()
    };
    configure(&mut config);
    Proxied {
        served: raw::serve(Arc::new(host), config),
        seen,
    }
}

impl Proxied {
    fn ask(&self, line: &str, fields: &str, body: &str) -> raw::Answer {
        let fields = format!("{fields}Connection: close\r\n");
        self.served.send(raw::request(line, &fields, body))
    }
}

const JSON: &str = "Content-Type: application/json\r\n";
