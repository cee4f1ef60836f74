use crate::server::{Identity, ServerTls, TlsError, Trust};
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
        help_heading = "TLS"
    )]
    client_cert: Option<PathBuf>,

    /// The key of that certificate: a file of PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_CLIENT_KEY",
        help_heading = "TLS"
    )]
    client_key: Option<PathBuf>,
}

/// As whom a server speaks TLS.
#[derive(Debug, Args)]
pub(super) struct AsServer {
    /// Speak TLS, by the certificate in this file of PEM and those that lead to its authority;
    /// clients choose between HTTP/2 and HTTP/1.1
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_TLS_CERT",
        help_heading = "TLS"
    )]
    tls_cert: Option<PathBuf>,

    /// The key of that certificate: a file of PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_TLS_KEY",
        help_heading = "TLS"
    )]
    tls_key: Option<PathBuf>,

    /// Ask clients for certificates, which the authorities in this file of PEM vouch for; who has
    /// none may ask for what takes none
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_TLS_CLIENT_CA",
        help_heading = "TLS"
    )]
    tls_client_ca: Option<PathBuf>,
}

impl AsServer {
    /// What these files say, where there are any.
    pub(super) fn tls(&self) -> Result<Option<ServerTls>, TlsError> {
        let (Some(certificate), Some(key)) = (&self.tls_cert, &self.tls_key) else {
            return Ok(None);
        };
        let identity = Identity::read(certificate, key)?;
        ServerTls::new(&identity, self.tls_client_ca.as_deref()).map(Some)
    }
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

impl Trusting {
    /// The same as options of curl.
    pub(super) fn curl(&self) -> Vec<String> {
        let files = self.ca.iter();
        let files = files.flat_map(|file| ["--cacert".to_owned(), file.display().to_string()]);
        let any = self.trust_any_certificate.then(|| "--insecure".to_owned());
        files.chain(any).collect()
    }
}

impl AsClient {
    /// The same as options of curl.
    pub(super) fn curl(&self) -> Vec<String> {
        let files = [("--cert", &self.client_cert), ("--key", &self.client_key)];
        let files = files.into_iter().filter_map(|(option, file)| {
            let file = file.as_ref()?.display().to_string();
            Some([option.to_owned(), file])
        });
        files.flatten().collect()
    }

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
