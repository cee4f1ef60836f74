//! Why a server can't be reached, said so that one can tell what would mend it.

use super::trust::is_authority;
use rustls::{AlertDescription, CertificateError, Error};
use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::time::Duration;

/// Why there is no connection. It has no source: what one says is in its words.
#[derive(Debug, thiserror::Error)]
pub(in crate::server) enum Unreached {
    #[error("no address is known for the name {0}")]
    Unknown(String),
    #[error("the connection is refused: nothing listens there")]
    Refused,
    #[error("no connection within {0:?}")]
    Late(Duration),
    #[error("{0}")]
    Other(String),
}

/// Why there is no connection of TCP.
pub(super) fn unconnected(
    error: &(dyn StdError + 'static),
    host: &str,
    patience: Duration,
) -> Unreached {
    let kind = innermost(error)
        .downcast_ref::<io::Error>()
        .map(io::Error::kind);
    let why = innermost(error).to_string();
    match kind {
        _ if why.starts_with("failed to lookup address") => Unreached::Unknown(host.to_owned()),
        Some(ErrorKind::ConnectionRefused) => Unreached::Refused,
        Some(ErrorKind::TimedOut) => Unreached::Late(patience),
        _ => Unreached::Other(why),
    }
}

/// Why there is no TLS on a connection to a host.
pub(super) fn handshake(error: &io::Error, host: &str) -> Unreached {
    let inner = error.get_ref().and_then(|error| error.downcast_ref());
    Unreached::Other(match (inner, error.kind()) {
        (Some(error), _) => of_tls(error, host),
        (None, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => {
            "it ends the connection in the middle of TLS's handshake".to_owned()
        }
        (None, _) => format!("TLS's handshake fails: {error}"),
    })
}

fn of_tls(error: &Error, host: &str) -> String {
    match error {
        Error::InvalidCertificate(error) => of_certificate(error, host),
        Error::InvalidMessage(_) => "it doesn't speak TLS there".to_owned(),
        Error::PeerIncompatible(_) | Error::AlertReceived(AlertDescription::ProtocolVersion) => {
            format!("it speaks no TLS that is safe (1.2 or 1.3): {error}")
        }
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            "it asks for a certificate of who asks".to_owned()
        }
        Error::AlertReceived(alert) => format!("it refuses TLS's handshake: {alert:?}"),
        error => format!("TLS's handshake fails: {error}"),
    }
}

fn of_certificate(error: &CertificateError, host: &str) -> String {
    match error {
        CertificateError::UnknownIssuer => {
            "its certificate isn't trusted: it is of no authority that is known here".to_owned()
        }
        CertificateError::NotValidForName => format!("its certificate isn't for {host}"),
        CertificateError::NotValidForNameContext { presented, .. } => {
            // `DnsName("example.com")`, as the library has it.
            let name = |told: &String| told.split('"').nth(1).unwrap_or(told).to_owned();
            let names: Vec<String> = presented.iter().map(name).collect();
            let names = names.join(", ");
            format!("its certificate isn't for {host}, but for {names}")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate isn't valid yet".to_owned()
        }
        CertificateError::BadSignature => {
            "its certificate isn't trusted: it isn't signed by the authority that it names"
                .to_owned()
        }
        CertificateError::Revoked => "its certificate is revoked".to_owned(),
        error if is_authority(error) => {
            "its certificate is one of an authority, which is no server's unless it is trusted itself"
                .to_owned()
        }
        error => format!("its certificate can't be taken: {error}"),
    }
}

/// The innermost cause: hyper's own words ("client error (Connect)") tell nothing.
pub(in crate::server) fn reason(error: &(dyn StdError + 'static)) -> String {
    let cause = innermost(error);
    // Of what it wraps an error of the system tells the source alone.
    let wrapped = cause.downcast_ref().and_then(io::Error::get_ref);
    match wrapped.and_then(|error| error.downcast_ref::<Error>()) {
        Some(error) => of_tls(error, "the name that was asked"),
        None => cause.to_string(),
    }
}

/// Whether it is that a connection took too long.
pub(in crate::server) fn is_late(error: &(dyn StdError + 'static)) -> bool {
    matches!(innermost(error).downcast_ref(), Some(Unreached::Late(_)))
}

fn innermost<'e>(error: &'e (dyn StdError + 'static)) -> &'e (dyn StdError + 'static) {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause
}
