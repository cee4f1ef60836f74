use crate::mock::{Action, Binding, Prepared, Rejection};
use crate::wire::{Preferences, applied};

/// What a client prefers of the reply, as far as the operation can meet it.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// The status.
    pub(super) code: Option<u16>,
    /// The named example.
    pub(super) example: Option<String>,
    /// Whether the body is to be drawn.
    pub(super) is_dynamic: bool,
    /// What a body is drawn from.
    pub(super) seed: Option<String>,
    /// What a reply to a change is to show.
    returned: Option<Returned>,
    applied: Vec<String>,
}

/// What a reply to a change is to show (RFC 7240 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returned {
    /// Nothing.
    Minimal,
    /// What it made of the item.
    Representation,
}

/// A status that something is answered with, and the preference that was followed for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered {
    pub(super) code: u16,
    pub(super) applied: Option<&'static str>,
}

impl Wishes {
    /// The status of a change in the place of the `usual` one. What isn't documented can't be
    /// preferred: the usual one stays, as RFC 7240 §2 lets a server do.
    pub(super) fn answered(&self, operation: &Prepared, usual: u16) -> Answered {
        let usually = Answered {
            code: usual,
            applied: None,
        };
        let (has_body, applied) = match self.returned {
            None => return usually,
            Some(Returned::Minimal) => (false, "return=minimal"),
            Some(Returned::Representation) => (true, "return=representation"),
        };
        let documented = operation.done_with(has_body, usual);
        documented.map_or(usually, |code| Answered {
            code,
            applied: Some(applied),
        })
    }

    /// Understands what was written.
    pub(super) fn read(written: Preferences, operation: &Prepared) -> Result<Wishes, Rejection> {
        let mut wishes = Wishes::default();
        if let Some(text) = written.malformed {
            let message = format!(
                "{text} can't be read: a quoted string ends in a quote, and `*=` takes UTF-8''…"
            );
            return Err(Rejection::BadPreference(message));
        }
        if let Some(text) = written.code {
            let code: Option<u16> = text.parse().ok();
            let code = code.filter(|code| (200..600).contains(code) && text.len() == 3);
            let Some(code) = code else {
                let message = format!("code={text} is no status to answer with: 200 to 599 are");
                return Err(Rejection::BadPreference(message));
            };
            if operation.response(code).is_none() {
                let message = match operation.statuses() {
                    known if known.is_empty() => "this operation documents no status".to_owned(),
                    known => format!("code={text} is not documented; {known} are"),
                };
                return Err(Rejection::BadPreference(message));
            }
            wishes.applied.push(applied("code", &text));
            wishes.code = Some(code);
        }
        if let Some(name) = written.example {
            if name.is_empty() {
                let message = "example= names no example".to_owned();
                return Err(Rejection::BadPreference(message));
            }
            wishes.applied.push(applied("example", &name));
            wishes.example = Some(name);
        }
        if let Some(text) = written.dynamic {
            wishes.is_dynamic = match text.as_str() {
                "" | "true" => true,
                "false" => false,
                _ => {
                    let message = format!("dynamic={text} is neither true nor false");
                    return Err(Rejection::BadPreference(message));
                }
            };
            let said = if wishes.is_dynamic { "true" } else { "false" };
            // An example that is named is drawn from nothing.
            if wishes.example.is_none() || !wishes.is_dynamic {
                wishes.applied.push(applied("dynamic", said));
            }
        }
        // A value that isn't known is passed over: it is not ours alone to say which there are.
        wishes.returned = match written.returned.as_deref() {
            Some("minimal") => Some(Returned::Minimal),
            Some("representation") => Some(Returned::Representation),
            _ => None,
        };
        if let Some(seed) = written.seed {
            if wishes.example.is_none() {
                wishes.applied.push(applied("seed", &seed));
            }
            wishes.seed = Some(seed);
        }
        Ok(wishes)
    }

    /// Whether a reply is asked for that the state has no part in.
    pub(super) fn is_for_contract(&self) -> bool {
        self.code.is_some() || self.example.is_some() || self.is_dynamic
    }

    /// Whether the state answers: nothing else is asked for, or that an item is added, which is the
    /// one reply that promises something to be there (RFC 9110 §15.3.2).
    pub(super) fn leave_state(&self, operation: &Prepared, binding: &Binding) -> bool {
        let is_drawn = self.example.is_some() || self.is_dynamic;
        let is_added = || binding.action == Action::Create;
        let is_done = |code| code == operation.declared.success() && is_added();
        !is_drawn && self.code.is_none_or(is_done)
    }

    /// What `Preference-Applied` says; nothing where nothing is preferred.
    pub(super) fn applied(&self) -> Option<String> {
        (!self.applied.is_empty()).then(|| self.applied.join(", "))
    }
}
