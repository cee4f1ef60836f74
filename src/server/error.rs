use std::io;
use std::net::SocketAddr;

/// Why the server can't serve, in one line with what would mend it.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another process listens there.
    #[error(
        "port {} on {} is in use by another process; choose another with --port",
        .0.port(), .0.ip()
    )]
    PortTaken(SocketAddr),
    /// The port is kept for privileged processes.
    #[error(
        "port {} on {} is not open to this user; choose one above 1023 with --port",
        .0.port(), .0.ip()
    )]
    PortForbidden(SocketAddr),
    /// No network interface has that address.
    #[error("{} is not an address of this machine; choose another with --host", .0.ip())]
    NoSuchAddress(SocketAddr),
    /// Anything else that the system says.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where it was tried.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

impl ServeError {
    /// The error for a listener that couldn't be opened at `address`.
    pub(super) fn listening(address: SocketAddr, source: io::Error) -> ServeError {
        match source.kind() {
            io::ErrorKind::AddrInUse => ServeError::PortTaken(address),
            io::ErrorKind::PermissionDenied => ServeError::PortForbidden(address),
            io::ErrorKind::AddrNotAvailable => ServeError::NoSuchAddress(address),
            _ => ServeError::Listen { address, source },
        }
    }
}
