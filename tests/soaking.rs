//! Friendly and hostile clients at once, while files change: nothing grows, nothing gets slow, and
//! every answer is a documented one.
//!
//! Some seconds here; `SOAK_SECONDS=3600 cargo test --release --test all soaking -- --nocapture` for
//! an hour, with the memory that it takes told each minute.

use crate::process::{Folder, Running, start};
use crate::raw::{connect, request, send};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::net::Shutdown;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const NOTES: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, '422': {description: Wrong}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, '404': {description: None}}}
    patch:
      requestBody: {required: true, content: {application/merge-patch+json: {schema: {type: object, properties: {text: {type: string, maxLength: 20}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, '404': {description: None}}
    delete: {responses: {'204': {description: Gone}, '404': {description: None}}}
components:
  schemas:
    Note: {type: object, required: [id], properties: {id: {type: string}, text: {type: string, maxLength: 20}}}
";
const ITEMS: &str = "[{id: a, text: first}, {id: b, text: second}]";

/// What is documented, and what the server itself refuses with (RFC 9110 §15.5).
const EXPECTED: [u16; 14] = [
    200, 201, 204, 400, 404, 405, 406, 408, 413, 414, 415, 422, 431, 501,
];

/// How long friendly requests took, by the second in which they were sent.
type Times = Mutex<Vec<(u64, Duration)>>;

struct Soak {
    port: u16,
    began: Instant,
    is_over: AtomicBool,
    times: Times,
}

impl Soak {
    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    #[track_caller]
    fn ask(&self, line: &str, fields: &str, body: &str, expected: &[u16]) {
        let at = Instant::now();
        let answer = send(self.port, request(line, fields, body));
        let status = answer.status();
        assert!(expected.contains(&status), "{line} {body}: {}", answer.0);
        let mut times = self.times.lock().expect("no panic");
        times.push((self.began.elapsed().as_secs(), at.elapsed()));
    }

    /// Makes, reads, changes and drops things of its own.
    fn friendly(&self, client: usize) {
        let json = "Content-Type: application/json\r\n";
        let merge = "Content-Type: application/merge-patch+json\r\n";
        let mut round = 0;
        while self.goes_on() {
            let id = format!("{client}-{round}");
            let root = match round % 3 {
                0 => String::new(),
                _ => format!("/@box{}", round % 50),
            };
            let note = format!(r#"{{"id":"{id}","text":"new"}}"#);
            self.ask(&format!("POST {root}/notes"), json, &note, &[201]);
            self.ask(&format!("GET {root}/notes/{id}"), "", "", &[200]);
            let change = r#"{"text":"changed"}"#;
            self.ask(&format!("PATCH {root}/notes/{id}"), merge, change, &[200]);
            let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(30));
            self.ask(&format!("PATCH {root}/notes/{id}"), merge, &long, &[422]);
            self.ask(&format!("DELETE {root}/notes/{id}"), "", "", &[204]);
            self.ask(&format!("GET {root}/notes/{id}"), "", "", &[404]);
            self.ask(&format!("GET {root}/notes"), "", "", &[200]);
            round += 1;
        }
    }

    /// Sends what should be refused, says nothing, leaves in the middle.
    fn hostile(&self) {
        let long = "x".repeat(40_000);
        let deep = "[".repeat(5_000);
        let wrong = [
            format!("GET /notes/{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
            format!("GET /notes HTTP/1.1\r\nHost: x\r\nX: {long}\r\n\r\n"),
            "GET /notes HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n".to_owned(),
            "POST /notes HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
            "POST /notes HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n".to_owned(),
            "\0\u{1}\u{2}\r\n\r\n".to_owned(),
            "GET /notes/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
            request("POST /notes", "Content-Type: application/json\r\n", &deep),
            request("POST /notes", "Content-Type: text/plain\r\n", "x"),
            request("GET /notes", "Accept: garbage\r\nPrefer: code=999\r\n", ""),
        ];
        let mut turn = 0;
        while self.goes_on() {
            let bytes = wrong[turn % wrong.len()].as_bytes();
            match turn % 5 {
                // In the middle of it, and without waiting for what is said to it.
                0 => {
                    let mut stream = connect(self.port);
                    let _ = stream.write_all(&bytes[..bytes.len() / 2]);
                    let _ = stream.shutdown(Shutdown::Both);
                }
                _ => {
                    let answer = send(self.port, bytes);
                    if answer.0.starts_with("HTTP/1.1 ") {
                        let status = answer.status();
                        assert!(EXPECTED.contains(&status), "{}", answer.0);
                    }
                }
            }
            turn += 1;
        }
    }
}

/// The numbers of `GET /_counterpart/metrics`, by their names with labels.
fn metrics(running: &Running) -> BTreeMap<String, f64> {
    let answer = running.send(request("GET /_counterpart/metrics", "", ""));
    let answer = answer.is(200);
    let lines = answer.body().lines().filter(|line| !line.starts_with('#'));
    let number = |line: &str| {
        let (name, value) = line.rsplit_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    lines.filter_map(number).collect()
}

fn p99(times: &mut [Duration]) -> Duration {
    times.sort();
    times[(times.len() - 1) * 99 / 100]
}

#[test]
fn a_server_stays_as_it_is_whoever_asks_it_and_whatever_changes() {
    let asked = std::env::var("SOAK_SECONDS").ok();
    let asked = asked.and_then(|seconds| seconds.parse().ok());
    let seconds: u64 = asked.unwrap_or(6);
    let folder = Folder::of(&[
        ("specs/notes.yaml", NOTES),
        ("fixtures/notes/notes.yaml", ITEMS),
    ]);
    let mut running = start(folder.path(), &["serve", "specs", "--watch"]);
    // Nobody reads the log otherwise, and it is long.
    let err = running.err.take().expect("piped");
    let reloads = thread::spawn(move || {
        let lines = err.lines().map_while(Result::ok);
        lines.filter(|line| line.contains("\"reloaded\"")).count()
    });
    let soak = Soak {
        port: running.port,
        began: Instant::now(),
        is_over: AtomicBool::new(false),
        times: Times::default(),
    };
    let mut resident = Vec::new();
    let open_at_first = metrics(&running)["process_open_fds"];
    thread::scope(|scope| {
        for client in 0..3 {
            let soak = &soak;
            scope.spawn(move || soak.friendly(client));
        }
        scope.spawn(|| soak.hostile());
        let end = soak.began + Duration::from_secs(seconds);
        let mut round = 0;
        // As many as 1,000 an hour.
        while Instant::now() < end && soak.goes_on() {
            let title = format!("title: Notes {round}");
            folder.write("specs/notes.yaml", NOTES.replace("title: Notes", &title));
            let items = ITEMS.replace("first", &format!("first {round}"));
            folder.write("fixtures/notes/notes.yaml", items);
            thread::sleep(Duration::from_millis(3_500).min(end - Instant::now()));
            let told = metrics(&running);
            resident.push(told["process_resident_memory_bytes"]);
            if asked.is_some() && round % 17 == 0 {
                let megabytes = resident[resident.len() - 1] / 1e6;
                println!("{} s: {megabytes:.0} MB", soak.began.elapsed().as_secs());
            }
            round += 1;
        }
        soak.is_over.store(true, Ordering::Relaxed);
    });
    let told = metrics(&running);
    assert_eq!(told["counterpart_panics_total"], 0.0);
    assert_eq!(told["counterpart_violating_replies_total"], 0.0);
    for name in told
        .keys()
        .filter(|name| name.starts_with("counterpart_replies_total"))
    {
        let status = name.split('"').nth(1).and_then(|code| code.parse().ok());
        assert!(
            status.is_some_and(|status| EXPECTED.contains(&status)),
            "{name}"
        );
    }
    // What connections there were are gone, but for the one that asks.
    let open = metrics(&running)["process_open_fds"];
    assert!(
        open <= open_at_first + 8.0,
        "{open_at_first} files open, then {open}"
    );
    let times = std::mem::take(&mut *soak.times.lock().expect("no panic"));
    assert!(times.len() > 50, "{}", times.len());
    if asked.is_some() {
        let quarter = |number: u64| {
            let within = |second: u64| second * 4 / seconds == number;
            let own = times.iter().filter(|(second, _)| within(*second));
            own.map(|(_, took)| *took).collect::<Vec<_>>()
        };
        let (first, last) = (p99(&mut quarter(1)), p99(&mut quarter(3)));
        println!("p99 {first:?}, then {last:?}; {} requests", times.len());
        assert!(
            last < 2 * first + Duration::from_millis(20),
            "{first:?}, then {last:?}"
        );
        let warm = resident[resident.len() / 4];
        let most = resident.iter().copied().fold(0.0, f64::max);
        assert!(most < (warm * 1.2).max(warm + 32e6), "{resident:?}");
    }
    running.signal(rustix::process::Signal::TERM);
    let (code, _) = running.wait();
    assert_eq!(code, Some(0));
    assert!(reloads.join().expect("no panic") > 0);
}
