use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;
use tokio::time::sleep;

/// What a connection's service asks of its socket on purpose, and what the socket tells it then.
///
/// Both live on the connection's one task, as with the pulse that this is a part of.
#[derive(Default)]
pub(super) struct Purpose {
    /// Whether the socket is to look out for the client's end.
    watched: AtomicBool,
    /// Whether it has come.
    left: AtomicBool,
    /// Whether someone waits until all that was written is on its way.
    flushing: AtomicBool,
    /// Whether bytes that are no HTTP go out in place of what is written.
    garbled: AtomicBool,
    /// Whether the connection is to end with a reset.
    reset: AtomicBool,
}

impl Purpose {
    /// Waits, in the middle of an exchange, and holds nothing. The wait is over early when the
    /// client closes its side: one that is gone needs no connection any more, and one that only
    /// has nothing more to send still gets its reply.
    pub(super) async fn hold(&self, time: Duration) {
        self.watched.store(true, Ordering::Relaxed);
        let mut time = pin!(sleep(time));
        poll_fn(|cx| match self.has_left() {
            true => Poll::Ready(()),
            false => time.as_mut().poll(cx),
        })
        .await;
        self.watched.store(false, Ordering::Relaxed);
    }

    /// Looks out for the client's end from now on.
    pub(super) fn watch(&self) {
        self.watched.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Relaxed) && !self.has_left()
    }

    /// The client has closed its side, or the connection is broken.
    pub(super) fn leave(&self) {
        self.left.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_left(&self) -> bool {
        self.left.load(Ordering::Relaxed)
    }

    /// Waits for a flush from now on.
    pub(super) fn await_flush(&self) {
        self.flushing.store(true, Ordering::Relaxed);
    }

    /// All that was written is on its way. Tells whether someone waited for it.
    pub(super) fn flushed(&self) -> bool {
        self.flushing.load(Ordering::Relaxed) && self.flushing.swap(false, Ordering::Relaxed)
    }

    pub(super) fn awaits_flush(&self) -> bool {
        self.flushing.load(Ordering::Relaxed)
    }

    pub(super) fn garble(&self) {
        self.garbled.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_garbled(&self) -> bool {
        self.garbled.load(Ordering::Relaxed)
    }

    pub(super) fn reset(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_reset(&self) -> bool {
        self.reset.load(Ordering::Relaxed)
    }
}
