//! The journal as an event stream (WHATWG HTML §9.2).

use super::super::journal::{Listener, News};
use super::super::{Limits, Standing};
use super::exchange::{Callback, Exchange};
use super::filter::Filter;
use crate::host::Host;
use crate::wire::{Bytes, header};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Events that wait for a connection to take them.
const WAITING: usize = 16;

/// How often a stream says something, so that its connection isn't idle and its end is noticed.
#[derive(Clone, Copy)]
pub(crate) struct Beat(Duration);

impl Beat {
    pub(crate) fn new(limits: &Limits) -> Beat {
        Beat(Duration::from_secs(15).min(limits.idle_time / 3))
    }
}

/// What a listener hears, as it hears it. It ends with the server or its reader.
pub(super) fn stream(
    listener: Listener,
    filter: Filter,
    standing: Standing,
    Beat(beat): Beat,
) -> Response {
    let (events, waiting) = mpsc::channel(WAITING);
    tokio::spawn(tell(listener, filter, standing, beat, events));
    let stream = Body::new(Stream(waiting));
    ([(header::CONTENT_TYPE, "text/event-stream")], stream).into_response()
}

async fn tell(
    mut listener: Listener,
    filter: Filter,
    standing: Standing,
    beat: Duration,
    events: mpsc::Sender<Bytes>,
) {
    // The head alone wouldn't leave before the first event.
    let mut event = Some(": the journal\n\n".to_owned());
    loop {
        if let Some(event) = event.take()
            && events.send(event.into()).await.is_err()
        {
            return;
        }
        event = match timeout(beat, listener.next()).await {
            Err(_) => Some(":\n\n".to_owned()),
            Ok(None) => return,
            Ok(Some(news)) => written(&news, &filter, &standing.look()),
        };
    }
}

/// An event; nothing where the listener doesn't want to hear of it.
fn written(news: &News, filter: &Filter, host: &Host) -> Option<String> {
    match news {
        News::Exchange(record) => filter.takes(record, host).then(|| {
            let data = serde_json::to_value(Exchange::new(record, host)).unwrap_or_default();
            format!("id: {}\nevent: exchange\ndata: {data}\n\n", record.number)
        }),
        News::Delivery(record, delivered) => filter.takes(record, host).then(|| {
            let mut data = json!({"number": record.number});
            let told = serde_json::to_value(Callback::from(delivered));
            if let (Some(data), Ok(Value::Object(told))) = (data.as_object_mut(), told) {
                data.extend(told);
            }
            format!("event: delivery\ndata: {data}\n\n")
        }),
        News::Dropped(count) => {
            let data = json!({"count": count});
            Some(format!("event: dropped\ndata: {data}\n\n"))
        }
    }
}

/// A body of what comes through a channel.
struct Stream(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.0.poll_recv(cx);
        next.map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}
