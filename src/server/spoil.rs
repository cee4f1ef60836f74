//! Replies that go wrong on purpose. hyper closes a connection whose service or body fails, and
//! the socket does what hyper has no word for.

use super::Limits;
use super::outgoing::{ReplyBody, whole};
use super::pulse::Pulse;
use crate::faults::Fault;
use crate::wire::{Bytes, Method, StatusCode};
use http::Response;
use http_body_util::Either;
use hyper::body::{Body, Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use thiserror::Error;
use tokio::time::{Sleep, sleep};

/// The connection ends here, on purpose.
#[derive(Debug, Clone, Copy, Error)]
#[error("closed on purpose")]
pub(super) struct Severed;

/// Whether a fault leaves nothing of this reply to send: a body that isn't there can't be cut.
pub(super) fn severs(fault: Fault, response: &Response<Bytes>, method: &Method) -> bool {
    let is_bodiless = response.body().is_empty()
        || *method == Method::HEAD
        || [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&response.status());
    match fault {
        Fault::Drop | Fault::Reset => true,
        Fault::Truncate | Fault::Stall => is_bodiless,
        Fault::Garbage => false,
    }
}

/// Ends a connection that a fault leaves nothing to send on, a stalling one in its own time.
pub(super) async fn sever(fault: Fault, pulse: &Pulse, limits: &Limits) -> Severed {
    match fault {
        Fault::Reset => pulse.purpose.reset(),
        Fault::Stall => pulse.purpose.hold(limits.stall_time).await,
        Fault::Drop | Fault::Truncate | Fault::Garbage => {}
    }
    Severed
}

/// The body that a reply with a fault has.
pub(super) fn spoiled(body: Bytes, fault: Fault, pulse: &Arc<Pulse>, limits: &Limits) -> ReplyBody {
    let (sent, patience) = match fault {
        Fault::Drop | Fault::Reset => return whole(body),
        Fault::Garbage => {
            pulse.garble();
            return whole(body);
        }
        // A stream that is reset forgets what it still had to send.
        Fault::Truncate if pulse.is_stream() => {
            let half = body.slice(..body.len() / 2);
            (half, Some(Box::pin(sleep(UNDER_WAY))))
        }
        Fault::Truncate => (body.slice(..body.len() / 2), None),
        Fault::Stall => {
            pulse.purpose.watch();
            (Bytes::new(), Some(Box::pin(sleep(limits.stall_time))))
        }
    };
    Either::Right(axum::body::Body::new(Spoiled {
        told: body.len() as u64,
        sent: Some(sent),
        patience,
        pulse: Arc::clone(pulse),
    }))
}

/// How long what was handed over may take to be sent, before its stream is reset.
const UNDER_WAY: Duration = Duration::from_millis(100);

/// A body that ends before the length that it tells.
struct Spoiled {
    told: u64,
    /// What is still to be sent; nothing once it was handed on.
    sent: Option<Bytes>,
    /// Until when nothing more comes, where it doesn't end at once.
    patience: Option<Pin<Box<Sleep>>>,
    pulse: Arc<Pulse>,
}

impl Body for Spoiled {
    type Data = Bytes;
    type Error = Severed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Severed>>> {
        if let Some(sent) = self.sent.take() {
            // hyper forgets what it has buffered when a body fails.
            if !self.pulse.is_stream() {
                self.pulse.purpose.await_flush();
            }
            if !sent.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(sent))));
            }
        }
        // The socket wakes this task when it has flushed, and when the client has left.
        if self.pulse.purpose.awaits_flush() {
            return Poll::Pending;
        }
        let has_left = self.pulse.purpose.has_left();
        if let Some(patience) = self.patience.as_mut().filter(|_| !has_left) {
            ready!(patience.as_mut().poll(cx));
        }
        Poll::Ready(Some(Err(Severed)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.told)
    }
}
