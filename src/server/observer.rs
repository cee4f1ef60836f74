use super::Delivery;
use crate::exchange::{Announcement, Exchange};
use crate::wire::{Method, StatusCode};
use std::time::Duration;

/// Is told what happens, as it happens: the request log, a test's record.
///
/// Called on the request's path, so an implementation hands the facts on (through a bounded,
/// dropping channel, say) and never blocks. Targets come without the credentials in their queries. Every method does nothing unless it is written.
pub trait Observer: Send + Sync {
    /// A contract answered a request; `took` is the time from the request's last byte to the reply,
    /// without what the reply is still held back on purpose.
    fn exchange(&self, _exchange: &Exchange, _took: Duration) {}

    /// The server itself turned a request or a connection away.
    fn refused(&self, _refused: &Refused<'_>) {}

    /// An announcement's last try is over; or it was never sent, and why.
    fn announced(&self, _announcement: &Announcement, _delivery: &Delivery) {}

    /// Another process did something to the state that they share, which those who look at it
    /// should know.
    fn noticed(&self, _notice: &str) {}

    /// An answer panicked; the client got a 500.
    fn panicked(&self, _method: &Method, _target: &str, _message: &str) {}
}

/// Sees nothing.
impl Observer for () {}

/// What the server turned away before any contract saw it.
#[derive(Debug, Clone, Copy)]
pub struct Refused<'a> {
    /// The request's method and target, where its head could be read.
    pub request: Option<(&'a Method, &'a str)>,
    /// What the client was told; nothing where the connection was closed without a word.
    pub status: Option<StatusCode>,
    /// Why, as a sentence.
    pub detail: &'a str,
}
