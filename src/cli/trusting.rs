use crate::server::{Identity, TlsError, Trust};
use clap::Args;
use std::path::PathBuf;

/// Whom is believed who is asked over TLS.
#[derive(Debug, Args)]
pub(super) struct Trusting {
    /// Believe servers asked at https:// whose authorities, or own certificates, are in this file
    /// of PEM too; several may be named
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_CA",
        value_delimiter = ',',
        help_heading = "TLS"
    )]
    ca: Vec<PathBuf>,

    /// Believe every server asked at https://, whatever certificate it shows: for tests
    #[arg(long, env = "COUNTERPART_TRUST_ANY_CERTIFICATE", help_heading = "TLS")]
    trust_any_certificate: bool,
}

/// As whom a server is asked over TLS.
#[derive(Debug, Args)]
pub(super) struct AsClient {
    /// Show the server this certificate, where it asks for one: a file of PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_CLIENT_CERT",
        requires = "client_key",
        help_heading = "TLS"
    )]
    client_cert: Option<PathBuf>,

    /// The key of that certificate: a file of PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_CLIENT_KEY",
        requires = "client_cert",
        help_heading = "TLS"
    )]
    client_key: Option<PathBuf>,
}

impl Trusting {
    /// What these files say.
    pub(super) fn trust(&self) -> Result<Trust, TlsError> {
        let start = match self.trust_any_certificate {
            true => Trust::default().of_anyone(),
            false => Trust::default(),
        };
        let mut files = self.ca.iter();
        files.try_fold(start, |trust, file| trust.with_authorities(file))
    }
}

impl AsClient {
    /// The same trust, as this client.
    pub(super) fn add_to(&self, trust: Trust) -> Result<Trust, TlsError> {
        match (&self.client_cert, &self.client_key) {
            (Some(certificate), Some(key)) => {
                Ok(trust.as_client(Identity::read(certificate, key)?))
            }
            _ => Ok(trust),
        }
    }
}
