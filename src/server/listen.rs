use super::connection::{self, Protocols};
use super::front::Front;
use super::seats::Seats;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How many connections may wait in the kernel's queue, whose own bound lowers it further. Past
/// what the standard library asks for, 128, a burst of clients would be left to try again, which
/// takes them a second and more.
const WAITING: u32 = 4096;

/// Opens a listener at an address.
pub(super) fn open(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // What was closed a moment ago holds up no new start. Elsewhere it would let two listen.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Accepts connections until `shutdown`, then lets those in flight finish. Idle connections are
/// closed at once, and what isn't done after `stop_time` is cut off.
pub(super) async fn listen(
    listener: TcpListener,
    front: &Arc<Front>,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = pin!(shutdown);
    let protocols = Protocols::new(front);
    let (stopping, stop) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        let (stream, seat) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &front.seats, front) => accepted,
        };
        let (front, protocols) = (front.clone(), protocols.clone());
        let serving = connection::serve(stream, front, protocols, stop.clone(), seat);
        connections.spawn(serving);
        while connections.try_join_next().is_some() {} // or their results would pile up
    }
    drop(listener); // who comes now is refused by the kernel instead of waiting for nobody
    drop(stopping); // which each connection waits for
    let ended = async { while connections.join_next().await.is_some() {} };
    // Dropping `connections` afterwards cuts off whoever is still there.
    let _ = timeout(front.limits.stop_time, ended).await;
}

/// The next connection, with a seat for it.
async fn accept(
    listener: &TcpListener,
    seats: &Seats,
    front: &Front,
) -> (TcpStream, OwnedSemaphorePermit) {
    let seat = seats.take().await;
    let mut pause = FIRST_PAUSE;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, seat),
            Err(error) if is_about_the_client(&error) => {}
            Err(error) => {
                // Out of descriptors or memory: the connection stays in the queue, so that
                // asking again at once would spin.
                front.gave_up(&format!("cannot accept a connection: {error}"));
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A client that left while it was in the queue is no trouble of ours.
fn is_about_the_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
