use super::front::Front;
use super::plain_refusal::serialize;
use super::pulse::Pulse;
use super::refusal::Refusal;
use super::socket::Socket;
use super::stream::{Opening, Stream};
use super::streams::{self, Over, Streams};
use crate::wire::StatusCode;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{sleep, timeout};

/// hyper's part of the limits, for each protocol; the socket, the streams and the front keep the
/// rest.
#[derive(Clone)]
pub(super) struct Protocols {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Protocols {
    pub(super) fn new(front: &Front) -> Protocols {
        Protocols {
            http1: http1(front),
            http2: http2(front),
        }
    }
}

fn http1(front: &Front) -> http1::Builder {
    let limits = &front.limits;
    let mut protocol = http1::Builder::new();
    // Our socket times heads and idleness apart, for which hyper has one time-out.
    protocol.header_read_timeout(None);
    // A client may close its side once it has sent its request (`printf … | nc`).
    protocol.half_close(true);
    // The request line comes on top of the fields. It bounds trailers too, of which the body's
    // reader keeps the limit.
    let head = limits.uri + limits.header_block + REQUEST_LINE;
    let head = head.max(limits.trailers);
    protocol.max_header_size(head);
    // Of body and head together; a larger one makes uploads no faster.
    protocol.max_buf_size(head.max(64 << 10));
    if limits.header_fields != HYPER_HEADER_FIELDS {
        // Asked for, the table of fields is on the heap instead of the stack.
        protocol.max_headers(limits.header_fields);
    }
    // Of what is passed on the case is kept, which is nobody's but may be someone's habit.
    protocol.preserve_header_case(front.proxy.is_some());
    protocol
}

fn http2(front: &Front) -> http2::Builder<TokioExecutor> {
    let limits = &front.limits;
    let mut protocol = http2::Builder::new(TokioExecutor::new());
    protocol.max_concurrent_streams(limits.streams);
    protocol.max_header_list_size(limits.header_list);
    protocol.max_pending_accept_reset_streams(UNSEEN_RESETS);
    // A reply that waits for its client to take it waits with us, where it is timed.
    protocol.max_send_buf_size(64 << 10);
    protocol
}

/// The request line without its target: a method, a version, spaces and the line end.
const REQUEST_LINE: usize = 64;
/// What hyper allows unasked.
const HYPER_HEADER_FIELDS: usize = 100;
/// How many requests may be taken back before any of them was looked at.
const UNSEEN_RESETS: usize = 20;
/// How long a client that takes back too much may still talk.
const LAST_WORD: Duration = Duration::from_millis(500);

/// Serves a connection until it ends or is told to stop, by the end of `stop`. It keeps its seat as
/// long.
pub(super) async fn serve(
    tcp: TcpStream,
    front: Arc<Front>,
    protocols: Protocols,
    mut stop: watch::Receiver<()>,
    _seat: OwnedSemaphorePermit,
) {
    // Replies are written whole; waiting to fill a packet would only delay them.
    let _ = tcp.set_nodelay(true);
    let opening = timeout(
        front.limits.head_time,
        Stream::open(tcp, front.tls.as_ref()),
    );
    let opening = tokio::select! {
        biased;
        opening = opening => opening,
        _ = stop.changed() => return,
    };
    match opening {
        Ok(Ok(Opening::Http1(stream, certificate))) => {
            let pulse = Arc::new(Pulse::of(certificate));
            serve_http1(stream, &front, pulse, &protocols.http1, stop).await;
        }
        Ok(Ok(Opening::Http2(stream, certificate))) => {
            let pulse = Arc::new(Pulse::of(certificate));
            serve_http2(stream, &front, pulse, &protocols.http2, stop).await;
        }
        Ok(Ok(Opening::Bare(stream))) => refuse_bare(stream, &front).await,
        // A client that says nothing is no news, nor is one that leaves.
        Ok(Err(error)) if is_leave(error.kind()) => {}
        Ok(Err(error)) => front.gave_up(&format!("a handshake of TLS failed: {error}")),
        Err(_) => {}
    }
}

fn is_leave(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset)
}

async fn serve_http1(
    stream: Stream,
    front: &Arc<Front>,
    pulse: Arc<Pulse>,
    protocol: &http1::Builder,
    mut stop: watch::Receiver<()>,
) {
    let socket = Socket::new(stream, pulse.clone(), front.clone());
    let front = Arc::clone(front);
    let answering = pulse.clone();
    let service = service_fn(move |request| {
        let (front, pulse) = (front.clone(), answering.clone());
        async move { front.answer(request, &pulse).await }
    });
    let connection = protocol.serve_connection(TokioIo::new(socket), service);
    let mut connection = pin!(connection.with_upgrades());
    // An error here is a client that went away or was turned away, and has been reported, or a
    // connection that was closed on purpose.
    let is_stopping = tokio::select! {
        biased;
        _ = connection.as_mut() => false,
        _ = stop.changed() => true,
    };
    if is_stopping {
        // Who hasn't said what it wants is as idle as who has said nothing.
        if !pulse.lacks_head() {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
        return;
    }
    if let Some(tunnel) = pulse.take_tunnel() {
        // It may go on for ever, and has no end that could be waited for.
        tokio::select! {
            () = tunnel.run() => {}
            _ = stop.changed() => {}
        }
    }
}

async fn serve_http2(
    stream: Stream,
    front: &Arc<Front>,
    line: Arc<Pulse>,
    protocol: &http2::Builder<TokioExecutor>,
    mut stop: watch::Receiver<()>,
) {
    // The streams time what they wait for, and the connection what is between them.
    line.begin(None, &front.limits);
    let socket = Socket::new(stream, line.clone(), front.clone());
    let streams = Arc::new(Streams::new(&front.limits));
    let (shared, serving) = (Arc::clone(&streams), Arc::clone(front));
    let service = service_fn(move |request| {
        let stream = streams::Stream::open(&shared);
        let (front, pulse) = (serving.clone(), Arc::new(Pulse::of_stream(&line)));
        let shared = Arc::clone(&shared);
        async move {
            let answered = front.answer(request, &pulse).await;
            if front.seats.are_taken() {
                shared.finish();
            }
            match answered {
                Ok(response) => Ok(response.map(|body| stream.sending(body))),
                Err(severed) => {
                    stream.end();
                    Err(severed)
                }
            }
        }
    });
    let mut connection = pin!(protocol.serve_connection(TokioIo::new(socket), service));
    let over = tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        _ = stop.changed() => Over::Idle,
        over = streams.over() => over,
    };
    let last_word = match over {
        Over::Idle => Duration::MAX,
        Over::Resets => {
            front.gave_up("a client of HTTP/2 took back too many of its requests");
            LAST_WORD
        }
        Over::Stalled => {
            front.gave_up("a client of HTTP/2 took nothing of its replies");
            return;
        }
    };
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        biased;
        _ = connection => {}
        () = streams.done() => {}
        () = sleep(last_word) => {}
    }
}

/// Tells who speaks no TLS that it is spoken here.
async fn refuse_bare(mut stream: Stream, front: &Front) {
    let detail = "TLS is spoken here: this server is asked at https://.";
    let refusal = Refusal::new(StatusCode::BAD_REQUEST, detail).closing();
    let reply = serialize(&refusal, &[], None, front);
    let answering = async {
        // Closing a socket with unread input sends a reset, which may overtake the reply.
        let _ = stream.read(&mut vec![0; 16 << 10]).await;
        let _ = stream.write_all(&reply).await;
        let _ = stream.shutdown().await;
    };
    let _ = timeout(front.limits.linger_time, answering).await;
}
