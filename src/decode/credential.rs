use super::cookie::cookie;
use super::query::{Query, form_decode};
use crate::spec::{Location, SchemeKind, SecurityRequirement};
use crate::wire::{HeaderName, Request, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// What a client showed for a security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    Absent,
    /// A text: the key, or what follows the scheme's name in `Authorization`.
    Text(String),
}

impl Credential {
    /// Looks where the scheme says it is. Scheme names are case-insensitive (RFC 9110 §11.1).
    pub fn of(kind: &SchemeKind, request: &Request) -> Credential {
        let text = match kind {
            SchemeKind::ApiKey(Location::Header, name) => name
                .parse::<HeaderName>()
                .ok()
                .and_then(|name| request.header(&name).map(str::to_owned)),
            SchemeKind::ApiKey(Location::Cookie, name) => cookie(request, name).map(str::to_owned),
            SchemeKind::ApiKey(_, name) => {
                let query = Query::parse(request.query());
                let found = query.pairs().find(|(known, _)| known == name);
                found.and_then(|(_, value)| form_decode(value).ok())
            }
            SchemeKind::Http(scheme, _) => authorization(request, scheme),
            SchemeKind::OAuth => authorization(request, "Bearer"),
            SchemeKind::MutualTls => None,
        };
        match text {
            Some(text) if !text.is_empty() => Credential::Text(text),
            _ => Credential::Absent,
        }
    }
}

/// The names in the query that are those of API keys, and so no parameter's.
pub fn query_keys(security: &[SecurityRequirement]) -> Vec<&str> {
    let schemes = security.iter().flatten().map(|used| &used.scheme.kind);
    let names = schemes.filter_map(|kind| match kind {
        SchemeKind::ApiKey(Location::Query, name) => Some(name.as_str()),
        _ => None,
    });
    names.collect()
}

/// More than one `Authorization` field is none: which one counts can't be told.
fn authorization(request: &Request, scheme: &str) -> Option<String> {
    let mut fields = request.headers.get_all(header::AUTHORIZATION).iter();
    let text = fields.next()?.to_str().ok()?;
    if fields.next().is_some() {
        return None;
    }
    let (given, rest) = text.trim().split_once(' ')?;
    given
        .eq_ignore_ascii_case(scheme)
        .then(|| rest.trim().to_owned())
}

/// The claims of a JSON Web Token (RFC 7519). The signature is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims(pub Map<String, Value>);

/// Why a token isn't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// It is not three base64url parts of which the first two are JSON objects.
    NotJwt,
    /// Its `exp` has passed.
    Expired,
    /// Its `nbf` is still to come.
    NotYetValid,
}

impl Claims {
    /// Reads a token, at `now` in seconds since 1970.
    pub fn read(token: &str, now: i64) -> Result<Claims, TokenFault> {
        let parts: Vec<&str> = token.split('.').collect();
        let [head, payload, signature] = parts.as_slice() else {
            return Err(TokenFault::NotJwt);
        };
        let object = |part: &str| -> Option<Map<String, Value>> {
            let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        let is_base64url = |b: u8| b.is_ascii_alphanumeric() || b"-_=".contains(&b);
        let (Some(_), Some(claims), true) = (
            object(head),
            object(payload),
            signature.bytes().all(is_base64url),
        ) else {
            return Err(TokenFault::NotJwt);
        };
        let time = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or(TokenFault::NotJwt),
        };
        let (expires, from) = (time("exp")?, time("nbf")?);
        if expires.is_some_and(|expires| expires <= now as f64) {
            return Err(TokenFault::Expired);
        }
        if from.is_some_and(|from| from > now as f64) {
            return Err(TokenFault::NotYetValid);
        }
        Ok(Claims(claims))
    }

    /// What the token permits: the claims `permissions`, `scope` and `scp`, each a list or a text
    /// with spaces between (RFC 8693 §4.2).
    pub fn permissions(&self) -> Vec<String> {
        let mut permissions = Vec::new();
        for claim in ["permissions", "scope", "scp"] {
            match self.0.get(claim) {
                Some(Value::String(text)) => {
                    permissions.extend(text.split_whitespace().map(str::to_owned))
                }
                Some(Value::Array(items)) => {
                    permissions.extend(items.iter().filter_map(Value::as_str).map(str::to_owned))
                }
                _ => {}
            }
        }
        permissions
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Method;
    use serde_json::json;

    fn token(claims: Value) -> String {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.sig", part(json!({"alg": "HS256"})), part(claims))
    }

    #[test]
    fn a_token_is_a_jwt_of_the_present() {
        let read =
            |claims: Value| Claims::read(&token(claims), 1000).map(|claims| claims.permissions());
        assert_eq!(
            read(json!({"scope": "a b", "scp": ["c"]})),
            Ok(vec!["a".into(), "b".into(), "c".into()])
        );
        assert_eq!(read(json!({"exp": 1000})), Err(TokenFault::Expired));
        assert_eq!(read(json!({"exp": "soon"})), Err(TokenFault::NotJwt));
        assert_eq!(read(json!({"nbf": 1001})), Err(TokenFault::NotYetValid));
        for bad in [
            "",
            "abc",
            "a.b.c",
            "e30.W10.x",
            "e30.e30.\u{20ac}",
            "e30.e30",
        ] {
            assert_eq!(Claims::read(bad, 0), Err(TokenFault::NotJwt), "{bad}");
        }
    }

    #[test]
    fn scheme_names_are_taken_in_any_case() {
        let request = Request::new(Method::GET, "/").with_header(header::AUTHORIZATION, "bEARER x");
        let bearer = SchemeKind::Http("bearer".to_owned(), true);
        assert_eq!(
            Credential::of(&bearer, &request),
            Credential::Text("x".to_owned())
        );
        let basic = SchemeKind::Http("basic".to_owned(), false);
        assert_eq!(Credential::of(&basic, &request), Credential::Absent);
    }
}
