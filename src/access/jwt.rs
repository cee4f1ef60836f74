use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// How long before its `nbf` a token is taken, in seconds: clocks differ (RFC 7519 §4.1.5). Its
/// `exp` holds to the second, so that a client's way of renewing tokens can be tried.
const LEEWAY: f64 = 60.0;

/// A JSON Web Token in the compact form of JWS (RFC 7515 §7.1, RFC 7519), its signature not looked
/// at.
#[derive(Debug)]
pub(super) struct Jwt<'t> {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// What the signature is of.
    pub(super) signed: &'t str,
    /// Still in base64url.
    pub(super) signature: &'t str,
}

/// Why a token isn't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenFault {
    /// It has characters that no bearer token has.
    NotToken,
    /// It is not three base64url parts of which the first two are JSON objects.
    NotJwt,
    /// Its `exp` has passed.
    Expired,
    /// Its `nbf` is still to come.
    NotYetValid,
    /// Its `alg` is `none`, or one that isn't verified.
    Algorithm,
    /// Its `crit` asks for what isn't understood.
    Critical,
    /// There is no key that its header can mean.
    NoKey,
    /// There are several, and no `kid` says which.
    ManyKeys,
    /// The key didn't make the signature.
    Signature,
    /// Its `iss` isn't the one expected.
    Issuer,
    /// Its `aud` has none of those expected.
    Audience,
    /// It is bound to a client certificate other than the one shown (RFC 8705 §3).
    Binding,
}

impl TokenFault {
    /// What is wrong with the token, in words.
    pub(super) fn detail(self) -> &'static str {
        match self {
            TokenFault::NotToken => "the bearer token has characters that no token has",
            TokenFault::NotJwt => "the bearer token is not a JWT",
            TokenFault::Expired => "the bearer token has expired",
            TokenFault::NotYetValid => "the bearer token is not valid yet",
            TokenFault::Algorithm => "the bearer token is not signed by an algorithm that is taken",
            TokenFault::Critical => "the bearer token has critical extensions",
            TokenFault::NoKey => "no known key fits the bearer token",
            TokenFault::ManyKeys => "several keys fit the bearer token, and it names none",
            TokenFault::Signature => "the signature of the bearer token is wrong",
            TokenFault::Issuer => "the bearer token is of another issuer",
            TokenFault::Audience => "the bearer token is for another audience",
            TokenFault::Binding => "the bearer token is bound to another client certificate",
        }
    }
}

impl<'t> Jwt<'t> {
    /// Takes a token apart; nothing where it is no JWT.
    pub(super) fn read(token: &'t str) -> Option<Jwt<'t>> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let is_base64url = |b: u8| b.is_ascii_alphanumeric() || b"-_=".contains(&b);
        Some(Jwt {
            header: object(header)?,
            claims: object(claims)?,
            signed,
            signature: Some(signature).filter(|text| text.bytes().all(is_base64url))?,
        })
    }

    /// Whether its times hold at `now`, in seconds since 1970.
    pub(super) fn is_of(&self, now: i64) -> Result<(), TokenFault> {
        let time = |name: &str| match self.claims.get(name) {
            None => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or(TokenFault::NotJwt),
        };
        let (expires, from, now) = (time("exp")?, time("nbf")?, now as f64);
        if expires.is_some_and(|expires| expires <= now) {
            return Err(TokenFault::Expired);
        }
        match from.is_some_and(|from| from > now + LEEWAY) {
            true => Err(TokenFault::NotYetValid),
            false => Ok(()),
        }
    }

    /// What it permits: the claims `permissions`, `scope` and `scp`, each a list or a text with
    /// spaces between (RFC 8693 §4.2).
    pub(super) fn permissions(&self) -> Vec<String> {
        let mut permissions = Vec::new();
        for claim in ["permissions", "scope", "scp"] {
            match self.claims.get(claim) {
                Some(Value::String(text)) => {
                    permissions.extend(text.split_whitespace().map(str::to_owned));
                }
                Some(Value::Array(items)) => {
                    permissions.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                _ => {}
            }
        }
        permissions
    }
}

/// Whether a token is an encrypted JWT (RFC 7516 §7.1), which only its recipient can read.
pub(super) fn is_encrypted(token: &str) -> bool {
    let header = token.split_once('.').and_then(|(header, _)| object(header));
    token.split('.').count() == 5 && header.is_some_and(|header| header.contains_key("enc"))
}

/// Whether a text has the form of a bearer token (RFC 6750 §2.1).
pub(super) fn is_token68(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    !body.is_empty() && body.bytes().all(is_part)
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn token(claims: Value) -> String {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.sig", part(json!({"alg": "HS256"})), part(claims))
    }

    #[test]
    fn a_token_is_a_jwt_of_the_present() {
        let read = |claims: Value| {
            let token = token(claims);
            let jwt = Jwt::read(&token).expect("a JWT");
            jwt.is_of(1000).map(|()| jwt.permissions())
        };
        assert_eq!(
            read(json!({"scope": "a b", "scp": ["c"], "nbf": 1060})),
            Ok(vec!["a".into(), "b".into(), "c".into()])
        );
        assert_eq!(read(json!({"exp": 1000})), Err(TokenFault::Expired));
        assert_eq!(read(json!({"exp": "soon"})), Err(TokenFault::NotJwt));
        assert_eq!(read(json!({"nbf": 1061})), Err(TokenFault::NotYetValid));
        for bad in [
            "",
            "abc",
            "a.b.c",
            "e30.W10.x",
            "e30.e30.\u{20ac}",
            "e30.e30",
            "e30.e30.x.y",
        ] {
            assert!(Jwt::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_bearer_token_has_few_characters() {
        for token in ["a", "a.b-c_d~e+f/g==", "0"] {
            assert!(is_token68(token), "{token}");
        }
        for bad in ["", "=", "a b", "a=b", "\"a\"", "{\"a\":1}", "é"] {
            assert!(!is_token68(bad), "{bad}");
        }
        let encrypted = format!("{}.b.c.d.e", URL_SAFE_NO_PAD.encode(r#"{"enc":"A128GCM"}"#));
        assert!(is_encrypted(&encrypted));
        assert!(!is_encrypted("e30.b.c.d.e"));
    }
}
