//! The journal: what it keeps, how it is looked through, and how it is told live.

use super::receiver::{SOON, receiver};
use crate::raw::{Answer, Served, millis, request, serve};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::{Limits, ServerConfig};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

const JSON: &str = "Content-Type: application/json\r\n";

fn contract(name: &str, operation_id: &str) -> (String, Contract) {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1"},
        "paths": {"/notes/{id}": {
            "get": {
                "operationId": operation_id,
                "parameters": [{"name": "id", "in": "path", "required": true,
                    "schema": {"type": "string", "maxLength": 5}}],
                "responses": {"200": {"description": "A note", "content": {"application/json": {
                    "schema": {"type": "object"}, "example": {"note": "Grüße"}}}}},
            },
            "post": {
                "security": [{"key": []}, {"query": []}, {}],
                "parameters": [{"name": "id", "in": "path", "required": true,
                    "schema": {"type": "string"}}],
                "requestBody": {"content": {
                    "application/json": {"schema": {"type": "object",
                        "properties": {"notify": {"type": "string"},
                            "pins": {"type": "array", "items": {"type": "object", "properties": {
                                "pin": {"type": "string", "format": "password"}}}}}}},
                    "application/octet-stream": {},
                }},
                "responses": {"201": {
                    "description": "Made",
                    "headers": {"Set-Cookie": {"schema": {"type": "string"}}},
                }},
                "callbacks": {"made": {"$request.body#/notify": {"post": {}}}},
            },
        }},
        "components": {"securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Secret"},
            "query": {"type": "apiKey", "in": "query", "name": "access"},
        }},
    });
    let contract = Contract::from_text("t.json", &document.to_string());
    (name.to_owned(), contract.unwrap_or_else(|e| panic!("{e}")))
}

/// Two APIs with notes.
fn serve_notes(limits: Limits) -> Served {
    let host = Host::new(vec![contract("one", "readOne"), contract("two", "readTwo")]);
    let config = ServerConfig {
        limits,
        ..ServerConfig::default()
    };
    serve(Arc::new(host), config)
}

fn ask(served: &Served, line: &str) -> Answer {
    served.send(request(line, "", ""))
}

fn journal(served: &Served, query: &str) -> Value {
    ask(served, &format!("GET /_counterpart/journal{query}"))
        .is(200)
        .json()
}

/// The targets of the exchanges that a query finds.
fn targets(served: &Served, query: &str) -> Vec<String> {
    let found = journal(served, query);
    let exchanges = found["exchanges"].as_array().expect("exchanges").iter();
    let target = |exchange: &Value| exchange["target"].as_str().expect("a target").to_owned();
    exchanges.map(target).collect()
}

#[test]
fn each_exchange_is_there_with_what_was_wrong_and_what_travelled() {
    let served = serve_notes(Limits::default());
    ask(&served, "GET /one/notes/abc").is(200);
    ask(&served, "GET /one/notes/too-long").is(422);
    let found = journal(&served, "");
    assert_eq!(found["last"], 2);
    let mut first = found["exchanges"][0].clone();
    for member in ["time", "ms"] {
        assert!(!first[member].take().is_null(), "{member}");
    }
    assert_eq!(
        first,
        json!({
            "number": 1, "time": null, "api": "one", "method": "GET", "target": "/one/notes/abc",
            "operation": "GET /one/notes/{id}", "status": 200, "ms": null, "violations": [],
            "replyViolations": [], "isFault": false, "callbacks": [],
            "source": "example at t.json:1",
        })
    );
    let second = &found["exchanges"][1];
    assert_eq!(second["violations"][0]["place"], "path id");
    assert_eq!(second["violations"][0]["rule"], "maxLength");
    assert!(second["refusal"].is_string(), "{second}");

    let whole = ask(&served, "GET /_counterpart/journal/1").is(200).json();
    assert_eq!(whole["target"], "/one/notes/abc");
    assert_eq!(whole["request"]["length"], 0);
    assert_eq!(whole["reply"]["body"], r#"{"note":"Grüße"}"#);
    assert_eq!(whole["reply"]["length"], 18);
    assert_eq!(whole["reply"]["isCut"], false);
    let host = json!({"name": "host", "value": "localhost"});
    assert!(
        whole["request"]["headers"]
            .as_array()
            .expect("fields")
            .contains(&host),
        "{whole}"
    );
    ask(&served, "GET /_counterpart/journal/3").problem(404);
    ask(&served, "GET /_counterpart/journal/x").problem(422);
}

#[test]
fn bodies_are_kept_up_to_a_length_and_shown_as_what_they_are() {
    let served = serve_notes(Limits {
        journal_body: 10,
        ..Limits::default()
    });
    let octets = "Content-Type: application/octet-stream\r\n";
    served
        .send(request("POST /one/notes/a", octets, "123456789é-more"))
        .is(201);
    let line = "POST /one/notes/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n";
    let mut bytes = format!("{line}{octets}\r\n").into_bytes();
    bytes.extend([0xff, 0, 1]);
    served.send(bytes).is(201);
    let body = |number: u64| {
        let line = format!("GET /_counterpart/journal/{number}");
        let mut whole = ask(&served, &line).is(200).json();
        let mut request = whole["request"].take();
        request
            .as_object_mut()
            .expect("a message")
            .remove("headers");
        request
    };
    let cut = json!({"body": "123456789", "length": 16, "isCut": true});
    assert_eq!(body(1), cut, "and not half a character");
    assert_eq!(
        body(2),
        json!({"bodyBase64": "/wAB", "length": 3, "isCut": false})
    );
}

#[test]
fn credentials_are_masked() {
    let served = serve_notes(Limits::default());
    let fields = format!(
        "{JSON}Authorization: Bearer s3cret\r\nCookie: sid=s3cret; a=s3cret\r\nX-Secret: s3cret\r\nX-Plain: p\r\n"
    );
    let line = "POST /one/notes/a?access=s3cret&x=1";
    let body = r#"{"password": "s3cret", "pins": [{"pin": "s3cret"}], "note": "pin"}"#;
    served.send(request(line, &fields, body)).is(201);
    let list = ask(&served, "GET /_counterpart/journal").is(200);
    assert!(!list.body().contains("s3cret"), "{}", list.body());
    assert_eq!(
        list.json()["exchanges"][0]["target"],
        "/one/notes/a?access=…&x=1"
    );
    let whole = ask(&served, "GET /_counterpart/journal/1").is(200);
    assert!(!whole.body().contains("s3cret"), "{}", whole.body());
    let whole = whole.json();
    let said = r#"{"password": "…", "pins": [{"pin": "…"}], "note": "pin"}"#;
    let request = &whole["request"];
    assert_eq!(
        (&request["body"], &request["isCut"]),
        (&json!(said), &json!(false))
    );
    assert_eq!(request["length"], body.len());
    let fields = whole["request"]["headers"].as_array().expect("fields");
    for (name, value) in [
        ("authorization", "Bearer …"),
        ("cookie", "sid=…; a=…"),
        ("x-secret", "…"),
        ("x-plain", "p"),
    ] {
        assert!(
            fields.contains(&json!({"name": name, "value": value})),
            "{name}: {whole}"
        );
    }
}

#[test]
fn exchanges_are_found_by_what_they_are() {
    let served = serve_notes(Limits::default());
    ask(&served, "GET /one/notes/a").is(200);
    ask(&served, "GET /one/notes/a/b?x=1").is(404);
    ask(&served, "GET /two/notes/b?x=Needle").is(200);
    ask(&served, "GET /two/notes/too-long").is(422);
    served
        .send(request("POST /two/notes/c", JSON, r#"{"about": "NEEDLE"}"#))
        .is(201);
    ask(&served, "PUT /one/notes/d").is(405);
    let all = targets(&served, "");
    assert_eq!(all.len(), 6);
    for (query, found) in [
        ("?api=two", vec![2, 3, 4]),
        ("?operation=readOne", vec![0]),
        ("?operation=GET%20/notes/%7Bid%7D", vec![0, 2, 3]),
        ("?operation=GET%20/two/notes/%7Bid%7D", vec![2, 3]),
        ("?method=post", vec![4]),
        ("?path=/one/notes/a", vec![0, 1]),
        ("?path=/one/notes/", vec![0, 1, 5]),
        ("?path=/one/note", vec![]),
        ("?status=422", vec![3]),
        ("?status=4xx", vec![1, 3, 5]),
        ("?status=2XX&api=two", vec![2, 4]),
        ("?problems=true", vec![1, 3, 4, 5]),
        ("?problems=false", vec![0, 2]),
        ("?text=needle", vec![2, 4]),
        ("?text=character", vec![3]),
        ("?limit=2", vec![4, 5]),
        ("?since=2&limit=2", vec![2, 3]),
        ("?since=6", vec![]),
    ] {
        if query == "?problems=true" {
            // The callback that has no address is a problem once it is known.
            let end = Instant::now() + SOON;
            while targets(&served, query).len() < found.len() && Instant::now() < end {
                std::thread::sleep(millis(10));
            }
        }
        let expected: Vec<&String> = found.iter().map(|number: &usize| &all[*number]).collect();
        assert_eq!(
            targets(&served, query).iter().collect::<Vec<_>>(),
            expected,
            "{query}"
        );
    }
    for (query, status) in [
        ("?api=three", 404),
        ("?operation=readThree", 404),
        ("?status=9xx", 422),
        ("?limit=0", 422),
        ("?limit=1001", 422),
        ("?problems=perhaps", 422),
        ("?methd=GET", 422),
    ] {
        ask(&served, &format!("GET /_counterpart/journal{query}")).problem(status);
    }
}

#[test]
fn what_the_server_refused_is_there_and_what_the_control_plane_did_is_not() {
    let served = serve_notes(Limits::default());
    let long = format!("Content-Length: {}\r\n", 20 << 20);
    let line = "POST /one/notes/a HTTP/1.1\r\nHost: localhost\r\n";
    served.send(format!("{line}{JSON}{long}\r\n")).is(413);
    ask(&served, "GET /_counterpart/health").is(200);
    ask(&served, "GET /_counterpart/nothing").is(404);
    served
        .send("GET /_counterpart/health HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        .is(403);
    let found = journal(&served, "");
    assert_eq!(
        found["exchanges"].as_array().map(Vec::len),
        Some(1),
        "{found}"
    );
    assert_eq!(found["exchanges"][0]["status"], 413);
    assert!(found["exchanges"][0]["refusal"].is_string());
}

#[test]
fn it_is_a_ring_that_can_be_emptied_and_turned_off() {
    let served = serve_notes(Limits {
        journal: 3,
        ..Limits::default()
    });
    for n in 0..5 {
        ask(&served, &format!("GET /one/notes/{n}")).is(200);
    }
    assert_eq!(
        targets(&served, ""),
        ["/one/notes/2", "/one/notes/3", "/one/notes/4"]
    );
    ask(&served, "GET /_counterpart/journal/2").problem(404);
    ask(&served, "DELETE /_counterpart/journal").is(204);
    assert_eq!(journal(&served, ""), json!({"exchanges": [], "last": 5}));
    ask(&served, "GET /one/notes/a").is(200);
    assert_eq!(journal(&served, "?since=5")["exchanges"][0]["number"], 6);

    let served = serve_notes(Limits {
        journal: 0,
        ..Limits::default()
    });
    ask(&served, "GET /one/notes/a").is(200);
    for line in [
        "GET /_counterpart/journal",
        "GET /_counterpart/journal/1",
        "DELETE /_counterpart/journal",
    ] {
        ask(&served, line).problem(404);
    }
}

#[test]
fn what_came_of_a_callback_is_told_with_its_exchange() {
    let served = serve_notes(Limits::default());
    let (url, heard) = receiver();
    for notify in [url.as_str(), "http://10.0.0.1/"] {
        let body = json!({"notify": notify}).to_string();
        served
            .send(request("POST /one/notes/a", JSON, &body))
            .is(201);
    }
    heard.recv_timeout(SOON).expect("a callback");
    let end = Instant::now() + SOON;
    let callback = |number: u64| loop {
        let whole = ask(&served, &format!("GET /_counterpart/journal/{number}"))
            .is(200)
            .json();
        let callback = whole["callbacks"][0].clone();
        // The receiver has the callback before its reply is known here.
        if callback.is_object() && callback["pending"] != true {
            break callback;
        }
        assert!(Instant::now() < end, "{whole}");
        std::thread::sleep(millis(10));
    };
    let taken = callback(1);
    assert_eq!(taken["callback"], "made");
    assert_eq!(taken["method"], "POST");
    assert_eq!(taken["url"], url);
    assert_eq!(
        (&taken["status"], &taken["tries"]),
        (&json!(204), &json!(1))
    );
    let refused = callback(2);
    assert_eq!(refused["tries"], 0);
    assert!(
        refused["error"]
            .as_str()
            .expect("an error")
            .contains("not this machine")
    );
}

/// A listener to the journal.
struct Live {
    reader: BufReader<TcpStream>,
}

impl Live {
    fn listen(served: &Served, query: &str, fields: &str) -> Live {
        let mut stream = served.connect();
        let line = format!("GET /_counterpart/journal{query}");
        let fields = format!("Accept: text/event-stream\r\n{fields}");
        let asked = stream.write_all(request(&line, &fields, "").as_bytes());
        asked.expect("sent");
        let mut live = Live {
            reader: BufReader::new(stream),
        };
        assert!(live.line().starts_with("HTTP/1.1 200"));
        let mut head = String::new();
        while let line = live.line()
            && !line.is_empty()
        {
            head += &line.to_ascii_lowercase();
        }
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        assert!(head.contains("cache-control: no-store"), "{head}");
        live
    }

    /// The next line; nothing but an empty one at the end.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    /// The next event: its id, its name and its data.
    fn event(&mut self) -> (Option<u64>, String, Value) {
        let (mut id, mut name) = (None, String::new());
        loop {
            let line = self.line();
            if let Some(text) = line.strip_prefix("id: ") {
                id = text.parse().ok();
            }
            if let Some(text) = line.strip_prefix("event: ") {
                name = text.to_owned();
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return (id, name, serde_json::from_str(data).expect("JSON"));
            }
        }
    }

    fn exchange(&mut self) -> (u64, String) {
        let (id, name, data) = self.event();
        assert_eq!(name, "exchange", "{data}");
        assert_eq!(data["number"].as_u64(), id);
        let target = data["target"].as_str().expect("a target");
        (id.expect("an id"), target.to_owned())
    }
}

#[test]
fn it_is_told_live_to_who_listens_and_taken_up_where_it_was_left() {
    let served = serve_notes(Limits {
        journal: 4,
        ..Limits::default()
    });
    ask(&served, "GET /one/notes/a").is(200);
    let mut all = Live::listen(&served, "", "");
    let mut some = Live::listen(&served, "?status=4xx", "");
    ask(&served, "GET /one/notes/b").is(200);
    ask(&served, "GET /one/notes/too-long").is(422);
    assert_eq!(
        all.exchange(),
        (2, "/one/notes/b".to_owned()),
        "what came before isn't told"
    );
    assert_eq!(all.exchange(), (3, "/one/notes/too-long".to_owned()));
    assert_eq!(some.exchange(), (3, "/one/notes/too-long".to_owned()));
    drop(all);
    for n in 4..=7 {
        ask(&served, &format!("GET /one/notes/{n}")).is(200);
    }
    let mut again = Live::listen(&served, "", "Last-Event-ID: 2\r\n");
    let (_, name, data) = again.event();
    assert_eq!((name.as_str(), data), ("dropped", json!({"count": 1})));
    for n in 4..=7 {
        assert_eq!(again.exchange(), (n, format!("/one/notes/{n}")));
    }
    let mut since = Live::listen(&served, "?since=6", "");
    assert_eq!(since.exchange().0, 7);
    // Of a server that was there before this one.
    let mut stranger = Live::listen(&served, "", "Last-Event-ID: 900\r\n");
    assert_eq!(stranger.event().1, "dropped");
    assert_eq!(stranger.exchange().0, 4);
    ask(&served, "GET /one/notes/c").is(200);
    assert_eq!(again.exchange().0, 8);
    assert_eq!(since.exchange().0, 8);
}

#[test]
fn what_came_of_a_callback_is_told_live() {
    let served = serve_notes(Limits::default());
    let (url, _heard) = receiver();
    let mut live = Live::listen(&served, "", "");
    let body = json!({"notify": url}).to_string();
    served
        .send(request("POST /one/notes/a", JSON, &body))
        .is(201);
    assert_eq!(live.exchange().0, 1);
    let (id, name, data) = live.event();
    assert_eq!((id, name.as_str()), (None, "delivery"));
    assert_eq!((&data["number"], &data["status"]), (&json!(1), &json!(204)));
}

#[test]
fn a_listener_that_does_not_keep_up_is_told_how_much_it_missed() {
    let served = serve_notes(Limits::default());
    let mut live = Live::listen(&served, "", "");
    let long = "x".repeat(6_000);
    let asking = request(&format!("GET /one/notes/{long}"), "", "");
    let mut stream = served.connect();
    let mut replies = BufReader::new(stream.try_clone().expect("a socket"));
    // More than the sockets between hold.
    for _ in 0..4_000 {
        stream.write_all(asking.as_bytes()).expect("sent");
        let mut line = String::new();
        let mut length = 0;
        loop {
            line.clear();
            replies.read_line(&mut line).expect("a head");
            let line = line.to_ascii_lowercase();
            if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        std::io::copy(
            &mut std::io::Read::take(&mut replies, length),
            &mut std::io::sink(),
        )
        .expect("a body");
    }
    let mut seen = 0;
    let missed = loop {
        let (_, name, data) = live.event();
        match name.as_str() {
            "dropped" => break data["count"].as_u64().expect("a count"),
            _ => seen += 1,
        }
    };
    assert!(seen > 0 && missed > 0);
    let (number, _) = live.exchange();
    assert_eq!(number, seen + missed + 1, "what follows is told again");
}

#[test]
fn a_listener_outlasts_the_control_planes_patience_and_an_idle_time() {
    let served = serve_notes(Limits {
        control_time: millis(300),
        idle_time: millis(600),
        write_stall: millis(600),
        ..Limits::default()
    });
    let mut live = Live::listen(&served, "", "");
    std::thread::sleep(millis(1_500));
    ask(&served, "GET /one/notes/a").is(200);
    assert_eq!(live.exchange().0, 1);
}

#[test]
fn a_listener_keeps_no_stop_waiting() {
    let served = serve_notes(Limits::default());
    let mut live = Live::listen(&served, "", "");
    let stopped = served.stop();
    assert!(stopped < Duration::from_secs(2), "{stopped:?}");
    let mut rest = String::new();
    while let line = live.line()
        && !(line.is_empty() && rest.ends_with("0\n"))
    {
        rest += &format!("{line}\n");
        assert!(rest.len() < 1_000, "{rest}");
    }
}

#[test]
fn listeners_are_bounded_and_give_their_place_back() {
    let served = serve_notes(Limits::default());
    let mut listeners: Vec<Live> = (0..64).map(|_| Live::listen(&served, "", "")).collect();
    let line = "GET /_counterpart/journal";
    let fields = "Accept: text/event-stream\r\n";
    served.send(request(line, fields, "")).problem(503);
    listeners.clear();
    let end = Instant::now() + SOON;
    loop {
        // Each exchange is an event that finds nobody any more.
        ask(&served, "GET /one/notes/a").is(200);
        let mut stream = served.connect();
        stream
            .write_all(request(line, fields, "").as_bytes())
            .expect("sent");
        let mut status = String::new();
        BufReader::new(stream)
            .read_line(&mut status)
            .expect("a line");
        if status.starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(Instant::now() < end, "{status}");
        std::thread::sleep(millis(20));
    }
    ask(&served, "GET /one/notes/b").is(200);
}

#[test]
fn web_pages_are_not_told() {
    let served = serve_notes(Limits::default());
    let fields = "Accept: text/event-stream\r\nOrigin: http://localhost:4010\r\n";
    served
        .send(request("GET /_counterpart/journal", fields, ""))
        .problem(403);
    let answer = served.send(request(
        "GET /_counterpart/journal",
        "Accept: text/html\r\n",
        "",
    ));
    answer.problem(406);
}

#[test]
fn a_callback_is_sent_though_its_client_went_before_a_reply_that_was_held_back() {
    let (url, heard) = receiver();
    let served = serve_notes(Limits::default());
    let body = json!({"notify": url}).to_string();
    let fields = format!("{JSON}Prefer: delay=50000\r\n");
    let mut client = served.connect();
    let asked = request("POST /one/notes/a", &fields, &body);
    client.write_all(asked.as_bytes()).expect("sent");
    while ask(&served, "GET /_counterpart/journal/1").status() != 200 {
        std::thread::sleep(millis(10));
    }
    drop(client);
    heard.recv_timeout(SOON).expect("a callback");
    let told = || {
        let whole = ask(&served, "GET /_counterpart/journal/1").is(200).json();
        whole["callbacks"][0]["status"] == 204
    };
    let soon = Instant::now() + SOON;
    while !told() {
        assert!(Instant::now() < soon, "still pending");
        std::thread::sleep(millis(10));
    }
}
