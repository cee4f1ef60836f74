//! One security scheme, compiled: where its credential is, what form it has, how it is asked for.

use super::asking::{Asking, Token};
use super::basic::user_pass;
use super::certificate::certificate;
use super::digest::{ALGORITHMS, DigestCredentials, OPAQUE, User};
use super::jwt::{Jwt, TokenFault};
use super::seal::Seal;
use super::settings::{AuthMode, AuthSettings};
use crate::decode::CredentialPlace;
use crate::spec::{Location, SchemeKind, SecurityScheme};
use crate::validate::Pattern;
use crate::wire::Challenge;
use ring::hmac::Tag;
use std::borrow::Cow;

/// How much of a name or pattern of the document is shown.
const SHOWN: usize = 100;

/// A security scheme, ready to judge by.
#[derive(Debug)]
pub(super) struct Scheme {
    pub(super) kind: SchemeKind,
    place: CredentialPlace,
    form: Form,
    pattern: Option<(String, Pattern)>,
    /// The codes of the credentials that are known; none where any will do.
    known: Vec<Tag>,
    /// Users and their passwords, which Digest needs as they are.
    users: Vec<User>,
}

/// What a credential is.
#[derive(Debug, PartialEq, Eq)]
enum Form {
    /// A text of which nothing is known.
    Any,
    Basic,
    Digest,
    /// A bearer token; a JWT and no other, where that is said.
    Token {
        is_jwt: bool,
    },
    Certificate,
}

/// Why a credential won't do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    Absent,
    Malformed(&'static str),
    /// It doesn't match the scheme's pattern.
    Pattern,
    Token(TokenFault),
    /// It is none of those that are known.
    Unknown,
    /// It answers a challenge that is over.
    Stale,
}

impl Scheme {
    /// Compiles a scheme; nothing where its pattern is no regular expression.
    pub(super) fn compile(
        scheme: &SecurityScheme,
        settings: &AuthSettings,
        seal: &Seal,
    ) -> Option<Scheme> {
        let pattern = match &scheme.credential_pattern {
            Some(text) => Some((clip(text), Pattern::compile(text)?)),
            None => None,
        };
        let form = match &scheme.kind {
            kind if kind.is_bearer() => Form::Token {
                is_jwt: scheme.is_jwt,
            },
            SchemeKind::Http(name) if name.eq_ignore_ascii_case("basic") => Form::Basic,
            SchemeKind::Http(name) if name.eq_ignore_ascii_case("digest") => Form::Digest,
            SchemeKind::MutualTls => Form::Certificate,
            _ => Form::Any,
        };
        let is_verified = settings.mode == AuthMode::Verify;
        let known = || settings.of(&scheme.name).filter(|_| is_verified);
        let users = known().filter_map(|known| known.split_once(':'));
        Some(Scheme {
            place: CredentialPlace::of(&scheme.kind)?,
            kind: scheme.kind.clone(),
            pattern,
            known: known().map(|known| seal.of(known)).collect(),
            users: match form {
                Form::Digest => users
                    .map(|(name, password)| User {
                        name: name.to_owned(),
                        password: password.to_owned(),
                    })
                    .collect(),
                _ => Vec::new(),
            },
            form,
        })
    }

    /// Whether the credential is a bearer token.
    pub(super) fn takes_token(&self) -> bool {
        matches!(self.form, Form::Token { .. })
    }

    /// Judges the credential that a request has; gives the claims of one that has any.
    pub(super) fn judge<'a, 'r>(
        &self,
        asking: &'a Asking<'_, 'r>,
    ) -> Result<Option<&'a Jwt<'r>>, Fault> {
        let text = self.place.find(asking.request).ok_or(Fault::Absent)?;
        if let Some((_, pattern)) = &self.pattern
            && !pattern.is_match(&text)
        {
            return Err(Fault::Pattern);
        }
        match &self.form {
            Form::Any => self.is_known(&*text, asking)?,
            Form::Basic => {
                let pair = user_pass(&text).ok_or(Fault::Malformed(
                    "the Basic credentials are not user:password in base64",
                ))?;
                self.is_known(pair, asking)?;
            }
            Form::Digest => {
                let credentials = DigestCredentials::read(&text).ok_or(Fault::Malformed(
                    "the Digest credentials lack a username, realm, nonce, uri or response",
                ))?;
                if !self.users.is_empty() {
                    credentials.verify(&self.users, &asking.digest())?;
                }
            }
            Form::Certificate => {
                certificate(&text).ok_or(Fault::Malformed(
                    "Client-Cert is not a certificate as RFC 9440 writes it",
                ))?;
                self.is_known(&*text, asking)?;
            }
            Form::Token { is_jwt } => {
                // A token that was named is no other for being unreadable.
                if !self.known.is_empty() && self.is_known(&*text, asking).is_ok() {
                    return Ok(None);
                }
                let Cow::Borrowed(text) = text else {
                    return Err(Fault::Token(TokenFault::NotToken));
                };
                return match asking.token(text) {
                    Ok(Token::Jwt(jwt)) => Ok(Some(jwt)),
                    Ok(Token::Opaque) if *is_jwt => Err(Fault::Token(TokenFault::NotJwt)),
                    Ok(Token::Opaque | Token::Encrypted) => Ok(None),
                    Err(fault) => Err(Fault::Token(*fault)),
                };
            }
        }
        Ok(None)
    }

    fn is_known(&self, text: impl AsRef<[u8]>, asking: &Asking<'_, '_>) -> Result<(), Fault> {
        let mut known = self.known.iter();
        let is_it = |tag: &Tag| asking.guard.seal.is(&text, tag);
        match self.known.is_empty() || known.any(is_it) {
            true => Ok(()),
            false => Err(Fault::Unknown),
        }
    }

    /// What is wrong, and how to mend it. Nothing of the credential is in it.
    pub(super) fn detail(&self, fault: &Fault) -> String {
        let what = match (&self.kind, &self.form) {
            (SchemeKind::ApiKey(..), _) => "API key",
            (_, Form::Token { .. }) => "bearer token",
            (_, Form::Certificate) => "client certificate",
            _ => "credential",
        };
        match fault {
            Fault::Absent => format!("no {what} is given: send {}", self.how()),
            Fault::Malformed(why) => (*why).to_owned(),
            Fault::Pattern => {
                let form = self.pattern.as_ref().map_or("", |(form, _)| form);
                format!("the {what} is not of the form {form}")
            }
            Fault::Token(fault) => fault.detail().to_owned(),
            Fault::Unknown => format!("the {what} is not one that is known"),
            Fault::Stale => "the nonce of the Digest credentials is too old".to_owned(),
        }
    }

    /// The same in the few characters of an `error_description` (RFC 6750 §3).
    pub(super) fn description(&self, fault: &Fault) -> String {
        match fault {
            Fault::Pattern => "the bearer token is not of the documented form".to_owned(),
            fault => self.detail(fault),
        }
    }

    /// What is to be sent, in words.
    pub(super) fn how(&self) -> String {
        match (&self.kind, &self.form) {
            (SchemeKind::ApiKey(place, name), _) => {
                let place = match place {
                    Location::Header => "the header field",
                    Location::Cookie => "the cookie",
                    _ => "the query parameter",
                };
                format!("{place} {}", clip(name))
            }
            (_, Form::Token { .. }) => "Authorization: Bearer TOKEN".to_owned(),
            (_, Form::Basic) => "Authorization: Basic and user:password in base64".to_owned(),
            (_, Form::Digest) => "Authorization: Digest and the answer to the challenge".to_owned(),
            (SchemeKind::Http(name), _) => {
                format!("Authorization: {} and the credentials", clip(name))
            }
            _ => "it by TLS, or in the Client-Cert of a proxy that ends TLS".to_owned(),
        }
    }

    /// The challenges that ask for it (RFC 9110 §11.6.1), but for what is wrong with a credential
    /// that was shown, and for a nonce.
    pub(super) fn challenges(&self, realm: &str, scopes: &[String]) -> Vec<Challenge> {
        let ask = |scheme: &str| Challenge::new(scheme).with("realm", realm);
        let scoped = |challenge: Challenge| {
            // RFC 6749 §3.3.
            let is_part = |c: char| matches!(c, '!' | '#'..='[' | ']'..='~');
            let sound = scopes.iter().map(String::as_str);
            let sound: Vec<&str> = sound
                .filter(|scope| !scope.is_empty() && scope.chars().all(is_part))
                .collect();
            match sound.is_empty() {
                true => challenge,
                false => challenge.with("scope", &sound.join(" ")),
            }
        };
        match (&self.kind, &self.form) {
            // No scheme is registered for keys: one that says what to send, and where.
            (SchemeKind::ApiKey(place, name), _) => {
                let place = format!("{place:?}").to_ascii_lowercase();
                vec![ask("ApiKey").with("name", &clip(name)).with("in", &place)]
            }
            // Parameters are required (RFC 6750 §3).
            (_, Form::Token { .. }) => vec![scoped(ask("Bearer"))],
            (_, Form::Basic) => vec![ask("Basic").with("charset", "UTF-8")],
            (_, Form::Digest) => {
                let challenge = |algorithm: &str| {
                    ask("Digest")
                        .with("qop", "auth")
                        .with_token("algorithm", algorithm)
                        .with("opaque", OPAQUE)
                        .with_token("charset", "UTF-8")
                };
                ALGORITHMS.map(challenge).to_vec()
            }
            // Nor is one for certificates, which no header field can ask for.
            (SchemeKind::MutualTls, _) => vec![ask("ClientCertificate")],
            (SchemeKind::Http(name), _) => vec![match name.to_ascii_lowercase().as_str() {
                // Their data takes the place of parameters (RFC 4559 §4.1).
                "negotiate" | "ntlm" | "kerberos" => Challenge::new(name),
                "dpop" => scoped(ask("DPoP")).with("algs", "ES256 ES384 EdDSA PS256 RS256"),
                "hoba" => ask("HOBA").with("max-age", "300"),
                _ => ask(name),
            }],
            _ => vec![ask("Bearer")],
        }
    }

    /// The name of the parameter for a nonce, where its challenge has one.
    pub(super) fn nonce(&self) -> Option<&'static str> {
        match &self.kind {
            _ if self.form == Form::Digest => Some("nonce"),
            SchemeKind::Http(name) if name.eq_ignore_ascii_case("hoba") => Some("challenge"),
            _ => None,
        }
    }

    /// Whether every credential of its form is taken, though others are verified.
    pub(super) fn is_unverified(&self) -> bool {
        !self.takes_token() && self.known.is_empty()
    }

    /// Whether it is enough to know where its credential is sent.
    pub(super) fn is_plain(&self) -> bool {
        self.pattern.is_none() && matches!(self.form, Form::Any | Form::Basic)
    }

    /// Whether its credential is in `Authorization`, and behind which name.
    pub(super) fn authorization(&self) -> Option<String> {
        match &self.place {
            CredentialPlace::Authorization(scheme) => Some(scheme.to_ascii_lowercase()),
            _ => None,
        }
    }
}

fn clip(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
