//! One alternative of `security`: schemes of which every one must be satisfied.

use super::asking::Asking;
use super::guard::Auth;
use super::scheme::{Fault, Scheme};
use crate::wire::Challenge;
use std::sync::Arc;

/// Schemes that go together.
#[derive(Debug)]
pub(super) struct Alternative(pub(super) Vec<Use>);

/// A scheme with what is asked of it.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) scheme: Arc<Scheme>,
    pub(super) scopes: Vec<String>,
    challenges: Vec<Challenge>,
}

/// What an alternative says of a request.
pub(super) enum Verdict<'u> {
    /// Every scheme is satisfied.
    Met(Auth),
    /// They are, but tokens don't permit enough: what is missing, and the first that lacks it.
    Short(Auth, Vec<String>, &'u Use),
    /// The schemes that aren't, and why.
    Unmet(Vec<(&'u Use, Fault)>),
}

impl Alternative {
    pub(super) fn judge(&self, asking: &Asking<'_, '_>) -> Verdict<'_> {
        let mut auth = Auth::default();
        let mut faults = Vec::new();
        let mut tokens = Vec::new();
        for used in &self.0 {
            match used.scheme.judge(asking) {
                Ok(None) => {}
                Ok(Some(jwt)) => {
                    auth.add(jwt);
                    tokens.push(used);
                }
                Err(fault) => faults.push((used, fault)),
            }
        }
        if !faults.is_empty() {
            return Verdict::Unmet(faults);
        }
        // What a token permits is judged where it says so: an opaque one can't be read.
        let lacks = |scope: &&String| !auth.permissions.contains(scope);
        let mut short = tokens
            .iter()
            .filter(|used| used.scopes.iter().any(|s| lacks(&s)));
        let Some(first) = short.next() else {
            return Verdict::Met(auth);
        };
        let asked = tokens.iter().flat_map(|used| &used.scopes);
        let mut missing: Vec<String> = asked.filter(lacks).cloned().collect();
        missing.sort();
        missing.dedup();
        Verdict::Short(auth, missing, first)
    }
}

impl Use {
    pub(super) fn new(scheme: Arc<Scheme>, scopes: Vec<String>, realm: &str) -> Use {
        Use {
            challenges: scheme.challenges(realm, &scopes),
            scheme,
            scopes,
        }
    }

    /// What asks for its credential, given what is wrong with the one that was shown.
    pub(super) fn challenges(&self, fault: &Fault, asking: &Asking<'_, '_>) -> Vec<String> {
        let told = |challenge: &Challenge| {
            let challenge = challenge.clone();
            if let Some(name) = self.scheme.nonce() {
                let challenge = challenge.with(name, &asking.nonce());
                return match fault {
                    Fault::Stale => challenge.with_token("stale", "true"),
                    _ => challenge,
                };
            }
            // That of an absent token doesn't say that one is wrong (RFC 6750 §3.1).
            match self.scheme.takes_token() && *fault != Fault::Absent {
                false => challenge,
                true => challenge
                    .with("error", "invalid_token")
                    .with("error_description", &self.scheme.description(fault)),
            }
        };
        let told = self.challenges.iter().map(told);
        told.map(|challenge| challenge.to_string()).collect()
    }

    /// What tells that a token permits too little (RFC 6750 §3.1).
    pub(super) fn insufficient(&self) -> Option<String> {
        let challenge = self.challenges.first()?.clone();
        Some(challenge.with("error", "insufficient_scope").to_string())
    }
}
