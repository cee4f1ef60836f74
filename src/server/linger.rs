use super::Limits;
use super::stream::Stream;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Drains what a refused client still sends, between our last byte and the close: closing a socket
/// with unread input sends a reset, which may overtake the reply (RFC 9112 §9.6).
pub(super) struct Linger {
    /// When it ends at the latest.
    until: Instant,
    /// Fires when the client was silent for too long.
    quiet: Pin<Box<Sleep>>,
    drained: usize,
}

impl Linger {
    /// Starts now.
    pub(super) fn new(limits: &Limits) -> Linger {
        let now = Instant::now();
        let until = now + limits.linger_time;
        let quiet = until.min(now + limits.linger_gap);
        Linger {
            until,
            quiet: Box::pin(sleep_until(quiet)),
            drained: 0,
        }
    }

    /// Ready once the client has closed, is silent, or has sent or taken more than is fair.
    pub(super) fn poll(
        &mut self,
        stream: &mut Stream,
        limits: &Limits,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let mut trash = [0; 16 << 10];
        loop {
            let mut buf = ReadBuf::new(&mut trash);
            match Pin::new(&mut *stream).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() => {
                    self.drained += buf.filled().len();
                    let now = Instant::now();
                    if self.drained > limits.linger || now >= self.until {
                        return Poll::Ready(());
                    }
                    let quiet = self.until.min(now + limits.linger_gap);
                    self.quiet.as_mut().reset(quiet);
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.quiet.as_mut().poll(cx),
            }
        }
    }
}
