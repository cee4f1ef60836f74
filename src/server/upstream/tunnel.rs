//! What two peers say to each other once they have switched protocols: passed on both ways, and
//! judged by nobody.

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::io::{Error, ErrorKind, Result};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::time::{Instant, timeout, timeout_at};

/// How much is taken at a time, in bytes.
const PIECE: usize = 16 << 10;

/// A client and an upstream that are about to switch protocols.
pub(in crate::server) struct Tunnel {
    pub(super) client: OnUpgrade,
    pub(super) upstream: OnUpgrade,
    /// How long both may be silent.
    pub(super) idle: Duration,
}

impl Tunnel {
    /// Passes bytes on until both sides have ended, one breaks off, or neither says anything for
    /// too long.
    pub(in crate::server) async fn run(self) {
        let ready = timeout(self.idle, async {
            tokio::try_join!(self.client, self.upstream)
        });
        let Ok(Ok((client, upstream))) = ready.await else {
            return;
        };
        let (from_client, to_client) = split(TokioIo::new(client));
        let (from_upstream, to_upstream) = split(TokioIo::new(upstream));
        let heard = Heard {
            last: Mutex::new(Instant::now()),
            idle: self.idle,
        };
        // Who is dropped is closed, whatever was to come.
        let _ = tokio::try_join!(
            pass(from_client, to_upstream, &heard),
            pass(from_upstream, to_client, &heard),
        );
    }
}

/// When either side was last heard of.
struct Heard {
    last: Mutex<Instant>,
    idle: Duration,
}

impl Heard {
    fn end(&self) -> Instant {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) + self.idle
    }

    fn now(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    heard: &Heard,
) -> Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let end = heard.end();
        let read = match timeout_at(end, from.read(&mut piece)).await {
            Ok(read) => read?,
            Err(_) if heard.end() > end => continue,
            Err(_) => return Err(ErrorKind::TimedOut.into()),
        };
        if read == 0 {
            return to.shutdown().await;
        }
        heard.now();
        let written = timeout(heard.idle, async {
            to.write_all(&piece[..read]).await?;
            to.flush().await
        });
        written
            .await
            .map_err(|_| Error::from(ErrorKind::TimedOut))??;
    }
}
