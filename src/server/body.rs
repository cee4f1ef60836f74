use super::Limits;
use super::framing::block_length;
use super::pulse::Pulse;
use super::refusal::Refusal;
use crate::wire::{Bytes, HeaderMap, StatusCode, header};
use bytes::BytesMut;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming};
use tokio::time::{Instant, timeout_at};

/// Refuses a body that is too large by what the head says of it, before a byte of it is read
/// (so that a client that waits for `100 Continue` never sends it).
pub(super) fn admit(body: &Incoming, limit: usize) -> Result<(), Refusal> {
    if body.size_hint().lower() > limit as u64 {
        return Err(Refusal::body_too_large(limit));
    }
    Ok(())
}

/// Refuses a body with a `Content-Encoding`: the control plane inflates none.
pub(super) fn refuse_coded(headers: &HeaderMap, body: &Incoming) -> Result<(), Refusal> {
    let coded = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = coded.filter(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if !body.is_end_stream() && codings.next().is_some() {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "A body with a Content-Encoding is not supported; send it as it is.",
        )
        .with_header(header::ACCEPT_ENCODING, "identity")
        .closing());
    }
    Ok(())
}

/// The whole body, or why it can't be had.
pub(super) async fn receive(
    body: &mut Incoming,
    limit: usize,
    pulse: &Pulse,
    limits: &Limits,
) -> Result<Bytes, Refusal> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    pulse.bounded(limit);
    if pulse.is_too_large() {
        return Err(Refusal::body_too_large(limit));
    }
    pulse.receiving();
    let received = collect(body, limit, pulse, limits).await;
    pulse.received();
    received.map_err(|failure| match failure {
        Failure::TooLarge => Refusal::body_too_large(limit),
        Failure::Broken if pulse.is_too_large() => Refusal::body_too_large(limit),
        Failure::Trailers => Refusal::trailers_too_large(limits),
        Failure::Broken if pulse.is_overdue() => {
            let detail = format!(
                "The body did not arrive within {} s, or paused for more than {} s.",
                limits.body_time.as_secs_f32(),
                limits.body_gap.as_secs_f32()
            );
            Refusal::new(StatusCode::REQUEST_TIMEOUT, detail).closing()
        }
        Failure::Broken => {
            Refusal::framing("The body ended early or is not framed as the head says.")
        }
    })
}

/// Whether a body that gives nothing more isn't all there: hyper takes a stream of HTTP/2 for ended
/// that its sender has cancelled.
pub(super) fn ends_early(body: &Incoming, is_stream: bool) -> bool {
    is_stream && !body.is_end_stream()
}

enum Failure {
    TooLarge,
    Trailers,
    Broken,
}

/// Whether a frame is of more trailers than there may be.
pub(super) fn is_over(frame: &Frame<Bytes>, most: usize) -> bool {
    let trailers = frame.trailers_ref();
    trailers.is_some_and(|trailers| block_length(trailers) > most)
}

/// What comes next. The socket has an eye on the time of a connection's one request, and a stream
/// on its own.
async fn next(
    body: &mut Incoming,
    end: Instant,
    pulse: &Pulse,
    limits: &Limits,
) -> Option<Result<Frame<Bytes>, Failure>> {
    let frame = match pulse.is_stream() {
        false => body.frame().await,
        true => {
            let deadline = end.min(Instant::now() + limits.body_gap);
            match timeout_at(deadline, body.frame()).await {
                Ok(frame) => frame,
                Err(_) => {
                    pulse.overrun();
                    return Some(Err(Failure::Broken));
                }
            }
        }
    };
    frame.map(|frame| frame.map_err(|_| Failure::Broken))
}

/// A body that came in one piece is passed on without a copy.
async fn collect(
    body: &mut Incoming,
    limit: usize,
    pulse: &Pulse,
    limits: &Limits,
) -> Result<Bytes, Failure> {
    let end = Instant::now() + limits.body_time;
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = next(body, end, pulse, limits).await {
        let frame = frame?;
        if is_over(&frame, limits.trailers) {
            return Err(Failure::Trailers);
        }
        let Ok(data) = frame.into_data() else {
            continue; // trailers, which nobody asked for
        };
        if first.len() + whole.len() + data.len() > limit {
            return Err(Failure::TooLarge);
        }
        if first.is_empty() && whole.is_empty() {
            first = data;
            continue;
        }
        if whole.is_empty() {
            let expected = body.size_hint().lower().min(limit as u64) as usize;
            whole.reserve(first.len() + data.len() + expected);
            whole.extend_from_slice(&first);
            first = Bytes::new();
        }
        whole.extend_from_slice(&data);
    }
    if ends_early(body, pulse.is_stream()) {
        return Err(Failure::Broken);
    }
    Ok(if whole.is_empty() {
        first
    } else {
        whole.freeze()
    })
}
