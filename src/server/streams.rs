//! What a connection of HTTP/2 has beside its streams: its idleness, the resets that its client
//! sends, and replies that aren't taken.

use super::Limits;
use super::outgoing::ReplyBody;
use crate::wire::Bytes;
use axum::BoxError;
use hyper::body::{Body, Frame, SizeHint};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};

/// What the streams of a connection share.
pub(super) struct Streams {
    limits: Limits,
    state: Mutex<State>,
    /// Told when the connection is to end before its time.
    ending: Notify,
}

struct State {
    /// How many requests and replies are under way.
    open: usize,
    /// Until when the connection may be without any.
    idle_until: Instant,
    /// How many requests the client took back.
    resets: usize,
    /// When the pieces of replies were handed over that are still to be sent, by their numbers.
    unsent: BTreeMap<u64, Instant>,
    next: u64,
}

/// Why a connection ends before its client ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Nothing was asked for a while, or others wait for a seat.
    Idle,
    /// Its client takes back what it asks for, too often.
    Resets,
    /// Its client doesn't take what it asked for.
    Stalled,
}

/// How large the pieces are that a reply is sent in.
const PIECE: usize = 16 << 10;
/// How long a client has to answer to the word that its connection ends.
const FAREWELL: Duration = Duration::from_secs(1);

impl Streams {
    /// Those of a new connection, which has to ask for something soon.
    pub(super) fn new(limits: &Limits) -> Streams {
        let state = State {
            open: 0,
            idle_until: Instant::now() + limits.head_time,
            resets: 0,
            unsent: BTreeMap::new(),
            next: 0,
        };
        Streams {
            limits: limits.clone(),
            state: Mutex::new(state),
            ending: Notify::new(),
        }
    }

    /// Lets the connection end once what is under way is done.
    pub(super) fn finish(&self) {
        self.ending.notify_one();
    }

    /// Ready when the connection is to end. Looks now and then: nothing that a stream does costs a
    /// timer.
    pub(super) async fn over(&self) -> Over {
        loop {
            let now = Instant::now();
            let next = {
                let state = self.state();
                if self.has_stalled(&state, now) {
                    return Over::Stalled;
                }
                if state.resets > self.limits.resets {
                    return Over::Resets;
                }
                let oldest = state.unsent.values().next();
                let look_again = *oldest.unwrap_or(&now) + self.limits.write_stall;
                let look_again = look_again.min(now + self.limits.idle_time);
                match state.open {
                    0 if now >= state.idle_until => return Over::Idle,
                    0 => look_again.min(state.idle_until),
                    _ => look_again,
                }
            };
            tokio::select! {
                () = sleep_until(next) => {}
                () = self.ending.notified() => match self.state().resets > self.limits.resets {
                    true => return Over::Resets,
                    false => return Over::Idle,
                },
            }
        }
    }

    /// Ready when there is nothing left to wait for on a connection that is to end: its client has
    /// been told so, and may not answer to that.
    pub(super) async fn done(&self) {
        loop {
            sleep(FAREWELL).await;
            let state = self.state();
            if state.open == 0 || self.has_stalled(&state, Instant::now()) {
                return;
            }
        }
    }

    fn has_stalled(&self, state: &State, now: Instant) -> bool {
        // What was handed over first has the lowest number.
        let oldest = state.unsent.values().next();
        oldest.is_some_and(|since| now >= *since + self.limits.write_stall)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request and its reply, from head to end.
pub(super) struct Stream {
    streams: Arc<Streams>,
    is_answered: bool,
}

impl Stream {
    /// One more.
    pub(super) fn open(streams: &Arc<Streams>) -> Stream {
        streams.state().open += 1;
        Stream {
            streams: Arc::clone(streams),
            is_answered: false,
        }
    }

    /// Its reply's body on its way.
    pub(super) fn sending(mut self, body: ReplyBody) -> Sending {
        self.is_answered = true;
        Sending {
            body,
            rest: Bytes::new(),
            stream: self,
        }
    }

    /// It ended on purpose, without a reply.
    pub(super) fn end(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let limits = &self.streams.limits;
        let mut state = self.streams.state();
        state.open -= 1;
        if state.open == 0 {
            state.idle_until = Instant::now() + limits.idle_time;
        }
        if !self.is_answered {
            state.resets += 1;
            if state.resets > limits.resets {
                self.streams.ending.notify_one();
            }
        }
    }
}

/// A reply's body, in pieces of which it is known when they are sent.
pub(super) struct Sending {
    body: ReplyBody,
    /// What is still to be handed over of what the body gave.
    rest: Bytes,
    stream: Stream,
}

/// A piece that is still to be sent, until it is dropped.
struct Piece {
    data: Bytes,
    streams: Arc<Streams>,
    number: u64,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.data
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.streams.state().unsent.remove(&self.number);
    }
}

impl Sending {
    fn piece(&mut self) -> Frame<Bytes> {
        let data = self.rest.split_to(self.rest.len().min(PIECE));
        let streams = Arc::clone(&self.stream.streams);
        let mut state = streams.state();
        let number = state.next;
        state.next += 1;
        state.unsent.insert(number, Instant::now());
        drop(state);
        Frame::data(Bytes::from_owner(Piece {
            data,
            streams,
            number,
        }))
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if !this.rest.is_empty() {
            return Poll::Ready(Some(Ok(this.piece())));
        }
        let frame = match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => return Poll::Ready(None),
        };
        Poll::Ready(Some(Ok(match frame.into_data() {
            Ok(data) if data.is_empty() => Frame::data(data),
            Ok(data) => {
                this.rest = data;
                this.piece()
            }
            Err(trailers) => trailers,
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let mut hint = self.body.size_hint();
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::outgoing::whole;
    use http_body_util::BodyExt;

    fn limits() -> Limits {
        Limits {
            head_time: Duration::from_millis(40),
            idle_time: Duration::from_millis(80),
            write_stall: Duration::from_millis(120),
            resets: 3,
            ..Limits::default()
        }
    }

    #[tokio::test]
    async fn a_connection_is_over_when_nothing_is_asked_for_a_while() {
        let limits = limits();
        let streams = Arc::new(Streams::new(&limits));
        let started = Instant::now();
        assert_eq!(streams.over().await, Over::Idle);
        assert!(started.elapsed() >= limits.head_time);
        let stream = Stream::open(&streams);
        let started = Instant::now();
        let later = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            stream.end();
        };
        let (over, ()) = tokio::join!(streams.over(), later);
        assert_eq!(over, Over::Idle);
        assert!(started.elapsed() >= Duration::from_millis(280));
    }

    #[tokio::test]
    async fn a_reply_that_is_not_taken_is_noticed_and_one_that_is_taken_is_not() {
        let limits = limits();
        let streams = Arc::new(Streams::new(&limits));
        let body = whole(Bytes::from(vec![7; 3 * PIECE]));
        let mut sending = Stream::open(&streams).sending(body);
        assert_eq!(sending.size_hint().exact(), Some(3 * PIECE as u64));
        let first = sending.frame().await.expect("a frame").expect("data");
        assert_eq!(first.data_ref().map(Bytes::len), Some(PIECE));
        assert_eq!(sending.size_hint().exact(), Some(2 * PIECE as u64));
        let started = Instant::now();
        assert_eq!(streams.over().await, Over::Stalled);
        assert!(started.elapsed() >= Duration::from_millis(100));
        drop(first);
        let rest = sending.collect().await.expect("the rest").to_bytes();
        assert_eq!(rest.len(), 2 * PIECE);
        drop(rest);
        assert!(streams.state().unsent.is_empty());
    }

    #[tokio::test]
    async fn who_takes_back_too_much_is_noticed_at_once() {
        let limits = limits();
        let streams = Arc::new(Streams::new(&limits));
        for _ in 0..4 {
            drop(Stream::open(&streams));
        }
        assert_eq!(streams.over().await, Over::Resets);
    }
}
