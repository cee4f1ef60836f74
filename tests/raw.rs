//! A client that writes requests byte by byte, as a hostile or unlucky one would.

use counterpart::host::Host;
use counterpart::server::{RunningServer, Server, ServerConfig};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// A server with its own runtime.
pub struct Served {
    pub runtime: Runtime,
    pub server: RunningServer,
}

/// Serves on a free port.
pub fn serve(host: Arc<Host>, config: ServerConfig) -> Served {
    let runtime = Runtime::new().expect("a runtime");
    let config = ServerConfig { port: 0, ..config };
    let server = runtime
        .block_on(Server::start_with(host, config))
        .expect("a free port");
    Served { runtime, server }
}

/// Serves the four shipped contracts with their fixtures and rules.
pub fn serve_shipped(config: ServerConfig) -> Served {
    let host = Host::load(&["specs".into()]).unwrap_or_else(|errors| panic!("{errors}"));
    serve(Arc::new(host), config)
}

/// A connection that isn't waited on for ever.
pub fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("a connection");
    let patience = Some(Duration::from_secs(30));
    stream.set_read_timeout(patience).expect("a time-out");
    stream.set_write_timeout(patience).expect("a time-out");
    stream
}

/// Sends the bytes on a connection of their own and reads to its end.
pub fn send(port: u16, bytes: impl AsRef<[u8]>) -> Answer {
    send_on(connect(port), bytes)
}

/// The same on a connection that is there already.
pub fn send_on(mut stream: TcpStream, bytes: impl AsRef<[u8]>) -> Answer {
    // A server that has heard enough may stop reading: what counts is what it says.
    let _ = stream.write_all(bytes.as_ref());
    let _ = stream.shutdown(Shutdown::Write);
    Answer(read_to_end(&mut stream))
}

/// So many connections, made one after another: a listener has room for so many at a time.
pub fn connections(count: usize, port: impl Fn(usize) -> u16) -> Vec<Mutex<Option<TcpStream>>> {
    let streams = (0..count).map(|number| Mutex::new(Some(connect(port(number)))));
    streams.collect()
}

/// Sends the bytes on one of them and reads to its end.
pub fn send_on_one(stream: &Mutex<Option<TcpStream>>, bytes: impl AsRef<[u8]>) -> Answer {
    let stream = stream.lock().expect("no panic").take();
    send_on(stream.expect("not used yet"), bytes)
}

impl Served {
    pub fn port(&self) -> u16 {
        self.server.address().port()
    }

    pub fn connect(&self) -> TcpStream {
        connect(self.port())
    }

    pub fn send(&self, bytes: impl AsRef<[u8]>) -> Answer {
        send(self.port(), bytes)
    }

    pub fn stop(self) -> Duration {
        let started = Instant::now();
        self.runtime.block_on(self.server.stop());
        started.elapsed()
    }
}

pub fn read_to_end(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    if let Err(error) = stream.read_to_end(&mut text) {
        panic!("{error} after {:?}", String::from_utf8_lossy(&text));
    }
    String::from_utf8(text).expect("replies are UTF-8")
}

/// Reads one reply with a Content-Length from a connection that stays open.
pub fn read_reply(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a reply");
        bytes.push(byte[0]);
        if bytes.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let head = Answer(String::from_utf8(bytes).expect("a head is ASCII"));
    let length = head.field("content-length").unwrap_or("0");
    let mut body = vec![0; length.parse().expect("a length")];
    stream.read_exact(&mut body).expect("a body");
    Answer(head.0 + std::str::from_utf8(&body).expect("UTF-8"))
}

pub struct Answer(pub String);

impl Answer {
    pub fn status(&self) -> u16 {
        let code = self.0.get(9..12).unwrap_or_else(|| panic!("{:?}", self.0));
        code.parse().expect("a status")
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        let (head, _) = self.0.split_once("\r\n\r\n")?;
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").expect("a head").1
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap_or_else(|error| panic!("{error}: {}", self.0))
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status(), status, "{}", self.0);
        self
    }

    #[track_caller]
    pub fn problem(self, status: u16) -> Answer {
        assert_eq!(self.status(), status, "{}", self.0);
        assert_eq!(self.field("content-type"), Some("application/problem+json"));
        assert_eq!(self.field("x-content-type-options"), Some("nosniff"));
        assert_eq!(self.json()["status"], status);
        self
    }

    #[track_caller]
    pub fn closes(self) -> Answer {
        assert_eq!(self.field("connection"), Some("close"), "{}", self.0);
        self
    }
}

pub const GET: &str = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";

pub fn post(fields: &str, body: &str) -> String {
    format!("POST /x HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n{body}")
}

/// A request to any path, with a body whose length is told.
pub fn request(line: &str, fields: &str, body: &str) -> String {
    let length = match body.len() {
        0 => String::new(),
        length => format!("Content-Length: {length}\r\n"),
    };
    format!("{line} HTTP/1.1\r\nHost: localhost\r\n{length}{fields}\r\n{body}")
}

pub fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}
