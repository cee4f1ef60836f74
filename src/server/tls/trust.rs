use super::identity::certificates;
use super::{Identity, TlsError, provider};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, ConfigBuilder, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme, WantsVerifier,
};
use std::path::Path;
use std::sync::Arc;

/// Which servers are believed to be who they say, and as whom they are asked: without more those
/// that this machine's certificate authorities vouch for, and as nobody.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    authorities: Vec<CertificateDer<'static>>,
    takes_any: bool,
    identity: Option<Identity>,
}

impl Trust {
    /// Believes the authorities in a file of PEM too, or the servers whose own certificates these
    /// are.
    ///
    /// # Errors
    /// Why the file can't be taken.
    pub fn with_authorities(mut self, path: &Path) -> Result<Trust, TlsError> {
        let found = certificates(path)?;
        for one in &found {
            let added = RootCertStore::empty().add(one.clone());
            added.map_err(|_| TlsError::of(path, "is no certificate of X.509"))?;
        }
        self.authorities.extend(found);
        Ok(self)
    }

    /// Believes everyone. What travels is a secret from who only listens, and from nobody who
    /// stands between.
    #[must_use]
    pub fn of_anyone(mut self) -> Trust {
        self.takes_any = true;
        self
    }

    /// Shows this certificate to servers that ask for one.
    #[must_use]
    pub fn as_client(mut self, identity: Identity) -> Trust {
        self.identity = Some(identity);
        self
    }

    /// What rustls asks by, in one of these protocols. Reads the authorities of the platform.
    pub(super) fn config(&self, protocols: &[&[u8]]) -> Result<ClientConfig, String> {
        let provider = provider();
        let algorithms = provider.signature_verification_algorithms;
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let builder: ConfigBuilder<ClientConfig, WantsVerifier> = builder
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let builder = match self.takes_any {
            true => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Anyone(algorithms))),
            false => {
                let verifier = Known {
                    usual: WebPkiServerVerifier::builder_with_provider(
                        Arc::new(self.roots()?),
                        Arc::clone(&provider),
                    )
                    .build()
                    .map_err(|error| error.to_string())?,
                    named: self.authorities.clone(),
                };
                builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(verifier))
            }
        };
        let config = match &self.identity {
            Some(own) => builder.with_client_auth_cert(own.chain.clone(), own.key.clone_key()),
            None => Ok(builder.with_no_client_auth()),
        };
        let mut config = config.map_err(|error| error.to_string())?;
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Ok(config)
    }

    fn roots(&self) -> Result<RootCertStore, String> {
        let mut roots = RootCertStore::empty();
        let native = rustls_native_certs::load_native_certs();
        // Some that can't be read are no reason not to believe the others.
        roots.add_parsable_certificates(native.certs);
        roots.add_parsable_certificates(self.authorities.iter().cloned());
        match roots.is_empty() {
            true => Err("no certificate authority is known on this machine".to_owned()),
            false => Ok(roots),
        }
    }
}

/// Takes what the authorities vouch for, and a certificate that was itself named: one that is signed
/// by itself may say that it is an authority's, which no server's may be otherwise.
#[derive(Debug)]
struct Known {
    usual: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.usual.verify_server_cert(own, others, name, ocsp, now);
        match verified {
            // It is said of what is valid now alone; the name is still to be seen to.
            Err(Error::InvalidCertificate(why))
                if is_authority(&why) && self.named.contains(own) =>
            {
                verify_server_name(&ParsedCertificate::try_from(own)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// Whether a certificate isn't taken for a server's because it says that it is an authority's.
pub(super) fn is_authority(why: &CertificateError) -> bool {
    why.to_string().contains("CaUsedAsEndEntity")
}

/// Takes the certificate of anyone. That who shows it has its key is still seen to.
#[derive(Debug)]
struct Anyone(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
