//! Callbacks, as their receiver sees them.

use super::receiver::{SOON, receiver};
use crate::raw::{Answer, Served, request, serve_shipped};
use counterpart::server::ServerConfig;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

const APPOINTMENT: &str = "1610c525-f19a-40d0-8cd1-03daba3d2d98";

/// Makes these the receivers.
fn subscribe(served: &Served, urls: &[String]) {
    let subscribers: serde_json::Map<String, Value> = urls
        .iter()
        .enumerate()
        .map(|(n, url)| (n.to_string(), json!({"id": n.to_string(), "url": url})))
        .collect();
    let body = Value::Object(subscribers).to_string();
    let line = "PUT /_counterpart/state/appointments/subscribers";
    let json = "Content-Type: application/json\r\n";
    served.send(request(line, json, &body)).is(204);
}

fn update(served: &Served, fields: &str, body: &str) -> Answer {
    let line = format!("PUT /appointments/api/v2/appointments/{APPOINTMENT}");
    let fields = format!(
        "Authorization: ONLIVESITE Credential:key, Signature=sign\r\n\
         Content-Type: application/json\r\n{fields}"
    );
    served.send(request(&line, &fields, body))
}

#[test]
fn every_subscriber_is_told_of_a_change_once_its_reply_is_sent() {
    let served = serve_shipped(ServerConfig::default());
    let (first, heard_first) = receiver();
    let (second, heard_second) = receiver();
    subscribe(&served, &[format!("{first}/a?b=1"), format!("{second}/c")]);
    for title in ["One", "Two"] {
        let reply = update(&served, "", &format!(r#"{{"title": "{title}"}}"#)).is(200);
        for (heard, path) in [(&heard_first, "/a?b=1"), (&heard_second, "/c")] {
            let heard = heard.recv_timeout(SOON).expect("an announcement");
            assert_eq!(heard.line, format!("POST {path} HTTP/1.1"));
            assert_eq!(heard.field("content-type"), Some("application/json"));
            let body = heard.json();
            assert_eq!(body["event"], "appointment.updated");
            assert_eq!(body["appointment"]["id"], APPOINTMENT);
            assert_eq!(body["appointment"]["title"], title);
            assert_eq!(body["occurredAt"], reply.json()["updatedAt"]);
        }
    }
    assert!(heard_first.try_recv().is_err());
}

#[test]
fn a_refused_change_is_not_announced() {
    let served = serve_shipped(ServerConfig::default());
    let (url, heard) = receiver();
    subscribe(&served, &[url]);
    update(&served, "", r#"{"title": 1}"#).is(422);
    update(&served, "If-Match: \"other\"\r\n", r#"{"title": "x"}"#).is(412);
    update(&served, "Prefer: code=200\r\n", r#"{"title": "x"}"#).is(200);
    update(&served, "", r#"{"title": "Told"}"#).is(200);
    let told = heard.recv_timeout(SOON).expect("an announcement");
    assert_eq!(told.json()["appointment"]["title"], "Told");
}

#[test]
fn a_receiver_that_is_not_there_keeps_no_client_waiting() {
    let served = serve_shipped(ServerConfig::default());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    // Listens and never answers.
    let silent = format!("http://{}", listener.local_addr().expect("bound"));
    subscribe(&served, &[silent, "http://192.0.2.1/".to_owned()]);
    for _ in 0..3 {
        update(&served, "", r#"{"title": "Quick"}"#).is(200);
    }
    assert!(served.stop() < Duration::from_secs(6));
}
