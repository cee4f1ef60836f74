//! The shop behind a socket: what goes over the wire, and what the command prints of it.

use super::shop::Shop;
use counterpart::verify::Peer;
use counterpart::wire::{HeaderName, Method, Request};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// A shop that listens, for as long as the test goes on; its address.
pub fn listen(fault: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let shop = Arc::new(Shop::with(fault));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shop = Arc::clone(&shop);
            thread::spawn(move || serve(&shop, stream));
        }
    });
    format!("http://{address}")
}

fn serve(shop: &Shop, mut stream: TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let mut words = line.split_whitespace();
        let method = Method::from_bytes(words.next()?.as_bytes()).ok()?;
        // What stands before the paths is the server's own.
        let target = words.next()?.strip_prefix("/api")?.to_owned();
        let mut request = Request::new(method, target);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().ok()?;
            }
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            request = request.with_header(name, value);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let is_head = request.method == Method::HEAD;
        let reply = shop.ask(&request.with_body(body)).ok()?;
        let mut head = format!("HTTP/1.1 {}\r\n", reply.status);
        for (name, value) in &reply.headers {
            head += &format!("{name}: {}\r\n", value.to_str().ok()?);
        }
        if reply.status != 204 || !reply.body.is_empty() {
            head += &format!("Content-Length: {}\r\n", reply.body.len());
        }
        let mut sent = format!("{head}\r\n").into_bytes();
        if !is_head {
            sent.extend_from_slice(&reply.body);
        }
        stream.write_all(&sent).ok()?;
    }
}
