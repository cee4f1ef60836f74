use super::Limits;
use super::announce::Announcer;
use super::front::Front;
use super::linger::Linger;
use super::plain_refusal::PlainRefusal;
use super::pulse::Pulse;
use super::stream::Stream;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// A client's socket that loses patience: it ends reads whose deadline has passed, fails writes
/// that make no progress, and drains what a refused client still sends before it closes.
///
/// hyper times only the heads, and only from the previous reply on (so an idle connection and a
/// slow head would share one limit); the rest it leaves to the socket, that is to us.
pub(super) struct Socket {
    stream: Stream,
    pulse: Arc<Pulse>,
    front: Arc<Front>,
    /// Fires at or before the pulse's deadline; moved only when it fires too early or would fire
    /// too late, so that a busy connection doesn't touch the timer wheel.
    patience: Pin<Box<Sleep>>,
    /// When a write that makes no progress fails.
    stall: Option<Pin<Box<Sleep>>>,
    /// A refusal in the house's form on its way in place of hyper's own.
    refusal: Option<PlainRefusal>,
    /// How much has gone out of what is no HTTP, where that is wanted.
    garbage: usize,
    /// The draining before the close, once the reply is out and our side is shut.
    linger: Option<Linger>,
}

impl Socket {
    pub(super) fn new(stream: Stream, pulse: Arc<Pulse>, front: Arc<Front>) -> Socket {
        let patience = sleep_until(Instant::now() + front.limits.head_time);
        Socket {
            stream,
            pulse,
            front,
            patience: Box::pin(patience),
            stall: None,
            refusal: None,
            garbage: 0,
            linger: None,
        }
    }

    fn limits(&self) -> &Limits {
        &self.front.limits
    }

    /// Ready once the deadline has passed; otherwise the task is woken when it does.
    fn poll_patience(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.patience.deadline() > deadline {
                self.patience.as_mut().reset(deadline);
            }
            ready!(self.patience.as_mut().poll(cx));
            if self.patience.deadline() >= deadline {
                return Poll::Ready(());
            }
            self.patience.as_mut().reset(deadline);
        }
    }

    /// What a write came to, with the stall's clock started, stopped or read.
    fn judge_write(
        &mut self,
        written: Poll<io::Result<usize>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(result) => {
                self.stall = None;
                self.pulse.spoke();
                Poll::Ready(result)
            }
            Poll::Pending => {
                self.pulse.blocked();
                self.poll_stall(cx).map(Err)
            }
        }
    }

    /// Ready once nothing has been taken for too long.
    fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let limit = self.front.limits.write_stall;
        let stall = self
            .stall
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + limit)));
        stall
            .as_mut()
            .poll(cx)
            .map(|()| io::ErrorKind::TimedOut.into())
    }

    /// Writes the house's refusal where hyper is about to write its own; nothing where it isn't.
    fn poll_refusal(
        &mut self,
        offered: &[u8],
        cx: &mut Context<'_>,
    ) -> Option<Poll<io::Result<usize>>> {
        if self.refusal.is_none() {
            let head = self.pulse.unparsed_head()?;
            self.refusal = Some(PlainRefusal::instead_of(offered, &head, &self.front)?);
        }
        let refusal = self.refusal.as_mut()?;
        while !refusal.rest().is_empty() {
            let written = Pin::new(&mut self.stream).poll_write(cx, refusal.rest());
            match written {
                Poll::Ready(Ok(n)) if n > 0 => refusal.advance(n),
                other => return Some(self.judge_write(other, cx)),
            }
        }
        let replaced = refusal.replaced();
        self.refusal = None;
        Some(self.judge_write(Poll::Ready(Ok(replaced)), cx))
    }

    /// Writes what is no HTTP in place of all else, and then fails.
    fn poll_garbage(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        while self.garbage < GARBAGE.len() {
            let rest = &GARBAGE[self.garbage..];
            let written = Pin::new(&mut self.stream).poll_write(cx, rest);
            match written {
                Poll::Ready(Ok(n)) if n > 0 => self.garbage += n,
                other => return self.judge_write(other, cx),
            }
        }
        Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
    }

    /// Tells whoever holds the reply back of a client that closes its side. hyper doesn't read
    /// in the middle of an exchange, where that may be no end of the client.
    fn look_for_end(&mut self, cx: &mut Context<'_>) {
        if self.stream.poll_end(cx) == Poll::Ready(true) {
            self.pulse.purpose.leave();
            cx.waker().wake_by_ref();
        }
    }

    fn announcer(&self) -> &Announcer {
        &self.front.announcer
    }
}

/// Nothing that a client could take for a reply.
const GARBAGE: &[u8] = b"\x00\xff\xfe\x15\x03 this is no HTTP \x80\xc0\r\n\r\n";

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let this = &mut *self;
        match Pin::new(&mut this.stream).poll_read(cx, buf) {
            Poll::Ready(Ok(())) => {
                let bytes = &buf.filled()[before..];
                if !bytes.is_empty() && !this.pulse.heard(bytes, &this.front.limits) {
                    // An end of input, where hyper would wait for what is never going to be read.
                    buf.set_filled(before);
                }
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let Some(deadline) = this.pulse.deadline(this.limits()) else {
                    return Poll::Pending;
                };
                ready!(this.poll_patience(deadline, cx));
                if this.pulse.expire() {
                    this.front.gave_up("the request took too long to arrive");
                }
                // An end of input: hyper closes an idle connection without a word and fails a
                // body that is being read, which the service then answers with 408.
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.pulse.purpose.is_garbled() {
            return self.poll_garbage(cx);
        }
        if let Some(refused) = self.poll_refusal(buf, cx) {
            return refused;
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.judge_write(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.pulse.purpose.is_garbled() {
            return self.poll_garbage(cx);
        }
        let first = bufs.first().map_or(&[][..], |buf| buf);
        if let Some(refused) = self.poll_refusal(first, cx) {
            return refused;
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.judge_write(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Ready(flushed) => flushed?,
            // What TLS has ciphered is still to be written.
            Poll::Pending => return self.poll_stall(cx).map(Err),
        }
        // hyper flushes when all it had to say is written: the reply is on its way.
        self.announcer().send(self.pulse.take_announcements());
        if self.pulse.purpose.flushed() {
            cx.waker().wake_by_ref();
        }
        if self.pulse.purpose.is_watched() {
            self.look_for_end(cx);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.linger.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
        }
        if !this.pulse.has_unread() {
            return Poll::Ready(Ok(()));
        }
        // Closing a socket with unread input sends a reset, which may overtake the reply.
        let limits = &this.front.limits;
        let linger = this.linger.get_or_insert_with(|| Linger::new(limits));
        linger.poll(&mut this.stream, limits, cx).map(Ok)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // The client is gone before it had its reply; what it changed is still to be told.
        let announcements = self.pulse.take_announcements();
        self.announcer().send(announcements);
        if self.pulse.purpose.is_reset() {
            self.stream.reset_at_close();
        }
    }
}
