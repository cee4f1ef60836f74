//! Callbacks and webhooks of a contract, as their receiver and the log hear of them.

use super::receiver::{SOON, receiver, receiver_of};
use crate::raw::{Answer, Served, request, serve};
use crate::secure::{Authority, over_tls};
use counterpart::contract::Contract;
use counterpart::exchange::Announcement;
use counterpart::host::Host;
use counterpart::server::{Delivery, Limits, Observer, ServerConfig};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const JSON: &str = "Content-Type: application/json\r\n";

/// Hears what came of announcements.
struct Log(Mutex<Sender<(String, Delivery)>>);

impl Observer for Log {
    fn announced(&self, announcement: &Announcement, delivery: &Delivery) {
        let told = (announcement.url.clone(), delivery.clone());
        let _ = self.0.lock().expect("not poisoned").send(told);
    }
}

/// A server with an operation that calls back, and webhooks.
fn serve_orders(config: ServerConfig) -> (Served, Receiver<(String, Delivery)>) {
    let event = json!({
        "type": "object",
        "required": ["event"],
        "properties": {
            "event": {"type": "string", "enum": ["paid", "sent"]},
            "order": {"type": "string", "example": "o-7"},
        },
    });
    let body = |more: Value| {
        let mut content = json!({"schema": event});
        for (name, value) in more.as_object().expect("members") {
            content[name] = value.clone();
        }
        json!({"requestBody": {"content": {"application/json": content}}, "responses": {}})
    };
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Orders", "version": "1"},
        "paths": {"/orders": {"post": {
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object", "properties": {"notify": {"type": "string"}},
            }}}},
            "responses": {"202": {"description": "Taken"}},
            "callbacks": {"changed": {"{$request.body#/notify}?by={$method}": {"put": body(json!({}))}}},
        }}},
        "webhooks": {
            "orderPaid": {"post": body(json!({"examples": {
                "early": {"value": {"event": "paid", "order": "o-1"}},
                "late": {"value": {"event": "sent", "order": "o-2"}},
            }}))},
            "odd/name": {"put": {"responses": {}}},
        },
    });
    let contract = Contract::from_text("t.json", &document.to_string());
    let contract = contract.unwrap_or_else(|e| panic!("{e}"));
    let (tell, told) = channel();
    let config = ServerConfig {
        observer: Arc::new(Log(Mutex::new(tell))),
        ..config
    };
    let host = Host::new(vec![("orders".to_owned(), contract)]);
    (serve(Arc::new(host), config), told)
}

fn order(served: &Served, notify: &str) {
    let body = json!({"notify": notify}).to_string();
    served.send(request("POST /orders", JSON, &body)).is(202);
}

fn send(served: &Served, name: &str, sending: &Value) -> Answer {
    let line = format!("POST /_counterpart/webhooks/orders/{name}");
    served.send(request(&line, JSON, &sending.to_string()))
}

#[test]
fn a_callback_follows_its_reply_to_where_the_request_said() {
    let (served, told) = serve_orders(ServerConfig::default());
    let (url, heard) = receiver();
    order(&served, &format!("{url}/hook"));
    let called = heard.recv_timeout(SOON).expect("a callback");
    assert_eq!(called.line, "PUT /hook?by=POST HTTP/1.1");
    let host = url.strip_prefix("http://").expect("a URL");
    assert_eq!(called.field("host"), Some(host));
    assert_eq!(called.field("content-type"), Some("application/json"));
    assert_eq!(called.field("user-agent"), Some("counterpart"));
    assert_eq!(called.field("counterpart-hops"), Some("1"));
    assert_eq!(called.json(), json!({"event": "paid", "order": "o-7"}));
    let (_, delivery) = told.recv_timeout(SOON).expect("the log");
    assert!(delivery.is_taken());
    assert_eq!(delivery.tries, 1);
}

#[test]
fn a_callback_goes_over_tls_to_whom_is_believed() {
    let authority = Authority::new();
    let receiver = authority.server("localhost", &[], |_| {});
    let receiver = over_tls(receiver, async |_| http::Response::default());
    let url = format!("https://localhost:{}/hook", receiver.port);
    let (served, told) = serve_orders(ServerConfig {
        trust: authority.trust(),
        ..ServerConfig::default()
    });
    order(&served, &url);
    let (_, delivery) = told.recv_timeout(SOON).expect("the log");
    assert!(delivery.is_taken(), "{:?}", delivery.outcome);

    let (served, told) = serve_orders(ServerConfig::default());
    order(&served, &url);
    let (_, delivery) = told.recv_timeout(SOON).expect("the log");
    let why = delivery.outcome.expect_err("nobody vouches for it");
    assert!(why.contains("isn't trusted"), "{why}");
}

#[test]
fn a_callback_is_tried_again_and_how_often_is_told() {
    let (served, told) = serve_orders(ServerConfig::default());
    let (url, heard) = receiver_of(&[500, 503, 503, 204]);
    order(&served, &url);
    for _ in 0..3 {
        heard.recv_timeout(SOON).expect("a try");
    }
    let (_, delivery) = told.recv_timeout(SOON).expect("the log");
    assert_eq!(delivery.outcome.expect("an answer").as_u16(), 503);
    assert_eq!(delivery.tries, 3);
    assert!(
        delivery.took >= Duration::from_millis(500),
        "{:?}",
        delivery.took
    );
}

#[test]
fn what_is_not_sent_is_told_with_its_reason() {
    let (served, told) = serve_orders(ServerConfig::default());
    for (notify, why) in [
        ("http://192.0.2.1/", "not this machine"),
        (
            "http://169.254.169.254/latest/meta-data",
            "not this machine",
        ),
        ("ftp://localhost/", "no http:// or https:// URL"),
        ("no url", "is no URL"),
        ("http://localhost:70000/", "70000 is no port"),
        ("http://a\u{7}b/", "control characters"),
    ] {
        order(&served, notify);
        let (_, delivery) = told.recv_timeout(SOON).expect("the log");
        let error = delivery.outcome.expect_err(notify);
        assert!(
            error.starts_with("not sent: ") && error.contains(why),
            "{error}"
        );
        assert_eq!(delivery.tries, 0);
    }
    served.send(request("POST /orders", JSON, "{}")).is(202);
    let (url, delivery) = told.recv_timeout(SOON).expect("the log");
    assert_eq!(url, "{$request.body#/notify}?by={$method}");
    let error = delivery.outcome.expect_err("no address");
    assert!(error.contains("isn't there"), "{error}");
}

#[test]
fn without_callbacks_none_is_sent_but_a_webhook_that_is_asked_for_is() {
    let (served, told) = serve_orders(ServerConfig {
        callbacks: false,
        ..ServerConfig::default()
    });
    let (url, heard) = receiver();
    order(&served, &url);
    send(&served, "orderPaid", &json!({"url": format!("{url}/hook")})).is(200);
    let called = heard.recv_timeout(SOON).expect("a webhook");
    assert_eq!(called.line, "POST /hook HTTP/1.1");
    assert_eq!(told.iter().take(1).count(), 1);
    assert!(told.try_recv().is_err());
}

#[test]
fn what_is_under_way_stands_in_the_journal_until_something_came_of_it() {
    let (served, told) = serve_orders(ServerConfig {
        limits: Limits {
            announcement_time: Duration::from_secs(3),
            ..Limits::default()
        },
        ..ServerConfig::default()
    });
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("http://{}/hook", silent.local_addr().expect("bound"));
    let journal = || {
        let asked = request("GET /_counterpart/journal", "Connection: close\r\n", "");
        let journal = served.send(asked).is(200).json();
        journal["exchanges"].as_array().expect("exchanges").clone()
    };
    order(&served, &url);
    let callback = &journal()[0]["callbacks"][0];
    assert_eq!(callback["callback"], "changed");
    assert_eq!(
        (&callback["pending"], &callback["tries"]),
        (&json!(true), &json!(0))
    );
    let (_, delivery) = told.recv_timeout(SOON).expect("the log");
    assert_eq!(delivery.tries, 1);
    let callbacks = &journal()[0]["callbacks"];
    assert_eq!(callbacks.as_array().map(Vec::len), Some(1));
    assert_eq!(callbacks[0]["pending"], Value::Null);
    assert_eq!(callbacks[0]["error"], "no answer within 3s");

    // And so does a webhook, with what asked for it.
    let (url, heard) = receiver();
    let sending = json!({"url": url, "count": 2});
    send(&served, "orderPaid", &sending).is(200);
    heard.recv_timeout(SOON).expect("a webhook");
    let sent = &journal()[1];
    assert_eq!(sent["target"], "/_counterpart/webhooks/orders/orderPaid");
    assert_eq!(
        (&sent["api"], &sent["status"]),
        (&json!("orders"), &json!(200))
    );
    let statuses: Vec<_> = sent["callbacks"]
        .as_array()
        .expect("callbacks")
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(statuses, [204, 204]);
    let asked = request("GET /_counterpart/journal/2", "", "");
    let whole = served.send(asked).is(200).json();
    assert_eq!(whole["request"]["body"], sending.to_string());
}

#[test]
fn a_host_that_was_allowed_is_called_but_leads_to_no_metadata() {
    // Texts that the system's resolver takes for addresses, in the place of names that lead there.
    let allowed = ["127.1", "2852039166"].map(|host| host.parse().expect("a host"));
    let (served, told) = serve_orders(ServerConfig {
        allowed_callbacks: allowed.to_vec(),
        ..ServerConfig::default()
    });
    let (url, heard) = receiver();
    order(&served, &url.replace("127.0.0.1", "127.1"));
    heard.recv_timeout(SOON).expect("a callback");
    let (_, delivery) = told.recv_timeout(SOON).expect("the log");
    assert!(delivery.is_taken());
    order(&served, "http://2852039166/latest/meta-data");
    let (_, delivery) = told.recv_timeout(SOON).expect("the log");
    let error = delivery.outcome.expect_err("refused");
    assert!(
        error.contains("169.254.169.254, where no receiver is"),
        "{error}"
    );
}

#[test]
fn a_callback_cant_reach_the_control_plane() {
    let (served, told) = serve_orders(ServerConfig::default());
    let own = served.server.url();
    order(&served, &format!("{own}/_counterpart/state/orders/x"));
    let (_, delivery) = told.recv_timeout(SOON).expect("the log");
    assert_eq!(delivery.outcome.expect("an answer").as_u16(), 403);
}

#[test]
fn webhooks_are_listed_with_what_they_take() {
    let (served, _) = serve_orders(ServerConfig::default());
    let listed = served
        .send(request("GET /_counterpart/webhooks", "", ""))
        .is(200);
    assert_eq!(
        listed.json(),
        json!([
            {"api": "orders", "name": "orderPaid", "method": "POST",
             "mediaTypes": ["application/json"], "examples": ["early", "late"]},
            {"api": "orders", "name": "odd/name", "method": "PUT", "mediaTypes": [], "examples": []},
        ])
    );
}

#[test]
fn a_webhook_is_sent_when_it_is_asked_for_and_what_came_of_it_is_told() {
    let (served, _) = serve_orders(ServerConfig::default());
    let (url, heard) = receiver();
    let early = json!({"event": "paid", "order": "o-1"});
    let own = json!({"event": "sent", "note": "mine"});
    for (more, body) in [
        (json!({}), &early),
        (
            json!({"example": "late"}),
            &json!({"event": "sent", "order": "o-2"}),
        ),
        (json!({"body": own}), &own),
    ] {
        let mut sending = json!({"url": format!("{url}/hook?a=1")});
        let members = sending.as_object_mut().expect("members");
        members.extend(more.as_object().expect("members").clone());
        let sent = send(&served, "orderPaid", &sending).is(200).json();
        assert_eq!(sent[0]["status"], 204, "{sent}");
        assert_eq!(sent[0]["tries"], 1, "{sent}");
        assert_eq!(sent[0]["url"], format!("{url}/hook?a=1"));
        let called = heard.recv_timeout(SOON).expect("a webhook");
        assert_eq!(called.line, "POST /hook?a=1 HTTP/1.1");
        assert_eq!(called.json(), *body);
    }
    let sending = json!({"url": url, "count": 3});
    let sent = send(&served, "odd%2Fname", &sending).is(200).json();
    assert_eq!(sent.as_array().map(Vec::len), Some(3));
    for _ in 0..3 {
        let called = heard.recv_timeout(SOON).expect("a webhook");
        assert_eq!(
            (called.line.as_str(), called.body.as_str()),
            ("PUT / HTTP/1.1", "")
        );
    }
}

#[test]
fn a_webhook_that_cant_be_sent_is_refused_with_the_reason() {
    let (served, told) = serve_orders(ServerConfig::default());
    let url = "http://localhost:9/";
    for (name, sending, status, why) in [
        (
            "nothing",
            json!({"url": url}),
            404,
            "it has: orderPaid, odd/name",
        ),
        (
            "orderPaid",
            json!({"url": url, "body": {"event": "lost"}}),
            422,
            "/event",
        ),
        (
            "orderPaid",
            json!({"url": url, "example": "none"}),
            422,
            "early, late",
        ),
        (
            "orderPaid",
            json!({"url": "http://10.0.0.1/"}),
            422,
            "--allow-callback 10.0.0.1",
        ),
        (
            "orderPaid",
            json!({"url": "https://10.0.0.1/"}),
            422,
            "--allow-callback 10.0.0.1",
        ),
        ("orderPaid", json!({"url": "x\r\ny"}), 422, "is no URL"),
        (
            "orderPaid",
            json!({"url": url, "count": 101}),
            422,
            "at most 100",
        ),
        ("orderPaid", json!({"url": url, "bdy": {}}), 422, "bdy"),
        ("orderPaid", json!({}), 422, "url"),
        ("nothing", json!({}), 404, "it has: orderPaid, odd/name"),
        (
            "odd%2Fname",
            json!({"url": url, "example": "no"}),
            422,
            "there is no example \"no\", and no other that has a name",
        ),
        (
            "orderPaid",
            json!({"url": "http://localhost:70000/"}),
            422,
            "70000 is no port",
        ),
    ] {
        let problem = send(&served, name, &sending).problem(status).json();
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains(why), "{sending}: {detail}");
    }
    let sent = send(&served, "orderPaid", &json!({"url": "http://127.0.0.1:1/"})).is(200);
    let sent = sent.json();
    assert!(
        sent[0]["error"]
            .as_str()
            .expect("an error")
            .contains("refused"),
        "{sent}"
    );
    assert_eq!(sent[0]["status"], Value::Null);
    assert_eq!(told.try_iter().count(), 1);
}
