//! What clients see of a server that may open few files.
#![cfg(target_os = "linux")]

use crate::process::{Folder, Running, start};
use crate::raw::connect;
use rustix::process::{Resource, Rlimit, prlimit};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

const API: &str = "openapi: 3.1.0
info: {title: Small, version: '1'}
paths:
  /x: {get: {responses: {'200': {description: Fine}}}}
";
const GET: &str = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// How long the server was at work so far, in ticks of which there are a hundred a second.
fn worked(served: &Running) -> u64 {
    let path = format!("/proc/{}/stat", served.pid().as_raw_nonzero());
    let stat = std::fs::read_to_string(path).expect("it runs");
    let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || fields.next().and_then(|ticks| ticks.parse::<u64>().ok());
    next().expect("of its own") + next().expect("of the system")
}

fn is_answered(stream: &mut TcpStream) -> bool {
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).is_ok() && &begin == b"HTTP/1.1 200"
}

/// 200 clients of a server that may open 64 files: those that it can't have wait, it doesn't spin,
/// and when they leave it goes on.
#[test]
fn clients_beyond_the_files_that_may_be_open_wait_and_cost_nothing() {
    let folder = Folder::of(&[("api.yaml", API)]);
    let served = start(folder.path(), &["api.yaml", "--journal", "0"]);
    let few = Rlimit {
        current: Some(64),
        maximum: Some(64),
    };
    // Lower than it knew of when it counted how many clients it can have.
    prlimit(Some(served.pid()), Resource::Nofile, few).expect("a limit");
    let mut clients: Vec<TcpStream> = (0..200).map(|_| connect(served.port)).collect();
    for client in &mut clients {
        client.write_all(GET.as_bytes()).expect("sent");
    }
    assert!(clients.iter_mut().take(20).all(is_answered));
    let before = worked(&served);
    thread::sleep(Duration::from_secs(2));
    let ticks = worked(&served) - before;
    assert!(ticks < 160, "{ticks} ticks of 200");
    // Who is answered goes, and makes room for who waits.
    let waited = clients.split_off(100);
    drop(clients);
    for mut client in waited {
        assert!(is_answered(&mut client));
    }
    assert!(is_answered(&mut {
        let mut client = connect(served.port);
        client.write_all(GET.as_bytes()).expect("sent");
        client
    }));
}
