//! A request whose credentials are judged, and the token it has.

use super::certificate::{certificate, thumbprint};
use super::digest::{self, nonce};
use super::guard::{Auth, Guard};
use super::jwt::{Jwt, TokenFault, is_encrypted, is_token68};
use super::settings::AuthMode;
use crate::decode::CredentialPlace;
use crate::spec::SchemeKind;
use crate::wire::Request;
use serde_json::Value;
use std::cell::OnceCell;

/// What a bearer token is.
#[derive(Debug)]
pub(super) enum Token<'r> {
    /// A text that says nothing.
    Opaque,
    /// A JWT that can't be read.
    Encrypted,
    Jwt(Jwt<'r>),
}

/// A request whose credentials are judged.
pub(super) struct Asking<'g, 'r> {
    pub(super) guard: &'g Guard,
    pub(super) request: &'r Request,
    prefix: &'g str,
    now: i64,
    /// A request has one `Authorization` at most, so one token.
    token: OnceCell<Result<Token<'r>, TokenFault>>,
}

impl<'g, 'r> Asking<'g, 'r> {
    /// Judged at `now`, in seconds since 1970. `prefix` is what stood before its target.
    pub(super) fn new(
        guard: &'g Guard,
        request: &'r Request,
        prefix: &'g str,
        now: i64,
    ) -> Asking<'g, 'r> {
        Asking {
            guard,
            request,
            prefix,
            now,
            token: OnceCell::new(),
        }
    }

    /// What the bearer token is, or why it isn't taken.
    pub(super) fn token(&self, text: &'r str) -> &Result<Token<'r>, TokenFault> {
        self.token.get_or_init(|| {
            let is_verified = self.guard.settings.mode == AuthMode::Verify;
            if !is_token68(text) {
                return Err(TokenFault::NotToken);
            }
            let Some(jwt) = Jwt::read(text) else {
                return match is_verified {
                    true => Err(TokenFault::NotJwt),
                    false if is_encrypted(text) => Ok(Token::Encrypted),
                    false => Ok(Token::Opaque),
                };
            };
            if is_verified {
                self.guard.keyring.verify(&jwt)?;
                self.check(&jwt)?;
            }
            jwt.is_of(self.now)?;
            Ok(Token::Jwt(jwt))
        })
    }

    /// Whom a token is from and for, and whose certificate it is bound to.
    fn check(&self, jwt: &Jwt<'_>) -> Result<(), TokenFault> {
        let text = |name: &str| jwt.claims.get(name).and_then(Value::as_str);
        let issuer = self.guard.settings.issuer.as_deref();
        if issuer.is_some_and(|issuer| text("iss") != Some(issuer)) {
            return Err(TokenFault::Issuer);
        }
        let is_for = |audience: &String| match jwt.claims.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(several)) => several.contains(&audience.as_str().into()),
            _ => false,
        };
        let audiences = &self.guard.settings.audiences;
        if !audiences.is_empty() && !audiences.iter().any(is_for) {
            return Err(TokenFault::Audience);
        }
        let confirmed = jwt.claims.get("cnf").and_then(|cnf| cnf.get("x5t#S256"));
        let Some(bound) = confirmed.and_then(Value::as_str) else {
            return Ok(());
        };
        let shown = CredentialPlace::Certificate.find(self.request);
        let shown = shown.and_then(|field| certificate(&field));
        match shown.is_some_and(|der| thumbprint(&der) == bound) {
            true => Ok(()),
            false => Err(TokenFault::Binding),
        }
    }

    /// What a JWT claims that nobody asked for.
    pub(super) fn claimed(&self) -> Auth {
        let place = CredentialPlace::of(&SchemeKind::OAuth);
        let text = place.and_then(|place| place.find(self.request));
        let jwt = text.as_deref().and_then(Jwt::read);
        let mut auth = Auth::default();
        if let Some(jwt) = &jwt {
            auth.add(jwt);
        }
        auth
    }

    pub(super) fn digest(&self) -> digest::Asked<'_> {
        digest::Asked {
            method: &self.request.method,
            target: format!("{}{}", self.prefix, self.request.target),
            realm: &self.guard.realm,
            seal: &self.guard.seal,
            now: self.now,
        }
    }

    pub(super) fn nonce(&self) -> String {
        nonce(self.now, &self.guard.seal)
    }
}
