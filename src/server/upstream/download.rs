use super::Proxy;
use super::clerk::{Ending, Passed};
use crate::server::body::ends_early;
use crate::server::pulse::Pulse;
use crate::wire::Bytes;
use http::Version;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use thiserror::Error;
use tokio::time::{Instant, Sleep, sleep};

/// A reply's body on its way to the client, as fast as that takes it. One that ends early ends the
/// client's connection, so that nobody takes it for whole.
pub(super) struct Download {
    body: Incoming,
    /// That which it comes in.
    version: Version,
    /// When the upstream has paused for too long.
    patience: Pin<Box<Sleep>>,
    waits: bool,
    /// The exchange, until it is over.
    passed: Option<Passed>,
    proxy: Arc<Proxy>,
    pulse: Arc<Pulse>,
    /// Whether not all of the request was read when the reply began.
    unread: bool,
}

/// The upstream's reply ended early.
#[derive(Debug, Clone, Copy, Error)]
#[error("the upstream's reply ended early")]
pub(super) struct Early;

impl Download {
    pub(super) fn new(
        proxy: &Arc<Proxy>,
        (version, body): (Version, Incoming),
        passed: Passed,
        pulse: &Arc<Pulse>,
        unread: bool,
    ) -> Download {
        let mut download = Download {
            patience: Box::pin(sleep(proxy.client.patience())),
            waits: false,
            passed: Some(passed),
            proxy: Arc::clone(proxy),
            pulse: Arc::clone(pulse),
            unread,
            body,
            version,
        };
        if download.body.is_end_stream() {
            download.end(Ending::Whole);
        }
        download
    }

    fn end(&mut self, ending: Ending) {
        if let Some(mut passed) = self.passed.take() {
            if matches!(ending, Ending::Whole) {
                passed.copy.end();
            }
            self.proxy.clerk.settle(passed, ending);
            self.pulse.replied(self.unread, Vec::new());
        }
    }

    fn is_overdue(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.waits {
            self.waits = true;
            let deadline = Instant::now() + self.proxy.client.patience();
            self.patience.as_mut().reset(deadline);
        }
        self.patience.as_mut().poll(cx).is_ready()
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = Early;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Early>>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Pending if this.is_overdue(cx) => {
                this.end(Ending::Failed(this.proxy.client.stalled()));
                Poll::Ready(Some(Err(Early)))
            }
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(frame))) => {
                this.waits = false;
                if let (Some(data), Some(passed)) = (frame.data_ref(), &mut this.passed) {
                    passed.copy.add(data);
                }
                if this.body.is_end_stream() {
                    this.end(Ending::Whole);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                this.end(Ending::Failed(this.proxy.client.broken(&error)));
                Poll::Ready(Some(Err(Early)))
            }
            Poll::Ready(None) if ends_early(&this.body, this.version == Version::HTTP_2) => {
                this.end(Ending::Failed(this.proxy.client.cut()));
                Poll::Ready(Some(Err(Early)))
            }
            Poll::Ready(None) => {
                this.end(Ending::Whole);
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        self.end(Ending::Left);
    }
}
