use super::front::Front;
use super::pulse::Pulse;
use super::socket::Socket;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::Watcher;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

/// hyper's part of the limits; the socket and the front keep the rest.
pub(super) fn protocol(front: &Front) -> http1::Builder {
    let limits = &front.limits;
    let mut protocol = http1::Builder::new();
    // Our socket times heads and idleness apart, for which hyper has one time-out.
    protocol.header_read_timeout(None);
    // A client may close its side once it has sent its request (`printf … | nc`).
    protocol.half_close(true);
    // The request line comes on top of the fields. It bounds trailers too, and without it they
    // would be bounded by 16 KiB.
    let head = limits.uri + limits.header_block + REQUEST_LINE;
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

/// The request line without its target: a method, a version, spaces and the line end.
const REQUEST_LINE: usize = 64;

/// What hyper allows unasked.
const HYPER_HEADER_FIELDS: usize = 100;

/// Serves a connection until it ends or is told to stop. It keeps its seat as long.
pub(super) async fn serve(
    stream: TcpStream,
    front: Arc<Front>,
    protocol: http1::Builder,
    stop: Watcher,
    _seat: OwnedSemaphorePermit,
) {
    // Replies are written whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let pulse = Arc::new(Pulse::new());
    let socket = Socket::new(stream, pulse.clone(), front.clone());
    let service = service_fn(move |request| {
        let (front, pulse) = (front.clone(), pulse.clone());
        async move { front.answer(request, &pulse).await }
    });
    let connection = protocol.serve_connection(TokioIo::new(socket), service);
    // An error here is a client that went away or was turned away, and has been reported, or a
    // connection that was closed on purpose.
    let _ = stop.watch(connection).await;
}
