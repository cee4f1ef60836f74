use super::{TlsError, provider};
use rustls::pki_types::pem::{Error, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A certificate, with those that lead to its authority, and its key.
#[derive(Clone)]
pub struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: Arc<PrivateKeyDer<'static>>,
}

impl Identity {
    /// Reads the certificates of one file of PEM, the own one first, and the key of another, or
    /// of the same.
    ///
    /// # Errors
    /// Which of the two files can't be taken, and why.
    pub fn read(certificate: &Path, key: &Path) -> Result<Identity, TlsError> {
        let chain = certificates(certificate)?;
        let secret = PrivateKeyDer::from_pem_file(key);
        let secret = secret.map_err(|error| match error {
            Error::NoItemsFound => TlsError::of(key, "there is no private key in PEM"),
            error => unread(key, &error),
        })?;
        let fits = CertifiedKey::from_der(chain.clone(), secret.clone_key(), &provider());
        fits.map_err(|error| {
            let of = certificate.display();
            TlsError::of(key, format!("it isn't the key of {of}: {error}"))
        })?;
        Ok(Identity {
            chain,
            key: Arc::new(secret),
        })
    }
}

impl fmt::Debug for Identity {
    // A key must not end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// The certificates of a file, of which there is one at least.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let all = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let all: Vec<_> = all.map_err(|error| unread(path, &error))?;
    match all.is_empty() {
        true => Err(TlsError::of(path, "there is no certificate in PEM")),
        false => Ok(all),
    }
}

fn unread(path: &Path, error: &Error) -> TlsError {
    match error {
        Error::Io(error) => TlsError::of(path, format!("can't be read: {error}")),
        error => TlsError::of(path, format!("is no PEM: {error}")),
    }
}
