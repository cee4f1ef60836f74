//! Who callbacks, webhooks and announcements go to.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// How long a test waits for a request that must come.
pub const SOON: Duration = Duration::from_secs(5);

/// What a receiver was sent.
pub struct Heard {
    pub line: String,
    fields: Vec<String>,
    pub body: String,
}

impl Heard {
    pub fn field(&self, name: &str) -> Option<&str> {
        field(&self.fields, name)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

fn field<'f>(fields: &'f [String], name: &str) -> Option<&'f str> {
    let fields = fields.iter().filter_map(|line| line.split_once(": "));
    let mut named = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
    named.next().map(|(_, value)| value)
}

/// A receiver on a port of its own that answers 204 to everything, and keeps what it hears.
pub fn receiver() -> (String, Receiver<Heard>) {
    receiver_of(&[])
}

/// One that answers with these statuses first.
pub fn receiver_of(statuses: &'static [u16]) -> (String, Receiver<Heard>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let (hear, heard) = channel();
    thread::spawn(move || {
        let mut statuses = statuses.iter();
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.expect("a connection"));
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a head");
                match line.trim_end() {
                    "" => break,
                    line => lines.push(line.to_owned()),
                }
            }
            let line = lines.remove(0);
            let length = field(&lines, "content-length").unwrap_or("0");
            let mut body = vec![0; length.parse().expect("a number")];
            reader.read_exact(&mut body).expect("a body");
            let status = statuses.next().unwrap_or(&204);
            let reply = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            reader.get_mut().write_all(reply.as_bytes()).expect("sent");
            let heard = Heard {
                line,
                fields: lines,
                body: String::from_utf8(body).expect("UTF-8"),
            };
            if hear.send(heard).is_err() {
                break;
            }
        }
    });
    (url, heard)
}
