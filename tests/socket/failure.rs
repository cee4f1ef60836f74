//! What happens when something goes wrong here.

use super::document::{host, serve};
use crate::raw::{GET, read_reply};
use counterpart::exchange::Exchange;
use counterpart::server::{Observer, ServeError, Server, ServerConfig};
use counterpart::wire::Method;
use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Panics where it is told to, and keeps what it was told.
#[derive(Default)]
struct Recorder {
    panics: Mutex<Vec<String>>,
}

impl Observer for Recorder {
    fn exchange(&self, exchange: &Exchange, _: Duration) {
        assert!(!exchange.request.target.starts_with("/panic"), "as asked");
    }

    fn panicked(&self, method: &Method, target: &str, message: &str) {
        let line = format!("{method} {target}: {message}");
        self.panics.lock().expect("not poisoned").push(line);
    }
}

#[test]
fn a_panic_is_a_500_that_is_logged_and_ends_nothing() {
    let recorder = Arc::new(Recorder::default());
    let served = serve(ServerConfig {
        observer: recorder.clone(),
        ..ServerConfig::default()
    });
    let mut stream = served.connect();
    stream
        .write_all(GET.replace("/x", "/panic?a=1").as_bytes())
        .expect("sent");
    let reply = read_reply(&mut stream).problem(500);
    assert!(!reply.0.contains("as asked"));
    stream.write_all(GET.as_bytes()).expect("sent");
    assert_eq!(read_reply(&mut stream).status(), 200);
    let panics = recorder.panics.lock().expect("not poisoned");
    assert_eq!(*panics, ["GET /panic?a=1: as asked"]);
}

#[test]
fn a_port_in_use_is_told_in_one_line() {
    let served = serve(ServerConfig::default());
    let port = served.server.address().port();
    let config = ServerConfig {
        port,
        ..ServerConfig::default()
    };
    let failed = served.runtime.block_on(Server::bind(host(), config));
    let error = failed.err().expect("it is in use");
    assert!(matches!(error, ServeError::PortTaken(_)));
    assert_eq!(
        error.to_string(),
        format!(
            "port {port} on 127.0.0.1 is in use by another process; choose another with --port"
        )
    );
    let config = ServerConfig {
        host: Ipv4Addr::new(192, 0, 2, 1).into(),
        port: 0,
        ..ServerConfig::default()
    };
    let failed = served.runtime.block_on(Server::bind(host(), config));
    let text = failed
        .err()
        .expect("it is a documentation address")
        .to_string();
    assert!(
        text.contains("192.0.2.1 is not an address of this machine"),
        "{text}"
    );
}
