//! What a caller must show.

use super::finder::{Finder, Sender, Spot, Turn};
use super::subject::Part;
use super::words::{code, listed};
use crate::spec::{At, Document, Location, Operation, SchemeKind, SchemeUse};

impl<'d> Finder<'d> {
    /// What a caller must show.
    pub(super) fn security(&mut self, node: usize, old: &Operation, new: &Operation) {
        let (was, is) = (&old.security, &new.security);
        let own = |document: &'d Document, at: At| {
            let own = document.node(at).get("security");
            let security = own.or_else(|| document.root().get("security"));
            security.unwrap_or(document.root()).at()
        };
        let spot = Spot::both(own(self.old, old.at), own(self.new, new.at));
        type Asked = Vec<SchemeUse>;
        // What satisfied it before must do so now; no alternative at all is that nothing is asked.
        let nothing = vec![Vec::new()];
        let was: &Vec<Asked> = if was.is_empty() { &nothing } else { was };
        let is: &Vec<Asked> = if is.is_empty() { &nothing } else { is };
        let does = |given: &Asked, asked: &Asked| {
            asked.iter().all(|asked| {
                given.iter().any(|given| {
                    given.scheme.kind == asked.scheme.kind
                        && asked
                            .scopes
                            .iter()
                            .all(|scope| given.scopes.contains(scope))
                })
            })
        };
        let mut told = Vec::new();
        for before in was {
            if is.iter().any(|now| does(before, now)) {
                continue;
            }
            // The nearest of the new alternatives: one of the same schemes.
            let is_near = |now: &&Asked| {
                now.iter().all(|now| {
                    before
                        .iter()
                        .any(|before| before.scheme.kind == now.scheme.kind)
                })
            };
            let detail = match is.iter().find(is_near) {
                Some(near) => {
                    let scopes = near.iter().flat_map(|asked| {
                        let given = before
                            .iter()
                            .find(|given| given.scheme.kind == asked.scheme.kind);
                        let known = move |scope: &&String| {
                            !given.is_some_and(|given| given.scopes.contains(scope))
                        };
                        asked.scopes.iter().filter(known)
                    });
                    let scopes: Vec<String> = scopes.map(|scope| code(scope)).collect();
                    let noun = if scopes.len() == 1 { "scope" } else { "scopes" };
                    format!("now needs the {noun} {}", listed(&scopes, "and"))
                }
                None => {
                    let shown: Vec<String> = is.iter().map(|asked| words(asked)).collect();
                    match before.is_empty() {
                        true => format!("now needs credentials: {}", listed(&shown, "or")),
                        false => format!(
                            "no longer takes {}, but {}",
                            words(before),
                            listed(&shown, "or")
                        ),
                    }
                }
            };
            if !told.contains(&detail) {
                told.push(detail.clone());
                let what = ("security-tightened", Sender::Request, Turn::Narrower);
                self.say_of(node, what, spot, &detail, Part::Operation);
            }
        }
        for now in is {
            if !was.iter().any(|before| does(now, before)) {
                let detail = match now.is_empty() {
                    true => "may now be asked for without credentials".to_owned(),
                    false => {
                        let scopes = now.iter().flat_map(|of| &of.scopes);
                        let scopes: Vec<String> = scopes.map(|scope| code(scope)).collect();
                        match scopes.is_empty() {
                            true => format!("may now be asked for with {}", words(now)),
                            false => format!(
                                "may now be asked for with {} and no more than {}",
                                words(now),
                                listed(&scopes, "and")
                            ),
                        }
                    }
                };
                if !told.contains(&detail) {
                    told.push(detail.clone());
                    let what = ("security-loosened", Sender::Request, Turn::Wider);
                    self.say_of(node, what, spot, &detail, Part::Operation);
                }
            }
        }
    }
}

/// What must be shown together.
fn words(asked: &[SchemeUse]) -> String {
    let all = asked.iter().map(|asked| match &asked.scheme.kind {
        SchemeKind::ApiKey(Location::Header, name) => format!("a key in {}", code(name)),
        SchemeKind::ApiKey(Location::Cookie, name) => format!("a key in the cookie {}", code(name)),
        SchemeKind::ApiKey(_, name) => format!("a key in the query as {}", code(name)),
        SchemeKind::Http(scheme) => format!("HTTP {}", code(scheme)),
        SchemeKind::OAuth => format!("a token of {}", code(&asked.scheme.name)),
        SchemeKind::MutualTls => "a client certificate".to_owned(),
    });
    let all: Vec<String> = all.collect();
    match all.is_empty() {
        true => "no credentials".to_owned(),
        false => listed(&all, "and"),
    }
}
