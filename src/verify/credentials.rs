use crate::decode::Sent;
use crate::spec::{Location, SchemeKind, SecurityRequirement};
use crate::wire::{HeaderName, Request, encode_segment};
use std::sync::{Mutex, PoisonError};

/// A credential, where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A header field, by its name.
    Field(String, String),
    /// A query parameter, by its name; both are encoded already.
    Query(String, String),
    /// What a security scheme takes, by the scheme's name: a key, a token, or `user:password`. It is
    /// sent where the operation asks for that scheme.
    Scheme(String, String),
}

impl Credential {
    /// The credential of a scheme, where the scheme has it sent; none of what isn't sent so.
    fn of_scheme(kind: &SchemeKind, value: &str) -> Option<Credential> {
        Some(match Sent::of(kind, value)? {
            Sent::Field(name, value) => Credential::Field(name, value),
            Sent::Query(name, value) => Credential::Query(name, value),
        })
    }

    /// Whether one of the schemes takes it.
    fn is_for(&self, security: &[SecurityRequirement]) -> bool {
        let mut kinds = security.iter().flatten().map(|used| &used.scheme.kind);
        kinds.any(|kind| match (self, kind) {
            (Credential::Field(name, _), SchemeKind::ApiKey(Location::Header, own)) => {
                name.eq_ignore_ascii_case(own)
            }
            (Credential::Field(name, _), SchemeKind::ApiKey(Location::Cookie, _)) => {
                name.eq_ignore_ascii_case("cookie")
            }
            (Credential::Field(name, _), SchemeKind::Http(_) | SchemeKind::OAuth) => {
                name.eq_ignore_ascii_case("authorization")
            }
            (Credential::Query(name, _), SchemeKind::ApiKey(Location::Query, own)) => {
                *name == encode_segment(own)
            }
            _ => false,
        })
    }
}

/// Makes credentials anew, or says why there are none.
pub type Renewal = Box<dyn Fn() -> Result<Vec<Credential>, String> + Send + Sync>;

/// What is sent with every request.
#[derive(Default)]
pub struct Credentials {
    fixed: Vec<Credential>,
    renewed: Mutex<Vec<Credential>>,
    renewal: Option<Renewal>,
}

impl Credentials {
    /// Those that stay as they are, and those that are made anew when the server refuses them.
    pub fn new(fixed: Vec<Credential>, renewal: Option<Renewal>) -> Result<Credentials, String> {
        let first = renewal.as_ref().map(|renewal| renewal()).transpose()?;
        Ok(Credentials {
            fixed,
            renewed: Mutex::new(first.unwrap_or_default()),
            renewal,
        })
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.fixed.is_empty() && self.renewal.is_none()
    }

    /// Those that are sent to an operation, each where it is sent.
    fn placed(&self, security: &[SecurityRequirement], is_anonymous: bool) -> Vec<Credential> {
        let renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        let all = self.fixed.iter().chain(renewed.iter());
        let all: Vec<Credential> = all.cloned().collect();
        drop(renewed);
        let of_scheme = |name: &str| {
            all.iter().find_map(|credential| match credential {
                Credential::Scheme(own, value) if own == name => Some(value.as_str()),
                _ => None,
            })
        };
        let mut alternatives = security.iter();
        let alternative = alternatives.find(|alternative| {
            !alternative.is_empty()
                && alternative
                    .iter()
                    .all(|used| of_scheme(&used.scheme.name).is_some())
        });
        let schemes = alternative.into_iter().flatten().filter_map(|used| {
            let value = of_scheme(&used.scheme.name)?;
            Credential::of_scheme(&used.scheme.kind, value)
        });
        let is_placed = |credential: &&Credential| !matches!(credential, Credential::Scheme(..));
        let placed = all.iter().filter(is_placed).cloned().chain(schemes);
        placed
            .filter(|credential| !is_anonymous || !credential.is_for(security))
            .collect()
    }

    /// Makes those anew that can be; whether there are other ones now.
    pub(super) fn renew(&self) -> bool {
        let Some(Ok(new)) = self.renewal.as_ref().map(|renewal| renewal()) else {
            return false;
        };
        let mut renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = *renewed != new;
        *renewed = new;
        is_other
    }

    /// The request with them; of an anonymous one without those that the schemes take.
    pub(super) fn sign(
        &self,
        mut request: Request,
        security: &[SecurityRequirement],
        is_anonymous: bool,
    ) -> Request {
        for credential in self.placed(security, is_anonymous) {
            match &credential {
                Credential::Scheme(..) => {}
                Credential::Field(name, value) => {
                    if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                        // Cookies go together in one field (RFC 6265 §5.4).
                        let before = match name == "cookie" {
                            true => request.header(&name).map(|own| format!("{own}; ")),
                            false => None,
                        };
                        request.headers.remove(&name);
                        let value = format!("{}{value}", before.unwrap_or_default());
                        request = request.with_header(name, &value);
                    }
                }
                Credential::Query(name, value) => {
                    let sign = if request.target.contains('?') {
                        '&'
                    } else {
                        '?'
                    };
                    request.target += &format!("{sign}{name}={value}");
                }
            }
        }
        request
    }

    /// What stands for them where they are shown: their names, and no secret.
    pub(super) fn shown(
        &self,
        security: &[SecurityRequirement],
        is_anonymous: bool,
    ) -> Vec<Credential> {
        self.placed(security, is_anonymous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;
    use crate::wire::{Method, header};

    const DOCUMENT: &str = r#"
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a: {get: {security: [{basic: []}, {token: [], key: []}], responses: {'200': {description: A}}}}
  /b: {get: {security: [{session: [], asked: []}], responses: {'200': {description: B}}}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    token: {type: http, scheme: bearer}
    key: {type: apiKey, in: header, name: X-Key}
    session: {type: apiKey, in: cookie, name: sid}
    asked: {type: apiKey, in: query, name: my key}
"#;

    /// How the request to an operation goes out.
    fn signed(number: usize, credentials: &[(&str, &str)], is_anonymous: bool) -> Request {
        let contract = Contract::from_text("t.yaml", DOCUMENT).expect("a contract");
        let security = &contract.operations.get(number).declared.security;
        let schemes = credentials
            .iter()
            .map(|(name, value)| Credential::Scheme((*name).to_owned(), (*value).to_owned()));
        let tenant = Credential::Field("X-Tenant".to_owned(), "t".to_owned());
        let all = schemes.chain([tenant]).collect();
        let credentials = Credentials::new(all, None).expect("credentials");
        let request = Request::new(Method::GET, "/a").with_header(header::COOKIE, "seen=1");
        credentials.sign(request, security, is_anonymous)
    }

    #[test]
    fn a_credential_is_sent_where_its_scheme_says() {
        let request = signed(0, &[("basic", "me:pass")], false);
        assert_eq!(
            request.header(&header::AUTHORIZATION),
            Some("Basic bWU6cGFzcw==")
        );
        // Of an alternative all are needed.
        let request = signed(0, &[("token", "abc")], false);
        assert_eq!(request.header(&header::AUTHORIZATION), None);
        let request = signed(0, &[("token", "abc"), ("key", "k")], false);
        assert_eq!(request.header(&header::AUTHORIZATION), Some("Bearer abc"));
        assert_eq!(request.headers["x-key"], "k");
        let request = signed(1, &[("session", "s"), ("asked", "a b")], false);
        assert_eq!(request.header(&header::COOKIE), Some("seen=1; sid=s"));
        assert_eq!(request.target, "/a?my%20key=a%20b");
    }

    #[test]
    fn a_request_without_credentials_keeps_what_is_none() {
        let request = signed(0, &[("token", "abc"), ("key", "k")], true);
        assert_eq!(request.header(&header::AUTHORIZATION), None);
        assert!(!request.headers.contains_key("x-key"));
        assert_eq!(request.headers["x-tenant"], "t");
    }
}
