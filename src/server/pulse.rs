use super::chunks::Chunks;
use super::purpose::Purpose;
use super::upstream::Tunnel;
use super::{Limits, framing};
use crate::exchange::Announcement;
use crate::wire::{HeaderValue, Method};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// What one connection is doing, shared by its socket (which sees bytes) and its service
/// (which sees requests). Every time-out of a connection is told from here, so a request
/// costs no timers of its own.
///
/// Both live on the connection's one task: the lock is never contended. A stream of HTTP/2 has a
/// pulse of its own, that no socket looks at: what it waits for it times itself.
pub(super) struct Pulse {
    state: Mutex<State>,
    pub(super) purpose: Purpose,
    /// The connection's, where this is a stream's.
    line: Option<Arc<Pulse>>,
    /// The client's certificate as `Client-Cert` tells of it, where it has shown one.
    certificate: Option<HeaderValue>,
}

struct State {
    phase: Phase,
    /// The bytes received since the last reply, for what hyper doesn't tell of a head.
    head: Vec<u8>,
    /// Whether they are the next head's, as far as that isn't in an earlier request's bytes.
    is_head_whole: bool,
    /// The request's body, where that is chunked and was followed from its start.
    chunks: Option<Chunks>,
    /// How large a body may be that is being read.
    largest: Option<usize>,
    /// Whether the client takes nothing of what there is to write.
    is_blocked: bool,
    /// Whether the last request's body was left unread.
    unread: bool,
    /// Whether the connection was given up for taking too long.
    overdue: bool,
    /// What to announce once the reply is sent.
    outbox: Vec<Announcement>,
    /// What the connection is for once it is one of HTTP no more.
    tunnel: Option<Tunnel>,
}

/// Where a connection stands between its peers.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// Waits for a request's first byte.
    Idle { since: Instant },
    /// Part of a head has come, or the connection is new.
    Head { since: Instant },
    /// The service reads the body.
    Body { since: Instant, last: Instant },
    /// It's our turn.
    Answering,
}

impl Pulse {
    /// A new connection's. It has to say something soon, hence no `Idle`.
    pub(super) fn new() -> Pulse {
        let state = State {
            phase: Phase::Head {
                since: Instant::now(),
            },
            head: Vec::new(),
            is_head_whole: true,
            chunks: None,
            largest: None,
            is_blocked: false,
            unread: false,
            overdue: false,
            outbox: Vec::new(),
            tunnel: None,
        };
        Pulse {
            state: Mutex::new(state),
            purpose: Purpose::default(),
            line: None,
            certificate: None,
        }
    }

    /// That of a connection whose client has shown this certificate.
    pub(super) fn of(certificate: Option<HeaderValue>) -> Pulse {
        Pulse {
            certificate,
            ..Pulse::new()
        }
    }

    /// That of a stream of a connection, which times nothing itself from now on.
    pub(super) fn of_stream(line: &Arc<Pulse>) -> Pulse {
        Pulse {
            line: Some(Arc::clone(line)),
            certificate: line.certificate.clone(),
            ..Pulse::new()
        }
    }

    /// Whether this is a stream's.
    pub(super) fn is_stream(&self) -> bool {
        self.line.is_some()
    }

    /// The certificate that the client has shown.
    pub(super) fn certificate(&self) -> Option<&HeaderValue> {
        self.certificate.as_ref()
    }

    /// Sends what is no HTTP in place of all else, other streams' replies too.
    pub(super) fn garble(&self) {
        self.line.as_deref().unwrap_or(self).purpose.garble();
    }

    /// The socket received these bytes. Tells whether they are to be read: a body that says it is
    /// going to be too large isn't.
    pub(super) fn heard(&self, bytes: &[u8], limits: &Limits) -> bool {
        let mut state = self.state();
        if let Some(chunks) = &mut state.chunks {
            chunks.follow(bytes);
        }
        match &mut state.phase {
            Phase::Idle { .. } => {
                state.phase = Phase::Head {
                    since: Instant::now(),
                };
                state.head.clear();
                state.is_head_whole = true;
                state.remember(bytes, limits);
            }
            Phase::Head { .. } => state.remember(bytes, limits),
            Phase::Body { last, .. } => *last = Instant::now(),
            Phase::Answering => {}
        }
        !state.is_too_large()
    }

    /// The socket took bytes of a reply.
    pub(super) fn spoke(&self) {
        let mut state = self.state();
        state.is_blocked = false;
        // A long reply is no idleness: the wait for the next request starts with its last byte.
        if let Phase::Idle { since } = &mut state.phase {
            *since = Instant::now();
        }
    }

    /// The socket has bytes of a reply that it can't get rid of yet.
    pub(super) fn blocked(&self) {
        self.state().is_blocked = true;
    }

    /// Whether all that is waited for is a request's head, of which part may have come.
    pub(super) fn lacks_head(&self) -> bool {
        let state = self.state();
        matches!(state.phase, Phase::Head { .. }) && !state.is_blocked
    }

    /// The service has a request's head. Tells whether the bytes of the head hold both
    /// `Content-Length` and `Transfer-Encoding`, of which hyper passes only the latter on;
    /// only worth asking where the body is `chunked`, which it is with this method.
    pub(super) fn begin(&self, chunked: Option<&Method>, limits: &Limits) -> bool {
        let mut state = self.state();
        state.phase = Phase::Answering;
        let is_whole = std::mem::take(&mut state.is_head_whole) && state.has_all(limits);
        let Some(method) = chunked else {
            return false;
        };
        let body = framing::behind_head(&state.head, method).filter(|_| is_whole);
        state.chunks = body.map(Chunks::starting);
        framing::has_both(&state.head)
    }

    /// The service starts to read a body, or goes on to.
    pub(super) fn receiving(&self) {
        let now = Instant::now();
        self.state().phase = Phase::Body {
            since: now,
            last: now,
        };
    }

    /// The body that is read from now on may be so large.
    pub(super) fn bounded(&self, largest: usize) {
        self.state().largest = Some(largest);
    }

    /// Whether the body that is read says that it is going to be too large.
    pub(super) fn is_too_large(&self) -> bool {
        self.state().is_too_large()
    }

    /// The service has the body, or has given it up.
    pub(super) fn received(&self) {
        self.state().phase = Phase::Answering;
    }

    /// The service's reply is ready. `unread` says that the body was not read to its end.
    pub(super) fn replied(&self, unread: bool, announcements: Vec<Announcement>) {
        let mut state = self.state();
        state.phase = Phase::Idle {
            since: Instant::now(),
        };
        state.unread = unread;
        state.chunks = None;
        state.largest = None;
        drop(state);
        if !announcements.is_empty() {
            let line = self.line.as_deref().unwrap_or(self);
            line.state().outbox.extend(announcements);
        }
    }

    /// What is to be announced now that the reply is sent.
    pub(super) fn take_announcements(&self) -> Vec<Announcement> {
        std::mem::take(&mut self.state().outbox)
    }

    /// Has the connection passed on to another server when its protocol is switched.
    pub(super) fn tunnel(&self, tunnel: Tunnel) {
        self.state().tunnel = Some(tunnel);
    }

    /// What is to be done with the connection, which has switched its protocol.
    pub(super) fn take_tunnel(&self) -> Option<Tunnel> {
        self.state().tunnel.take()
    }

    /// Until when the socket may wait for bytes.
    pub(super) fn deadline(&self, limits: &Limits) -> Option<Instant> {
        match self.state().phase {
            Phase::Idle { since } => Some(since + limits.idle_time),
            Phase::Head { since } => Some(since + limits.head_time),
            Phase::Body { since, last } => {
                Some((since + limits.body_time).min(last + limits.body_gap))
            }
            Phase::Answering => None,
        }
    }

    /// The deadline has passed. Tells whether part of a head had come; a connection that never
    /// said anything is no news, and a body is reported by who reads it.
    pub(super) fn expire(&self) -> bool {
        let mut state = self.state();
        state.overdue = true;
        matches!(state.phase, Phase::Head { .. }) && !state.head.is_empty()
    }

    /// A deadline has passed that a stream has kept itself.
    pub(super) fn overrun(&self) {
        self.state().overdue = true;
    }

    /// Whether a deadline has passed.
    pub(super) fn is_overdue(&self) -> bool {
        self.state().overdue
    }

    /// Whether the client may still be sending what nobody will read, and there is a reply that
    /// it should get to read.
    pub(super) fn has_unread(&self) -> bool {
        let state = self.state();
        let in_head = matches!(state.phase, Phase::Head { .. });
        state.unread || in_head && !state.head.is_empty() && !state.overdue
    }

    /// The received bytes of a head that no service has seen, or nothing where there is no such head.
    pub(super) fn unparsed_head(&self) -> Option<Vec<u8>> {
        let state = self.state();
        match state.phase {
            Phase::Head { .. } => Some(state.head.clone()),
            _ => None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn remember(&mut self, bytes: &[u8], limits: &Limits) {
        let room = most_of_head(limits).saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn is_too_large(&self) -> bool {
        let told = self.chunks.as_ref().map_or(0, Chunks::told);
        self.largest.is_some_and(|largest| told > largest as u64)
    }

    /// Whether all that came is remembered.
    fn has_all(&self, limits: &Limits) -> bool {
        self.head.len() < most_of_head(limits)
    }
}

/// How many of the bytes are remembered that may be a head's.
fn most_of_head(limits: &Limits) -> usize {
    limits.uri + limits.header_block
}
