//! Many clients, one item.

use crate::raw::{Answer, Served, read_reply, request, serve_shipped};
use counterpart::server::ServerConfig;
use std::io::Write;
use std::sync::Barrier;
use std::thread;

const ONE: &str = "/live/v1/sessions/11111111-1111-4111-8111-111111111111";
const JSON: &str = "Content-Type: application/json\r\n";

/// The replies to as many clients' requests, each on its own connection, all sent at once.
fn at_once(served: &Served, requests: &[String]) -> Vec<Answer> {
    let start = Barrier::new(requests.len());
    thread::scope(|scope| {
        let send = |request: &String| {
            let mut stream = served.connect();
            let (request, start) = (request.clone(), &start);
            scope.spawn(move || {
                start.wait();
                stream.write_all(request.as_bytes()).expect("sent");
                read_reply(&mut stream)
            })
        };
        let clients: Vec<_> = requests.iter().map(send).collect();
        let join = |client: thread::ScopedJoinHandle<'_, Answer>| client.join().expect("a reply");
        clients.into_iter().map(join).collect()
    })
}

fn tag(served: &Served) -> String {
    let reply = served.send(request(&format!("GET {ONE}"), "", ""));
    reply.field("etag").expect("a tag").to_owned()
}

#[test]
fn of_64_concurrent_updates_with_one_tag_one_is_let_through() {
    let served = serve_shipped(ServerConfig::default());
    for _ in 0..5 {
        let fields = format!("{JSON}If-Match: {}\r\n", tag(&served));
        let patch = |n: usize| {
            let body = format!(r#"{{"title": "writer {n}"}}"#);
            request(&format!("PATCH {ONE}"), &fields, &body)
        };
        let replies = at_once(&served, &(0..64).map(patch).collect::<Vec<_>>());
        let won: Vec<_> = replies.iter().filter(|r| r.status() == 200).collect();
        let lost = replies.iter().filter(|r| r.status() == 412).count();
        assert_eq!((won.len(), lost), (1, 63));
        let stored = served.send(request(&format!("GET {ONE}"), "", ""));
        assert_eq!(stored.json(), won[0].json());
        assert_eq!(stored.field("etag"), won[0].field("etag"));
    }
}

#[test]
fn concurrent_updates_of_different_properties_are_all_kept() {
    let served = serve_shipped(ServerConfig::default());
    let bodies = [
        r#"{"title": "Together"}"#,
        r#"{"max_participants": 77}"#,
        r#"{"kind": "office_hours"}"#,
        r#"{"scheduled_at": "2025-07-01T07:00:00.000Z"}"#,
    ];
    let patches = bodies.map(|body| request(&format!("PATCH {ONE}"), JSON, body));
    for reply in at_once(&served, &patches) {
        reply.is(200);
    }
    let stored = served.send(request(&format!("GET {ONE}"), "", "")).json();
    assert_eq!(stored["title"], "Together");
    assert_eq!(stored["max_participants"], 77);
    assert_eq!(stored["kind"], "office_hours");
    assert_eq!(stored["scheduled_at"], "2025-07-01T07:00:00.000Z");
}
