use crate::contract::{Bounds, Loading, Room};
use crate::spec::Reach;
use std::time::Duration;

/// Every bound that the server puts on its clients.
///
/// Sizes are in bytes. The defaults are the ones a public edge would choose, except where a mock
/// server's clients need more; each field names where its number is from.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The longest request target; more is 414. RFC 9112 §3 asks for at least 8000 octets, nginx has 8 KiB.
    pub uri: usize,
    /// All header fields of a request together; more is 431 (RFC 6585 §5). nginx has 4 × 8 KiB.
    pub header_block: usize,
    /// How many header fields a request may have; more is 431. hyper's default.
    pub header_fields: usize,
    /// All trailers of a request together; more is 431, and 400 where they are more than a head may be. hyper's default.
    pub trailers: usize,
    /// The longest request body; more is 413. Prism has 10 MB, nginx 1 MiB.
    pub body: usize,
    /// The longest request body of the control plane; more is 413.
    pub control_body: usize,
    /// From the first byte of a request's head (or from the connection's start, for its first
    /// request) to the head's end; longer closes the connection. Half of hyper's 30 s.
    pub head_time: Duration,
    /// How long a kept-alive connection may be silent between requests. nginx has 75 s.
    pub idle_time: Duration,
    /// From a request's head to its body's end; longer is 408. nginx has 60 s between reads.
    pub body_time: Duration,
    /// Between two reads of a request's body; longer is 408.
    pub body_gap: Duration,
    /// How long a client may take nothing of an answer before it is cut off. nginx has 60 s.
    pub write_stall: Duration,
    /// How long a reply that stalls on purpose keeps its connection.
    pub stall_time: Duration,
    /// How long a request to the control plane may take as a whole.
    pub control_time: Duration,
    /// Connections held at a time; the rest wait in the kernel's queue. Envoy's advice for edges.
    /// The process's own limit on open files lowers it further.
    pub connections: usize,
    /// Requests that a connection of HTTP/2 may have under way at a time. Envoy's advice for edges.
    pub streams: u32,
    /// All header fields of a request of HTTP/2 together, as RFC 9113 §6.5.2 counts them; more is
    /// 431.
    pub header_list: u32,
    /// How many requests a client of HTTP/2 may take back on a connection (CVE-2023-44487); more
    /// ends it.
    pub resets: usize,
    /// Up to this many body bytes a request is answered on the thread that read it. A larger body
    /// takes long enough to judge that it would hold up the thread's other connections.
    pub inline_body: usize,
    /// How many bodies larger than that are judged at a time; the others wait. Parsed, a body
    /// takes up to thirty times its bytes.
    pub large_bodies: usize,
    /// How much of a refused body is read and thrown away, so that the client gets to read the
    /// refusal instead of a reset. Bounded by `linger_time` too, as in nginx (which counts no bytes).
    pub linger: usize,
    /// How long a refused body is drained at most. nginx's `lingering_timeout` is 5 s.
    pub linger_time: Duration,
    /// How long a drained connection may be silent before it is closed.
    pub linger_gap: Duration,
    /// The longest a stop waits for exchanges in flight.
    pub stop_time: Duration,
    /// Exchanges that the journal keeps; the oldest make room. Without any there is none.
    pub journal: usize,
    /// What they may take together.
    pub journal_bytes: usize,
    /// How much of a body the journal keeps.
    pub journal_body: usize,
    /// Announcements that wait to be sent; further ones are dropped and reported.
    pub announcements: usize,
    /// The longest wait for an announcement's receiver to accept the connection.
    pub announcement_connect: Duration,
    /// The longest wait for a receiver's answer.
    pub announcement_try: Duration,
    /// The longest an announcement may take, with all its tries.
    pub announcement_time: Duration,
    /// How often an announcement is tried.
    pub announcement_tries: u32,
    /// The longest wait for an upstream to accept a connection; longer is 504.
    pub upstream_connect: Duration,
    /// The longest wait for an upstream's reply once the request is sent, which is 504, and for more
    /// of a reply that has begun, which ends the client's connection. Envoy has 15 s for a route.
    pub upstream_time: Duration,
    /// The head of an upstream's reply; a longer one is 502.
    pub upstream_head: usize,
    /// How long a WebSocket may be silent, both ways, that is passed on; longer closes it. nginx has
    /// 60 s, which many clients' pings don't keep.
    pub tunnel_idle: Duration,
    /// How many items clients may add to a state; more is 507. A contract has this and what follows
    /// from where it is loaded ([`Limits::within`]).
    pub items: usize,
    /// How many bytes of memory those may take, roughly.
    pub item_bytes: usize,
    /// How deep the body of a request may be nested; more is 400. serde_json's default.
    pub json_depth: usize,
    /// How many violations a refusal lists; the rest is counted.
    pub errors: usize,
    /// How many files a document may have.
    pub files: usize,
    /// How many bytes they may have together.
    pub file_bytes: usize,
}

impl Limits {
    /// What is loaded, bound by these.
    pub fn within(&self, loading: Loading) -> Loading {
        Loading {
            room: Room {
                items: self.items,
                bytes: self.item_bytes,
            },
            bounds: Bounds {
                depth: self.json_depth,
                listed: self.errors,
            },
            reach: Reach {
                files: self.files,
                bytes: self.file_bytes,
                ..loading.reach
            },
            ..loading
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            uri: 8 << 10,
            header_block: 32 << 10,
            header_fields: 100,
            trailers: 16 << 10,
            body: 10 << 20,
            control_body: 1 << 20,
            head_time: Duration::from_secs(15),
            idle_time: Duration::from_secs(60),
            body_time: Duration::from_secs(30),
            body_gap: Duration::from_secs(10),
            write_stall: Duration::from_secs(30),
            stall_time: Duration::from_secs(60),
            control_time: Duration::from_secs(10),
            connections: 4096,
            streams: 100,
            header_list: 16 << 10,
            resets: 100,
            inline_body: 64 << 10,
            large_bodies: 4,
            linger: 64 << 20,
            linger_time: Duration::from_secs(5),
            linger_gap: Duration::from_secs(2),
            stop_time: Duration::from_secs(10),
            journal: 10_000,
            journal_bytes: 64 << 20,
            journal_body: 16 << 10,
            announcements: 1000,
            announcement_connect: Duration::from_secs(3),
            announcement_try: Duration::from_secs(5),
            announcement_time: Duration::from_secs(10),
            announcement_tries: 3,
            upstream_connect: Duration::from_secs(3),
            upstream_time: Duration::from_secs(15),
            upstream_head: 64 << 10,
            tunnel_idle: Duration::from_secs(5 * 60),
            items: Room::default().items,
            item_bytes: Room::default().bytes,
            json_depth: Bounds::default().depth,
            errors: Bounds::default().listed,
            files: Reach::default().files,
            file_bytes: Reach::default().bytes,
        }
    }
}
