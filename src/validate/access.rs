use crate::decode::{Claims, Credential, TokenFault};
use crate::spec::{Document, LoadError, SchemeKind, SchemeUse, SecurityRequirement};
use crate::wire::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Who a request comes from, as far as its credentials say.
#[derive(Debug, Clone, Default)]
pub struct Auth {
    /// The claims of its token.
    pub claims: Map<String, Value>,
    /// What the token permits.
    pub permissions: Vec<String>,
}

/// Whether a request's credentials satisfy an operation's security.
#[derive(Debug, Clone)]
pub enum Access {
    /// They do, or none are needed.
    Granted(Auth),
    /// A credential is absent, malformed or expired: 401.
    Unauthenticated {
        /// The challenges for `WWW-Authenticate`, one for each scheme that would do.
        challenges: Vec<String>,
        /// What is wrong.
        detail: String,
    },
    /// A scope is missing: 403.
    Forbidden {
        /// Who it comes from all the same.
        auth: Auth,
        /// What is wrong.
        detail: String,
    },
}

/// The compiled `x-credential-pattern`s of a document, by scheme.
#[derive(Debug, Default)]
pub struct CredentialPatterns(HashMap<String, Validator>);

impl CredentialPatterns {
    /// Compiles the patterns of the schemes in use; fails at one that is no regular expression.
    pub fn compile<'s>(
        document: &Document,
        requirements: impl Iterator<Item = &'s SecurityRequirement>,
    ) -> Result<CredentialPatterns, LoadError> {
        let mut patterns = HashMap::new();
        for SchemeUse { scheme, .. } in requirements.flatten() {
            let Some(pattern) = &scheme.credential_pattern else {
                continue;
            };
            let validator = jsonschema::options()
                .build(&json!({"pattern": pattern}))
                .map_err(|_| {
                    let scheme = document.node(scheme.at);
                    let pattern = scheme.get("x-credential-pattern").unwrap_or(scheme);
                    document.error(pattern.at(), "this is no regular expression")
                })?;
            patterns.insert(scheme.name.clone(), validator);
        }
        Ok(CredentialPatterns(patterns))
    }

    /// Judges a request's credentials at `now`, in seconds since 1970. The alternatives are tried
    /// in order; an anonymous one counts last, so that a credential that was shown is seen.
    pub fn judge(&self, security: &[SecurityRequirement], request: &Request, now: i64) -> Access {
        let mut anonymous = security.is_empty();
        let mut forbidden = None;
        let mut refusals: Vec<String> = Vec::new();
        let mut challenges = Vec::new();
        for alternative in security {
            if alternative.is_empty() {
                anonymous = true;
                continue;
            }
            match self.alternative(alternative, request, now) {
                Ok(auth) => {
                    let missing = missing_scopes(alternative, &auth);
                    if missing.is_empty() {
                        return Access::Granted(auth);
                    }
                    let detail = format!("the token doesn't permit {}", missing.join(" and "));
                    forbidden.get_or_insert(Access::Forbidden { auth, detail });
                }
                Err(refusal) => {
                    let challenge = |used| challenge(used, &refusal);
                    challenges.extend(alternative.iter().filter_map(challenge));
                    refusals.push(refusal.detail);
                }
            }
        }
        if anonymous {
            return Access::Granted(Auth::default());
        }
        if let Some(forbidden) = forbidden {
            return forbidden;
        }
        challenges.dedup();
        refusals.dedup();
        Access::Unauthenticated {
            challenges,
            detail: refusals.join("; or "),
        }
    }

    fn alternative(
        &self,
        uses: &[SchemeUse],
        request: &Request,
        now: i64,
    ) -> Result<Auth, Refused> {
        let mut auth = Auth::default();
        for used in uses {
            let kind = &used.scheme.kind;
            let Credential::Text(text) = Credential::of(kind, request) else {
                return Err(Refused::form(absent(kind)));
            };
            if let Some(pattern) = self.0.get(&used.scheme.name)
                && !pattern.is_valid(&Value::String(text.clone()))
            {
                let form = used.scheme.credential_pattern.as_deref().unwrap_or("");
                let detail = format!("the credential is not of the form {form}");
                return Err(Refused::form(detail));
            }
            match kind {
                SchemeKind::Http(scheme, _) if scheme.eq_ignore_ascii_case("basic") => {
                    let pair = STANDARD
                        .decode(&text)
                        .ok()
                        .filter(|pair| pair.contains(&b':'));
                    pair.ok_or_else(|| {
                        Refused::form("the Basic credentials are not user:password in base64")
                    })?;
                }
                SchemeKind::Http(_, true) | SchemeKind::OAuth => {
                    let claims = Claims::read(&text, now).map_err(Refused::token)?;
                    auth.permissions.extend(claims.permissions());
                    auth.claims.extend(claims.0);
                }
                // An opaque token says nothing; a JWT is one, whether the contract says so or not.
                SchemeKind::Http(scheme, false) if scheme.eq_ignore_ascii_case("bearer") => {
                    match Claims::read(&text, now) {
                        Ok(claims) => {
                            auth.permissions.extend(claims.permissions());
                            auth.claims.extend(claims.0);
                        }
                        Err(TokenFault::NotJwt) => {}
                        Err(fault) => return Err(Refused::token(fault)),
                    }
                }
                _ => {}
            }
        }
        Ok(auth)
    }
}

/// Why a credential won't do.
struct Refused {
    detail: String,
    /// Whether a token was shown, and is a bad one (RFC 6750 §3.1).
    is_bad_token: bool,
}

impl Refused {
    fn form(detail: impl Into<String>) -> Refused {
        Refused {
            detail: detail.into(),
            is_bad_token: false,
        }
    }

    fn token(fault: TokenFault) -> Refused {
        let detail = match fault {
            TokenFault::NotJwt => "the bearer token is not a JWT",
            TokenFault::Expired => "the bearer token has expired",
            TokenFault::NotYetValid => "the bearer token is not valid yet",
        };
        Refused {
            detail: detail.to_owned(),
            is_bad_token: true,
        }
    }
}

/// Scopes are judged where the credential is a token that says them.
fn missing_scopes(uses: &[SchemeUse], auth: &Auth) -> Vec<String> {
    let says = |kind: &SchemeKind| match kind {
        SchemeKind::Http(_, true) | SchemeKind::OAuth => true,
        SchemeKind::Http(scheme, false) => {
            scheme.eq_ignore_ascii_case("bearer") && !auth.claims.is_empty()
        }
        _ => false,
    };
    let judged = uses.iter().filter(|used| says(&used.scheme.kind));
    let scopes = judged.flat_map(|used| &used.scopes);
    scopes
        .filter(|scope| !auth.permissions.contains(scope))
        .cloned()
        .collect()
}

/// Every 401 has a challenge (RFC 9110 §15.5.2); an API key has no registered scheme, so it is
/// named in the way that clients will at least show. That of a bad token says what is wrong with
/// it, that of an absent one doesn't (RFC 6750 §3.1).
fn challenge(used: &SchemeUse, refused: &Refused) -> Option<String> {
    let bearer = |scopes: &[String]| {
        let mut attributes = Vec::new();
        if !scopes.is_empty() {
            attributes.push(format!("scope=\"{}\"", scopes.join(" ")));
        }
        if refused.is_bad_token {
            attributes.push("error=\"invalid_token\"".to_owned());
            attributes.push(format!("error_description=\"{}\"", refused.detail));
        }
        match attributes.is_empty() {
            true => "Bearer".to_owned(),
            false => format!("Bearer {}", attributes.join(", ")),
        }
    };
    Some(match &used.scheme.kind {
        SchemeKind::Http(scheme, _) if scheme.eq_ignore_ascii_case("bearer") => bearer(&[]),
        SchemeKind::Http(scheme, _) if scheme.eq_ignore_ascii_case("basic") => {
            "Basic realm=\"api\", charset=\"UTF-8\"".to_owned()
        }
        SchemeKind::Http(scheme, _) => scheme.clone(),
        SchemeKind::OAuth => bearer(&used.scopes),
        SchemeKind::ApiKey(_, name) => format!("ApiKey name=\"{}\"", name.replace('"', "")),
        SchemeKind::MutualTls => return None,
    })
}

fn absent(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey(location, name) => {
            format!(
                "the API key `{name}` is not in the {}",
                format!("{location:?}").to_lowercase()
            )
        }
        SchemeKind::Http(scheme, _) => format!("no credential of the scheme {scheme} is given"),
        SchemeKind::OAuth => "no bearer token is given".to_owned(),
        SchemeKind::MutualTls => "no client certificate is given".to_owned(),
    }
}
