use super::Prepared;
use super::meant::place_in;
use super::unsaid::hush;
use crate::rules::{Refusal, RuleFault};
use crate::spec::Shapes;
use crate::store::{LedgerFault, Unopened, Unwritten};
use crate::validate::{Place, REQUIRE, Violation};
use crate::wire::{EntityTag, Method, Pointer};
use serde_json::Value;

/// An expected early reply: which step of the request's trip refused, and why.
#[derive(Debug, Clone)]
pub enum Rejection {
    /// No path of the contract matches; these are the nearest.
    NoPath(Vec<String>),
    /// The path is there, the method isn't; these are.
    NoMethod(Vec<Method>),
    /// No document could have this method; the path has these.
    UnknownMethod(Vec<Method>),
    /// The operation can't be served: why.
    Broken(String),
    /// No credential that would do: the challenges, and what is wrong.
    Unauthenticated(Vec<String>, String),
    /// The credential doesn't permit it: the challenge for one that does, and what is wrong.
    Forbidden(Option<String>, String),
    /// The body's media type isn't documented; these are.
    UnsupportedMedia(String, Vec<String>),
    /// The body's `Content-Encoding` is not one that is undone.
    UnknownCoding(String),
    /// The body is too large without its `Content-Encoding`.
    TooLarge(String),
    /// The body can't be read, or says nothing.
    Unreadable(String),
    /// The target can't be read, or what names the sandbox: 400, whatever is documented.
    BadTarget(String),
    /// The body names none of the properties of which at least one must be there.
    NothingGiven(Vec<Violation>),
    /// The request breaks the contract.
    Invalid(Vec<Violation>),
    /// No documented media type is acceptable; these are offered.
    NotAcceptable(Vec<String>),
    /// A preference that can't be met.
    BadPreference(String),
    /// The item, or one above it, is unknown.
    Missing(String),
    /// The item can't be as it is asked for beside those that there are.
    Conflict(Vec<Violation>),
    /// A precondition isn't met by the item, which now has this tag, or isn't there.
    PreconditionFailed(Vec<Violation>, Option<EntityTag>),
    /// A precondition is required, and none is given.
    PreconditionRequired,
    /// Rules refuse, with their own status.
    Ruled(u16, Vec<Violation>),
    /// What is to be written has no room: in the store, or where it is kept; why.
    Full(String),
    /// What keeps the state can't be used: why.
    Away(String),
    /// There are as many sandboxes as there may be.
    Crowded(String),
    /// counterpart's own fault, or that of the rules or fixtures.
    Fault(String),
}

impl Rejection {
    /// The refusal of a precondition, named by its header field, that the item of this tag
    /// doesn't meet.
    pub fn precondition(field: &str, tag: &EntityTag) -> Rejection {
        let violation = unmet(field, "isn't met by the item as it is now");
        Rejection::PreconditionFailed(vec![violation], Some(tag.clone()))
    }

    /// The refusal of an `If-Match` where there is no item.
    pub fn precondition_without_item() -> Rejection {
        let violation = unmet("If-Match", "isn't met: there is no item yet");
        Rejection::PreconditionFailed(vec![violation], None)
    }

    /// Refusals of rules, all at once: those that ask for the same status as the first.
    /// Nothing where there are none. `usual` is the status of a refusal that asks for none.
    pub fn ruled(refusals: Vec<Refusal>, usual: Option<u16>) -> Option<Rejection> {
        let status_of = |refusal: &Refusal| refusal.status.or(usual);
        let status = status_of(refusals.first()?);
        let violations = refusals
            .into_iter()
            .filter(|refusal| status_of(refusal) == status)
            .map(|refusal| Violation {
                place: Place::Body(
                    refusal
                        .at
                        .as_deref()
                        .and_then(Pointer::parse)
                        .unwrap_or_default(),
                ),
                rule: REQUIRE.to_owned(),
                detail: refusal.message,
                origin: Some(refusal.origin),
            })
            .collect();
        Some(match status {
            Some(status) => Rejection::Ruled(status, violations),
            None => Rejection::Invalid(violations),
        })
    }

    /// The same of a value that stands at a place of the body.
    #[must_use]
    pub fn within(mut self, at: &Pointer) -> Rejection {
        if let Rejection::Missing(why) = &mut self {
            *why = format!("{at}: {why}");
        }
        for violation in self.violations_mut() {
            if let Place::Body(inner) = &mut violation.place {
                *inner = inner.tokens().fold(at.clone(), |at, name| at.child(&name));
            }
        }
        self
    }

    /// The same of a body as the client wrote it: under its own names, and below the one property
    /// that it has the item in.
    #[must_use]
    pub fn placed_in(mut self, sent: &Value, wrapper: Option<&str>) -> Rejection {
        for violation in self.violations_mut() {
            if let Place::Body(place) = &mut violation.place {
                *place = place_in(sent, wrapper, place);
            }
        }
        self
    }

    /// The same, without what of the request isn't told again.
    #[must_use]
    pub fn hushed(mut self, shapes: &Shapes, operation: Option<&Prepared>) -> Rejection {
        hush(shapes, operation, self.violations_mut());
        self
    }

    /// What was found wrong, for the log and the journal.
    pub fn violations(&self) -> &[Violation] {
        match self {
            Rejection::Invalid(violations)
            | Rejection::Ruled(_, violations)
            | Rejection::NothingGiven(violations)
            | Rejection::Conflict(violations)
            | Rejection::PreconditionFailed(violations, _) => violations,
            _ => &[],
        }
    }

    fn violations_mut(&mut self) -> &mut [Violation] {
        match self {
            Rejection::Invalid(violations)
            | Rejection::Ruled(_, violations)
            | Rejection::NothingGiven(violations)
            | Rejection::Conflict(violations)
            | Rejection::PreconditionFailed(violations, _) => violations,
            _ => &mut [],
        }
    }
}

fn unmet(field: &str, detail: &str) -> Violation {
    Violation {
        place: Place::Header(field.to_owned()),
        rule: "precondition".to_owned(),
        detail: detail.to_owned(),
        origin: None,
    }
}

impl From<RuleFault> for Rejection {
    fn from(fault: RuleFault) -> Rejection {
        Rejection::Fault(fault.to_string())
    }
}

impl From<Unwritten> for Rejection {
    fn from(why: Unwritten) -> Rejection {
        match why {
            Unwritten::Full | Unwritten::Ledger(LedgerFault::NoRoom(_)) => {
                Rejection::Full(why.to_string())
            }
            Unwritten::Ledger(LedgerFault::Unusable(why)) => Rejection::Away(why.to_string()),
        }
    }
}

impl From<Unopened> for Rejection {
    fn from(why: Unopened) -> Rejection {
        match why {
            Unopened::Crowded(full) => Rejection::Crowded(full.to_string()),
            Unopened::Ledger(fault) => Unwritten::Ledger(fault).into(),
        }
    }
}
