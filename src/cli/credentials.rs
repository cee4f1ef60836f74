//! The options that say how closely credentials are looked at.

use crate::contract::{AuthMode, AuthSettings, KeySet};
use crate::spec::LoadErrors;
use clap::builder::NonEmptyStringValueParser;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, ValueEnum};
use std::path::PathBuf;

/// What tokens are signed with, and what they say of themselves.
#[derive(Debug, Args)]
pub(super) struct Signing {
    /// The shared secret of tokens signed by HS256, HS384 or HS512, those printed and minted here
    /// included
    #[arg(
        long,
        value_name = "SECRET",
        env = "COUNTERPART_AUTH_SECRET",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = "Credentials"
    )]
    auth_secret: Option<String>,

    /// What the `aud` of a verified token must have one of
    #[arg(
        long,
        value_name = "AUDIENCE",
        env = "COUNTERPART_AUTH_AUDIENCE",
        value_delimiter = ',',
        help_heading = "Credentials"
    )]
    auth_audience: Vec<String>,

    /// What the `iss` of a verified token must be
    #[arg(
        long,
        value_name = "ISSUER",
        env = "COUNTERPART_AUTH_ISSUER",
        help_heading = "Credentials"
    )]
    auth_issuer: Option<String>,
}

/// How credentials are judged.
#[derive(Debug, Args)]
pub(super) struct Credentials {
    /// How closely credentials are looked at
    #[arg(
        long,
        value_enum,
        default_value = "presence",
        env = "COUNTERPART_AUTH",
        help_heading = "Credentials"
    )]
    auth: Mode,

    #[command(flatten)]
    signing: Signing,

    /// A file of the keys that tokens are signed with: a JWK Set, for RS, PS and ES algorithms and
    /// EdDSA
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_AUTH_JWKS",
        help_heading = "Credentials"
    )]
    auth_jwks: Option<PathBuf>,

    /// A credential that is known, with the name of its security scheme: a key, a token, or
    /// user:password; several in the variable stand on lines of their own
    #[arg(
        long,
        value_name = "SCHEME=VALUE",
        env = "COUNTERPART_AUTH_CREDENTIAL",
        hide_env_values = true,
        value_delimiter = '\n',
        value_parser = credential,
        help_heading = "Credentials"
    )]
    auth_credential: Vec<Known>,
}

/// A scheme's name and a credential. By hand, so that no secret is ever shown.
#[derive(Clone)]
pub(super) struct Known(String, String);

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}=…", self.0)
    }
}

fn credential(text: &str) -> Result<Known, String> {
    match text.split_once('=') {
        Some((scheme, value)) if !scheme.is_empty() && !value.is_empty() => {
            Ok(Known(scheme.to_owned(), value.to_owned()))
        }
        _ => Err("a scheme's name, an equals sign and the credential are expected".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// They are there and well-formed, JWTs haven't expired and permit what is asked for
    Presence,
    /// Signatures hold too, and credentials are those of --auth-credential
    Verify,
    /// None are asked for
    Off,
}

impl Signing {
    pub(super) fn settings(&self) -> AuthSettings {
        AuthSettings {
            secret: self.auth_secret.clone(),
            audiences: self.auth_audience.clone(),
            issuer: self.auth_issuer.clone(),
            ..AuthSettings::default()
        }
    }
}

impl Credentials {
    /// What they come to. Ends the process where options have no effect beside each other: what
    /// isn't verified must not look as if it were.
    ///
    /// # Errors
    /// What is wrong with the file of keys.
    pub(super) fn settings(&self) -> Result<AuthSettings, LoadErrors> {
        let mode = match self.auth {
            Mode::Presence => AuthMode::Presence,
            Mode::Verify => AuthMode::Verify,
            Mode::Off => AuthMode::Off,
        };
        let idle = [
            (self.auth_jwks.is_some(), "--auth-jwks"),
            (!self.auth_credential.is_empty(), "--auth-credential"),
        ];
        let idle = idle.into_iter().find(|(given, _)| *given);
        if let Some((_, option)) = idle.filter(|_| mode != AuthMode::Verify) {
            let message = format!("{option} has no effect without --auth verify");
            let mut command = super::Arguments::command();
            command.error(ErrorKind::ArgumentConflict, message).exit();
        }
        let keys = match &self.auth_jwks {
            Some(path) => KeySet::read(path)?,
            None => KeySet::default(),
        };
        let known = self.auth_credential.iter().cloned();
        Ok(AuthSettings {
            mode,
            keys,
            credentials: known.map(|Known(scheme, value)| (scheme, value)).collect(),
            ..self.signing.settings()
        })
    }
}
