use super::alternative::{Alternative, Use, Verdict};
use super::asking::Asking;
use super::jwt::Jwt;
use super::keyring::Keyring;
use super::scheme::{Fault, Scheme};
use super::seal::Seal;
use super::settings::{AuthMode, AuthSettings};
use crate::decode::Sent;
use crate::spec::{SchemeKind, SecurityRequirement};
use crate::wire::Request;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many ways to be let in are told of a request that has none, and how long their challenges
/// may be in all.
const TOLD: usize = 8;
const CHALLENGES: usize = 8 * 1024;

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
    /// A credential is absent or won't do: 401.
    Unauthenticated {
        /// The challenges for `WWW-Authenticate`, of every alternative, each once.
        challenges: Vec<String>,
        /// What is wrong.
        detail: String,
    },
    /// A scope is missing: 403.
    Forbidden {
        /// Who it comes from all the same.
        auth: Auth,
        /// The challenge of the alternative that came nearest.
        challenge: Option<String>,
        /// What is wrong.
        detail: String,
    },
}

/// What a document asks of its callers, compiled.
#[derive(Debug)]
pub struct Guard {
    pub(super) seal: Seal,
    pub(super) keyring: Keyring,
    pub(super) settings: AuthSettings,
    pub(super) realm: String,
    pub(super) gates: Vec<Gate>,
    /// The gate of each operation, by their numbers.
    pub(super) gate_of: Vec<usize>,
    pub(super) schemes: BTreeMap<String, Arc<Scheme>>,
}

/// The alternatives of a `security`.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) alternatives: Vec<Alternative>,
    /// Whether no credential is needed.
    pub(super) is_open: bool,
}

impl Guard {
    /// Judges the credentials of a request to the numbered operation, at `now` in seconds since
    /// 1970. `prefix` is what stood before its target. The alternatives are tried in order; an
    /// anonymous one counts last, so that a credential that was shown is seen.
    pub fn judge(&self, operation: usize, request: &Request, prefix: &str, now: i64) -> Access {
        let gate = self.gate_of.get(operation);
        let gate = gate.and_then(|gate| self.gates.get(*gate));
        let asking = Asking::new(self, request, prefix, now);
        let Some(gate) = gate.filter(|_| !self.is_off()) else {
            return Access::Granted(asking.claimed());
        };
        let mut nearest: Option<(Auth, Vec<String>, &Use)> = None;
        let mut unmet = Vec::new();
        for alternative in &gate.alternatives {
            match alternative.judge(&asking) {
                Verdict::Met(auth) => return Access::Granted(auth),
                Verdict::Short(auth, missing, used) => {
                    let is_nearer =
                        |(_, known, _): &(Auth, Vec<String>, &Use)| missing.len() < known.len();
                    if nearest.as_ref().is_none_or(is_nearer) {
                        nearest = Some((auth, missing, used));
                    }
                }
                Verdict::Unmet(faults) => unmet.push(faults),
            }
        }
        match nearest {
            Some((auth, ..)) if gate.is_open => Access::Granted(auth),
            None if gate.is_open => Access::Granted(Auth::default()),
            Some((auth, missing, used)) => Access::Forbidden {
                auth,
                challenge: used.insufficient(),
                detail: format!("the token doesn't permit {}", missing.join(" and ")),
            },
            None => unauthenticated(&unmet, &asking),
        }
    }

    /// The challenges for a request to the numbered operation that shows no credential; of an
    /// operation that asks for none, those of the others.
    pub fn challenges(&self, operation: usize, request: &Request, prefix: &str) -> Vec<String> {
        let own = self.gate_of.get(operation);
        let own = own.and_then(|gate| self.gates.get(*gate));
        let own = own.filter(|gate| !gate.alternatives.is_empty());
        let gates = own.map_or(&self.gates[..], std::slice::from_ref);
        let asking = Asking::new(self, request, prefix, 0);
        let alternatives = gates.iter().flat_map(|gate| &gate.alternatives);
        let unmet = alternatives.filter_map(|alternative| match alternative.judge(&asking) {
            Verdict::Unmet(faults) => Some(faults),
            _ => None,
        });
        match unauthenticated(&unmet.collect::<Vec<_>>(), &asking) {
            Access::Unauthenticated { challenges, .. } => challenges,
            _ => Vec::new(),
        }
    }

    /// Whether nothing is asked for, and so nothing forbidden.
    pub fn is_off(&self) -> bool {
        self.settings.mode == AuthMode::Off
    }

    /// The credentials of whom it is guarded against, for a receiver of what it sends itself that
    /// asks for these, at `now` in seconds since 1970.
    pub fn credentials(&self, security: &[SecurityRequirement], now: u64) -> Vec<Sent> {
        self.settings.credentials(security, now)
    }

    /// Whether tokens are asked for, and taken where any are.
    pub fn takes_tokens(&self) -> bool {
        let mut schemes = self.schemes.values();
        !self.is_off() && schemes.any(|scheme| scheme.takes_token())
    }

    /// The scopes that the operations ask for, in order.
    pub fn scopes(&self) -> Vec<String> {
        let alternatives = self.gates.iter().flat_map(|gate| &gate.alternatives);
        let uses = alternatives.flat_map(|alternative| &alternative.0);
        let mut scopes: Vec<String> = uses.flat_map(|used| used.scopes.clone()).collect();
        scopes.sort();
        scopes.dedup();
        scopes
    }

    /// The names of the security schemes that are asked for.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        self.schemes.keys().map(String::as_str)
    }

    /// What the security schemes are that are asked for.
    pub fn kinds(&self) -> impl Iterator<Item = &SchemeKind> {
        self.schemes.values().map(|scheme| &scheme.kind)
    }

    /// What is to be sent for those that ask for more than a token, where no more has to be known
    /// of it.
    pub fn asks(&self) -> Vec<String> {
        let schemes = self.schemes.values().filter(|_| !self.is_off());
        let plain = schemes.filter(|scheme| scheme.is_plain());
        plain.map(|scheme| scheme.how()).collect()
    }

    /// The schemes of which any credential will do, though others are verified.
    pub fn unverified(&self) -> Vec<&str> {
        let schemes = self
            .schemes
            .iter()
            .filter(|_| self.settings.mode == AuthMode::Verify);
        let schemes = schemes.filter(|(_, scheme)| scheme.is_unverified());
        schemes.map(|(name, _)| name.as_str()).collect()
    }
}

/// What would let a request in that nothing does.
fn unauthenticated(unmet: &[Vec<(&Use, Fault)>], asking: &Asking<'_, '_>) -> Access {
    let mut challenges: Vec<String> = Vec::new();
    let mut details: Vec<String> = Vec::new();
    let mut length = 0;
    for faults in unmet {
        let told = faults
            .iter()
            .map(|(used, fault)| used.challenges(fault, asking));
        for challenge in told.flatten() {
            if !challenges.contains(&challenge) && length + challenge.len() <= CHALLENGES {
                length += challenge.len();
                challenges.push(challenge);
            }
        }
        let all = faults.iter().map(|(used, fault)| used.scheme.detail(fault));
        let detail = all.collect::<Vec<_>>().join(" and ");
        if !details.contains(&detail) {
            details.push(detail);
        }
    }
    let more = details.len().saturating_sub(TOLD);
    details.truncate(TOLD);
    if more > 0 {
        details.push(format!("{more} more ways are documented"));
    }
    Access::Unauthenticated {
        challenges,
        detail: details.join("; or "),
    }
}

impl Auth {
    /// Adds what a token says.
    pub(super) fn add(&mut self, jwt: &Jwt<'_>) {
        for permission in jwt.permissions() {
            if !self.permissions.contains(&permission) {
                self.permissions.push(permission);
            }
        }
        let claims = jwt.claims.iter();
        self.claims
            .extend(claims.map(|(name, value)| (name.clone(), value.clone())));
    }
}
