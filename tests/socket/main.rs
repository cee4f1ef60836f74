//! What travels over a real socket: limits, framing, pace, browsers, and the end.
//!
//! Requests are written byte by byte as a hostile or unlucky client would write them, so no HTTP
//! client is in between.

mod browsers;
mod client;
mod failure;
mod framing;
mod pace;
mod replies;
mod sizes;
mod stopping;
