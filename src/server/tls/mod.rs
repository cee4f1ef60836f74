//! TLS, for who asks and who is asked.
//!
//! Takes certificates and keys in files of PEM, gives a `Connector` that every client of ours
//! connects by (over TLS where the URL says `https`), and a [`ServerTls`] for a server. Who is believed is a [`Trust`], who we are an
//! [`Identity`]; why a connection isn't there is put in `words`.

mod connector;
mod identity;
mod serving;
mod trust;
mod words;

pub(super) use connector::{Connector, Protocols};
pub use identity::Identity;
pub use serving::ServerTls;
pub use trust::Trust;
pub(super) use words::{is_late, reason};

use rustls::crypto::CryptoProvider;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a file of certificates or keys can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {why}", .path.display())]
pub struct TlsError {
    path: PathBuf,
    why: String,
}

impl TlsError {
    fn of(path: &Path, why: impl std::fmt::Display) -> TlsError {
        TlsError {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }
}

/// What ciphers and signs.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
