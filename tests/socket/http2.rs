//! HTTP/2: the same answers, within bounds of its own.

use super::document::{serve, serve_within};
use crate::raw::{Served, millis};
use crate::secure::{Authority, over_tls, pieces};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::{Limits, Observer, Refused, ServerConfig, Upstream};
use counterpart::wire::{Bytes, HeaderMap};
use h2::client::{ResponseFuture, SendRequest};
use h2::{Reason, SendStream};
use http::{Request, Version};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// A client that knows that HTTP/2 is spoken.
struct Http2 {
    sender: SendRequest<Bytes>,
    connection: JoinHandle<Result<(), h2::Error>>,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Http2 {
    async fn to(served: &Served) -> Http2 {
        let stream = TcpStream::connect(served.server.address()).await;
        Http2::over(stream.expect("a connection")).await
    }

    async fn over(
        stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    ) -> Http2 {
        let (sender, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
        Http2 {
            sender,
            connection: tokio::spawn(connection),
        }
    }

    async fn begin(&mut self, request: http::request::Builder, ends: bool) -> Begun {
        let mut sender = self.sender.clone().ready().await.expect("open");
        let request = request
            .version(Version::HTTP_2)
            .body(())
            .expect("a request");
        let (reply, body) = sender.send_request(request, ends).expect("sent");
        (reply, body)
    }

    async fn ask(&mut self, request: http::request::Builder, body: &'static str) -> Answer {
        let (reply, mut sending) = self.begin(request, body.is_empty()).await;
        if !body.is_empty() {
            sending
                .send_data(Bytes::from_static(body.as_bytes()), true)
                .expect("sent");
        }
        heard(reply).await.expect("a reply")
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.ask(request("GET", path), "").await
    }
}

type Begun = (ResponseFuture, SendStream<Bytes>);

async fn heard(reply: ResponseFuture) -> Result<Answer, h2::Error> {
    let (head, mut body) = reply.await?.into_parts();
    let mut bytes = Vec::new();
    while let Some(data) = body.data().await {
        let data = data?;
        let _ = body.flow_control().release_capacity(data.len());
        bytes.extend_from_slice(&data);
    }
    Ok(Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: String::from_utf8(bytes).expect("UTF-8"),
    })
}

fn request(method: &str, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(format!("http://localhost{path}"))
}

impl Answer {
    #[track_caller]
    fn problem(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let problem: Value = serde_json::from_str(&self.body).expect("JSON");
        problem["detail"].as_str().expect("a text").to_owned()
    }
}

/// Remembers what was refused.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Observer for Told {
    fn refused(&self, refused: &Refused<'_>) {
        self.0
            .lock()
            .expect("no panic")
            .push(refused.detail.to_owned());
    }
}

impl Told {
    fn all(&self) -> String {
        self.0.lock().expect("no panic").join("; ")
    }
}

#[test]
fn the_answers_are_those_of_http_1() {
    let served = serve(ServerConfig::default());
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        let answer = http.get("/x").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, r#"{"name":"x"}"#)
        );
        assert_eq!(answer.headers["content-type"], "application/json");
        assert_eq!(answer.headers["content-length"], "12");
        assert!(!answer.headers.contains_key("connection"));
        assert_eq!(http.get("/a/b").await.status, 404);
        http.get("/y").await.problem(422);
        let put = request("PUT", "/put").header("content-type", "application/json");
        assert_eq!(http.ask(put, r#"{"a": 1}"#).await.status, 200);
        // Many at a time share the connection.
        let mut all = Vec::new();
        for _ in 0..50 {
            let (reply, _) = http.begin(request("GET", "/long"), true).await;
            all.push(tokio::spawn(heard(reply)));
        }
        for reply in all {
            let reply = reply.await.expect("no panic").expect("a reply");
            assert_eq!(reply.body.len(), 8011);
        }
    });
}

#[test]
fn head_has_the_length_of_what_it_leaves_out() {
    let served = serve(ServerConfig::default());
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        for path in ["/x", "/a/b", "/long"] {
            let get = http.get(path).await;
            let head = http.ask(request("HEAD", path), "").await;
            assert_eq!((head.status, head.body.as_str()), (get.status, ""));
            let length = get.body.len().to_string();
            assert_eq!(head.headers["content-length"], length.as_str(), "{path}");
        }
    });
}

#[test]
fn the_crumbs_of_a_cookie_are_one() {
    let document = r"
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    get:
      parameters:
        - {name: a, in: cookie, required: true, schema: {type: integer}}
        - {name: b, in: cookie, required: true, schema: {type: integer}}
      responses: {'200': {description: Both}}
";
    let contract = Contract::from_text("t.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let host = Arc::new(Host::new(vec![("t".to_owned(), contract)]));
    let served = crate::raw::serve(host, ServerConfig::default());
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        let crumbs = request("GET", "/x")
            .header("cookie", "a=1")
            .header("cookie", "b=2");
        assert_eq!(http.ask(crumbs, "").await.status, 200);
        http.get("/x").await.problem(422);
    });
}

#[test]
fn who_is_asked_has_to_be_said_once() {
    let served = serve(ServerConfig::default());
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        let other = request("GET", "/x").header("host", "other");
        let why = http.ask(other, "").await.problem(400);
        assert!(why.contains("not the same"), "{why}");
        let same = request("GET", "/x").header("host", "localhost");
        assert_eq!(http.ask(same, "").await.status, 200);
        let user = Request::builder().uri("http://user@localhost/x");
        let why = http.ask(user, "").await.problem(400);
        assert!(why.contains("malformed"), "{why}");
        // The control plane is this machine's alone.
        let health = Request::builder().uri("http://evil.example/_counterpart/health");
        http.ask(health, "").await.problem(403);
        assert_eq!(http.get("/_counterpart/health").await.status, 200);
    });
}

#[test]
fn heads_and_bodies_have_their_bounds() {
    let served = serve_within(Limits {
        body: 1000,
        body_gap: millis(300),
        header_fields: 20,
        ..Limits::default()
    });
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        assert_eq!(http.get("/x").await.status, 200);
        // What is too much for the whole list the protocol itself refuses.
        let (reply, _) = http
            .begin(
                request("GET", "/x").header("x-long", "x".repeat(17 << 10)),
                true,
            )
            .await;
        let refused = heard(reply).await.map(|answer| answer.status);
        assert!(matches!(refused, Ok(431) | Err(_)), "{refused:?}");
        let mut http = Http2::to(&served).await;
        let many = (0..30).fold(request("GET", "/x"), |it, number| {
            it.header(format!("x-{number}"), "1")
        });
        http.ask(many, "").await.problem(431);
        let long = request("GET", &format!("/x?{}", "x".repeat(9000)));
        http.ask(long, "").await.problem(414);

        let octets = |path| request("PUT", path).header("content-type", "application/octet-stream");
        let (reply, mut body) = http.begin(octets("/put"), false).await;
        body.send_data(Bytes::from(vec![0; 2000]), true)
            .expect("sent");
        heard(reply).await.expect("a reply").problem(413);

        let started = Instant::now();
        let (reply, mut body) = http.begin(octets("/put"), false).await;
        body.send_data(Bytes::from_static(b"some"), false)
            .expect("sent");
        heard(reply).await.expect("a reply").problem(408);
        assert!(started.elapsed() < Duration::from_secs(4));
        assert_eq!(http.get("/x").await.status, 200);
    });
}

#[test]
fn a_connection_has_so_many_requests_at_a_time() {
    let served = serve(ServerConfig::default());
    served.runtime.block_on(async {
        let stream = TcpStream::connect(served.server.address()).await;
        let handshake = h2::client::handshake(stream.expect("a connection"));
        let (_sender, mut connection) = handshake.await.expect("HTTP/2");
        let told = std::future::poll_fn(|cx| {
            let _ = std::pin::Pin::new(&mut connection).poll(cx);
            match connection.max_concurrent_send_streams() {
                100 => std::task::Poll::Ready(()),
                _ => std::task::Poll::Pending,
            }
        });
        let told = tokio::time::timeout(Duration::from_secs(5), told).await;
        assert!(told.is_ok());
    });
}

#[test]
fn a_client_that_takes_back_what_it_asks_for_is_sent_away() {
    let told = Arc::new(Told::default());
    let served = serve(ServerConfig {
        observer: told.clone(),
        ..ServerConfig::default()
    });
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        let mut count = 0;
        while count < 5000 {
            let Ok(mut sender) = http.sender.clone().ready().await else {
                break;
            };
            let slow = request("GET", "/x").header("prefer", "delay=60000");
            let slow = slow.body(()).expect("a request");
            let Ok((reply, mut body)) = sender.send_request(slow, true) else {
                break;
            };
            // Some of them get as far as being answered.
            tokio::time::sleep(millis(1)).await;
            body.send_reset(Reason::CANCEL);
            drop(reply);
            count += 1;
        }
        assert!((100..1000).contains(&count), "{count}");
        let ended = tokio::time::timeout(Duration::from_secs(5), &mut http.connection).await;
        assert!(ended.is_ok(), "it goes on");
        assert!(told.all().contains("took back too many"), "{}", told.all());
        // Others are served as before.
        assert_eq!(Http2::to(&served).await.get("/x").await.status, 200);
    });
}

#[test]
fn a_client_that_takes_nothing_is_cut_off() {
    let told = Arc::new(Told::default());
    let served = serve(ServerConfig {
        observer: told.clone(),
        limits: Limits {
            write_stall: millis(400),
            ..Limits::default()
        },
        ..ServerConfig::default()
    });
    served.runtime.block_on(async {
        let stream = TcpStream::connect(served.server.address()).await;
        let mut builder = h2::client::Builder::new();
        builder.initial_window_size(100);
        let handshake = builder.handshake::<_, Bytes>(stream.expect("a connection"));
        let (sender, connection) = handshake.await.expect("HTTP/2");
        let mut http = Http2 {
            sender,
            connection: tokio::spawn(connection),
        };
        let (reply, _) = http.begin(request("GET", "/long"), true).await;
        let (head, _body) = reply.await.expect("a head").into_parts();
        assert_eq!(head.status, 200);
        let ended = tokio::time::timeout(Duration::from_secs(5), &mut http.connection).await;
        assert!(ended.is_ok(), "it goes on");
        assert!(told.all().contains("took nothing"), "{}", told.all());
    });
}

#[test]
fn an_idle_connection_is_closed_in_order() {
    let served = serve_within(Limits {
        idle_time: millis(300),
        ..Limits::default()
    });
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        assert_eq!(http.get("/x").await.status, 200);
        let started = Instant::now();
        let ended = tokio::time::timeout(Duration::from_secs(5), &mut http.connection).await;
        let ended = ended.expect("it goes on").expect("no panic");
        assert!(ended.is_ok(), "{ended:?}");
        assert!(started.elapsed() >= millis(250));
    });
}

#[test]
fn one_that_says_nothing_after_its_first_words_is_closed_too() {
    let served = serve_within(Limits {
        head_time: millis(300),
        ..Limits::default()
    });
    served.runtime.block_on(async {
        for said in [
            &b""[..],
            b"PRI * HTTP/2.0\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ] {
            let stream = TcpStream::connect(served.server.address()).await;
            let mut stream = stream.expect("a connection");
            stream.write_all(said).await.expect("sent");
            let mut heard = Vec::new();
            let reading = stream.read_to_end(&mut heard);
            let ended = tokio::time::timeout(Duration::from_secs(5), reading).await;
            assert!(ended.is_ok(), "{said:?}");
        }
    });
}

#[test]
fn faults_are_of_the_stream_that_asks_for_them() {
    let served = serve(ServerConfig::default());
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        let (kept, _) = http
            .begin(request("GET", "/x").header("prefer", "delay=700"), true)
            .await;
        for fault in ["drop", "reset"] {
            let asking = request("GET", "/x").header("prefer", format!("fault={fault}"));
            let (reply, _) = http.begin(asking, true).await;
            let error = reply.await.expect_err(fault);
            assert!(error.is_reset(), "{fault}: {error}");
        }
        let asking = request("GET", "/x").header("prefer", "fault=truncate");
        let (reply, _) = http.begin(asking, true).await;
        let mut body = reply.await.expect("a head").into_body();
        let half = body.data().await.expect("some").expect("data");
        assert_eq!(half, r#"{"name"#);
        assert!(body.data().await.expect("an end").is_err());
        assert_eq!(heard(kept).await.expect("a reply").status, 200);
        let asking = request("GET", "/x").header("prefer", "fault=garbage");
        let (reply, _) = http.begin(asking, true).await;
        assert!(heard(reply).await.is_err());
    });
}

#[test]
fn a_stop_finishes_what_is_in_flight_and_closes_the_rest() {
    let served = serve(ServerConfig::default());
    let (idle, busy) = served.runtime.block_on(async {
        let mut idle = Http2::to(&served).await;
        idle.get("/x").await;
        let mut busy = Http2::to(&served).await;
        let slow = request("GET", "/x").header("prefer", "delay=500");
        let (reply, _) = busy.begin(slow, true).await;
        let reply = tokio::spawn(heard(reply));
        tokio::time::sleep(millis(100)).await;
        (idle, (busy, reply))
    });
    let Served { runtime, server } = served;
    let started = Instant::now();
    runtime.block_on(server.stop());
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
    runtime.block_on(async {
        let answer = busy.1.await.expect("no panic").expect("a reply");
        assert_eq!(answer.status, 200);
        assert!(idle.connection.await.expect("no panic").is_ok());
    });
}

#[test]
fn half_a_body_is_no_body() {
    let served = crate::raw::serve_shipped(ServerConfig::default());
    const ONE: &str = "/live/v1/sessions/11111111-1111-4111-8111-111111111111";
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        let before = http.get(ONE).await;
        let patch = request("PATCH", ONE).header("content-type", "application/json");
        let (reply, mut body) = http.begin(patch, false).await;
        let whole = Bytes::from_static(br#"{"title": "Half"}"#);
        body.send_data(whole, false).expect("sent");
        tokio::time::sleep(millis(100)).await;
        body.send_reset(Reason::CANCEL);
        drop(reply);
        tokio::time::sleep(millis(200)).await;
        assert_eq!(http.get(ONE).await.body, before.body);
    });
}

#[test]
fn what_a_proxy_passes_is_the_same_from_end_to_end() {
    let authority = Authority::new();
    let config = authority.server("127.0.0.1", &["h2"], |_| {});
    let real = over_tls(config, async |request: Request<hyper::body::Incoming>| {
        let (pieces, body) = pieces();
        let via = request.headers()["via"].clone();
        tokio::spawn(async move {
            let tick = || {
                Ok(hyper::body::Frame::data(Bytes::from_static(
                    b"data: tick\n\n",
                )))
            };
            let _ = pieces.send(tick()).await;
            tokio::time::sleep(Duration::from_secs(2)).await;
            let _ = pieces.send(tick()).await;
            let trailers = HeaderMap::from_iter([(http::HeaderName::from_static("x-via"), via)]);
            let _ = pieces
                .send(Ok(hyper::body::Frame::trailers(trailers)))
                .await;
        });
        let response = http::Response::builder().header("Content-Type", "text/event-stream");
        response.body(body).expect("a response")
    });
    let url = format!("https://127.0.0.1:{}", real.port).parse();
    let mut upstream = Upstream::new(url.expect("a URL"));
    upstream.trust = authority.trust();
    let served = serve(ServerConfig {
        upstream: Some(upstream),
        ..ServerConfig::default()
    });
    served.runtime.block_on(async {
        let mut http = Http2::to(&served).await;
        let started = Instant::now();
        let asking = request("GET", "/x").header("te", "trailers");
        let (reply, _) = http.begin(asking, true).await;
        let mut body = reply.await.expect("a head").into_body();
        assert_eq!(
            body.data().await.expect("some").expect("data"),
            "data: tick\n\n"
        );
        assert!(started.elapsed() < millis(1500));
        assert_eq!(
            body.data().await.expect("some").expect("data"),
            "data: tick\n\n"
        );
        assert!(body.data().await.is_none());
        let trailers = body.trailers().await.expect("an end").expect("trailers");
        assert_eq!(trailers["x-via"], "2 counterpart");
    });
}
