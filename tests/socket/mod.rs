//! What travels over a real socket: limits, framing, pace, browsers, faults, state, and the end.
//!
//! Most requests are written byte by byte as a hostile or unlucky client would write them, so no
//! HTTP client is in between; `client` goes through one.

mod announcing;
mod browsers;
mod calling;
mod client;
mod document;
mod failure;
mod faults;
mod frames;
mod framing;
mod hostile;
mod http2;
mod journal;
mod odd;
mod pace;
mod receiver;
mod replies;
mod sizes;
mod state;
mod stopping;
mod tls;
mod told;
