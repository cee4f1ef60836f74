use super::copy::Copy;
use crate::server::Limits;
use crate::server::body::{ends_early, is_over};
use crate::server::pulse::Pulse;
use crate::wire::Bytes;
use axum::BoxError;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use thiserror::Error;
use tokio::time::{Instant, Sleep, sleep_until};

/// A request's body on its way to the upstream, as fast as that takes it.
pub(super) struct Upload {
    body: Incoming,
    asked: Asked,
    pulse: Arc<Pulse>,
    /// When a stream has paused for too long, and how long it may.
    patience: Option<Pin<Box<Sleep>>>,
    gap: Duration,
    /// How long the trailers may be.
    trailers: usize,
}

/// The client's request ended early.
#[derive(Debug, Clone, Copy, Error)]
#[error("the client's request ended early")]
struct Early;

/// What is known of a request's body, while it passes and afterwards.
#[derive(Debug, Clone)]
pub(super) struct Asked(Arc<Mutex<Passing>>);

#[derive(Debug)]
struct Passing {
    copy: Copy,
    /// When some of it last came.
    last: Instant,
    /// Whether the client didn't send all of it.
    is_broken: bool,
}

impl Asked {
    pub(super) fn new(copy: Copy) -> Asked {
        Asked(Arc::new(Mutex::new(Passing {
            copy,
            last: Instant::now(),
            is_broken: false,
        })))
    }

    /// When some of it last came.
    pub(super) fn last(&self) -> Instant {
        self.passing().last
    }

    /// Whether the client didn't send all of it.
    pub(super) fn is_broken(&self) -> bool {
        self.passing().is_broken
    }

    /// Whether all of it has passed.
    pub(super) fn is_whole(&self) -> bool {
        self.passing().copy.is_whole()
    }

    /// How much of it is kept.
    pub(super) fn len(&self) -> usize {
        self.passing().copy.len()
    }

    /// All of it, where that is there.
    pub(super) fn whole(&self) -> Option<Bytes> {
        self.passing().copy.whole()
    }

    fn passing(&self) -> MutexGuard<'_, Passing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Upload {
    pub(super) fn new(body: Incoming, asked: Asked, pulse: Arc<Pulse>, limits: &Limits) -> Upload {
        if body.is_end_stream() {
            asked.passing().copy.end();
        }
        Upload {
            body,
            asked,
            pulse,
            patience: None,
            gap: limits.body_gap,
            trailers: limits.trailers,
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        // The client has its time while it is waited for, not while the upstream is.
        self.pulse.receiving();
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        let frame = match polled {
            Poll::Ready(None) if ends_early(&self.body, self.pulse.is_stream()) => {
                Some(Err(Early.into()))
            }
            Poll::Ready(Some(Ok(frame))) if is_over(&frame, self.trailers) => {
                Some(Err(Early.into()))
            }
            Poll::Ready(frame) => frame.map(|frame| frame.map_err(BoxError::from)),
            Poll::Pending if self.pulse.is_stream() => {
                let deadline = Instant::now() + self.gap;
                let patience = &mut self.patience;
                let patience = patience.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
                ready!(patience.as_mut().poll(cx));
                self.pulse.overrun();
                Some(Err(Early.into()))
            }
            Poll::Pending => return Poll::Pending,
        };
        self.patience = None;
        self.pulse.received();
        let is_end = self.body.is_end_stream();
        let mut passing = self.asked.passing();
        passing.last = Instant::now();
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    passing.copy.add(data);
                }
                if is_end {
                    passing.copy.end();
                }
            }
            Some(Err(_)) => passing.is_broken = true,
            None => passing.copy.end(),
        }
        drop(passing);
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
