//! A real server that speaks HTTP/2: what passes is the same.

use super::{Proxied, proxy_to};
use crate::raw::{self, millis};
use crate::secure::{Authority, Pieces, Serving, in_http2, over_tls, pieces};
use axum::body::Body;
use counterpart::wire::{Bytes, HeaderMap, HeaderValue};
use http::{Request, Response, Version};
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming};
use std::future::Future;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A proxy before a server that speaks HTTP/2 over TLS.
fn before<F>(answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static) -> (Proxied, Serving)
where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let authority = Authority::new();
    let config = authority.server("localhost", &["h2", "http/1.1"], |_| {});
    let serving = over_tls(config, answer);
    let url = format!("https://localhost:{}", serving.port);
    let trust = authority.trust();
    (proxy_to(&url, |it| it.trust = trust, |_| {}), serving)
}

fn replying(media_type: &str, body: Body) -> Response<Body> {
    let response = Response::builder().header("Content-Type", media_type);
    response.body(body).expect("a response")
}

async fn data(pieces: &Pieces, text: &'static str) {
    let _ = pieces
        .send(Ok(Frame::data(Bytes::from_static(text.as_bytes()))))
        .await;
}

#[test]
fn a_request_is_passed_on_in_http_2_as_it_came() {
    let seen: Arc<Mutex<Vec<(http::request::Parts, Bytes)>>> = Arc::default();
    let asked = Arc::clone(&seen);
    let (proxied, serving) = before(move |request: Request<Incoming>| {
        let asked = Arc::clone(&asked);
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.expect("a body").to_bytes();
            asked.lock().expect("no panic").push((parts, body));
            let response = Response::builder().status(201).header("X-Odd", "one");
            let response = response.header("Content-Type", "application/json");
            response
                .body(Body::from(r#"{"name":"x"}"#))
                .expect("a response")
        }
    });
    let fields = "Content-Type: application/json\r\nX-OdD: 1\r\nx-odd: 2\r\nKeep-Alive: 1\r\nTE: trailers\r\n";
    let answer = proxied
        .ask("POST /pets?x=%20", fields, r#"{"name":"x"}"#)
        .is(201);
    assert_eq!(
        (answer.body(), answer.field("x-odd")),
        (r#"{"name":"x"}"#, Some("one"))
    );
    let seen = seen.lock().expect("no panic");
    let [(parts, body)] = seen.as_slice() else {
        panic!("{seen:?}");
    };
    assert_eq!(parts.version, Version::HTTP_2);
    let whole = format!("https://localhost:{}/pets?x=%20", serving.port);
    assert_eq!(parts.uri.to_string(), whole);
    assert_eq!(body, r#"{"name":"x"}"#);
    let mut fields: Vec<String> = parts
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("ASCII")))
        .collect();
    fields.sort();
    let passed = [
        "content-length: 12",
        "content-type: application/json",
        "via: 1.1 counterpart",
        "x-odd: 1",
        "x-odd: 2",
    ];
    assert_eq!(fields, passed);
    let exchange = proxied.seen.only();
    assert_eq!(super::told(&exchange), (Vec::new(), Vec::new()));
}

#[test]
fn one_that_speaks_it_without_tls_is_asked_so_where_that_is_said() {
    let serving = in_http2(async |request: Request<Incoming>| {
        let version = format!("\"{:?}\"", request.version());
        replying("application/json", Body::from(version))
    });
    let url = format!("http://127.0.0.1:{}", serving.port);
    let proxied = proxy_to(&url, |it| it.http2 = true, |_| {});
    let answer = proxied.ask("GET /pets", "", "").is(200);
    assert_eq!(answer.body(), "\"HTTP/2.0\"");
    proxy_to(&url, |_| {}, |_| {})
        .ask("GET /pets", "", "")
        .problem(502);
}

#[test]
fn events_arrive_as_they_come() {
    let (proxied, _serving) = before(async |_| {
        let (pieces, body) = pieces();
        tokio::spawn(async move {
            data(&pieces, "data: tick\n\n").await;
            tokio::time::sleep(Duration::from_secs(3)).await;
            data(&pieces, "data: tick\n\n").await;
        });
        replying("text/event-stream", body)
    });
    let mut stream = proxied.served.connect();
    let request = raw::request("GET /events", "Connection: close\r\n", "");
    stream.write_all(request.as_bytes()).expect("sent");
    let started = Instant::now();
    let mut heard = String::new();
    while !heard.contains("tick") {
        let mut some = [0; 1000];
        let count = stream.read(&mut some).expect("some of it");
        assert_ne!(count, 0, "{heard}");
        heard += std::str::from_utf8(&some[..count]).expect("UTF-8");
    }
    assert!(started.elapsed() < Duration::from_millis(2500));
    assert!(proxied.seen.all().is_empty());
    let rest = raw::read_to_end(&mut stream);
    assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
    assert_eq!(super::told(&proxied.seen.only()).1.len(), 0);
}

#[test]
fn a_reply_whose_stream_is_reset_is_not_passed_on_as_whole() {
    for reason in [
        h2::Reason::CANCEL,
        h2::Reason::NO_ERROR,
        h2::Reason::INTERNAL_ERROR,
    ] {
        let (proxied, _serving) = before(move |_| async move {
            let (pieces, body) = pieces();
            tokio::spawn(async move {
                data(&pieces, "[1, ").await;
                tokio::time::sleep(millis(200)).await;
                let _ = pieces.send(Err(h2::Error::from(reason).into())).await;
            });
            replying("application/json", body)
        });
        let answer = proxied.ask("GET /pets", "", "").is(200);
        assert!(answer.body().contains("[1, "), "{}", answer.0);
        assert!(
            !answer.body().ends_with("0\r\n\r\n"),
            "{reason:?}: {}",
            answer.0
        );
        let exchange = proxied.seen.only();
        assert!(exchange.is_fault, "{reason:?}");
        let refusal = exchange.refusal.expect("a reason");
        assert!(refusal.contains("before its end"), "{refusal}");
    }
}

#[test]
fn trailers_go_to_clients_that_take_them() {
    let (proxied, _serving) = before(async |request: Request<Incoming>| {
        let taken = request.headers().get("te").cloned();
        let (pieces, body) = pieces();
        tokio::spawn(async move {
            data(&pieces, "[]").await;
            let trailers = HeaderMap::from_iter([(
                http::HeaderName::from_static("x-sum"),
                taken.unwrap_or(HeaderValue::from_static("none")),
            )]);
            let _ = pieces.send(Ok(Frame::trailers(trailers))).await;
        });
        let mut response = replying("application/json", body);
        let names = HeaderValue::from_static("X-Sum");
        response.headers_mut().insert("trailer", names);
        response
    });
    let request = raw::request("GET /pets", "TE: trailers\r\nConnection: close, TE\r\n", "");
    let answer = proxied.served.send(request).is(200);
    let end = "2\r\n[]\r\n0\r\nx-sum: trailers\r\n\r\n";
    assert_eq!(answer.body(), end, "{}", answer.0);
    let answer = proxied.ask("GET /pets", "", "").is(200);
    assert_eq!(answer.body(), "2\r\n[]\r\n0\r\n\r\n", "{}", answer.0);
}

#[test]
fn an_upstream_that_takes_nothing_holds_up_who_sends() {
    let (proxied, _serving) = before(async |request: Request<Incoming>| {
        tokio::time::sleep(Duration::from_secs(6)).await;
        drop(request);
        replying("application/octet-stream", Body::empty())
    });
    let mut stream = proxied.served.connect();
    stream
        .set_write_timeout(Some(Duration::from_secs(1)))
        .expect("a time-out");
    let head = "PUT /files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n\
        Content-Length: 500000000\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    let piece = vec![0; 1 << 20];
    let sent = (0..500)
        .take_while(|_| stream.write_all(&piece).is_ok())
        .count();
    assert!(
        sent < 100,
        "{sent} MiB were taken in for an upstream that takes none"
    );
}

#[test]
fn bodies_of_any_length_pass_both_ways() {
    let (proxied, _serving) = before(async |request: Request<Incoming>| {
        replying("application/octet-stream", Body::new(request.into_body()))
    });
    let body = "x".repeat(11 << 20);
    let octets = "Content-Type: application/octet-stream\r\n";
    let port = proxied.served.port();
    let answering = thread::spawn({
        let request = raw::request(
            "PUT /files",
            &format!("{octets}Connection: close\r\n"),
            &body,
        );
        move || {
            let mut stream = raw::connect(port);
            let mut writing = stream.try_clone().expect("a clone");
            let writer = thread::spawn(move || writing.write_all(request.as_bytes()));
            let answer = raw::Answer(raw::read_to_end(&mut stream));
            writer.join().expect("no panic").expect("sent");
            answer
        }
    });
    let answer = answering.join().expect("an answer").is(200);
    let length: usize = answer
        .body()
        .split("\r\n")
        .filter(|line| line.starts_with('x'))
        .map(str::len)
        .sum();
    assert_eq!(length, body.len());
}

#[test]
fn what_is_enforced_and_what_is_missing_is_so_in_http_2_too() {
    let authority = Authority::new();
    let config = authority.server("127.0.0.1", &["h2"], |_| {});
    let serving = over_tls(config, async |request: Request<Incoming>| {
        match request.uri().path() {
            "/pets" => replying("application/json", Body::from(r#"[{"name": ""}]"#)),
            _ => {
                let mut response = replying("text/plain", Body::from("no"));
                *response.status_mut() = http::StatusCode::NOT_FOUND;
                response
            }
        }
    });
    let url = format!("https://127.0.0.1:{}", serving.port);
    let both = |it: &mut counterpart::server::Upstream| {
        it.trust = authority.trust();
        it.enforce = true;
        it.mock_missing = true;
    };
    let proxied = proxy_to(&url, both, |_| {});
    let problem = proxied.ask("GET /pets", "", "").problem(502).json();
    assert_eq!(problem["errors"][0]["pointer"], "/0/name");
    let answer = proxied.ask("GET /toys", "", "").is(200);
    assert_eq!(answer.body(), r#"["ball"]"#);
}
