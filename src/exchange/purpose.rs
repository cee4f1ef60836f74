//! What is done on purpose, before the contract has its say.

use super::{Done, Under};
use crate::contract::Contract;
use crate::faults::{Asked, Behaviour, Conduct, Told};
use crate::mock::{Occasion, Prepared, Rejection, Wanted, canned};
use crate::wire::{
    HeaderName, Preferences, Problem, Reply, Request, StatusCode, applied as said, header,
};

/// The rules that an exchange may meet, and the number that they know its API by.
pub(crate) type Desk<'d> = (&'d Behaviour, usize);

/// Tells which preferences were followed (RFC 7240 §3).
pub(super) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

impl Contract {
    /// What the request prefers, and what rules add to it.
    pub(super) fn conduct(
        &self,
        request: &Request,
        operation: Option<&Prepared>,
        under: Under<'_>,
    ) -> Result<Conduct, Rejection> {
        let mut conduct = match Preferences::may_be_in(request) {
            false => Conduct::default(),
            true => {
                let preferences = written(request, operation);
                let (delay, fault) = (preferences.delay.as_deref(), preferences.fault.as_deref());
                Conduct::preferred(delay, fault).map_err(Rejection::BadPreference)?
            }
        };
        if let Some((behaviour, api)) = under.desk
            && behaviour.is_set()
        {
            let path = request.path();
            let paths = [Some(path), self.router.behind_base(path)];
            let paths: Vec<&str> = paths.into_iter().flatten().collect();
            let asked = Asked {
                api,
                operation: operation.map(|operation| operation.number),
                method: &request.method,
                paths: &paths,
                // One that can't be is refused later.
                sandbox: self.sandbox(request, under).ok().flatten(),
            };
            behaviour.add_to(&mut conduct, asked);
        }
        Ok(conduct)
    }

    /// The reply of the status that the conduct has, where it has one: as the operation documents
    /// it, else as a problem (RFC 9457). Nothing of the request is judged, and nothing changes.
    pub(super) fn on_purpose(
        &self,
        operation: Option<&Prepared>,
        conduct: &Conduct,
        request: &Request,
        under: Under<'_>,
    ) -> Option<Done> {
        let status = conduct.status?;
        if let Some(Told(reply)) = &conduct.reply {
            return Some(Done {
                reply: reply.as_ref().clone(),
                source: Some("a rule of behaviour".into()),
                announcements: Vec::new(),
                judged: false.into(),
                lacks: Vec::new(),
            });
        }
        let documented =
            operation.filter(|operation| operation.response(status.as_u16()).is_some());
        let clock = || self.moment(request, under);
        let occasion = Occasion {
            request,
            lead: (under.lead, &self.prefix),
            clock: &clock,
        };
        let wanted = wanted(status, occasion);
        let documented =
            documented.and_then(|operation| canned(self.contents(), operation, &wanted).ok());
        let (mut reply, source, judged) = match documented {
            Some(canned) => (canned.reply, Some(canned.source), canned.is_judged),
            None => (problem(status), None, false),
        };
        if let Some(seconds) = conduct.retry_after {
            reply.set(header::RETRY_AFTER, &seconds.to_string());
        }
        Some(Done {
            reply,
            source,
            announcements: Vec::new(),
            judged: judged.into(),
            lacks: Vec::new(),
        })
    }
}

/// Whatever the client accepts: it gets to know how a service fails.
fn wanted(status: StatusCode, occasion: Occasion<'_>) -> Wanted<'_> {
    Wanted {
        status,
        occasion: Some(occasion),
        ..Wanted::default()
    }
}

fn problem(status: StatusCode) -> Reply {
    if status.is_success() || status.is_redirection() {
        return Reply::new(status);
    }
    let problem = Problem {
        status,
        detail: "The mock server was told to answer so.".to_owned(),
        errors: Vec::new(),
        omitted: 0,
    };
    Reply::json(status, "application/problem+json", &problem.to_json())
}

/// Says in a reply which of the request's preferences are met by the exchange's conduct.
pub(super) fn tell_applied(
    request: &Request,
    operation: Option<&Prepared>,
    conduct: &Conduct,
    reply: &mut Reply,
) {
    if conduct.is_plain() || !Preferences::may_be_in(request) {
        return;
    }
    let preferences = written(request, operation);
    let delay = preferences.delay.map(|delay| said("delay", &delay));
    let fault = preferences.fault.map(|fault| said("fault", &fault));
    for applied in [delay, fault].into_iter().flatten() {
        tell(reply, &applied);
    }
}

/// Says that a preference was followed (RFC 7240 §3).
pub(super) fn tell(reply: &mut Reply, applied: &str) {
    let told = reply.header(&PREFERENCE_APPLIED);
    let all = told.map_or_else(|| applied.to_owned(), |told| format!("{told}, {applied}"));
    reply.set(PREFERENCE_APPLIED, &all);
}

/// What is preferred in the header and the query, where the operation has no such names itself.
pub(super) fn written(request: &Request, operation: Option<&Prepared>) -> Preferences {
    let own = |operation: &Prepared| {
        let mut parameters = operation.declared.parameters.iter();
        parameters.any(|parameter| parameter.name.starts_with("__"))
    };
    let query = match operation.is_some_and(own) {
        true => "",
        false => request.query(),
    };
    Preferences::read(&request.headers, query)
}
