use super::jwk::KeySet;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde_json::{Value, json};
use std::fmt;

/// The secret that tokens are signed with where none is given. It is no secret: anyone may mint
/// one.
const DEVELOPMENT: &[u8] = b"counterpart-development";

/// How closely credentials are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthMode {
    /// They are there and well-formed; a JWT has not expired and permits what is asked for. No
    /// signature is looked at.
    #[default]
    Presence,
    /// Signatures hold too, and credentials are those that are known.
    Verify,
    /// None are asked for, and nothing is forbidden. Rules see the claims of a JWT all the same.
    Off,
}

/// What credentials are held against.
#[derive(Clone, Default)]
pub struct AuthSettings {
    /// How closely they are looked at.
    pub mode: AuthMode,
    /// The shared secret of tokens signed by HMAC; a well-known one where none is given.
    pub secret: Option<String>,
    /// The keys of tokens signed otherwise.
    pub keys: KeySet,
    /// What the `aud` of a verified token must have one of; anything where there are none.
    pub audiences: Vec<String>,
    /// What the `iss` of a verified token must be.
    pub issuer: Option<String>,
    /// The credentials that are known, each with the name of its security scheme: keys, tokens,
    /// `user:password`. Of a scheme without any, every well-formed one is taken.
    pub credentials: Vec<(String, String)>,
}

impl AuthSettings {
    /// A JSON Web Token (RFC 7519) that these settings take, signed with HS256: it permits
    /// `scopes`, from `now` on for `lifetime`, both in seconds.
    pub fn token(&self, scopes: &[String], now: u64, lifetime: u64) -> String {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(json!({"alg": "HS256", "typ": "JWT"}));
        let mut claims = json!({
            "iss": self.issuer.as_deref().unwrap_or("counterpart"),
            "sub": "developer",
            "iat": now,
            "exp": now.saturating_add(lifetime),
            "scope": scopes.join(" "),
            "permissions": scopes,
        });
        if let (Some(audience), Some(claims)) = (self.audiences.first(), claims.as_object_mut()) {
            claims.insert("aud".to_owned(), audience.as_str().into());
        }
        let signed = format!("{head}.{}", part(claims));
        let key = Key::new(HMAC_SHA256, self.secret());
        let signature = URL_SAFE_NO_PAD.encode(sign(&key, signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    pub(super) fn secret(&self) -> &[u8] {
        self.secret.as_deref().map_or(DEVELOPMENT, str::as_bytes)
    }

    /// The credentials that are known of a scheme.
    pub(super) fn of(&self, scheme: &str) -> impl Iterator<Item = &str> {
        let known = self.credentials.iter();
        known.filter_map(move |(name, value)| (name == scheme).then_some(value.as_str()))
    }
}

impl fmt::Debug for AuthSettings {
    // By hand: secrets must not end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.credentials.iter().map(|(name, _)| name);
        f.debug_struct("AuthSettings")
            .field("mode", &self.mode)
            .field("secret", &self.secret.as_ref().map(|_| "…"))
            .field("keys", &self.keys.keys.len())
            .field("audiences", &self.audiences)
            .field("issuer", &self.issuer)
            .field("credentials", &names.collect::<Vec<_>>())
            .finish()
    }
}
