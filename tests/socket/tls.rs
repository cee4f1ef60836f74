//! Served over TLS: to whom, as whom, and what comes of a handshake that fails.

use super::document::{self, host};
use crate::process::{Folder, run, start};
use crate::raw::{self, Answer, GET, Served, millis};
use crate::secure::Authority;
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::{Limits, ServerConfig, ServerTls, Trust, wait_until_ready};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn config(authority: &Authority) -> ServerConfig {
    let tls = ServerTls::new(&authority.identity("localhost"), None);
    ServerConfig {
        tls: Some(tls.expect("TLS")),
        ..ServerConfig::default()
    }
}

/// Sends the bytes over TLS and reads to the end.
fn ask(served: &Served, authority: &Authority, own: Option<[PathBuf; 2]>, bytes: &str) -> Answer {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_file(authority.file()).expect("a certificate");
    roots.add(root).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder
        .with_safe_default_protocol_versions()
        .expect("versions");
    let builder = builder.with_root_certificates(roots);
    let config = match own {
        None => builder.with_no_client_auth(),
        Some([certificate, key]) => {
            let chain = vec![CertificateDer::from_pem_file(certificate).expect("a certificate")];
            let key = PrivateKeyDer::from_pem_file(key).expect("a key");
            builder.with_client_auth_cert(chain, key).expect("they fit")
        }
    };
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(connection, served.connect());
    stream.write_all(bytes.as_bytes()).expect("sent");
    let mut heard = String::new();
    stream.read_to_string(&mut heard).expect("to its end");
    Answer(heard)
}

const CLOSING: &str = "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[test]
fn requests_over_tls_are_answered_as_others_are() {
    let authority = Authority::new();
    let served = document::serve(config(&authority));
    let url = format!("https://127.0.0.1:{}", served.port());
    assert_eq!(served.server.url(), url);
    let answer = ask(&served, &authority, None, CLOSING).is(200).closes();
    assert_eq!(answer.body(), r#"{"name":"x"}"#);
    // A server asks itself, whatever name its certificate is for.
    let expected = serde_json::json!({"expectations": [{"method": "GET", "path": "/x"}]});
    let verified = served.runtime.block_on(served.server.verify(&expected));
    assert_eq!(verified, Ok(()));
}

#[test]
fn curl_speaks_http_2_to_it() {
    let has_it =
        |output: &std::process::Output| String::from_utf8_lossy(&output.stdout).contains("HTTP2");
    let curl = Command::new("curl").arg("--version").output();
    if !curl.is_ok_and(|output| has_it(&output)) {
        return; // of a machine without one
    }
    let authority = Authority::new();
    let served = document::serve(config(&authority));
    let url = format!("https://localhost:{}/x", served.port());
    let ca = authority.file().display().to_string();
    let said = "\n%{http_version} %{response_code}";
    let curl = |more: &[&str]| {
        let arguments = [
            &["-sS", "--max-time", "10", "--cacert", &ca, "-w", said],
            more,
        ];
        let output = Command::new("curl").args(arguments.concat()).output();
        let output = output.expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert_eq!(curl(&["--http2", &url]), "{\"name\":\"x\"}\n2 200");
    assert_eq!(curl(&["--http1.1", &url]), "{\"name\":\"x\"}\n1.1 200");
    assert_eq!(curl(&["--http2", "-I", "-o", "/dev/null", &url]), "\n2 200");
    let long = "x".repeat(2 << 20);
    let folder = Folder::of(&[("long", &long)]);
    let file = format!("@{}", folder.path().join("long").display());
    let put = format!("https://localhost:{}/put", served.port());
    let octets = "Content-Type: application/octet-stream";
    let sent = curl(&[
        "--http2",
        "-X",
        "PUT",
        "-H",
        octets,
        "--data-binary",
        &file,
        &put,
    ]);
    assert_eq!(sent, "\n2 200");
    let plain = document::serve(ServerConfig::default());
    let url = format!("http://localhost:{}/x", plain.port());
    let prior = curl(&["--http2-prior-knowledge", &url]);
    assert_eq!(prior, "{\"name\":\"x\"}\n2 200");
}

#[test]
fn who_speaks_no_tls_is_told_to() {
    let authority = Authority::new();
    let served = document::serve(config(&authority));
    let problem = served.send(GET).problem(400).closes().json();
    let detail = problem["detail"].as_str().expect("a text");
    assert!(detail.contains("https://"), "{detail}");
}

#[test]
fn a_handshake_that_does_not_come_to_its_end_is_given_up() {
    let authority = Authority::new();
    let served = document::serve(ServerConfig {
        limits: Limits {
            head_time: millis(300),
            ..Limits::default()
        },
        ..config(&authority)
    });
    for said in [
        &b""[..],
        &[22, 3, 1, 0, 200, 1],
        b"\x16garbage garbage garbage",
    ] {
        let started = Instant::now();
        let mut stream = served.connect();
        stream.write_all(said).expect("sent");
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard);
        assert!(started.elapsed() < Duration::from_secs(4), "{said:?}");
    }
    ask(&served, &authority, None, CLOSING).is(200);
    let silent = served.connect();
    assert!(served.stop() < millis(2000));
    drop(silent);
}

#[test]
fn a_client_is_known_by_the_certificate_that_it_shows_and_no_other_way() {
    let document = r"
openapi: 3.1.0
info: {title: T, version: '1'}
components: {securitySchemes: {own: {type: mutualTLS}}}
paths:
  /x: {get: {security: [{own: []}], responses: {'200': {description: Known}, '401': {description: Who}}}}
  /open: {get: {responses: {'200': {description: Anyone}}}}
";
    let contract = Contract::from_text("t.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let host = Arc::new(Host::new(vec![("t".to_owned(), contract)]));
    let authority = Authority::new();
    let tls = ServerTls::new(&authority.identity("localhost"), Some(&authority.file()));
    let served = raw::serve(
        host,
        ServerConfig {
            tls: Some(tls.expect("TLS")),
            ..ServerConfig::default()
        },
    );
    let own = || Some(authority.files("client.example", |_| {}));
    ask(&served, &authority, own(), CLOSING).is(200);
    ask(&served, &authority, None, CLOSING).is(401);
    let forged = CLOSING.replace("Host", "Client-Cert: :MIIB:\r\nHost");
    ask(&served, &authority, None, &forged).is(401);
    ask(&served, &authority, None, &CLOSING.replace("/x", "/open")).is(200);
}

#[test]
fn the_command_serves_over_tls() {
    let authority = Authority::new();
    let folder = Folder::of(&[(
        "api.yaml",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
    )]);
    let [certificate, key] = authority.files("127.0.0.1", |_| {});
    let [certificate, key] = [certificate, key].map(|path| path.display().to_string());
    let files = ["api.yaml", "--tls-cert", &certificate, "--tls-key", &key];
    let more = ["--ready-file", "ready"];
    let running = start(folder.path(), &[&files[..], &more].concat());
    let url = format!("https://127.0.0.1:{}", running.port);
    assert_eq!(running.listening["apis"][0]["url"], url);
    let inspector = running.listening["inspector"].as_str().expect("a page");
    assert!(inspector.starts_with("https://"), "{inspector}");
    let ca = authority.file().display().to_string();
    let waited = run(
        folder.path(),
        &["wait", &url, "--timeout", "10", "--ca", &ca],
    );
    assert_eq!(waited.code, Some(0), "{}", waited.err);
    let ready = std::fs::read_to_string(folder.path().join("ready")).expect("a file");
    assert_eq!(ready.trim(), url);

    let ended = run(folder.path(), &["api.yaml", "--tls-cert", &certificate]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("--tls-key"), "{}", ended.err);
    let stranger = Authority::new();
    let [_, other] = stranger.files("127.0.0.1", |_| {});
    let other = other.display().to_string();
    let wrong = ["api.yaml", "--tls-cert", &certificate, "--tls-key", &other];
    let ended = run(folder.path(), &wrong);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("it isn't the key of"), "{}", ended.err);
}

#[test]
fn what_is_told_of_a_request_knows_that_it_came_over_tls() {
    let document = r"
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /pets:
    post:
      requestBody: {content: {application/json: {schema: &pet {type: object, properties: {id: {type: string}}}}}}
      responses:
        '201':
          description: Added
          headers: {Location: {schema: {type: string, pattern: '^https?://'}}}
          content: {application/json: {schema: *pet}}
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: One, content: {application/json: {schema: *pet}}}}
";
    let contract = Contract::from_text("t.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let host = Arc::new(Host::new(vec![("t".to_owned(), contract)]));
    let authority = Authority::new();
    let served = raw::serve(host, config(&authority));
    let fields = "Content-Type: application/json\r\nConnection: close\r\n";
    let post = raw::request("POST /pets", fields, r#"{"id":"a"}"#);
    let answer = ask(&served, &authority, None, &post).is(201);
    assert_eq!(answer.field("location"), Some("https://localhost/pets/a"));
}

#[test]
fn waiting_for_one_says_why_it_is_not_believed() {
    let authority = Authority::new();
    let served = raw::serve(host(), config(&authority));
    let url = served.server.url();
    let why = wait_until_ready(&url, millis(3000), &Trust::default()).expect_err("nobody's");
    assert!(why.to_string().contains("isn't trusted"), "{why}");
    let why = wait_until_ready(&url, millis(3000), &authority.trust()).expect_err("another name");
    assert!(why.to_string().contains("but for"), "{why}");
}
