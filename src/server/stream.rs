use super::tls::ServerTls;
use crate::wire::{Bytes, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf, BytesMut};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A client's connection, over TLS or not, of which some may have been read ahead.
pub(super) struct Stream {
    wire: Wire,
    ahead: Bytes,
}

enum Wire {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// What a client begins with that speaks HTTP/2 and knows that we do (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// What TLS begins with: the type of a record that is part of a handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 22;

/// What a client opens a connection with.
pub(super) enum Opening {
    /// HTTP/1.1; the client's certificate as `Client-Cert` tells of it, where it has shown one.
    Http1(Stream, Option<HeaderValue>),
    /// HTTP/2; the same.
    Http2(Stream, Option<HeaderValue>),
    /// HTTP where TLS is spoken.
    Bare(Stream),
}

impl Stream {
    /// Hears which protocol a client speaks.
    ///
    /// # Errors
    /// What broke the connection, or the handshake of TLS.
    pub(super) async fn open(tcp: TcpStream, tls: Option<&ServerTls>) -> io::Result<Opening> {
        let Some(tls) = tls else {
            return Stream::open_plain(tcp).await;
        };
        let mut first = [0];
        if tcp.peek(&mut first).await? > 0 && first[0] != HANDSHAKE {
            return Ok(Opening::Bare(Stream::of(Wire::Plain(tcp))));
        }
        let stream = tls.accept(tcp).await?;
        let agreed = stream.get_ref().1;
        let is_http2 = agreed.alpn_protocol() == Some(b"h2");
        let shown = agreed.peer_certificates().and_then(<[_]>::first);
        // A byte sequence of structured fields (RFC 9440 §2.1).
        let shown = shown.map(|certificate| format!(":{}:", STANDARD.encode(certificate)));
        let shown = shown.and_then(|text| HeaderValue::try_from(text).ok());
        let stream = Stream::of(Wire::Tls(Box::new(stream)));
        Ok(match is_http2 {
            true => Opening::Http2(stream, shown),
            false => Opening::Http1(stream, shown),
        })
    }

    async fn open_plain(mut tcp: TcpStream) -> io::Result<Opening> {
        let mut ahead = BytesMut::with_capacity(PREFACE.len());
        while ahead.len() < PREFACE.len() && PREFACE.starts_with(&ahead) {
            let room = PREFACE.len() - ahead.len();
            if (&mut tcp).take(room as u64).read_buf(&mut ahead).await? == 0 {
                break;
            }
        }
        let is_http2 = ahead == PREFACE;
        let stream = Stream {
            wire: Wire::Plain(tcp),
            ahead: ahead.freeze(),
        };
        Ok(match is_http2 {
            true => Opening::Http2(stream, None),
            false => Opening::Http1(stream, None),
        })
    }

    fn of(wire: Wire) -> Stream {
        Stream {
            wire,
            ahead: Bytes::new(),
        }
    }

    /// Whether the client has closed its side, or the connection is broken; ready once that is so,
    /// or once there is something to be read.
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        if !self.ahead.is_empty() {
            return Poll::Ready(false);
        }
        match &mut self.wire {
            Wire::Plain(stream) => {
                let mut byte = [0];
                let peeked = ready!(stream.poll_peek(cx, &mut ReadBuf::new(&mut byte)));
                Poll::Ready(!matches!(peeked, Ok(1..)))
            }
            // What is ciphered can't be looked at without reading it.
            Wire::Tls(stream) => {
                let mut bytes = [0; 512];
                let mut read = ReadBuf::new(&mut bytes);
                let polled = ready!(Pin::new(stream).poll_read(cx, &mut read));
                self.ahead = Bytes::copy_from_slice(read.filled());
                Poll::Ready(polled.is_err() || self.ahead.is_empty())
            }
        }
    }

    fn poll_wire(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Wire::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }

    /// Lets the connection end with a reset (RFC 9293 §3.10.4, ABORT); where it can't, it just
    /// closes.
    pub(super) fn reset_at_close(&self) {
        let tcp = match &self.wire {
            Wire::Plain(stream) => stream,
            Wire::Tls(stream) => stream.get_ref().0,
        };
        let _ = tcp.set_zero_linger();
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.ahead.is_empty() {
            let count = self.ahead.len().min(buf.remaining());
            buf.put_slice(&self.ahead[..count]);
            self.ahead.advance(count);
            // What has come behind it is read at once, as if nothing had been read ahead. What
            // goes wrong there goes wrong the next time too.
            if buf.remaining() > 0 {
                let _ = self.poll_wire(cx, buf);
            }
            return Poll::Ready(Ok(()));
        }
        self.poll_wire(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Wire::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Wire::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.wire {
            Wire::Plain(stream) => stream.is_write_vectored(),
            Wire::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Wire::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Wire::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
