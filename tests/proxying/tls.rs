//! A real server that is asked over TLS.

use super::{DOCUMENT, proxy_to};
use crate::process::{Folder, start};
use crate::raw::request;
use crate::secure::{Authority, Serving, over_tls};
use axum::body::Body;
use counterpart::server::{Trust, Upstream};
use http::Response;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn pets() -> Response<Body> {
    let response = Response::builder().header("Content-Type", "application/json");
    response.body(Body::from("[]")).expect("a response")
}

fn serve(config: rustls::ServerConfig) -> (String, Serving) {
    let serving = over_tls(config, async |_| pets());
    (format!("https://127.0.0.1:{}", serving.port), serving)
}

/// What a client is told of an upstream that can't be asked.
#[track_caller]
fn refused(url: &str, change: impl FnOnce(&mut Upstream), status: u16) -> String {
    let proxied = proxy_to(url, change, |config| {
        config.limits.upstream_connect = Duration::from_millis(500);
    });
    let problem = proxied.ask("GET /pets", "", "").problem(status).json();
    problem["detail"].as_str().expect("a text").to_owned()
}

#[test]
fn one_whose_authority_is_known_is_asked_and_no_other() {
    let authority = Authority::new();
    let (url, _serving) = serve(authority.server("127.0.0.1", &[], |_| {}));
    let why = refused(&url, |_| {}, 502);
    assert!(why.contains("isn't trusted"), "{why}");
    let stranger = Authority::new();
    let why = refused(&url, |it| it.trust = stranger.trust(), 502);
    assert!(why.contains("isn't trusted"), "{why}");

    for trust in [authority.trust(), stranger.trust().of_anyone()] {
        let proxied = proxy_to(&url, |it| it.trust = trust, |_| {});
        let answer = proxied.ask("GET /pets?limit=x", "", "").is(200);
        assert_eq!(answer.body(), "[]");
        assert_eq!(proxied.seen.only().violations.len(), 1);
    }
}

#[test]
fn why_a_certificate_is_not_taken_is_told() {
    let authority = Authority::new();
    let (other, _one) = serve(authority.server("pets.example", &[], |_| {}));
    let why = refused(&other, |it| it.trust = authority.trust(), 502);
    assert!(why.contains("isn't for 127.0.0.1, but for"), "{why}");
    assert!(why.contains("pets.example"), "{why}");

    let (old, _two) = serve(authority.server("127.0.0.1", &[], |params| {
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }));
    let why = refused(&old, |it| it.trust = authority.trust(), 502);
    assert!(why.contains("has expired"), "{why}");

    let (young, _three) = serve(authority.server("127.0.0.1", &[], |params| {
        params.not_before = rcgen::date_time_ymd(3020, 1, 1);
        params.not_after = rcgen::date_time_ymd(3021, 1, 1);
    }));
    let why = refused(&young, |it| it.trust = authority.trust(), 502);
    assert!(why.contains("isn't valid yet"), "{why}");
}

/// A server whose certificate is signed by itself and says that it is an authority's, and the file
/// of that certificate.
fn self_signed(
    folder: &Folder,
    name: &str,
    change: impl FnOnce(&mut rcgen::CertificateParams),
) -> (String, Serving, Trust) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    change(&mut params);
    let own = params.self_signed(&key).expect("a certificate");
    folder.write("self.pem", own.pem());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let secret = rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], secret)
        .expect("a certificate and its key");
    let trust = Trust::default().with_authorities(&folder.path().join("self.pem"));
    let (url, serving) = serve(config);
    (url, serving, trust.expect("a certificate"))
}

#[test]
fn a_certificate_that_is_named_itself_is_believed_whatever_it_says_of_authorities() {
    let folder = Folder::of(&[]);
    let (url, _one, trust) = self_signed(&folder, "127.0.0.1", |_| {});
    let proxied = proxy_to(&url, |it| it.trust = trust, |_| {});
    proxied.ask("GET /pets", "", "").is(200);
    let (_, _two, other) = self_signed(&folder, "127.0.0.1", |_| {});
    let why = refused(&url, |it| it.trust = other, 502);
    assert!(why.contains("its certificate"), "{why}");

    let (url, _three, trust) = self_signed(&folder, "pets.example", |_| {});
    let why = refused(&url, |it| it.trust = trust, 502);
    assert!(why.contains("isn't for 127.0.0.1"), "{why}");
    let (url, _four, trust) = self_signed(&folder, "127.0.0.1", |params| {
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    });
    let why = refused(&url, |it| it.trust = trust, 502);
    assert!(why.contains("has expired"), "{why}");
}

#[test]
fn who_is_asked_in_the_wrong_protocol_is_told_of() {
    let authority = Authority::new();
    let (url, _serving) = serve(authority.server("127.0.0.1", &[], |_| {}));
    let plain = url.replace("https://", "http://");
    let why = refused(&plain, |_| {}, 502);
    assert!(why.contains("it may speak TLS there"), "{why}");
    let real = super::Real::json("200 OK", "[]");
    let url = format!("http://127.0.0.1:{}", real.port);
    let why = refused(&url, |it| it.http2 = true, 502);
    assert!(why.contains("it may not speak HTTP/2"), "{why}");
}

#[test]
fn what_else_keeps_a_server_from_being_asked_is_told_apart() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let silent = format!("https://{}", listener.local_addr().expect("an address"));
    let started = Instant::now();
    let why = refused(&silent, |_| {}, 504);
    assert!(why.contains("didn't take the connection"), "{why}");
    assert!(started.elapsed() < Duration::from_secs(4));
    drop(listener);
    let why = refused(&silent, |_| {}, 502);
    assert!(why.contains("is refused"), "{why}");

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let plain = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let why = refused(&plain, |_| {}, 502);
    assert!(why.contains("doesn't speak TLS"), "{why}");

    let why = refused("https://nowhere.invalid", |_| {}, 502);
    assert!(why.contains("no address is known for the name"), "{why}");
}

#[test]
fn a_server_that_asks_who_asks_is_shown_a_certificate() {
    let authority = Authority::new();
    let (url, _serving) = serve(authority.server_as("127.0.0.1", &[], |_| {}, true));
    let why = refused(&url, |it| it.trust = authority.trust(), 502);
    assert!(why.contains("asks for a certificate"), "{why}");

    let trust = authority
        .trust()
        .as_client(authority.identity("client.example"));
    let proxied = proxy_to(&url, |it| it.trust = trust, |_| {});
    proxied.ask("GET /pets", "", "").is(200);
}

#[test]
fn the_command_takes_the_files() {
    let authority = Authority::new();
    let (url, _serving) = serve(authority.server_as("127.0.0.1", &[], |_| {}, true));
    let folder = Folder::of(&[("pets.yaml", DOCUMENT), ("no.pem", "nothing")]);
    let [certificate, key] = authority.files("client.example", |_| {});
    let [ca, certificate, key] =
        [authority.file(), certificate, key].map(|path| path.display().to_string());
    let files = [
        "--ca",
        &ca,
        "--client-cert",
        &certificate,
        "--client-key",
        &key,
    ];
    let arguments = ["proxy", "pets.yaml", "--upstream", &url];
    let running = start(folder.path(), &[&arguments[..], &files].concat());
    let close = "Connection: close\r\n";
    running.send(request("GET /pets", close, "")).is(200);

    let wrong = crate::process::run(
        folder.path(),
        &[&arguments[..], &["--ca", "no.pem"]].concat(),
    );
    assert_eq!(wrong.code, Some(2));
    assert_eq!(wrong.err, "error: no.pem: there is no certificate in PEM\n");
    let wrong = [
        &arguments[..],
        &["--client-cert", &certificate, "--client-key", "no.pem"],
    ];
    let wrong = crate::process::run(folder.path(), &wrong.concat());
    assert_eq!(wrong.err, "error: no.pem: there is no private key in PEM\n");
}

#[test]
fn verify_and_wait_ask_over_tls() {
    let authority = Authority::new();
    let (url, _serving) = serve(authority.server("127.0.0.1", &["h2"], |_| {}));
    let folder = Folder::of(&[("pets.yaml", DOCUMENT)]);
    let ca = authority.file().display().to_string();
    let verify = [
        "verify",
        "pets.yaml",
        "--url",
        &url,
        "--operation",
        "listPets",
    ];
    let ended = crate::process::run(folder.path(), &verify);
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    assert!(ended.err.contains("isn't trusted"), "{}", ended.err);
    let ended = crate::process::run(folder.path(), &[&verify[..], &["--ca", &ca]].concat());
    // It answers 200 to what the contract refuses.
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.out.contains("must be an integer"), "{}", ended.out);
    assert!(ended.out.contains(&url), "{}", ended.out);

    let wait = ["wait", &url, "--timeout", "1", "--trust-any-certificate"];
    // One that speaks HTTP/2 alone can't be waited for.
    assert_eq!(crate::process::run(folder.path(), &wait).code, Some(1));
    let (url, _serving) = serve(authority.server("127.0.0.1", &[], |_| {}));
    let wait = ["wait", &url, "--timeout", "5", "--trust-any-certificate"];
    assert_eq!(crate::process::run(folder.path(), &wait).code, Some(0));
}
