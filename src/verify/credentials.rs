use crate::spec::{Location, SchemeKind, SecurityRequirement};
use crate::wire::{HeaderName, Request};
use std::sync::{Mutex, PoisonError};

/// A credential, where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A header field, by its name.
    Field(String, String),
    /// A query parameter, by its name; both are encoded already.
    Query(String, String),
}

impl Credential {
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
            (Credential::Query(name, _), SchemeKind::ApiKey(Location::Query, own)) => name == own,
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

    fn all(&self) -> Vec<Credential> {
        let renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        self.fixed.iter().chain(renewed.iter()).cloned().collect()
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
        for credential in self.all() {
            if is_anonymous && credential.is_for(security) {
                continue;
            }
            match &credential {
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
        let all = self.all().into_iter();
        let sent = all.filter(|credential| !is_anonymous || !credential.is_for(security));
        sent.collect()
    }
}
